"""What nobody received is paid again with the next month: once, by a way that works."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from core.ledger import chain, closing, comparison, cycles, projection, reads
from core.ledger.cycles import Moved
from core.ledger.events import EventType, NewEvent, Recorded
from core.ledger.explain import explain
from core.ledger.facts import CycleFacts, CycleState
from core.ledger.states import Money
from core.refusals import Refusal
from core.store.deaths import mark_dead
from core.store.tables.ledger import posting
from tests import builders
from tests.builders import CYCLE
from tests.core.ledger.conftest import Office

MAY, JUNE = "2021-05", "2021-06"
AMOUNT = 540_000
FIRST, SECOND, THIRD = (f"2104-HT00000{number}-M-1" for number in (1, 2, 3))
AGAIN = "2105-HT000001-R-1"
A, R = "A110", "L210"


def month(office: Office, cycle: str, done: Callable[..., object], **values: object) -> object:
    return office.do(lambda tx: done(tx, office.ledger, cycle=cycle, **values))


def frozen(office: Office, cycle: str = MAY) -> Moved | Refusal:
    programme = builders.a_programme()
    return office.do(lambda tx: cycles.freeze(tx, office.ledger, programme, cycle=cycle, by="T1"))


def approved(office: Office, cycle: str = MAY) -> None:
    for by in "AB":
        assert isinstance(month(office, cycle, cycles.approve, by=by), Moved)


def money(office: Office, code: str) -> Money:
    found = office.read(lambda tx: reads.payment_with_code(tx, code))
    assert found is not None
    return found.money


def facts(office: Office, cycle: str = MAY) -> CycleFacts:
    found = office.read(lambda tx: reads.cycle_facts(tx, office.ledger.tenant, cycle))
    assert found is not None
    return found


def balance(office: Office, account: str, cycle: str, provider: str = "post") -> int:
    query = sa.select(sa.func.coalesce(sa.func.sum(posting.c.amount), 0)).where(
        posting.c.account == account, posting.c.cycle == cycle, posting.c.provider == provider
    )
    return int(office.read(lambda tx: tx.connection.execute(query).scalar_one()))


def fails(office: Office, code: str, *, reason: str) -> None:
    found = office.read(lambda tx: reads.payment_with_code(tx, code))
    assert found is not None
    assert isinstance(office.record(EventType.FAILED, found.id, reason=reason), Recorded)


def state_and_close(
    office: Office, cycle: str, amount: int, provider: str = "post", number: int = 1
) -> None:
    stated = month(
        office,
        cycle,
        builders.advised(closing.state_balance),
        provider=provider,
        amount=amount,
        day=builders.NOW,
        source=f"balance:{cycle}:{provider}:{number}",
        actor="staff:T1",
    )
    assert isinstance(stated, Moved)
    done = month(office, cycle, closing.close, by="T1")
    assert isinstance(done, Moved), done


def may_begins(office: Office, *codes: str) -> None:
    for code in codes:
        office.do(lambda tx, code=code: builders.a_payment(tx, office.ledger, code, cycle=MAY))  # type: ignore[misc]
    assert isinstance(month(office, MAY, cycles.imported, file=2, actor="staff:T1"), Moved)


@pytest.fixture
def april(office: Office) -> Office:
    """April is closed: the first failed, the second was not collected, the third was paid."""
    fails(office, FIRST, reason="TK_SAI")
    office.record(EventType.READY_CASH, office.payments[1])
    office.record(EventType.UNCLAIMED, office.payments[1], reason="CHUA_DEN_NHAN")
    state_and_close(office, CYCLE, 2 * AMOUNT)
    return office


def all_is_well(office: Office) -> None:
    assert office.read(lambda tx: chain.verify(tx, office.heads)).findings == ()
    office.do(projection.rebuild)
    assert office.read(projection.check) == []


def test_what_was_carried_over_is_listed_again_when_the_next_month_is_frozen(
    april: Office,
) -> None:
    may_begins(april, "HT000003")

    done = frozen(april)

    assert isinstance(done, Moved)
    assert (done.heads, done.amount, done.reissued) == (3, 3 * AMOUNT, 2)
    assert (money(april, FIRST), money(april, AGAIN)) == (Money.REISSUED, Money.LISTED)
    assert money(april, THIRD) is Money.SETTLED
    again = april.read(lambda tx: reads.payment_with_code(tx, AGAIN))
    assert again is not None
    assert (again.amount, again.kind, again.first_cycle) == (AMOUNT, "R", CYCLE)
    all_is_well(april)


def test_freezing_again_issues_nothing_again(april: Office) -> None:
    may_begins(april)
    frozen(april)
    events = april.read(chain.verify).events
    again = frozen(april)
    assert isinstance(again, Moved)
    assert (again.reissued, again.changed) == (0, False)
    assert april.read(chain.verify).events == events


def test_the_money_that_the_provider_kept_pays_and_is_not_asked_for_again(april: Office) -> None:
    may_begins(april, "HT000003")
    frozen(april)
    approved(april)

    part = facts(april).providers["post"]
    assert (part.approved_amount, part.carried_amount) == (3 * AMOUNT, 2 * AMOUNT)
    assert not part.is_funded
    assert (balance(april, R, CYCLE), balance(april, "L200", MAY)) == (0, -3 * AMOUNT)
    assert (balance(april, A, CYCLE), balance(april, A, MAY)) == (0, 2 * AMOUNT)
    all_is_well(april)

    sent = {"provider": "post", "amount": AMOUNT, "day": builders.NOW}
    move_on = month(april, MAY, builders.advised(cycles.fund), source="may", actor="t", **sent)
    assert isinstance(move_on, Moved)
    assert move_on.state is CycleState.FUNDED
    assert isinstance(
        month(april, MAY, cycles.instruct, provider="post", order_sha256="cd" * 32, by="T1"), Moved
    )
    assert (balance(april, A, MAY), balance(april, "A120", MAY)) == (0, 3 * AMOUNT)
    all_is_well(april)


def test_a_month_of_carried_money_alone_needs_no_funds(april: Office) -> None:
    may_begins(april)
    frozen(april)
    approved(april)
    assert facts(april).providers["post"].is_funded

    done = month(april, MAY, cycles.instruct, provider="post", order_sha256="cd" * 32, by="T1")

    assert isinstance(done, Moved)
    assert facts(april).state is CycleState.PAYING
    assert money(april, AGAIN) is Money.INSTRUCTED
    all_is_well(april)


def test_what_fails_again_goes_on_with_the_month_it_belongs_to(april: Office) -> None:
    may_begins(april)
    frozen(april)
    approved(april)
    month(april, MAY, cycles.instruct, provider="post", order_sha256="cd" * 32, by="T1")
    fails(april, AGAIN, reason="HAN_MUC")
    paid = april.read(lambda tx: reads.payment_with_code(tx, "2105-HT000002-R-1"))
    assert paid is not None
    assert isinstance(april.record(EventType.SETTLED, paid.id), Recorded)
    state_and_close(april, MAY, AMOUNT)
    month(april, JUNE, cycles.imported, file=3, actor="staff:T1")
    frozen(april, JUNE)
    approved(april, JUNE)

    june = "2106-HT000001-R-1"
    found = april.read(lambda tx: reads.payment_with_code(tx, june))
    assert found is not None
    assert (found.first_cycle, found.money) == (CYCLE, Money.APPROVED)
    assert facts(april, JUNE).providers["post"].carried_amount == AMOUNT
    assert (balance(april, R, MAY), balance(april, A, MAY)) == (0, 0)
    story = april.read(lambda tx: explain(tx, FIRST))
    middle = april.read(lambda tx: explain(tx, AGAIN))
    assert story is not None
    assert middle is not None
    assert (story.parent, story.children) == (None, (AGAIN, june))
    assert (middle.parent, middle.children) == (FIRST, (june,))
    all_is_well(april)


@pytest.mark.parametrize(("reason", "again"), [("TRUNG", False), ("KHONG_RO", True)])
def test_what_only_a_person_may_decide_waits_for_a_person(
    office: Office, reason: str, again: bool
) -> None:
    fails(office, FIRST, reason=reason)
    office.record(EventType.SETTLED, office.payments[1])
    state_and_close(office, CYCLE, AMOUNT)
    may_begins(office, "HT000003")
    frozen(office)
    assert (money(office, FIRST) is Money.REISSUED) == again


def test_nothing_is_issued_again_to_the_dead(april: Office) -> None:
    dead = april.read(lambda tx: reads.payments_with_ids(tx, april.payments[:1]))[0]
    day = builders.NOW.date()
    april.do(lambda tx: mark_dead(tx, {dead.beneficiary_id: day}, builders.NOW))
    may_begins(april)
    frozen(april)
    assert money(april, FIRST) is Money.FAILED
    assert money(april, SECOND) is Money.REISSUED


def test_a_month_that_is_not_closed_carries_nothing_over(office: Office) -> None:
    fails(office, FIRST, reason="TK_SAI")
    may_begins(office, "HT000003")
    frozen(office)
    assert money(office, FIRST) is Money.FAILED


def test_whom_one_person_has_signed_for_nothing_is_added_to(office: Office) -> None:
    may_begins(office, "HT000003")
    frozen(office)
    month(office, MAY, cycles.approve, by="A")
    fails(office, FIRST, reason="TK_SAI")
    office.record(EventType.SETTLED, office.payments[1])
    state_and_close(office, CYCLE, AMOUNT)
    done = frozen(office)
    assert isinstance(done, Moved)
    assert (done.heads, done.reissued) == (1, 0)


def test_a_month_is_compared_without_what_is_paid_again(april: Office) -> None:
    may_begins(april, "HT000001", "HT000002", "HT000003")
    frozen(april)
    against = april.read(lambda tx: comparison.comparison(tx, april.ledger.tenant, MAY))
    assert against is not None
    assert against.differences == []


def test_cancelled_before_approval_the_money_is_the_treasurys(april: Office) -> None:
    may_begins(april)
    frozen(april)
    again = april.read(lambda tx: reads.payment_with_code(tx, AGAIN))
    assert again is not None
    assert isinstance(april.record(EventType.CANCELLED, again.id), Recorded)
    assert balance(april, R, CYCLE) == -AMOUNT
    assert balance(april, A, CYCLE) == 2 * AMOUNT
    all_is_well(april)


@pytest.fixture
def with_accounts(office: Office) -> Office:
    """A month with two accounts at the bank: May. Both fail, and May is closed."""
    for number in (0, 1):
        fails(office, (FIRST, SECOND)[number], reason="NGUOI_NHAN_MAT")
    found = office.read(lambda tx: reads.payments_with_ids(tx, office.payments))
    for one in found[:2]:
        office.do(lambda tx, one=one: builders.a_method(tx, one.beneficiary_id))  # type: ignore[misc]
    state_and_close(office, CYCLE, 2 * AMOUNT)
    may_begins(office, "HT000001", "HT000002")
    frozen(office)
    approved(office)
    money_sent = {"provider": "vietinbank", "amount": 2 * AMOUNT, "day": builders.NOW}
    month(office, MAY, builders.advised(cycles.fund), source="bank", actor="t", **money_sent)
    month(office, MAY, cycles.instruct, provider="vietinbank", order_sha256="cd" * 32, by="T1")
    return office


def test_after_an_account_failed_the_money_comes_in_cash(with_accounts: Office) -> None:
    office = with_accounts
    fails(office, "2105-HT000001-M-1", reason="TK_SAI")
    fails(office, "2105-HT000002-M-1", reason="HAN_MUC")
    state_and_close(office, MAY, 2 * AMOUNT, "vietinbank")
    month(office, JUNE, cycles.imported, file=3, actor="staff:T1")
    frozen(office, JUNE)
    approved(office, JUNE)

    cash, again = (
        office.read(lambda tx, code=code: reads.payment_with_code(tx, code))  # type: ignore[misc]
        for code in ("2106-HT000001-R-1", "2106-HT000002-R-1")
    )
    assert cash is not None
    assert again is not None
    assert (cash.method, cash.provider) == ("cash", "post")
    assert (again.method, again.provider) == ("account", "vietinbank")
    parts = facts(office, JUNE).providers
    assert (parts["post"].carried_amount, parts["vietinbank"].carried_amount) == (0, AMOUNT)
    # The bank still holds what the Post will pay: it goes back to the Treasury.
    assert balance(office, A, MAY, "vietinbank") == AMOUNT
    assert balance(office, R, MAY, "vietinbank") == 0
    all_is_well(office)


def test_a_new_account_is_used_after_the_old_one_failed(with_accounts: Office) -> None:
    office = with_accounts
    fails(office, "2105-HT000001-M-1", reason="TK_SAI")
    fails(office, "2105-HT000002-M-1", reason="TK_SAI")
    state_and_close(office, MAY, 2 * AMOUNT, "vietinbank")
    found = office.read(lambda tx: reads.payment_with_code(tx, FIRST))
    assert found is not None
    office.do(
        lambda tx: builders.a_method(tx, found.beneficiary_id, account="999999999", from_cycle=JUNE)
    )
    month(office, JUNE, cycles.imported, file=3, actor="staff:T1")
    frozen(office, JUNE)
    mended = office.read(lambda tx: reads.payment_with_code(tx, "2106-HT000001-R-1"))
    assert mended is not None
    assert (mended.method, mended.provider) == ("account", "vietinbank")


def test_a_late_report_about_the_first_payment_is_refused(april: Office) -> None:
    may_begins(april)
    frozen(april)
    late = NewEvent(
        EventType.SETTLED, "late", "provider:post", builders.NOW, payment_id=april.payments[0]
    )
    (found,) = april.do(lambda tx: april.ledger.record(tx, [late]))
    assert isinstance(found, Refusal)

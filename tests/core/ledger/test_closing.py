"""Closing a month: what hinders it, what it leaves, and what opens it again."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from core.ledger import chain, closing, projection, reads
from core.ledger.closing import Books, hindrances
from core.ledger.cycles import Moved
from core.ledger.events import EventType, NewEvent, Recorded
from core.ledger.facts import CycleState
from core.ledger.journal import into_suspense, out_of_suspense
from core.refusals import Code, Refusal
from core.store.sums import Statement
from core.store.tables.ledger import posting
from tests import builders
from tests.builders import CYCLE
from tests.core.ledger.conftest import Office

AMOUNT = 540_000
FUNDED = 3 * AMOUNT


def stated(office: Office, amount: int, source: str = "balance:1") -> Moved | Refusal:
    return office.do(
        lambda tx: builders.advised(closing.state_balance)(
            tx,
            office.ledger,
            cycle=CYCLE,
            provider="post",
            amount=amount,
            day=builders.NOW,
            source=source,
            actor="staff:T1",
        )
    )


def closed(office: Office) -> Moved | Refusal:
    return office.do(lambda tx: closing.close(tx, office.ledger, cycle=CYCLE, by="T1"))


def code_of(done: Moved | Refusal | None) -> Code | None:
    return done.code if isinstance(done, Refusal) else None


def state(office: Office) -> CycleState:
    facts = office.read(lambda tx: reads.cycle_facts(tx, office.ledger.tenant, CYCLE))
    assert facts is not None
    return facts.state


def balance(office: Office, account: str) -> int:
    query = sa.select(sa.func.coalesce(sa.func.sum(posting.c.amount), 0)).where(
        posting.c.account == account
    )
    return int(office.read(lambda tx: tx.connection.execute(query).scalar_one()))


def ended(office: Office) -> None:
    """One settled, one failed, one unclaimed: the Post holds two amounts."""
    first, second, _ = office.payments
    assert isinstance(office.record(EventType.FAILED, first, reason="TK_SAI"), Recorded)
    assert isinstance(office.record(EventType.READY_CASH, second), Recorded)
    assert isinstance(office.record(EventType.UNCLAIMED, second), Recorded)


def test_a_month_is_closed_when_all_is_paid_explained_and_confirmed(office: Office) -> None:
    assert code_of(closed(office)) is Code.CYCLE_UNDER_WAY
    ended(office)
    assert code_of(closed(office)) is Code.BALANCE_MISSING
    assert isinstance(stated(office, 2 * AMOUNT), Moved)
    assert state(office) is CycleState.RECONCILING

    done = closed(office)

    assert isinstance(done, Moved)
    assert (done.step, done.heads, done.amount) == ("closed", 2, 2 * AMOUNT)
    assert state(office) is CycleState.CLOSED
    assert (balance(office, "L200"), balance(office, "L210")) == (0, -2 * AMOUNT)
    assert balance(office, "A120") == balance(office, "A130") == balance(office, "C400") == 0
    verdict = office.read(lambda tx: chain.verify(tx, office.heads))
    assert verdict.findings == ()
    office.do(projection.rebuild)
    assert office.read(projection.check) == []


def test_closing_again_changes_nothing(office: Office) -> None:
    ended(office)
    stated(office, 2 * AMOUNT)
    closed(office)
    events = office.read(chain.verify).events
    again = closed(office)
    assert isinstance(again, Moved)
    assert not again.changed
    assert office.read(chain.verify).events == events


def test_what_was_opened_without_a_movement_is_closed_again(office: Office) -> None:
    ended(office)
    stated(office, 2 * AMOUNT)
    closed(office)
    opened = office.do(
        lambda tx: closing.reopen(tx, office.ledger, cycle=CYCLE, file="late:1", actor="p")
    )
    assert isinstance(opened, Moved)
    again = closed(office)
    assert isinstance(again, Moved)
    assert again.changed
    assert state(office) is CycleState.CLOSED


def test_a_balance_that_differs_keeps_the_month_open(office: Office) -> None:
    ended(office)
    stated(office, 2 * AMOUNT - 1)
    done = closed(office)
    assert isinstance(done, Refusal)
    assert done.code is Code.BALANCE_DIFFERS
    assert (done.details["stated"], done.details["ours"]) == (2 * AMOUNT - 1, 2 * AMOUNT)
    stated(office, 2 * AMOUNT, "balance:2")
    assert isinstance(closed(office), Moved)


def test_a_balance_from_before_the_last_payment_is_too_old(office: Office) -> None:
    first, second, _ = office.payments
    office.record(EventType.FAILED, first)
    stated(office, AMOUNT)
    office.record(EventType.FAILED, second)
    assert code_of(closed(office)) is Code.BALANCE_MISSING


def test_money_in_suspense_keeps_the_month_open(office: Office) -> None:
    ended(office)

    def moves(kind: EventType, source: str) -> None:
        make = into_suspense if kind is EventType.SUSPENSE_IN else out_of_suspense
        event = NewEvent(
            kind, source, "p", builders.NOW, CYCLE, postings=make(CYCLE, "post", AMOUNT)
        )
        office.do(lambda tx: office.ledger.record(tx, [event]))

    moves(EventType.SUSPENSE_IN, "suspense:1")
    stated(office, AMOUNT)
    done = closed(office)
    assert isinstance(done, Refusal)
    assert (done.code, done.details["amount"]) == (Code.CYCLE_SUSPENSE, AMOUNT)
    moves(EventType.SUSPENSE_OUT, "out:suspense:1")
    stated(office, 2 * AMOUNT, "balance:2")
    assert isinstance(closed(office), Moved)


def test_a_late_return_opens_the_month_and_leaves_it_once(office: Office) -> None:
    ended(office)
    stated(office, 2 * AMOUNT)
    closed(office)
    last = office.payments[-1]
    office.ledger.clock.move_to(builders.NOW + timedelta(days=40))  # type: ignore[attr-defined]
    assert isinstance(office.record(EventType.RETURNED, last), Recorded)
    opened = office.do(
        lambda tx: closing.reopen(tx, office.ledger, cycle=CYCLE, file="file:9", actor="p")
    )
    assert isinstance(opened, Moved)
    assert state(office) is CycleState.RECONCILING
    assert code_of(closed(office)) is Code.BALANCE_MISSING

    stated(office, FUNDED, "balance:2")
    done = closed(office)

    assert isinstance(done, Moved)
    assert done.heads == 3
    assert (balance(office, "L200"), balance(office, "L210")) == (0, -FUNDED)
    assert office.read(lambda tx: chain.verify(tx, office.heads)).findings == ()


def test_an_open_month_is_not_opened(office: Office) -> None:
    opened = office.do(
        lambda tx: closing.reopen(tx, office.ledger, cycle=CYCLE, file="file:9", actor="p")
    )
    assert opened is None


def test_a_refund_of_what_left_its_month_owes_it_no_more(office: Office) -> None:
    ended(office)
    stated(office, 2 * AMOUNT)
    closed(office)
    assert isinstance(office.record(EventType.REFUNDED, office.payments[0]), Recorded)
    assert (balance(office, "L200"), balance(office, "L210")) == (0, -AMOUNT)
    assert balance(office, "A110") == AMOUNT


def test_nothing_is_carried_twice(office: Office) -> None:
    ended(office)
    first = office.payments[0]
    assert isinstance(office.record(EventType.CARRIED, first), Recorded)
    again = office.record(EventType.CARRIED, first, "carried:again")
    assert code_of(again if isinstance(again, Refusal) else None) is Code.PAYMENT_ILLEGAL_MOVE


def test_a_month_that_nobody_ordered_or_knows_is_not_closed(office: Office) -> None:
    unknown = office.do(lambda tx: closing.close(tx, office.ledger, cycle="2021-05", by="T1"))
    assert code_of(unknown) is Code.CYCLE_UNKNOWN
    stranger = office.do(
        lambda tx: builders.advised(closing.state_balance)(
            tx,
            office.ledger,
            cycle=CYCLE,
            provider="viettel",
            amount=0,
            day=builders.NOW,
            source="b",
            actor="t",
        )
    )
    assert code_of(stranger) is Code.PROVIDER_UNKNOWN


@pytest.mark.parametrize(
    ("books", "codes"),
    [
        (Books(0, {}, {"post": Statement(9, 5)}, {"post": 5}), []),
        (Books(2, {("post", "A120"): 9}), [Code.CYCLE_UNDER_WAY, Code.BALANCE_MISSING]),
        (Books(0, {("post", "A120"): 9}), [Code.CYCLE_IN_TRANSIT, Code.BALANCE_MISSING]),
        (
            Books(0, {("post", "C400"): 9}, {"post": Statement(9, 5)}, {"post": 6}),
            [Code.CYCLE_SUSPENSE, Code.BALANCE_DIFFERS],
        ),
        (
            Books(0, {}, {"post": Statement(9, 5)}, {"post": 5}, frozenset({"post"})),
            [Code.BALANCE_MISSING],
        ),
    ],
)
def test_everything_that_hinders_a_close_is_said_at_once(books: Books, codes: list[Code]) -> None:
    assert [one.code for one in hindrances(CYCLE, ["post"], books)] == codes

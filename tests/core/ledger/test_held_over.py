"""What is on hold when its month is closed is owed on, and paid once it is released."""

import pytest

from core.ledger import closing, cycles, reads, refunds
from core.ledger.cycles import Moved
from core.ledger.events import EventType, Recorded
from core.ledger.states import Money
from tests import builders
from tests.core.ledger import test_reissue
from tests.core.ledger.conftest import Office
from tests.core.ledger.test_reissue import (
    AGAIN,
    AMOUNT,
    JUNE,
    MAY,
    A,
    all_is_well,
    approved,
    balance,
    facts,
    frozen,
    may_begins,
    money,
    month,
    state_and_close,
)

HELD = "2105-HT000003-M-1"
ORDER = {"provider": "post", "order_sha256": "cd" * 32, "by": "T1"}
april = test_reissue.april


@pytest.fixture
def held_over(april: Office) -> int:
    """May is closed over a payment that was on hold after its approval: its id."""
    may_begins(april, "HT000003")
    frozen(april)
    approved(april)
    held = april.read(lambda tx: reads.payment_with_code(tx, HELD))
    assert held is not None
    april.record(EventType.HELD, held.id, reason="TRUNG")
    sent = {"provider": "post", "amount": AMOUNT, "day": builders.NOW}
    month(april, MAY, builders.advised(cycles.fund), source="may", actor="t", **sent)
    assert isinstance(month(april, MAY, cycles.instruct, **ORDER), Moved)
    for code in (AGAIN, "2105-HT000002-R-1"):
        found = april.read(lambda tx, code=code: reads.payment_with_code(tx, code))  # type: ignore[misc]
        assert found is not None
        april.record(EventType.SETTLED, found.id)
    state_and_close(april, MAY, AMOUNT)
    return held.id


def june_begins(office: Office) -> None:
    office.do(lambda tx: builders.a_payment(tx, office.ledger, "HT000001", cycle=JUNE))
    assert isinstance(month(office, JUNE, cycles.imported, file=3, actor="staff:T1"), Moved)


def test_a_payment_on_hold_leaves_its_month_and_waits(april: Office, held_over: int) -> None:
    assert (balance(april, "L220", MAY), balance(april, "L210", MAY)) == (0, -AMOUNT)
    assert money(april, HELD) is Money.HELD
    june_begins(april)
    done = frozen(april, JUNE)
    assert isinstance(done, Moved)
    assert done.reissued == 0
    all_is_well(april)


def test_released_after_the_close_it_is_paid_with_the_next_month(
    april: Office, held_over: int
) -> None:
    april.record(EventType.RELEASED, held_over)
    assert money(april, HELD) is Money.APPROVED
    again = month(april, MAY, cycles.instruct, **ORDER)
    assert isinstance(again, Moved)
    assert not again.changed
    # A late report opens May, and what was released does not keep it open.
    late = april.read(lambda tx: reads.payment_with_code(tx, AGAIN))
    assert late is not None
    april.record(EventType.RETURNED, late.id, reason="TK_SAI")
    assert month(april, MAY, closing.reopen, file=9, actor="p") is not None
    again = month(april, MAY, cycles.instruct, **ORDER)
    assert isinstance(again, Moved)
    assert not again.changed
    state_and_close(april, MAY, 2 * AMOUNT, number=2)

    june_begins(april)
    done = frozen(april, JUNE)
    assert isinstance(done, Moved)
    assert done.reissued == 2
    assert (money(april, HELD), money(april, "2106-HT000003-R-1")) == (
        Money.REISSUED,
        Money.LISTED,
    )
    approved(april, JUNE)
    part = facts(april, JUNE).providers["post"]
    assert (part.approved_amount, part.carried_amount) == (3 * AMOUNT, 2 * AMOUNT)
    sent = {"provider": "post", "amount": AMOUNT, "day": builders.NOW}
    month(april, JUNE, builders.advised(cycles.fund), source="june", actor="t", **sent)
    assert isinstance(month(april, JUNE, cycles.instruct, **ORDER), Moved)
    paid = april.read(lambda tx: reads.payment_with_code(tx, "2106-HT000003-R-1"))
    assert paid is not None
    assert isinstance(april.record(EventType.SETTLED, paid.id), Recorded)
    assert money(april, "2106-HT000003-R-1") is Money.SETTLED
    assert balance(april, "L210", MAY) == 0
    all_is_well(april)


def test_held_for_good_its_money_goes_back_to_the_treasury(april: Office, held_over: int) -> None:
    done = month(
        april,
        MAY,
        builders.advised(refunds.give_back),
        provider="post",
        amount=AMOUNT,
        day=builders.NOW,
        source="back",
        actor="t",
        payment=HELD,
    )
    assert isinstance(done, Moved), done
    assert money(april, HELD) is Money.REFUNDED
    assert (balance(april, "L210", MAY), balance(april, A, MAY)) == (0, 0)
    all_is_well(april)


def test_cancelled_after_the_close_it_is_owed_no_more(april: Office, held_over: int) -> None:
    assert isinstance(april.record(EventType.CANCELLED, held_over), Recorded)
    assert (balance(april, "L210", MAY), balance(april, "L220", MAY)) == (0, 0)
    all_is_well(april)

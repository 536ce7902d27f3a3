"""Two people lead money out of suspense: to a payment, to the provider, or to the Treasury."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from core.ledger import chain, closing, cycles, projection
from core.ledger.events import EventType, NewEvent, Recorded
from core.ledger.journal import into_suspense
from core.ledger.reads import payments_with_codes
from core.ledger.states import Money
from core.ledger.suspense import Open, Settled, Way, settle, waiting
from core.refusals import Code, Refusal
from core.store.engine import Tx
from core.store.tables.ledger import posting
from tests import builders
from tests.builders import CYCLE
from tests.core.ledger.conftest import Office, move

AMOUNT = 540_000
FIRST, SECOND = "2104-HT000001-M-1", "2104-HT000002-M-1"
# The lines, and what people said of them.
MOST_STATEMENTS = 2
SOURCE = "suspense:result:post:2104-HT999999-M-1:settled:2021-04-09"


def unknown(office: Office, amount: int = AMOUNT, *, day: int = 0, source: str = SOURCE) -> int:
    """The number of a line about money that the Post paid for nothing known."""
    event = NewEvent(
        EventType.SUSPENSE_IN,
        source,
        "provider:post",
        builders.NOW + timedelta(days=day),
        CYCLE,
        body={"amount": amount},
        postings=into_suspense(CYCLE, "post", amount),
    )
    (done,) = office.do(lambda tx: office.ledger.record(tx, [event]))
    assert isinstance(done, Recorded)
    return done.id


def says(office: Office, number: int, way: Way, by: str, payment: str = "") -> Settled | Refusal:
    return office.do(
        lambda tx: settle(tx, office.ledger, number=number, way=way, payment=payment, by=by)
    )


def done(office: Office, number: int, way: Way, by: str, payment: str = "") -> Settled:
    found = says(office, number, way, by, payment)
    assert isinstance(found, Settled), found
    return found


def sums(office: Office) -> dict[str, int]:
    query = sa.select(posting.c.account, sa.func.sum(posting.c.amount)).group_by(posting.c.account)
    rows = office.read(lambda tx: tx.connection.execute(query).all())
    return {row[0]: int(row[1]) for row in rows}


def money(office: Office, code: str) -> Money:
    (found,) = office.read(lambda tx: payments_with_codes(tx, [code]))
    return found.money


def is_clean(office: Office) -> bool:
    verdict = office.read(lambda tx: chain.verify(tx, office.heads))
    office.do(projection.rebuild)
    return verdict.findings == () and office.read(projection.check) == []


def test_two_people_match_a_line_with_a_payment_and_it_is_paid(office: Office) -> None:
    number = unknown(office)
    (line,) = office.read(lambda tx: waiting(tx, office.ledger.tenant))
    assert (line.line.number, line.reported, line.wish) == (number, "2104-HT999999-M-1", None)

    first = done(office, number, Way.PAYMENT, "A", FIRST)
    assert (first.is_done, first.changed) == (False, True)
    assert not done(office, number, Way.PAYMENT, "A", FIRST).changed
    assert (money(office, FIRST), sums(office)["C400"]) == (Money.INSTRUCTED, AMOUNT)
    second = done(office, number, Way.PAYMENT, "B", FIRST)

    assert (second.is_done, second.changed) == (True, True)
    assert money(office, FIRST) is Money.SETTLED
    found = sums(office)
    assert (found["C400"], found["A110"], found["A120"]) == (0, 0, AMOUNT)
    assert not done(office, number, Way.PAYMENT, "C", FIRST).changed
    assert office.read(lambda tx: waiting(tx, office.ledger.tenant)) == []
    assert is_clean(office)


def test_the_list_costs_the_same_however_long_it_is(office: Office) -> None:
    numbers = [unknown(office, source=f"{SOURCE}:{count}") for count in range(12)]
    done(office, numbers[1], Way.PROVIDER, "A")
    done(office, numbers[1], Way.PAYMENT, "B", FIRST)
    # A number that begins with another one is another line.
    done(office, numbers[11], Way.PROVIDER, "A")
    statements: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        statements.append(statement)

    def look(tx: Tx) -> list[Open]:
        sa.event.listen(tx.connection, "before_cursor_execute", note)
        return waiting(tx, office.ledger.tenant)

    lines = office.read(look)

    assert [one.line.number for one in lines] == numbers
    wishes = {one.line.number: one.wish for one in lines if one.wish is not None}
    assert {number: (wish.by, wish.rank) for number, wish in wishes.items()} == {
        numbers[1]: ("staff:B", 2),
        numbers[11]: ("staff:A", 1),
    }
    assert len([one for one in statements if "FROM event" in one]) == MOST_STATEMENTS


def test_what_waits_as_cash_is_collected_by_it(office: Office) -> None:
    assert isinstance(office.record(EventType.READY_CASH, office.payments[0]), Recorded)
    number = unknown(office)
    for by in "AB":
        done(office, number, Way.PAYMENT, by, FIRST)
    assert money(office, FIRST) is Money.SETTLED
    assert is_clean(office)


def test_the_provider_bears_its_own_mistake(office: Office) -> None:
    number = unknown(office)
    for by in "AB":
        done(office, number, Way.PROVIDER, by)
    found = sums(office)
    assert (found["C400"], found["A110"], found["A120"]) == (0, 0, 2 * AMOUNT)
    assert is_clean(office)


def test_another_word_replaces_the_first_and_waits_anew(office: Office) -> None:
    number = unknown(office)
    done(office, number, Way.PROVIDER, "A")
    assert not done(office, number, Way.PAYMENT, "B", FIRST).is_done
    assert not done(office, number, Way.PROVIDER, "A").is_done
    assert done(office, number, Way.PROVIDER, "B").is_done
    gone = says(office, number, Way.PAYMENT, "A", FIRST)
    assert isinstance(gone, Refusal)
    assert gone.code is Code.SUSPENSE_GONE
    assert money(office, FIRST) is Money.INSTRUCTED
    assert is_clean(office)


def test_only_what_nobody_is_owed_goes_to_the_treasury(office: Office) -> None:
    number = unknown(office)
    refused = says(office, number, Way.TREASURY, "A")
    assert isinstance(refused, Refusal)
    assert (refused.code, refused.details["held"]) == (Code.REFUND_TOO_MUCH, 0)
    # The Treasury had sent too much: what nobody is owed may go back.
    move(
        office,
        builders.advised(cycles.fund),
        provider="post",
        amount=AMOUNT,
        day=builders.NOW,
        source="more",
        actor="t",
    )
    for by in "AB":
        done(office, number, Way.TREASURY, by)
    found = sums(office)
    assert (found["C400"], found["A110"], found["A100"]) == (0, 0, -3 * AMOUNT)
    assert is_clean(office)


@pytest.mark.parametrize(
    ("payment", "amount", "day", "code"),
    [
        ("2104-HT000009-M-1", AMOUNT, 0, Code.RESULT_UNKNOWN_PAYMENT),
        (FIRST, AMOUNT - 1, 0, Code.RESULT_WRONG_AMOUNT),
        ("2104-HT000003-M-1", AMOUNT, 0, Code.PAYMENT_ILLEGAL_MOVE),
        (FIRST, AMOUNT, -2, Code.RESULT_BEFORE_ORDER),
        ("", AMOUNT, 0, Code.SUSPENSE_PAYMENT),
    ],
)
def test_only_a_payment_that_fits_is_taken(
    office: Office, payment: str, amount: int, day: int, code: Code
) -> None:
    number = unknown(office, amount, day=day)
    refused = says(office, number, Way.PAYMENT, "A", payment)
    assert isinstance(refused, Refusal)
    assert refused.code is code
    assert sums(office)["C400"] == amount


def test_a_payment_that_failed_meanwhile_is_not_paid_by_the_second_word(office: Office) -> None:
    number = unknown(office)
    done(office, number, Way.PAYMENT, "A", FIRST)
    office.record(EventType.FAILED, office.payments[0], reason="TK_SAI")
    refused = says(office, number, Way.PAYMENT, "B", FIRST)
    assert isinstance(refused, Refusal)
    assert refused.code is Code.PAYMENT_ILLEGAL_MOVE
    assert done(office, number, Way.PAYMENT, "B", SECOND).changed


def test_the_close_names_the_lines_and_goes_on_without_them(office: Office) -> None:
    first, second, _ = office.payments
    office.record(EventType.FAILED, second, reason="TK_SAI")
    number = unknown(office)

    def closed() -> object:
        return office.do(lambda tx: closing.close(tx, office.ledger, cycle=CYCLE, by="A"))

    def stated(amount: int, source: str) -> None:
        move(
            office,
            builders.advised(closing.state_balance),
            provider="post",
            amount=amount,
            day=builders.NOW,
            source=source,
            actor="t",
        )

    refused = closed()
    assert isinstance(refused, Refusal)
    assert refused.code is Code.CYCLE_UNDER_WAY
    done(office, number, Way.PAYMENT, "A", FIRST)
    office.record(EventType.READY_CASH, first)
    stated(0, "b:1")
    facts = office.do(lambda tx: cycles.locked_facts(tx, office.ledger, CYCLE))
    assert not isinstance(facts, Refusal)
    found = office.read(lambda tx: closing.books_of(tx, office.ledger.tenant, facts))
    assert found.suspended == {"post": [number]}
    assert done(office, number, Way.PAYMENT, "B", FIRST).is_done
    assert isinstance(closed(), Refusal)
    stated(AMOUNT, "b:2")
    assert isinstance(closed(), cycles.Moved)
    assert is_clean(office)

"""The way out of suspense (tiền treo) by people: whose money it was, or where it went back to.

What a provider paid for nothing we know is a payment after all (its line named another code), or
was the provider's own mistake, or is with the Treasury again. Two different people say the same,
and only then anything is posted.
Source: docs/decisions/0121.

What does not live here: how money gets there, and how a provider takes a line back
(`core/exchange/results.py`).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from core.calendar import local_day
from core.ledger import closing, journal
from core.ledger.cycles import locked_facts
from core.ledger.events import EventType, NewEvent, Value
from core.ledger.facts import PaymentFacts
from core.ledger.mismatches import mismatch
from core.ledger.reads import payment_with_code
from core.ledger.record import Ledger
from core.ledger.refunds import at_provider
from core.ledger.states import MONEY_MOVES, paid_as
from core.refusals import Code, Refusal
from core.store import suspense
from core.store.engine import Tx
from core.store.events import first_happened
from core.store.suspense import Line, Wish


class Way(StrEnum):
    """What becomes of a line. The words are stored: add to them, never change one."""

    PAYMENT = "payment"
    PROVIDER = "provider"
    TREASURY = "treasury"


@dataclass(frozen=True, slots=True)
class Settled:
    """What a command did to a line in suspense. Money: whole đồng.

    `is_done` is False while a second person must say the same; `changed` is False when this had
    been said or done before. `payment`: the transaction code that the money is of, if it is.
    """

    number: int
    cycle: str
    provider: str
    amount: int
    way: Way
    payment: str = ""
    is_done: bool = False
    changed: bool = True

    def as_json(self) -> dict[str, Any]:
        """The outcome for machines."""
        return {
            "number": self.number,
            "cycle": self.cycle,
            "provider": self.provider,
            "amount": self.amount,
            "as": self.way.value,
            "payment": self.payment or None,
            "done": self.is_done,
            "changed": self.changed,
        }


@dataclass(frozen=True, slots=True)
class _Word:
    """What one person says of a line."""

    line: Line
    way: Way
    payment: str
    by: str

    @property
    def body(self) -> dict[str, Value]:
        said: dict[str, Value] = {"in": self.line.number, "way": self.way.value}
        return said | {"payment": self.payment} if self.payment else said

    def outcome(self, *, is_done: bool, changed: bool) -> Settled:
        line = self.line
        return Settled(
            number=line.number,
            cycle=line.cycle,
            provider=line.provider,
            amount=line.amount,
            way=self.way,
            payment=self.payment,
            is_done=is_done,
            changed=changed,
        )


@dataclass(frozen=True, slots=True)
class Open:
    """A line that stands in suspense, and what the first person wants of it, if anybody spoke."""

    line: Line
    wish: Wish | None

    @property
    def reported(self) -> str:
        """The transaction code that the provider's line named; empty where it is not known."""
        parts = self.line.source.split(":")
        return parts[3] if len(parts) > 4 else ""  # noqa: PLR2004  suspense:result:P:CODE:…

    def as_json(self) -> dict[str, Any]:
        """The line for machines."""
        wish = self.wish
        return {
            "number": self.line.number,
            "cycle": self.line.cycle,
            "provider": self.line.provider,
            "amount": self.line.amount,
            "day": local_day(self.line.day).isoformat(),
            "reported": self.reported,
            "proposed": None if wish is None else {"by": wish.by, **wish.body},
        }


def waiting(tx: Tx, tenant: str, *, cycle: str | None = None) -> list[Open]:
    """Everything in suspense, the oldest first."""
    lines = suspense.open_lines(tx, tenant, cycle=cycle)
    wishes = suspense.wishes_for(tx, tenant, [line.number for line in lines])
    return [Open(line, wishes.get(line.number)) for line in lines]


def line_numbered(tx: Tx, tenant: str, number: int) -> Open | None:
    """The line with this number, open or not; None where there is none."""
    line = suspense.line_of(tx, tenant, number)
    return (
        None if line is None else Open(line, suspense.wishes_for(tx, tenant, [number]).get(number))
    )


def number_of(tx: Tx, tenant: str, said: str) -> int:
    """The number of a line that is given by it, or by the code in its file; 0 where none is.

    Of several with one code it is the oldest that is still open.
    """
    if said.isdecimal():
        return int(said)
    lines = suspense.lines_named(tx, tenant, said.upper())
    waiting_still = [one for one in lines if suspense.outcome_of(tx, one.source) is None]
    return next((one.number for one in (*waiting_still, *lines)), 0)


def settle(
    tx: Tx, ledger: Ledger, *, number: int, way: Way, payment: str = "", by: str
) -> Settled | Refusal:
    """One person says what becomes of a line; when a second one says the same, it is done.

    Another word of anybody replaces what was said before it, and waits for a second person anew.
    Refuses: SUSPENSE_GONE, SUSPENSE_PAYMENT, RESULT_…, PAYMENT_ILLEGAL_MOVE, REFUND_TOO_MUCH.
    """
    line = suspense.line_of(tx, ledger.tenant, number)
    if line is None:
        return Refusal(Code.SUSPENSE_GONE, {"number": number})
    facts = locked_facts(tx, ledger, line.cycle)
    if isinstance(facts, Refusal):
        return facts
    word = _Word(line, way, payment, by)
    gone = suspense.outcome_of(tx, line.source)
    if gone is not None:
        is_same = {key: gone[key] for key in ("in", "way", "payment") if key in gone} == word.body
        if is_same:
            return word.outcome(is_done=True, changed=False)
        return Refusal(Code.SUSPENSE_GONE, {"number": number})
    known = _fitting(tx, ledger, word)
    if isinstance(known, Refusal):
        return known
    wish = suspense.wishes_for(tx, ledger.tenant, [number]).get(number)
    if wish is None or dict(wish.body) != word.body:
        return _proposed(tx, ledger, word, 1 if wish is None else wish.rank + 1)
    if wish.by == f"staff:{by}":
        return word.outcome(is_done=False, changed=False)
    return _done(tx, ledger, word, known)


def _fitting(tx: Tx, ledger: Ledger, word: _Word) -> PaymentFacts | Refusal | None:
    """The payment that the money is of, or why this cannot become of it."""
    line = word.line
    if (word.way is Way.PAYMENT) != bool(word.payment):
        return Refusal(Code.SUSPENSE_PAYMENT)
    if word.way is Way.PAYMENT:
        return _payment(tx, line, word.payment)
    if word.way is Way.TREASURY:
        # What people are still owed is not given back; the line itself is held again by then.
        free = min(at_provider(tx, ledger.tenant, line.cycle, line.provider))
        if free < 0:
            limit = max(0, free + line.amount)
            return Refusal(Code.REFUND_TOO_MUCH, {"provider": line.provider, "held": limit})
    return None


def _payment(tx: Tx, line: Line, code: str) -> PaymentFacts | Refusal:
    known = payment_with_code(tx, code)
    if known is None:
        return Refusal(Code.RESULT_UNKNOWN_PAYMENT)
    wrong = mismatch(known, line.cycle, line.provider, line.amount)
    if wrong is not None:
        return wrong
    paid = paid_as(known.money)
    if known.money not in MONEY_MOVES[paid]:
        told = {"state": known.money.value, "event": paid.value}
        return Refusal(Code.PAYMENT_ILLEGAL_MOVE, told)
    ordered = first_happened(tx, [known.id], EventType.INSTRUCTED.value).get(known.id)
    if ordered is not None and local_day(line.day) < local_day(ordered):
        on = f"{local_day(ordered):%d/%m/%Y}"
        return Refusal(Code.RESULT_BEFORE_ORDER, {"ordered_on": on})
    return known


def _proposed(tx: Tx, ledger: Ledger, word: _Word, rank: int) -> Settled | Refusal:
    event = NewEvent(
        EventType.SUSPENSE_PROPOSED,
        f"suspense:proposed:{word.line.number}:{rank}",
        f"staff:{word.by}",
        ledger.clock.now(),
        word.line.cycle,
        body=word.body,
    )
    (done,) = ledger.record(tx, [event])
    return done if isinstance(done, Refusal) else word.outcome(is_done=False, changed=True)


def _done(tx: Tx, ledger: Ledger, word: _Word, known: PaymentFacts | None) -> Settled | Refusal:
    line, now, actor = word.line, ledger.clock.now(), f"staff:{word.by}"
    events = [
        NewEvent(
            EventType.SUSPENSE_OUT,
            f"out:{line.source}",
            actor,
            now,
            line.cycle,
            body=word.body | {"amount": line.amount},
            postings=journal.out_of_suspense(line.cycle, line.provider, line.amount),
        )
    ]
    if known is not None:
        events.append(_paid(line, known, actor))
    if word.way is Way.TREASURY:
        events.append(
            NewEvent(
                EventType.SURPLUS_RETURNED,
                f"surplus:suspense:{line.number}",
                actor,
                now,
                line.cycle,
                body={"provider": line.provider, "amount": line.amount, "in": line.number},
                postings=journal.surplus(line.cycle, line.provider, line.amount),
            )
        )
    for one in ledger.record(tx, events):
        if isinstance(one, Refusal):
            return one
    file = f"suspense:{line.number}"
    closing.reopen(tx, ledger, cycle=line.cycle, file=file, actor=actor)
    return word.outcome(is_done=True, changed=True)


def _paid(line: Line, known: PaymentFacts, actor: str) -> NewEvent:
    """Paid on the day the provider's line said: that line is the evidence."""
    return NewEvent(
        paid_as(known.money),
        f"paid:suspense:{line.number}",
        actor,
        line.day,
        known.cycle,
        known.id,
        known.beneficiary_id,
        {"in": line.number, "amount": line.amount},
    )

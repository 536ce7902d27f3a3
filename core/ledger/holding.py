"""Holding a payment back (tạm giữ) and letting it go: two different people.

A payment is held before its order is given, because something about it is in doubt: the same number
twice, word of a death, who may receive it. Held after approval its money is put aside (L200 to
L220). Whoever held it does not let it go. What was held before approval and is let go after it
can not enter a month whose sums were signed: it stays held, and the office lists it in a later
month as arrears.
Source: reference ledger 6.1; docs/decisions/0125.

What does not live here: which moves are possible (`states.py`), carrying what is held over a close
(`closing.py`).
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from core.ledger.cycles import APPROVE, locked_facts
from core.ledger.events import EventType, NewEvent, Value
from core.ledger.facts import CycleState
from core.ledger.reads import payment_with_code
from core.ledger.record import Ledger
from core.ledger.states import Money
from core.refusals import Code, Refusal
from core.store.engine import Tx
from core.store.holds import holds, unsign

_BEFORE_APPROVAL: Final = frozenset({CycleState.IMPORTING, CycleState.FROZEN})


class Why(StrEnum):
    """Why a payment is held. The words are stored: add to them, never change one."""

    DUPLICATE = "duplicate"
    DEATH = "death"
    RECIPIENT = "recipient"
    METHOD = "method"
    DISPUTE = "dispute"


@dataclass(frozen=True, slots=True)
class Held:
    """What a command did to a payment. Money: whole đồng.

    `is_held`: whether it is on hold now; `unsigned`: whether signatures of its month were taken
    back, since the list that they stood for has another sum now.
    """

    code: str
    cycle: str
    amount: int
    is_held: bool
    unsigned: bool = False

    def as_json(self) -> dict[str, Any]:
        """The outcome for machines."""
        return {
            "payment": self.code,
            "cycle": self.cycle,
            "amount": self.amount,
            "held": self.is_held,
            "unsigned": self.unsigned,
        }


def hold(tx: Tx, ledger: Ledger, *, code: str, why: Why, by: str) -> Held | Refusal:
    """The payment is held back until somebody else lets it go.

    Refuses: PAYMENT_UNKNOWN, PAYMENT_ILLEGAL_MOVE.
    """
    payment = payment_with_code(tx, code)
    if payment is None:
        return Refusal(Code.PAYMENT_UNKNOWN, {"payment": code})
    facts = locked_facts(tx, ledger, payment.cycle)
    if isinstance(facts, Refusal):
        return facts
    event = _event(ledger, EventType.HELD, payment.id, max(payment.event_ids), by, {"why": why})
    done = Held(code, payment.cycle, payment.amount, is_held=True)
    return _written(tx, ledger, facts.state, event, done)


def release(tx: Tx, ledger: Ledger, *, code: str, by: str) -> Held | Refusal:
    """The payment goes back to where it stood when it was held.

    Refuses: HOLD_NONE, HOLD_SAME_PERSON, HOLD_TOO_LATE.
    """
    found = holds(tx, ledger.tenant, code=code)
    if not found:
        return Refusal(Code.HOLD_NONE, {"payment": code})
    (one,) = found
    if one.by == f"staff:{by}":
        return Refusal(Code.HOLD_SAME_PERSON, {"payment": code})
    facts = locked_facts(tx, ledger, one.cycle)
    if isinstance(facts, Refusal):
        return facts
    if one.held_from is Money.LISTED and facts.state not in _BEFORE_APPROVAL:
        return Refusal(Code.HOLD_TOO_LATE, {"payment": code, "cycle": one.cycle})
    event = _event(ledger, EventType.RELEASED, one.payment_id, one.last_event_id, by, {})
    return _written(
        tx, ledger, facts.state, event, Held(code, one.cycle, one.amount, is_held=False)
    )


def _event(
    ledger: Ledger,
    kind: EventType,
    payment_id: int,
    after: int,
    by: str,
    body: dict[str, Value | None],
) -> NewEvent:
    """Held again after it was let go is another hold: the cause names the event before it."""
    return NewEvent(
        type=kind,
        source=f"{kind.value}:{payment_id}:{after}",
        actor=f"staff:{by}",
        effective_at=ledger.clock.now(),
        payment_id=payment_id,
        body=body,
    )


def _written(
    tx: Tx, ledger: Ledger, state: CycleState, event: NewEvent, done: Held
) -> Held | Refusal:
    """What was done, and whether somebody had signed for another sum."""
    (written,) = ledger.record(tx, [event])
    if isinstance(written, Refusal):
        return written
    if state is not CycleState.FROZEN:
        return done
    return replace(done, unsigned=unsign(tx, ledger.tenant, done.cycle, APPROVE))

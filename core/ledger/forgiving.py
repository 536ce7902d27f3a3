"""Forgiving what is due back (xóa nợ thu hồi): two different people, one reason.

The rest of what somebody was paid without entitlement need not come back. It posts nothing: nothing
came back, and what was paid stays an expense of its month. Only what was paid is forgiven; what a
provider still has goes back to the Treasury.
Source: docs/decisions/0126.

What does not live here: when money becomes due back, and who repaid it (`recovery.py`).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from core.ledger.cycles import locked_facts
from core.ledger.events import EventType, NewEvent, Value
from core.ledger.facts import PaymentFacts
from core.ledger.reads import payment_with_code
from core.ledger.record import Ledger
from core.ledger.states import Money
from core.refusals import Code, Refusal
from core.store import recoveries
from core.store.engine import Tx


class Why(StrEnum):
    """Why nothing more is asked back. The words are stored: add to them, never change one."""

    HARDSHIP = "hardship"
    NO_HEIR = "no_heir"
    OFFICE_ERROR = "office_error"
    TOO_SMALL = "too_small"


@dataclass(frozen=True, slots=True)
class Forgiven:
    """What a command did to what is due back of a payment. Money: whole đồng.

    `is_done` is False while a second person must say the same; `changed` is False when the same
    person had said it before.
    """

    code: str
    cycle: str
    amount: int
    why: Why
    is_done: bool = False
    changed: bool = True

    def as_json(self) -> dict[str, Any]:
        """The outcome for machines."""
        return {
            "payment": self.code,
            "cycle": self.cycle,
            "amount": self.amount,
            "why": self.why.value,
            "done": self.is_done,
            "changed": self.changed,
        }


def forgive(tx: Tx, ledger: Ledger, *, code: str, why: Why, by: str) -> Forgiven | Refusal:
    """One person says that the rest is forgiven; when a second one says the same, it is.

    Another reason, or another rest because something came back meanwhile, is another word, and
    waits for a second person anew.
    Refuses: PAYMENT_UNKNOWN, RECOVERY_NONE, RECOVERY_NOT_PAID.
    """
    known = payment_with_code(tx, code)
    if known is None:
        return Refusal(Code.PAYMENT_UNKNOWN, {"payment": code})
    facts = locked_facts(tx, ledger, known.cycle)
    if isinstance(facts, Refusal):
        return facts
    due = recoveries.dues(tx, [known.id]).get(known.id)
    if due is None or not due.left:
        return Refusal(Code.RECOVERY_NONE, {"payment": code})
    if due.money is not Money.SETTLED:
        return Refusal(Code.RECOVERY_NOT_PAID, {"state": due.money.value})
    said = Forgiven(code, known.cycle, due.left, why)
    body: dict[str, Value | None] = {"amount": due.left, "reason": why.value}
    wish, actor = due.wish, f"staff:{by}"
    if wish is None or dict(wish.body) != body:
        source = f"recovery:proposed:{known.id}:{due.words + 1}"
        return _noted(tx, ledger, EventType.RECOVERY_PROPOSED, source, actor, known, body) or said
    if wish.by == actor:
        return Forgiven(code, known.cycle, due.left, why, changed=False)
    source = f"recovery:forgiven:{known.id}:{due.words + 1}"
    done = _noted(tx, ledger, EventType.RECOVERY_FORGIVEN, source, actor, known, body)
    return done or Forgiven(code, known.cycle, due.left, why, is_done=True)


def _noted(
    tx: Tx,
    ledger: Ledger,
    kind: EventType,
    source: str,
    actor: str,
    payment: PaymentFacts,
    body: dict[str, Value | None],
) -> Refusal | None:
    event = NewEvent(
        kind,
        source,
        actor,
        ledger.clock.now(),
        payment.cycle,
        payment.id,
        payment.beneficiary_id,
        body,
    )
    (done,) = ledger.record(tx, [event])
    return done if isinstance(done, Refusal) else None

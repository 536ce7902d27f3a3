"""Keeping somebody's word about a payment, with who said it and on what basis.

What does not live here: what a word means (`receipt.py`).
"""

from dataclasses import dataclass
from datetime import date, datetime

from core.ledger.events import EventType, NewEvent, Recorded, Value
from core.ledger.facts import PaymentFacts
from core.ledger.receipt import EVENTS, WORD_OF, Dispute, Said, Word, basis_of, dispute_in
from core.ledger.record import Ledger
from core.ledger.states import WORDS
from core.people import Standing, may_answer_receipt
from core.refusals import Code, Refusal
from core.store.engine import Tx
from core.store.events import words_said


@dataclass(frozen=True, slots=True)
class Heard:
    """A word as it was kept, and whether an officer must look."""

    event: Recorded
    dispute: Dispute | None


def say(
    tx: Tx,
    ledger: Ledger,
    payment: PaymentFacts,
    word: Word,
    *,
    standing: Standing,
    level: int,
    day: date,
    source: str,
    at: datetime,
) -> Heard | Refusal:
    """Keep somebody's word about a payment. `source` is the inbound message it came in.

    Refuses: STANDING_ENDED, NO_STANDING, LEVEL_TOO_LOW, PAYMENT_ILLEGAL_MOVE.
    """
    refusal = may_answer_receipt(standing, level=level, day=day)
    if refusal is not None and refusal.code is not Code.NO_STANDING:
        return refusal
    if refusal is not None:
        return _relative_said(tx, ledger, payment, word, standing, source, at, refusal)
    earlier = [
        Said(WORD_OF[EventType(kind)], person, basis)
        for kind, person, basis in words_said(tx, payment.id, sorted(WORDS))
    ]
    body: dict[str, Value | None] = {"person": standing.person_id, "basis": basis_of(standing)}
    event = NewEvent(
        EVENTS[word],
        f"word:{source}:{payment.code}",
        f"person:{standing.person_id}",
        at,
        payment.cycle,
        payment.id,
        payment.beneficiary_id,
        body,
    )
    (kept,) = ledger.record(tx, [event])
    if isinstance(kept, Refusal):
        return kept
    return Heard(kept, dispute_in(payment, word, standing.person_id, earlier))


def _relative_said(
    tx: Tx,
    ledger: Ledger,
    payment: PaymentFacts,
    word: Word,
    standing: Standing,
    source: str,
    at: datetime,
    refusal: Refusal,
) -> Heard | Refusal:
    """A relative who says the money did not come is heard by an officer; the axis stays."""
    if word is Word.FULL or not standing.is_proven:
        return refusal
    event = NewEvent(
        EventType.RELATIVE_SAID_NOT_RECEIVED,
        f"word:{source}:{payment.code}",
        f"person:{standing.person_id}",
        at,
        payment.cycle,
        payment.id,
        payment.beneficiary_id,
        {"person": standing.person_id, "basis": standing.role.value, "word": word.value},
    )
    (kept,) = ledger.record(tx, [event])
    return kept if isinstance(kept, Refusal) else Heard(kept, Dispute.BY_RELATIVE)

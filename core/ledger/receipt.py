"""What people say about a payment they were told of, and what follows from it.

Only the beneficiary, a guardian or parent, or the payee moves the receipt axis; what a relative
says is kept as a fact. Two who disagree, or a person who disagrees with the provider, ask for a
person: the value returned says so, the case is opened by whoever asked.
Silence never stops anybody's money.

What does not live here: cases (`core/care`), the talk (`core/conversation`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from core.ledger.events import EventType, NewEvent, Recorded, Value
from core.ledger.facts import PaymentFacts
from core.ledger.record import Ledger
from core.ledger.states import WORDS, Money
from core.people import Role, Standing, may_answer_receipt
from core.refusals import Code, Refusal
from core.store.engine import Tx
from core.store.events import words_said


class Word(StrEnum):
    """What somebody says about a payment (xác nhận)."""

    FULL = "full"
    SHORT = "short"
    NOT_RECEIVED = "not_received"


class Dispute(StrEnum):
    """Why an officer must look (khiếu nại nhận tiền)."""

    AGAINST_PROVIDER = "against_provider"
    BETWEEN_PEOPLE = "between_people"
    BY_RELATIVE = "by_relative"


@dataclass(frozen=True, slots=True)
class Said:
    """A word that was said before. `person` is an id."""

    word: Word
    person: int
    basis: str


@dataclass(frozen=True, slots=True)
class Heard:
    """A word as it was kept, and whether an officer must look."""

    event: Recorded
    dispute: Dispute | None


_EVENTS: Final = {
    Word.FULL: EventType.CONFIRMED_FULL,
    Word.SHORT: EventType.SAID_SHORT,
    Word.NOT_RECEIVED: EventType.SAID_NOT_RECEIVED,
}
_WORDS: Final = {event: word for word, event in _EVENTS.items()}
_PAYEE: Final = "payee"


def basis_of(standing: Standing) -> str:
    """On what basis this person's word counts."""
    own = standing.role in {Role.SELF, Role.GUARDIAN, Role.PARENT}
    return standing.role.value if own or not standing.is_payee else _PAYEE


def dispute_in(
    payment: PaymentFacts, word: Word, person: int, earlier: Sequence[Said]
) -> Dispute | None:
    """Why this word needs an officer; None when it does not.

    Source: design 3, reference rule "NOT_RECEIVED or SHORT on SETTLED opens a dispute".
    """
    latest = {said.person: said.word for said in earlier if said.person != person}
    if any(other is not word for other in latest.values()):
        return Dispute.BETWEEN_PEOPLE
    if word is not Word.FULL and payment.money is Money.SETTLED:
        return Dispute.AGAINST_PROVIDER
    return None


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
        Said(_WORDS[EventType(kind)], person, basis)
        for kind, person, basis in words_said(tx, payment.id, sorted(WORDS))
    ]
    body: dict[str, Value | None] = {"person": standing.person_id, "basis": basis_of(standing)}
    event = NewEvent(
        _EVENTS[word],
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

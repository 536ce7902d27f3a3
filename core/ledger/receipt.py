"""What people say about a payment they were told of, and what follows from it.

Only the beneficiary, a guardian or parent, or the payee moves the receipt axis; what a relative
says is kept as a fact. Two who disagree, or a person who disagrees with the provider, ask for a
person: the value returned says so, the case is opened by whoever asked.
Silence never stops anybody's money.

What does not live here: keeping a word (`hearing.py`), cases, the talk (`core/conversation`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from core.ledger.events import EventType
from core.ledger.facts import PaymentFacts
from core.ledger.states import Money
from core.people import Role, Standing


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


EVENTS: Final = {
    Word.FULL: EventType.CONFIRMED_FULL,
    Word.SHORT: EventType.SAID_SHORT,
    Word.NOT_RECEIVED: EventType.SAID_NOT_RECEIVED,
}
WORD_OF: Final = {event: word for word, event in EVENTS.items()}
_PAYEE: Final = "payee"


def basis_of(standing: Standing) -> str:
    """On what basis this person's word counts."""
    own = standing.role in {Role.SELF, Role.GUARDIAN, Role.PARENT}
    return standing.role.value if own or not standing.is_payee else _PAYEE


def dispute_in(
    payment: PaymentFacts, word: Word, person: int, earlier: Sequence[Said]
) -> Dispute | None:
    """Why this word needs an officer; None when it does not.

    Source: docs/decisions/0030.
    """
    latest = {said.person: said.word for said in earlier if said.person != person}
    if any(other is not word for other in latest.values()):
        return Dispute.BETWEEN_PEOPLE
    if word is not Word.FULL and payment.money is Money.SETTLED:
        return Dispute.AGAINST_PROVIDER
    return None

"""What flows look up: questions only. They are answered in `bot/reading.py`."""

from dataclasses import dataclass
from datetime import date

from core.conversation.ask import Query
from core.ledger.facts import PaymentFacts
from core.ledger.whereabouts import Whereabouts


@dataclass(frozen=True, slots=True)
class Arrival:
    """One payment (or none) and where its money is. `place`: a pay point in words.

    `facts`: ids of the ledger events this was read from; empty where there is no event.
    """

    payment: PaymentFacts | None
    where: Whereabouts
    place: str | None
    facts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ArrivalsIn(Query[tuple[Arrival, ...]]):
    """The payments of a beneficiary in a month; where there is none, one `Arrival` without."""

    beneficiary_id: int
    cycle: str
    day: date


@dataclass(frozen=True, slots=True)
class PaymentCoded(Query[PaymentFacts | None]):
    """The payment with this transaction code."""

    code: str


@dataclass(frozen=True, slots=True)
class PayDays:
    """When a commune is paid by one method. Time: days in Asia/Ho_Chi_Minh."""

    method: str
    provider: str
    first: date
    last: date
    late: date
    place: str | None


@dataclass(frozen=True, slots=True)
class PayDaysIn(Query[tuple[PayDays, ...]]):
    """The pay days of a commune in a month, by the programme's calendar."""

    commune: str
    cycle: str


@dataclass(frozen=True, slots=True)
class Office:
    """Who takes a case up, and until when. `due`: a day in Asia/Ho_Chi_Minh."""

    name: str
    due: date
    hotline: str


@dataclass(frozen=True, slots=True)
class OfficeFor(Query[Office]):
    """The office that a case of this kind goes to from here."""

    kind: str
    commune: str | None

"""What flows look up: questions only. They are answered in `bot/reading.py`."""

from dataclasses import dataclass
from datetime import date

from core.conversation.ask import Query
from core.ledger.deliveries import DeliveryState
from core.ledger.facts import PaymentFacts
from core.ledger.whereabouts import Whereabouts
from core.people import Ward
from core.refusals import Code


@dataclass(frozen=True, slots=True)
class CollectAt:
    """A desk where cash can still be collected, in words. Time: days in Asia/Ho_Chi_Minh.

    `first` is None once it is open.
    """

    place: str
    first: date | None
    last: date


@dataclass(frozen=True, slots=True)
class Arrival:
    """One payment (or none) and where its money is. `place`: the desk that was reported or routed.

    `desks`: where cash that waits can be collected from now on. `account` is masked. `facts`: ids
    of the ledger events this was read from; empty where there is no event.
    """

    payment: PaymentFacts | None
    where: Whereabouts
    place: str | None = None
    account: str | None = None
    desks: tuple[CollectAt, ...] = ()
    facts: tuple[int, ...] = ()


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
class LastPaid(Query[PaymentFacts | None]):
    """The newest payment of a beneficiary that the provider reported as paid."""

    beneficiary_id: int


@dataclass(frozen=True, slots=True)
class AgreedToTell(Query[bool]):
    """Whether somebody entitled agreed that this relative is told."""

    beneficiary_id: int
    person_id: int


@dataclass(frozen=True, slots=True)
class WardsHere(Query[tuple[Ward, ...]]):
    """Whom this address may ask for now, after whatever was done in this very turn."""


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
class CommunesPaid(Query[tuple[tuple[str, str], ...]]):
    """(code, name) of the communes that the programme pays on a day."""

    day: date


@dataclass(frozen=True, slots=True)
class HomeNow:
    """How somebody's newest delivery at home stands; `state` None: there is none.

    `refusal`: why another cannot be asked for. `day`, `window`: of the visit that was arranged, a
    day in Asia/Ho_Chi_Minh. `facts`: the event it was read from.
    """

    number: int = 0
    state: DeliveryState | None = None
    refusal: Code | None = None
    day: date | None = None
    window: str | None = None
    declined: str | None = None
    facts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class HomeOf(Query[HomeNow]):
    """How a beneficiary stands with payment at home."""

    beneficiary_id: int

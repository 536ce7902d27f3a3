"""The terms of a programme (chương trình): values only, each with the days on which it holds.

What does not live here: reading them from a folder (`core/programme.py`), and the questions put to
them (`places`, `offers`, `rates`, `pay_days`, `working_hours`, `quiet_hours`, `failures`).
"""

from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from typing import Final

from core.calendar import Cycle

FOR_EVER: Final = date.max


class Method(StrEnum):
    """Payment method (hình thức chi trả): how the money reaches the person."""

    ACCOUNT = "account"
    WALLET = "wallet"
    CASH = "cash"
    HOME = "home"


class Provider(StrEnum):
    """Provider (đơn vị chi trả): who carries the money."""

    VIETINBANK = "vietinbank"
    POST = "post"
    VIETTEL = "viettel"


class Release(StrEnum):
    """Who lets a batch of messages go: nobody has to, or a second person."""

    AUTOMATIC = "automatic"
    SECOND_PERSON = "second-person"


class Desk(StrEnum):
    """Kind of pay point (điểm chi trả)."""

    COMMUNE_DAY = "commune-day"  # the cash days in the commune itself
    LATE_DESK = "late-desk"  # for who could not come: after the commune days
    CASH_OUT = "cash-out"  # draws from a wallet or an account on any working day


class Owner(StrEnum):
    """Who mends a failed payment."""

    BENEFICIARY = "beneficiary"
    COMMUNE = "commune"
    PROVIDER = "provider"
    OFFICE = "office"


class Retry(StrEnum):
    """What may be done with a failed payment."""

    AGAIN = "again"  # the provider sends it once more, unchanged
    AFTER_MENDING = "after-mending"  # re-issued once somebody has put something right
    STOP = "stop"  # only after a person has decided


class DayKind(StrEnum):
    """Why a day does not follow the week."""

    OFF = "off"
    MAKE_UP = "make-up"  # a Saturday or Sunday worked instead of a weekday


@dataclass(frozen=True, slots=True)
class Span:
    """The days from `first` to `last`, both included. Time: days in Asia/Ho_Chi_Minh."""

    first: date
    last: date = FOR_EVER

    def holds(self, day: date) -> bool:
        """Whether `day` is one of them."""
        return self.first <= day <= self.last

    def meets(self, other: "Span") -> bool:
        """Whether the two have a day in common."""
        return self.first <= other.last and other.first <= self.last


@dataclass(frozen=True, slots=True)
class Area:
    """Area (địa bàn): the part of the province that one set of providers serves.

    It began as a district; agreements with providers outlive districts. `paid` says whether it
    belongs to the programme: an area that does not is known only so that its communes have names.
    """

    code: str
    kind: str
    name: str
    paid: bool
    valid: Span

    @property
    def full_name(self) -> str:
        """As in a letter: `Huyện Phú Lộc`."""
        return f"{self.kind} {self.name}"


@dataclass(frozen=True, slots=True)
class Commune:
    """Commune (xã, phường, thị trấn) in one stretch of its life.

    Codes are used again for other units: a code means something only together with a day.
    """

    code: str
    kind: str
    name: str
    area: str
    valid: Span
    successor: str | None

    @property
    def full_name(self) -> str:
        """As in a letter: `Thị trấn Phú Lộc`."""
        return f"{self.kind} {self.name}"


@dataclass(frozen=True, slots=True)
class Alias:
    """Another name or an old code by which lists and people call a commune."""

    text: str
    commune: str
    valid: Span


@dataclass(frozen=True, slots=True)
class Offer:
    """That a provider pays by a method in an area."""

    area: str
    method: Method
    provider: Provider
    valid: Span


@dataclass(frozen=True, slots=True)
class PayPoint:
    """Pay point (điểm chi trả). `first_day` and `last_day` are days of the month.

    `serves` is a commune's code, or an area's if the whole area comes here.
    `sample` marks a point that was invented for trying the product and must not reach production.
    """

    code: str
    serves: str
    provider: Provider
    desk: Desk
    name: str
    place: str
    first_day: int
    last_day: int
    opens: time
    closes: time
    sample: bool
    valid: Span


@dataclass(frozen=True, slots=True)
class ReceivingAccount:
    """Where the Treasury sends a provider the money of a month (tài khoản nhận).

    `sample` marks a number that was invented for trying the product and must not reach production.
    """

    provider: Provider
    account: str
    bank: str
    sample: bool
    valid: Span


@dataclass(frozen=True, slots=True)
class BaseRate:
    """Base level (mức chuẩn trợ giúp xã hội). Money: whole đồng a month."""

    amount: int
    source: str
    valid: Span


@dataclass(frozen=True, slots=True)
class Category:
    """Category (nhóm đối tượng), named after article and clause of the decree.

    `public_vi` and `public_en` are all that may leave `core` when `sensitive`. `adds_to` are the
    groups whose benefit is paid beside this one; otherwise a person gets the highest one only.
    """

    code: str
    group: int
    label_vi: str
    label_en: str
    public_vi: str
    public_en: str
    sensitive: bool
    adds_to: frozenset[int]
    valid: Span


@dataclass(frozen=True, slots=True)
class Coefficient:
    """What the base level is multiplied by for a category (hệ số)."""

    category: str
    value: Decimal
    valid: Span


@dataclass(frozen=True, slots=True)
class CycleRule:
    """When a cycle's list is made. Days of the month before the one that is paid."""

    cut_off_day: int
    list_day: int
    valid: Span


@dataclass(frozen=True, slots=True)
class PayRule:
    """When a method pays. Days of the month; `late_day` is 0 where there is no late desk."""

    method: Method
    first_day: int
    last_day: int
    late_day: int
    on_weekends: bool
    valid: Span


@dataclass(frozen=True, slots=True)
class PayException:
    """Pay days of one cycle in one area that are not those of the rule, for example before Tết."""

    cycle: Cycle
    area: str
    method: Method
    days: Span


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A holiday or a make-up day. `stands_for` is the weekday whose hours a make-up day keeps.

    `assumed` marks a day that had not been announced when the row was written.
    """

    day: date
    kind: DayKind
    name_vi: str
    name_en: str
    stands_for: int
    assumed: bool


@dataclass(frozen=True, slots=True)
class OpenHours:
    """One stretch of the office day. `weekday` 0 is Monday; `closes` is the first minute closed."""

    weekday: int
    opens: time
    closes: time
    valid: Span


@dataclass(frozen=True, slots=True)
class Failure:
    """One entry of the failure catalogue (danh mục lỗi).

    `tell` is False where no text may go out by itself, because only a person may say it.
    """

    code: str
    owner: Owner
    retry: Retry
    tell: bool

    @property
    def retryable(self) -> bool:
        """Whether the provider may simply send the payment again."""
        return self.retry is Retry.AGAIN


@dataclass(frozen=True, slots=True)
class ProviderCode:
    """What a provider's own failure code or words mean in the catalogue."""

    provider: Provider
    text: str
    failure: str


@dataclass(frozen=True, slots=True)
class Settings:
    """The single values of a programme. Times are times of day in Asia/Ho_Chi_Minh."""

    tenant: str
    name_vi: str
    name_en: str
    first_cycle: Cycle
    sender: str
    hotline: str
    sample_contact: bool
    loud_from: time
    quiet_from: time
    release: Release
    return_window_days: int
    cool_off_days: int
    dispute_provider_days: int
    dispute_commune_days: int
    leakage_least_answers: int
    leakage_tolerated_percent: int
    leakage_months: int


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Programme:
    """Programme (chương trình): all terms under which one province pays. Equal only to itself."""

    settings: Settings
    areas: tuple[Area, ...]
    communes: tuple[Commune, ...]
    aliases: tuple[Alias, ...]
    offers: tuple[Offer, ...]
    pay_points: tuple[PayPoint, ...]
    receiving_accounts: tuple[ReceivingAccount, ...]
    base_rates: tuple[BaseRate, ...]
    categories: tuple[Category, ...]
    coefficients: tuple[Coefficient, ...]
    cycle_rules: tuple[CycleRule, ...]
    pay_rules: tuple[PayRule, ...]
    pay_exceptions: tuple[PayException, ...]
    special_days: tuple[SpecialDay, ...]
    open_hours: tuple[OpenHours, ...]
    failures: tuple[Failure, ...]
    provider_codes: tuple[ProviderCode, ...]

    @property
    def tenant(self) -> str:
        """The name under which this programme's rows are stored."""
        return self.settings.tenant

"""Which desk holds the money now, since when, and what happens next.

Pure. A day in the future is named only when the calendar of the programme says so; where nobody
knows, there is none.

What does not live here: the sentences (`locales/`), and what was read (`facts.py`).
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from core.calendar import Cycle, local_day
from core.ledger.facts import CycleFacts, CycleState, PaymentFacts, ProviderFacts
from core.ledger.states import Money
from core.pay_days import NoPayDays, PayWindow, pay_window
from core.terms import Method, Programme


class Holder(StrEnum):
    """The desk that holds the money or the paper (đang ở bàn nào)."""

    NOBODY = "nobody"
    OFFICE = "office"
    TREASURY = "treasury"
    PROVIDER = "provider"
    PAY_POINT = "pay_point"
    PERSON = "person"


class Stage(StrEnum):
    """How far the payment has come, in the words of somebody who waits for it."""

    NO_LIST_YET = "no_list_yet"
    NOT_LISTED_YET = "not_listed_yet"
    NOT_LISTED = "not_listed"
    LISTED = "listed"
    HELD = "held"
    CANCELLED = "cancelled"
    WAITING_FOR_FUNDS = "waiting_for_funds"
    WAITING_FOR_ORDER = "waiting_for_order"
    SENT_NOT_REPORTED = "sent_not_reported"
    ACCEPTED = "accepted"
    CASH_WAITS = "cash_waits"
    HOME_VISIT = "home_visit"
    PAID = "paid"
    FAILED = "failed"
    RETURNED = "returned"
    UNCLAIMED = "unclaimed"
    REISSUED = "reissued"
    REFUNDED = "refunded"


class Next(StrEnum):
    """What happens next."""

    NOTHING = "nothing"
    LIST_COMES = "list_comes"
    OFFICE_APPROVES = "office_approves"
    OFFICE_DECIDES = "office_decides"
    TREASURY_SENDS = "treasury_sends"
    OFFICE_ORDERS = "office_orders"
    PROVIDER_PAYS = "provider_pays"
    PROVIDER_REPORTS = "provider_reports"
    COLLECT = "collect"
    VISIT = "visit"
    MEND = "mend"


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where the money is. Time: days in Asia/Ho_Chi_Minh.

    `since` is the day on which it got there, as far as anybody told us. `next_day` is the next
    day of the calendar that matters, `last_day` the last one on which it still helps; both None
    where the calendar does not say. `place` is the code of a pay point. `late` is how many days
    have gone by since the last pay day while the money has not arrived; 0 before.
    """

    desk: Holder
    state: Stage
    since: date | None
    next_step: Next
    next_day: date | None = None
    last_day: date | None = None
    place: str | None = None
    late: int = 0


# Stages that follow from the money axis alone: (desk, stage, what happens next).
_PLAIN: Final = {
    Money.HELD: (Holder.OFFICE, Stage.HELD, Next.OFFICE_DECIDES),
    Money.CANCELLED: (Holder.NOBODY, Stage.CANCELLED, Next.NOTHING),
    Money.SETTLED: (Holder.PERSON, Stage.PAID, Next.NOTHING),
    Money.FAILED: (Holder.PROVIDER, Stage.FAILED, Next.MEND),
    Money.RETURNED: (Holder.PROVIDER, Stage.RETURNED, Next.MEND),
    Money.UNCLAIMED: (Holder.PROVIDER, Stage.UNCLAIMED, Next.OFFICE_DECIDES),
    Money.REISSUED: (Holder.OFFICE, Stage.REISSUED, Next.NOTHING),
    Money.REFUNDED: (Holder.TREASURY, Stage.REFUNDED, Next.NOTHING),
}


def whereabouts(
    payment: PaymentFacts | None, cycle: CycleFacts | None, programme: Programme, day: date
) -> Whereabouts:
    """Where the money of one payment is on a day; without a payment, why there is none."""
    if payment is None:
        return _unlisted(cycle)
    if payment.money in _PLAIN:
        desk, stage, step = _PLAIN[payment.money]
        return Whereabouts(desk, stage, _since(payment), step)
    window = _window(payment, programme)
    late = max(0, (day - window.last).days) if window is not None else 0
    if payment.money is Money.LISTED:
        next_day = _ahead(window, day)
        return Whereabouts(
            Holder.OFFICE,
            Stage.LISTED,
            _since(payment),
            Next.OFFICE_APPROVES,
            next_day,
            late=late,
        )
    if payment.money is Money.APPROVED:
        return _approved(payment, cycle, window, day, late)
    return _with_provider(payment, window, day, late)


def _unlisted(cycle: CycleFacts | None) -> Whereabouts:
    if cycle is None:
        return Whereabouts(Holder.OFFICE, Stage.NO_LIST_YET, None, Next.LIST_COMES)
    if cycle.state is CycleState.IMPORTING:
        return Whereabouts(Holder.OFFICE, Stage.NOT_LISTED_YET, None, Next.LIST_COMES)
    return Whereabouts(Holder.NOBODY, Stage.NOT_LISTED, None, Next.NOTHING)


def _approved(
    payment: PaymentFacts, cycle: CycleFacts | None, window: PayWindow | None, day: date, late: int
) -> Whereabouts:
    """Approved, not ordered: the Treasury has it, or its money waits for the office's order."""
    part = _part(payment, cycle)
    next_day = _ahead(window, day)
    if not part.is_funded:
        desk, stage, step = Holder.TREASURY, Stage.WAITING_FOR_FUNDS, Next.TREASURY_SENDS
        return Whereabouts(desk, stage, _since(payment), step, next_day, late=late)
    since = local_day(part.funded_at) if part.funded_at is not None else _since(payment)
    stage = Stage.WAITING_FOR_ORDER
    return Whereabouts(Holder.OFFICE, stage, since, Next.OFFICE_ORDERS, next_day, late=late)


def _with_provider(
    payment: PaymentFacts, window: PayWindow | None, day: date, late: int
) -> Whereabouts:
    since, next_day = _since(payment), _ahead(window, day)
    if payment.money is Money.READY_CASH:
        return Whereabouts(
            Holder.PAY_POINT,
            Stage.CASH_WAITS,
            since,
            Next.COLLECT,
            next_day,
            _still(window, day),
            payment.pay_point,
        )
    if payment.money is Money.HOME_PENDING:
        last = _still(window, day)
        return Whereabouts(
            Holder.PROVIDER, Stage.HOME_VISIT, since, Next.VISIT, next_day, last, late=late
        )
    sent = payment.money is Money.INSTRUCTED
    stage = Stage.SENT_NOT_REPORTED if sent else Stage.ACCEPTED
    step = Next.PROVIDER_PAYS if next_day is not None else Next.PROVIDER_REPORTS
    place = payment.pay_point if payment.method == Method.CASH else None
    return Whereabouts(
        Holder.PROVIDER, stage, since, step, next_day, _still(window, day), place, late
    )


def _part(payment: PaymentFacts, cycle: CycleFacts | None) -> ProviderFacts:
    providers = cycle.providers if cycle is not None else {}
    return providers.get(payment.provider or "", ProviderFacts())


def _since(payment: PaymentFacts) -> date:
    """The provider's own day where it reported one, else the day on which we wrote it down."""
    reported = payment.reported_at == payment.changed_at and payment.effective_on is not None
    if reported and payment.effective_on is not None:
        return payment.effective_on
    return local_day(payment.changed_at)


def _window(payment: PaymentFacts, programme: Programme) -> PayWindow | None:
    """The pay days of this payment; None before it is known how it is paid."""
    if payment.method is None:
        return None
    month = Cycle.parse(payment.cycle)
    try:
        return pay_window(programme, month, Method(payment.method), payment.commune)
    except NoPayDays:
        return None


def _ahead(window: PayWindow | None, day: date) -> date | None:
    """The first pay day, while it is still to come (today counts)."""
    return window.first if window is not None and day <= window.first else None


def _still(window: PayWindow | None, day: date) -> date | None:
    """The last day at the desk, while it is not over."""
    return window.late if window is not None and day <= window.late else None

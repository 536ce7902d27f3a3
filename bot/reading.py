"""What flows look up, answered from the books: one function for each kind of question."""

from collections.abc import Callable
from datetime import date
from typing import Any, Final

from bot.home_asking import home_now
from bot.turn_talk import Turn
from core import offers, pay_days, places
from core.calendar import Cycle
from core.conversation.ask import Query
from core.conversation.flows.queries import (
    AgreedToTell,
    Arrival,
    ArrivalsIn,
    CollectAt,
    CommunesPaid,
    HomeOf,
    LastPaid,
    PayDays,
    PayDaysIn,
    PaymentCoded,
    WardsHere,
)
from core.faults import Fault
from core.ledger.facts import PaymentFacts
from core.ledger.reads import (
    cycle_facts,
    issued_again,
    payment_with_code,
    payments_in,
    payments_of,
)
from core.ledger.record import Ledger
from core.ledger.states import Money
from core.ledger.whereabouts import Stage, Whereabouts, whereabouts
from core.people import Purpose, Ward
from core.privacy import masked_account_sms
from core.store.callers import at_address
from core.store.methods import accounts_of, methods_in_force
from core.store.recipients import consents_of
from core.terms import Desk, Method, Programme


class UnknownQuery(Fault):
    """Nobody answers questions of the kind {kind}."""


def reader(programme: Programme, ledger: Ledger) -> Callable[[Turn, Query[Any]], Any]:
    """The reader of one process."""

    def read(turn: Turn, query: Query[Any]) -> Any:
        if isinstance(query, HomeOf):
            return home_now(programme, ledger, turn, query)
        answer = _ANSWERS.get(type(query))
        if answer is None:
            raise UnknownQuery(kind=type(query).__name__)
        return answer(programme, turn, query)

    return read


def _arrivals(programme: Programme, turn: Turn, query: ArrivalsIn) -> tuple[Arrival, ...]:
    payments = payments_in(turn.tx, query.beneficiary_id, query.cycle)
    # What was paid again in a later month still answers for the month it belongs to.
    payments += tuple(one for one in issued_again(turn.tx, payments) if one not in payments)
    months = {query.cycle, *(one.cycle for one in payments)}
    cycles = {one: cycle_facts(turn.tx, programme.tenant, one) for one in months}
    if not payments:
        return (Arrival(None, whereabouts(None, cycles[query.cycle], programme, query.day)),)
    accounts = {
        one: _account(turn, query.beneficiary_id, one)
        for one in {p.cycle for p in payments if p.method == Method.ACCOUNT}
    }
    return tuple(
        Arrival(
            payment,
            where := whereabouts(payment, cycles[payment.cycle], programme, query.day),
            _point_in_words(programme, where.place or payment.pay_point),
            accounts.get(payment.cycle),
            _desks(programme, payment, where, query.day),
            payment.event_ids,
        )
        for payment in payments
    )


def _desks(
    programme: Programme, payment: PaymentFacts, where: Whereabouts, day: date
) -> tuple[CollectAt, ...]:
    """Where cash that waits can be collected from this day on, by the programme's calendar."""
    if where.state is not Stage.CASH_WAITS:
        return ()
    cycle, commune = Cycle.parse(payment.cycle), payment.commune
    window = pay_days.pay_window(programme, cycle, Method.CASH, commune)
    spans = (
        (Desk.COMMUNE_DAY, window.first, window.last),
        (Desk.LATE_DESK, window.last, window.late),
    )
    return tuple(
        CollectAt(f"{point.name}, {point.place}", first if day < first else None, last)
        for desk, first, last in spans
        if day <= last
        for point in offers.pay_points(programme, commune, day, desk=desk)[:1]
        if point.provider == payment.provider
    )


def _account(turn: Turn, beneficiary_id: int, cycle: str) -> str | None:
    """The account of the method that the month was frozen with, masked."""
    versions = methods_in_force(turn.tx, [beneficiary_id], cycle)
    accounts = accounts_of(turn.tx, [version.id for version in versions.values()])
    numbers = [number for number, *_ in accounts.values() if number]
    return masked_account_sms(numbers[0]) if numbers else None


def _agreed(programme: Programme, turn: Turn, query: AgreedToTell) -> bool:
    del programme
    return any(
        consent.person_id == query.person_id and consent.purpose == Purpose.RELATIVE
        for consent in consents_of(turn.tx, [query.beneficiary_id])
    )


def _wards(programme: Programme, turn: Turn, query: WardsHere) -> tuple[Ward, ...]:
    del programme, query
    return at_address(turn.tx, turn.me.contact_id, turn.me.today).wards


def _payment(programme: Programme, turn: Turn, query: PaymentCoded) -> PaymentFacts | None:
    del programme
    return payment_with_code(turn.tx, query.code)


def _last_paid(programme: Programme, turn: Turn, query: LastPaid) -> PaymentFacts | None:
    del programme
    payments = payments_of(turn.tx, query.beneficiary_id)
    return next((one for one in payments if one.money is Money.SETTLED), None)


def _pay_days(programme: Programme, turn: Turn, query: PayDaysIn) -> tuple[PayDays, ...]:
    del turn
    month = Cycle.parse(query.cycle)
    area = places.area_of(programme, query.commune, month.first_day)
    if area is None or not area.paid:
        return ()
    found = []
    for method in offers.methods_in(programme, area.code, month.first_day):
        provider = offers.provider_for(programme, area.code, method, month.first_day)
        window = pay_days.pay_window(programme, month, method, query.commune)
        points = offers.pay_points(
            programme, query.commune, month.first_day, desk=Desk.COMMUNE_DAY, provider=provider
        )
        place = _point_in_words(programme, points[0].code) if points else None
        found.append(PayDays(method, provider or "", window.first, window.last, window.late, place))
    return tuple(found)


def _communes(programme: Programme, turn: Turn, query: CommunesPaid) -> tuple[tuple[str, str], ...]:
    del turn
    return tuple((one.code, one.name) for one in places.paid_communes(programme, query.day))


def _point_in_words(programme: Programme, code: str | None) -> str | None:
    point = offers.pay_point(programme, code) if code else None
    return None if point is None else f"{point.name}, {point.place}"


_ANSWERS: Final[dict[type[Query[Any]], Callable[[Programme, Turn, Any], Any]]] = {
    ArrivalsIn: _arrivals,
    PaymentCoded: _payment,
    LastPaid: _last_paid,
    PayDaysIn: _pay_days,
    CommunesPaid: _communes,
    AgreedToTell: _agreed,
    WardsHere: _wards,
}

"""What flows look up, answered from the books: one function for each kind of question."""

from collections.abc import Callable
from typing import Any, Final

from bot.turn_talk import Turn
from core import offers, pay_days, places
from core.calendar import Cycle, local_day
from core.care.kinds import CaseKind
from core.care.opening import desk_for, due_at
from core.conversation.ask import Query
from core.conversation.flows.queries import (
    Arrival,
    ArrivalsIn,
    Office,
    OfficeFor,
    PayDays,
    PayDaysIn,
    PaymentCoded,
)
from core.faults import Fault
from core.ledger.facts import PaymentFacts
from core.ledger.reads import cycle_facts, payment_with_code, payments_in
from core.ledger.whereabouts import whereabouts
from core.terms import Desk, Programme


class UnknownQuery(Fault):
    """Nobody answers questions of the kind {kind}."""


def reader(programme: Programme) -> Callable[[Turn, Query[Any]], Any]:
    """The reader of one process."""

    def read(turn: Turn, query: Query[Any]) -> Any:
        answer = _ANSWERS.get(type(query))
        if answer is None:
            raise UnknownQuery(kind=type(query).__name__)
        return answer(programme, turn, query)

    return read


def _arrivals(programme: Programme, turn: Turn, query: ArrivalsIn) -> tuple[Arrival, ...]:
    payments = payments_in(turn.tx, query.beneficiary_id, query.cycle)
    cycle = cycle_facts(turn.tx, programme.tenant, query.cycle)
    seen: tuple[PaymentFacts | None, ...] = payments or (None,)
    found = []
    for payment in seen:
        where = whereabouts(payment, cycle, programme, query.day)
        point = where.place or (payment.pay_point if payment is not None else None)
        facts = payment.event_ids if payment is not None else ()
        found.append(Arrival(payment, where, _point_in_words(programme, point), facts))
    return tuple(found)


def _payment(programme: Programme, turn: Turn, query: PaymentCoded) -> PaymentFacts | None:
    del programme
    return payment_with_code(turn.tx, query.code)


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


def _office(programme: Programme, turn: Turn, query: OfficeFor) -> Office:
    desk = desk_for(programme, query.commune, turn.now, turn.me.language)
    due = due_at(programme, CaseKind(query.kind), turn.now)
    return Office(desk.name, local_day(due), programme.settings.hotline)


def _point_in_words(programme: Programme, code: str | None) -> str | None:
    point = offers.pay_point(programme, code) if code else None
    return None if point is None else f"{point.name}, {point.place}"


_ANSWERS: Final[dict[type[Query[Any]], Callable[[Programme, Turn, Any], Any]]] = {
    ArrivalsIn: _arrivals,
    PaymentCoded: _payment,
    PayDaysIn: _pay_days,
    OfficeFor: _office,
}

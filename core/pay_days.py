"""On which days a cycle's list closes and its money moves.

What does not live here: the state of a cycle (`core/ledger/cycles.py`).
"""

from dataclasses import dataclass
from datetime import date, timedelta

from core import offers, places
from core.calendar import Cycle
from core.faults import Fault
from core.terms import CycleRule, Desk, Method, PayRule, Programme, Span
from core.working_hours import is_holiday, is_working_day, on_or_after, working_days_after


class NoPayDays(Fault):
    """The programme has no days for {method} in {cycle}."""


class NoCycleRule(Fault):
    """The programme does not say when the list of {cycle} closes."""


@dataclass(frozen=True, slots=True)
class PayWindow:
    """The days on which a commune is paid. Time: days in Asia/Ho_Chi_Minh, all included.

    `first` to `last` are the pay days proper; `late` is the last day on which the money can still
    be collected at the late desk, and equals `last` where there is none.
    """

    first: date
    last: date
    late: date


def cut_off(programme: Programme, cycle: Cycle) -> date:
    """The last day on which an accepted change of method still works for this cycle.

    Raises: NoCycleRule. Source: Decree 20/2021/ND-CP art. 34, list and money before the 25th.
    """
    return cycle.previous().day(_cycle_rule(programme, cycle).cut_off_day)


def freeze_day(programme: Programme, cycle: Cycle) -> date:
    """The first working day after the cut-off, on which the methods of a cycle are frozen.

    Raises: NoCycleRule.
    """
    return on_or_after(programme, cut_off(programme, cycle) + timedelta(days=1))


def list_day(programme: Programme, cycle: Cycle) -> date:
    """The last day on which the office takes the list of a cycle to the providers.

    Raises: NoCycleRule. Source: Decree 20/2021/ND-CP art. 34.
    """
    return cycle.previous().day(_cycle_rule(programme, cycle).list_day)


def next_cycle_for_change(programme: Programme, day: date) -> Cycle:
    """The first cycle for which a change accepted on this day works.

    Raises: NoCycleRule.
    """
    cycle = Cycle.of_day(day).next()
    return cycle if day <= cut_off(programme, cycle) else cycle.next()


def pay_day(programme: Programme, cycle: Cycle, method: Method, commune: str) -> date:
    """The first day on which a commune is paid by a method, never a closed day.

    Raises: NoPayDays.
    """
    return pay_window(programme, cycle, method, commune).first


def pay_window(programme: Programme, cycle: Cycle, method: Method, commune: str) -> PayWindow:
    """The days on which a commune is paid by a method, with exceptions and holidays counted in.

    A closed day moves to the next open one, and as many days are kept as the rule has, so that
    nobody loses a day at the desk to a holiday.
    Raises: NoPayDays.
    """
    rule = _pay_rule(programme, cycle, method)
    exception = _exception(programme, cycle, method, commune)
    if exception is not None:
        first, last = exception.first, exception.last
    else:
        begins, ends = _days_of_month(programme, cycle, rule, commune)
        first = _open_from(programme, rule, cycle.day(begins))
        last = _nth_open(programme, rule, first, ends - begins)
    late = _open_from(programme, rule, cycle.day(rule.late_day)) if rule.late_day else last
    return PayWindow(first, last, max(last, late))


def _days_of_month(
    programme: Programme, cycle: Cycle, rule: PayRule, commune: str
) -> tuple[int, int]:
    """The commune's own cash days where its pay point has some, else those of the rule."""
    if rule.method is Method.CASH:
        day = cycle.first_day
        for point in offers.pay_points(programme, commune, day, desk=Desk.COMMUNE_DAY):
            return point.first_day, point.last_day
    return rule.first_day, rule.last_day


def _open_from(programme: Programme, rule: PayRule, day: date) -> date:
    if not rule.on_weekends:
        return on_or_after(programme, day)
    while is_holiday(programme, day):
        day += timedelta(days=1)
    return day


def _nth_open(programme: Programme, rule: PayRule, first: date, further: int) -> date:
    if not rule.on_weekends:
        return working_days_after(programme, first, further)
    for _ in range(further):
        first = _open_from(programme, rule, first + timedelta(days=1))
    return first


def pays_on(programme: Programme, rule: PayRule, day: date) -> bool:
    """Whether a method can pay on a day at all: no holiday, and no weekend unless it says so."""
    if rule.on_weekends:
        return not is_holiday(programme, day)
    return is_working_day(programme, day)


def pay_rule(programme: Programme, cycle: Cycle, method: Method) -> PayRule | None:
    """The rule by which a method pays in a cycle."""
    found = (r for r in programme.pay_rules if r.method is method)
    return next((rule for rule in found if rule.valid.holds(cycle.first_day)), None)


def _pay_rule(programme: Programme, cycle: Cycle, method: Method) -> PayRule:
    rule = pay_rule(programme, cycle, method)
    if rule is None:
        raise NoPayDays(method=method, cycle=cycle)
    return rule


def _cycle_rule(programme: Programme, cycle: Cycle) -> CycleRule:
    for rule in programme.cycle_rules:
        if rule.valid.holds(cycle.first_day):
            return rule
    raise NoCycleRule(cycle=cycle)


def _exception(programme: Programme, cycle: Cycle, method: Method, commune: str) -> Span | None:
    if not programme.pay_exceptions:
        return None
    area = places.area_of(programme, commune, cycle.first_day)
    for exception in programme.pay_exceptions:
        wanted = exception.cycle == cycle and exception.method is method
        if wanted and area is not None and exception.area == area.code:
            return exception.days
    return None

"""Whether the calendar is whole: list days, pay days, holidays and office hours."""

from collections.abc import Iterator
from datetime import date

from core import pay_days
from core.calendar import Cycle
from core.programme_files.problems import Kind, Problem
from core.programme_files.sheets import Row
from core.programme_files.spans import common, from_day, gaps, in_days, overlaps
from core.programme_files.tables import Tables
from core.terms import DayKind, OpenHours, PayException, Programme


def cycle_rules(tables: Tables) -> Iterator[Problem]:
    """Every cycle from the first on has one rule for its list."""
    yield from overlaps(tables.cycle_rules, lambda _: "", "valid_from")
    over = from_day(tables.settings.first_cycle.first_day)
    for gap in gaps(over, [rule.valid for _, rule in tables.cycle_rules]):
        line = max((row.line for row, _ in tables.cycle_rules), default=0)
        yield Problem("cycle_rules.csv", line, "valid_to", Kind.GAP, {"days": in_days(gap)})


def pay_rules(tables: Tables) -> Iterator[Problem]:
    """Every method that is offered has one rule for its days."""
    yield from overlaps(tables.pay_rules, lambda rule: rule.method, "method")
    began = from_day(tables.settings.first_cycle.first_day)
    told: set[tuple[str, str]] = set()
    for _, offer in tables.offers:
        over = common(offer.valid, began)
        same = [(row, rule) for row, rule in tables.pay_rules if rule.method is offer.method]
        for gap in gaps(over, [rule.valid for _, rule in same]) if over else ():
            values = {"method": str(offer.method), "days": in_days(gap)}
            if (values["method"], values["days"]) in told:
                continue
            told.add((values["method"], values["days"]))
            line = max((row.line for row, _ in same), default=0)
            yield Problem("pay_rules.csv", line, "method", Kind.PAY_RULE_MISSING, values)


def pay_exceptions(tables: Tables) -> Iterator[Problem]:
    """An exception is for a method that is offered, once, on open days after the cut-off."""
    programme = tables.programme()
    seen: dict[tuple[Cycle, str, str], int] = {}
    for row, exception in tables.pay_exceptions:
        key = (exception.cycle, exception.area, exception.method)
        if key in seen:
            values: dict[str, str | int] = {"value": str(exception.cycle), "line": seen[key]}
            yield Problem(row.file, row.line, "cycle", Kind.TWICE, values)
            continue
        seen[key] = row.line
        yield from _exception(programme, row, exception)


def _exception(programme: Programme, row: Row, exception: PayException) -> Iterator[Problem]:
    day, method = exception.cycle.first_day, exception.method
    offered = any(
        (o.area, o.method) == (exception.area, method) and o.valid.holds(day)
        for o in programme.offers
    )
    rule = pay_days.pay_rule(programme, exception.cycle, method)
    if not offered or rule is None:
        values = {"method": str(method), "area": exception.area, "cycle": str(exception.cycle)}
        yield Problem(row.file, row.line, "method", Kind.NOT_OFFERED, values)
        return
    for column, pays in (("first", exception.days.first), ("last", exception.days.last)):
        if not pay_days.pays_on(programme, rule, pays):
            values = {"day": str(pays), "name": _why_closed(programme, pays)}
            yield Problem(row.file, row.line, column, Kind.PAY_DAY_CLOSED, values)
    for cycle_rule in programme.cycle_rules:
        if cycle_rule.valid.holds(day):
            cut_off = pay_days.cut_off(programme, exception.cycle)
            if exception.days.first <= cut_off:
                values = {"day": str(exception.days.first), "cut_off": str(cut_off)}
                yield Problem(row.file, row.line, "first", Kind.PAY_DAY_BEFORE_CUT_OFF, values)


def _why_closed(programme: Programme, day: date) -> str:
    names = [s.name_vi for s in programme.special_days if s.day == day]
    return names[0] if names else ("T7", "CN")[day.weekday() - 5]


def special_days(tables: Tables) -> Iterator[Problem]:
    """A day stands once, and no year between the first cycle and the last holiday is forgotten."""
    seen: dict[date, int] = {}
    for row, special in tables.special_days:
        if special.day in seen:
            values: dict[str, str | int] = {"value": str(special.day), "line": seen[special.day]}
            yield Problem(row.file, row.line, "day", Kind.TWICE, values)
        seen.setdefault(special.day, row.line)
    years = {s.day.year for _, s in tables.special_days if s.kind is DayKind.OFF}
    first = tables.settings.first_cycle.year
    missing = (y for y in range(first, max(years, default=first) + 1) if y not in years)
    for year in list(missing)[:1]:
        yield Problem("holidays.csv", 0, "day", Kind.HOLIDAYS_MISSING, {"year": year})


def open_hours(tables: Tables) -> Iterator[Problem]:
    """Two stretches of a day do not overlap, and there are office hours on every day to come."""
    earlier: list[tuple[Row, OpenHours]] = []
    for row, hours in tables.open_hours:
        for other_row, other in earlier:
            same_day = hours.weekday == other.weekday and hours.valid.meets(other.valid)
            if same_day and hours.opens < other.closes and other.opens < hours.closes:
                values: dict[str, str | int] = {
                    "value": row.cells["weekday"],
                    "line": other_row.line,
                    "days": in_days(hours.valid),
                }
                yield Problem(row.file, row.line, "opens", Kind.OVERLAP, values)
                break
        earlier.append((row, hours))
    over = from_day(tables.settings.first_cycle.first_day)
    for gap in gaps(over, [hours.valid for _, hours in tables.open_hours]):
        values = {"days": in_days(gap)}
        yield Problem("working_hours.csv", 0, "valid_to", Kind.HOURS_MISSING, values)

"""Deliveries at home in a report: asked for, accepted, done, in vain.

Counted are the steps that were taken until the report's day: a standing order is accepted once and
done each month; a visit in vain counts each time. Source: the plan, III.1.b; reference ledger 6.7.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from core.ledger.events import EventType
from core.reports.places import in_order
from core.reports.scope import Scope
from core.reports.tables import Cell, Kind, Table, by_area, headed, said
from core.store.reports import Visit

_E = EventType
# Each names a sentence `report.column.<name>`; the steps that it counts.
_COLUMNS: Final[Mapping[str, EventType]] = {
    "home_requested": _E.DELIVERY_REQUESTED,
    "home_accepted": _E.DELIVERY_ACCEPTED,
    "home_declined": _E.DELIVERY_DECLINED,
    "home_scheduled": _E.DELIVERY_SCHEDULED,
    "home_done": _E.DELIVERY_HANDED_OVER,
    "home_missed": _E.DELIVERY_MISSED,
    "home_refused": _E.DELIVERY_REFUSED,
    "home_brought_back": _E.DELIVERY_BROUGHT_BACK,
    "home_confirmed": _E.DELIVERY_CONFIRMED,
}


def home_table(scope: Scope, visits: Iterable[Visit], lang: str) -> Table:
    """Each commune in which anything was asked for or done in one row."""
    found = list(visits)
    lines = []
    for place in in_order(scope.programme, {one.commune for one in found}, scope.day):
        mine = [one for one in found if one.commune == place.code]
        lines.append((place.area, place.area_name, (place.name,), mine))
    columns = (*headed(lang, "commune", kind=Kind.TEXT), *headed(lang, *_COLUMNS))
    rows = by_area(lines, _cells, lang, blank=1)
    return Table("home", said("home", lang), columns, tuple(rows), note=said("home_note", lang))


def visited(visits: Iterable[Visit]) -> dict[str, int]:
    """The sums of the columns, by name."""
    found = list(visits)
    return {name: _times(found, step) for name, step in _COLUMNS.items()}


def _cells(rows: Iterable[list[Visit]]) -> list[Cell]:
    found = [one for row in rows for one in row]
    return [_times(found, step) for step in _COLUMNS.values()]


def _times(visits: Iterable[Visit], step: EventType) -> int:
    return sum(one.times for one in visits if one.step is step)

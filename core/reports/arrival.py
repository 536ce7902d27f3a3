"""Arrival curves (đường tiền về): by which day what share of a commune's payments was paid."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from core.reports.figures import Stand, stand_of
from core.reports.places import in_order
from core.reports.scope import Scope
from core.reports.sheets import method_words
from core.reports.tables import Cell, Chart, Column, Kind, Level, Row, Table, headed, said
from core.store.reports import Part
from core.terms import Method

_NOT_DUE: Final = frozenset({Stand.PAID_AGAIN, Stand.CANCELLED})
# A month's curve that is longer says nothing more.
_LONGEST: Final = 62


def days_of(parts: Sequence[Part], day: date) -> list[date]:
    """The days from the first payment of these to the last one, never after `day`."""
    paid = [one.paid_on for one in parts if one.paid_on is not None]
    if not paid:
        return []
    first, last = min(paid), min(max(paid), day)
    return [first + timedelta(days=n) for n in range(min((last - first).days + 1, _LONGEST))]


def curve(parts: Sequence[Part], days: Sequence[date]) -> list[float]:
    """The share of payments due that was paid by each day, counted in payments."""
    due = sum(one.heads for one in parts if stand_of(one) not in _NOT_DUE)
    return [
        sum(one.heads for one in parts if one.paid_on is not None and one.paid_on <= day) / due
        if due
        else 0.0
        for day in days
    ]


def arrival_table(scope: Scope, parts: Sequence[Part], lang: str) -> Table:
    """A row for each commune and method, then one for each method; a column for each day."""
    days = days_of(parts, scope.day)
    rows: list[Row] = []
    charts: list[Chart] = []
    columns = [
        *headed(lang, "commune", "method", kind=Kind.TEXT),
        *headed(lang, "due"),
        *(Column(f"{one:%d/%m}", Kind.SHARE) for one in days),
    ]
    last = len(columns) - 1

    def row(name: str, method: str, mine: Sequence[Part], level: Level) -> Row:
        due = sum(one.heads for one in mine if stand_of(one) not in _NOT_DUE)
        cells: list[Cell] = [name, method, due, *curve(mine, days)]
        return Row(tuple(cells), level)

    for method in Method:
        name = method_words(method, lang)
        paid_so = [one for one in parts if one.method == method]
        first = len(rows)
        for place in in_order(scope.programme, {one.commune for one in paid_so}, scope.places_on):
            mine = [one for one in paid_so if one.commune == place.code]
            rows.append(row(place.name, name, mine, Level.LINE))
        if paid_so and days:
            numbers = tuple(range(first, len(rows)))
            charts.append(
                Chart(said("arrival_of", lang, method=name), "line", numbers, 3, last, names=0)
            )
    totals = []
    for method in Method:
        mine = [one for one in parts if one.method == method]
        if mine:
            totals.append(len(rows))
            rows.append(row(said("total", lang), method_words(method, lang), mine, Level.ALL))
    if days and totals:
        whole = Chart(said("arrival", lang), "line", tuple(totals), 3, last, names=1)
        charts.insert(0, whole)
    return Table(
        "arrival",
        said("arrival", lang),
        tuple(columns),
        tuple(rows),
        note=said("arrival_note", lang),
        charts=tuple(charts),
    )

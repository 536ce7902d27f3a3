"""The report of one month (báo cáo tháng): who was paid, how, when, and what people said of it.

Source: the plan, III.6 and III.7; docs/decisions/0140.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Any

from core.calendar import Cycle, hanoi, instant_at
from core.reports.arrival import arrival_table
from core.reports.columns import at, money_cells, money_columns, word_cells, word_columns
from core.reports.disputes import disputes_counted, disputes_table
from core.reports.figures import Figures, figures_of, reasons_of, total
from core.reports.leakage import Agent, agents, limits_of
from core.reports.places import in_order
from core.reports.scope import Scope
from core.reports.sheets import (
    agents_table,
    complaints_table,
    failures_table,
    method_words,
    obstacles_table,
    provider_words,
)
from core.reports.tables import Chart, Column, Kind, Report, Table, by_area, headed, said
from core.store import reports
from core.store.chain import last_block
from core.store.disputes import Disputed, disputed
from core.store.engine import Tx
from core.store.reports import CaseCount, Part, Period

Key = tuple[str, str | None, str | None]


@dataclass(frozen=True, slots=True)
class MonthFound:
    """What the ledger holds of a month. `suspense`: đồng by provider. Time: aware UTC."""

    cycle: Cycle
    scope: Scope
    parts: tuple[Part, ...]
    cases: tuple[CaseCount, ...]
    disputed: tuple[Disputed, ...]
    agents: tuple[Agent, ...]
    suspense: Mapping[str, int]
    head: str | None
    at: datetime


def month_found(tx: Tx, scope: Scope, cycle: Cycle, now: datetime) -> MonthFound:
    """A month as the ledger stands now, its places as they were then.

    Complaints are those opened in that month.
    """
    scope = replace(scope, placed=cycle.first_day)
    month = str(cycle)
    block = last_block(tx)
    begins, ends = (instant_at(one.first_day, time()) for one in (cycle, cycle.next()))
    period = Period(scope.programme.tenant, month, month, now)
    said_of, parts = reports.heard(tx, period), reports.parts(tx, period)
    cases = reports.cases_opened(tx, begins, min(ends, now))
    return MonthFound(
        cycle=cycle,
        scope=scope,
        parts=scope.among(parts, lambda one: one.commune),
        cases=scope.among(cases, lambda one: one.commune),
        agents=tuple(
            agents(scope.among(said_of, lambda one: one.commune), limits_of(scope.programme))
        ),
        disputed=scope.among(disputed(tx, period), lambda one: one.commune),
        suspense=suspense_of(tx, scope, period),
        head=block.hash if block is not None else None,
        at=now,
    )


def suspense_of(tx: Tx, scope: Scope, period: Period) -> dict[str, int]:
    """Đồng that no payment explains, by provider; of no commune, so of no area's report."""
    return reports.suspense(tx, period) if scope.area is None else {}


def month_report(found: MonthFound, lang: str) -> Report:
    """The report of a month: the same findings, the same report."""
    programme, day = found.scope.programme, found.scope.places_on
    counted = counted_by_key(found.scope, found.parts)
    everything = total(counted.values())
    by_provider: dict[tuple[str, str | None], list[Figures]] = {}
    for (commune, provider, _), one in counted.items():
        by_provider.setdefault((commune, provider), []).append(one)
    return Report(
        title=said("month_title", lang, month=f"{found.cycle.month:02}/{found.cycle.year}"),
        tables=(
            communes_table(found.scope, counted, lang),
            _money_table(found.scope, counted, lang),
            _words_table(found.scope, counted, lang),
            arrival_table(found.scope, found.parts, lang),
            failures_table(programme, found.parts, day, lang),
            complaints_table(programme, found.cases, day, lang),
            disputes_table(found.scope, found.disputed, lang),
            agents_table(programme, found.agents, day, lang),
            obstacles_table(
                programme,
                {key: total(rows) for key, rows in by_provider.items()},
                found.agents,
                found.suspense,
                day=day,
                lang=lang,
            ),
        ),
        head=found.head,
        at=found.at,
        totals=totals_of(everything, found.parts)
        | {
            "cycle": str(found.cycle),
            "disputes": disputes_counted(programme, found.disputed, found.scope.day),
        },
    )


def totals_of(everything: Figures, parts: Sequence[Part]) -> dict[str, Any]:
    """The figures of all places, for machines."""
    return everything.as_json() | {"failures": reasons_of(parts)}


def counted_by_key(scope: Scope, parts: Sequence[Part]) -> dict[Key, Figures]:
    """The figures of each commune, provider and method."""
    rows: dict[Key, list[Figures]] = {}
    for one in parts:
        key = (one.commune, one.provider, one.method)
        rows.setdefault(key, []).append(figures_of(one, scope.programme, scope.day))
    return {key: total(found) for key, found in rows.items()}


def communes_table(scope: Scope, counted: Mapping[Key, Figures], lang: str) -> Table:
    """Each commune in one row, with a chart of the shares paid, in time and without cash."""
    lines = []
    for place in in_order(scope.programme, {key[0] for key in counted}, scope.places_on):
        mine = total(one for key, one in counted.items() if key[0] == place.code)
        lines.append((place.area, place.area_name, (place.name,), mine))
    columns = [*headed(lang, "commune", kind=Kind.TEXT), *money_columns(lang)]
    rows = by_area(lines, money_cells, lang, blank=1)
    column = at(columns, "paid_share", lang)
    title = said("paid_share_chart", lang)
    chart = Chart(title, "share", tuple(range(len(rows))), column, column)
    return Table("communes", said("communes", lang), tuple(columns), tuple(rows), charts=(chart,))


def made_line(report: Report, lang: str) -> tuple[str, str]:
    """When a report was made, and the head of the chain that it was read from."""
    made = said("made", lang, at=f"{hanoi(report.at):%H:%M %d/%m/%Y}")
    return made, said("head", lang, head=report.head or said("no_head", lang))


def _money_table(scope: Scope, counted: Mapping[Key, Figures], lang: str) -> Table:
    columns = [*_place_columns(lang), *money_columns(lang)]
    rows = by_area(_lines(scope, counted, lang), money_cells, lang, blank=3)
    return Table("money", said("money", lang), tuple(columns), tuple(rows))


def _words_table(scope: Scope, counted: Mapping[Key, Figures], lang: str) -> Table:
    columns = [*_place_columns(lang), *word_columns(lang)]
    rows = by_area(_lines(scope, counted, lang), word_cells, lang, blank=3)
    return Table("words", said("words", lang), tuple(columns), tuple(rows))


def _place_columns(lang: str) -> list[Column]:
    return headed(lang, "commune", "provider", "method", kind=Kind.TEXT)


def _lines(
    scope: Scope, counted: Mapping[Key, Figures], lang: str
) -> list[tuple[str, str, Sequence[str], Figures]]:
    lines: list[tuple[str, str, Sequence[str], Figures]] = []
    for place in in_order(scope.programme, {key[0] for key in counted}, scope.places_on):
        mine = sorted((key for key in counted if key[0] == place.code), key=str)
        for key in mine:
            first = (place.name, provider_words(key[1], lang), method_words(key[2], lang))
            lines.append((place.area, place.area_name, first, counted[key]))
    return lines

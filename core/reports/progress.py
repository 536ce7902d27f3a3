"""The progress report (báo cáo tiến độ) of 15/3, 20/6 and 30/11: from the first month to a day.

A row is a commune and a provider. People are counted once in each row and once in each sum, so that
the people of a sum may be fewer than those of its rows together.
Source: the plan, V.1 and V.2; docs/decisions/0140.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, TypeVar

from core.calendar import Cycle, instant_at
from core.care.kinds import CaseKind
from core.reports.at_home import home_table, visited
from core.reports.columns import at, money_cells, money_columns
from core.reports.disputes import disputes_counted, disputes_table
from core.reports.figures import Figures, figures_of, share, total
from core.reports.leakage import Agent, agents, limits_of
from core.reports.month import communes_table, counted_by_key, suspense_of, totals_of
from core.reports.places import in_order
from core.reports.readiness import Readiness, readiness_of, together
from core.reports.scope import Scope
from core.reports.sheets import (
    COMPLAINTS,
    agents_table,
    complaints_table,
    failures_table,
    obstacles_table,
    provider_words,
)
from core.reports.tables import (
    Cell,
    Chart,
    Column,
    Kind,
    Level,
    Report,
    Row,
    Table,
    by_area,
    headed,
    said,
)
from core.store import reports
from core.store.chain import last_block
from core.store.disputes import Disputed, disputed
from core.store.engine import Tx
from core.store.reports import CaseCount, Enrolled, Opened, Part, Payee, Period, Visit
from core.terms import Method

# The days on which the plan wants the report. Source: the plan, V.
DUE: Final = ((3, 15), (6, 20), (11, 30))
Pair = tuple[str, str | None]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ProgressFound:
    """What the ledger held at the end of a day. Time: `at` aware UTC, days in Asia/Ho_Chi_Minh."""

    scope: Scope
    parts: tuple[Part, ...]
    payees: tuple[Payee, ...]
    enrolled: tuple[Enrolled, ...]
    opened: tuple[Opened, ...]
    cases: tuple[CaseCount, ...]
    disputed: tuple[Disputed, ...]
    agents: tuple[Agent, ...]
    visits: tuple[Visit, ...]
    suspense: Mapping[str, int]
    head: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class _Line:
    """What one row counts."""

    figures: Figures
    enrolled: tuple[Enrolled, ...]
    payees: tuple[Payee, ...]
    cases: tuple[CaseCount, ...]
    readiness: Readiness


def progress_found(tx: Tx, scope: Scope, now: datetime) -> ProgressFound:
    """Everything from the programme's first month to the end of the scope's day, or until now."""
    programme, day = scope.programme, scope.day
    tenant, first = programme.tenant, str(programme.settings.first_cycle)
    last = str(Cycle.of_day(day))
    until = min(instant_at(day + timedelta(days=1), time()), now)
    block = last_block(tx)
    begins = instant_at(date(programme.settings.first_cycle.year, 1, 1), time())
    period = Period(tenant, first, last, until)
    heard = scope.among(reports.heard(tx, period), lambda one: one.commune)
    return ProgressFound(
        scope=scope,
        parts=scope.among(reports.parts(tx, period), lambda one: one.commune),
        payees=scope.among(reports.payees(tx, period), lambda one: one.commune),
        enrolled=scope.among(reports.enrolled(tx, tenant, last, until), lambda one: one.commune),
        opened=scope.among(reports.opened(tx, tenant, last, until), lambda one: one.commune),
        cases=scope.among(reports.cases_opened(tx, begins, until), lambda one: one.commune),
        agents=tuple(agents(heard, limits_of(programme))),
        visits=scope.among(reports.visits(tx, tenant, begins, until), lambda one: one.commune),
        disputed=scope.among(disputed(tx, period), lambda one: one.commune),
        suspense=suspense_of(tx, scope, period),
        head=block.hash if block is not None else None,
        at=now,
    )


def progress_report(found: ProgressFound, lang: str) -> Report:
    """The report of a day: the same findings, the same report."""
    programme, day = found.scope.programme, found.scope.day
    counted = counted_by_key(found.scope, found.parts)
    by_pair: dict[Pair, list[Figures]] = {}
    for (commune, provider, _), one in counted.items():
        by_pair.setdefault((commune, provider), []).append(one)
    pairs = {pair: total(rows) for pair, rows in by_pair.items()}
    everything = total(pairs.values())
    return Report(
        title=said("progress_title", lang, day=f"{day:%d/%m/%Y}"),
        tables=(
            *_place_tables(found, pairs, lang),
            _months_table(found, lang),
            communes_table(found.scope, counted, lang),
            home_table(found.scope, found.visits, lang),
            failures_table(programme, found.parts, day, lang),
            complaints_table(programme, found.cases, day, lang),
            disputes_table(found.scope, found.disputed, lang),
            agents_table(programme, found.agents, day, lang),
            obstacles_table(programme, pairs, found.agents, found.suspense, day=day, lang=lang),
        ),
        head=found.head,
        at=found.at,
        totals=totals_of(everything, found.parts)
        | _people(found)
        | visited(found.visits)
        | {"disputes": disputes_counted(programme, found.disputed, day)},
    )


def _people(found: ProgressFound) -> dict[str, int]:
    return {
        "people": sum(one.heads for one in found.enrolled),
        "listed_people": len({one.beneficiary_id for one in found.payees}),
        "paid_people": len({one.beneficiary_id for one in found.payees if one.is_paid}),
        "complaints": sum(one.heads for one in found.cases if one.kind in COMPLAINTS),
    }


def _place_tables(found: ProgressFound, pairs: Mapping[Pair, Figures], lang: str) -> list[Table]:
    """The columns of the report in tables that fit a page each, over the same rows."""
    lines = _lines(found, pairs, lang)
    places = headed(lang, "commune", "provider", kind=Kind.TEXT)

    def table(
        name: str,
        columns: Sequence[Column],
        cells: Callable[[Iterable[_Line]], Sequence[Cell]],
        note: str = "",
    ) -> Table:
        rows = by_area(lines, cells, lang, blank=len(places))
        return Table(name, said(name, lang), (*places, *columns), tuple(rows), note=note)

    return [
        table("progress", _people_columns(found, lang), _people_cells, said("progress_note", lang)),
        table("money", money_columns(lang), lambda rows: money_cells(one.figures for one in rows)),
        table("words", headed(lang, *_SAID), _said_cells),
    ]


def _lines(
    found: ProgressFound, pairs: Mapping[Pair, Figures], lang: str
) -> list[tuple[str, str, Sequence[str], _Line]]:
    enrolled = _by_pair(found.enrolled, lambda one: (one.commune, one.provider))
    payees = _by_pair(found.payees, lambda one: (one.commune, one.provider))
    opened = _by_pair(found.opened, lambda one: (one.commune, one.provider))
    cases = _by_pair(found.cases, lambda one: (one.commune or "", one.provider))
    keys = {*pairs, *enrolled, *payees, *cases}
    nowhere = said("no_place", lang)
    lines: list[tuple[str, str, Sequence[str], _Line]] = []
    for place in in_order(found.scope.programme, {commune for commune, _ in keys}, found.scope.day):
        for pair in sorted((one for one in keys if one[0] == place.code), key=str):
            line = _Line(
                figures=pairs.get(pair, Figures()),
                enrolled=tuple(enrolled.get(pair, ())),
                payees=tuple(payees.get(pair, ())),
                cases=tuple(cases.get(pair, ())),
                readiness=readiness_of(
                    enrolled.get(pair, ()), opened.get(pair, ()), is_kept=bool(found.opened)
                ),
            )
            first = (place.name or nowhere, provider_words(pair[1], lang))
            lines.append((place.area, place.area_name or nowhere, first, line))
    return lines


def _by_pair(found: Iterable[T], key: Callable[[T], Pair]) -> dict[Pair, list[T]]:
    rows: dict[Pair, list[T]] = {}
    for one in found:
        rows.setdefault(key(one), []).append(one)
    return rows


_READY: Final = ("papers_complete", "papers_missing", "id_cards", "accounts", "cards")


def _people_columns(found: ProgressFound, lang: str) -> list[Column]:
    ready = readiness_of(found.enrolled, found.opened, is_kept=bool(found.opened))
    return [
        *headed(lang, "people", *(f"by_{method}" for method in Method), "by_none"),
        *(headed(lang, name, is_kept=getattr(ready, name) is not None)[0] for name in _READY),
        *headed(lang, "paid_people"),
        *headed(lang, "paid_people_share", kind=Kind.SHARE),
    ]


def _people_cells(rows: Iterable[_Line]) -> list[Cell]:
    found = list(rows)
    enrolled = [one for row in found for one in row.enrolled]
    payees = [one for row in found for one in row.payees]
    ready = together(row.readiness for row in found)
    listed = len({one.beneficiary_id for one in payees})
    paid = len({one.beneficiary_id for one in payees if one.is_paid})
    by_method = [
        sum(one.heads for one in enrolled if one.method == method) for method in (*Method, None)
    ]
    return [
        *(sum(one.heads for one in enrolled), *by_method),
        *(getattr(ready, name) for name in _READY),
        *(paid, share(paid, listed)),
    ]


_SAID: Final = ("asked", "full", "short", "not_received", "silent", "complaints", "disputes")


def _said_cells(rows: Iterable[_Line]) -> list[Cell]:
    found = list(rows)
    everything = total(row.figures for row in found)
    cases = [one for row in found for one in row.cases]
    return [
        *(getattr(everything, name) for name in _SAID[:5]),
        sum(one.heads for one in cases if one.kind in COMPLAINTS),
        sum(one.heads for one in cases if one.kind == CaseKind.DISPUTE),
    ]


def _months_table(found: ProgressFound, lang: str) -> Table:
    """Each month in one row, with the shares paid, in time and without cash as lines."""
    columns = [*headed(lang, "month", kind=Kind.TEXT), *money_columns(lang)]
    rows = []
    for month in sorted({one.cycle for one in found.parts}):
        mine = [one for one in found.parts if one.cycle == month]
        figures = [figures_of(one, found.scope.programme, found.scope.day) for one in mine]
        rows.append(Row((f"{month[5:]}/{month[:4]}", *money_cells(figures))))
    all_rows = tuple(range(len(rows)))
    charts = tuple(
        Chart(columns[place].title, "share", all_rows, place, place)
        for name in ("paid_share", "on_time_share", "cashless_share")
        for place in [at(columns, name, lang)]
    )
    counted = [figures_of(one, found.scope.programme, found.scope.day) for one in found.parts]
    rows.append(Row((said("total", lang), *money_cells(counted)), Level.ALL))
    return Table(
        "months",
        said("months", lang),
        tuple(columns),
        tuple(rows),
        charts=charts if all_rows else (),
    )

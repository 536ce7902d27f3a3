"""What became of disputes about receipt, by commune and provider: opened, open, late, settled.

A dispute is counted with its payment, in the month of that payment, as it stood when the report
ends. What is open and late counts in both columns.
Source: the plan, V; docs/decisions/0142.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from core.ledger.disputes import OUTCOMES, DisputeState, clock_of, folded
from core.ledger.receipt import Dispute
from core.reports.places import in_order
from core.reports.scope import Scope
from core.reports.sheets import provider_words
from core.reports.tables import Cell, Kind, Table, by_area, headed, said
from core.store.disputes import Disputed
from core.terms import Programme

_COLUMNS: Final = ("opened", "open", "late", *(one.value.lower() for one in OUTCOMES))


def disputes_counted(programme: Programme, found: Iterable[Disputed], day: date) -> dict[str, int]:
    """How many there are of each column, whole; `late` by the working days until `day`."""
    counted: Counter[str] = Counter(dict.fromkeys(_COLUMNS, 0))
    for one in found:
        state = folded(step.type for step in one.steps)
        if state is None:
            continue
        counted["opened"] += 1
        counted[state.value.lower()] += 1
        if state is DisputeState.OPEN and _is_late(programme, one, day):
            counted["late"] += 1
    return dict(counted)


def disputes_table(scope: Scope, found: Sequence[Disputed], lang: str) -> Table:
    """Each commune and provider in one row; places as the scope has them, late as of its day."""
    programme = scope.programme
    lines: list[tuple[str, str, Sequence[Cell], list[Disputed]]] = []
    for place in in_order(programme, {one.commune for one in found}, scope.places_on):
        here = [one for one in found if one.commune == place.code]
        for provider in sorted({one.provider for one in here}, key=str):
            mine = [one for one in here if one.provider == provider]
            first = (place.name, provider_words(provider, lang))
            lines.append((place.area, place.area_name, first, mine))

    def sums(rows: Iterable[Sequence[Disputed]]) -> list[Cell]:
        counted = disputes_counted(programme, (one for row in rows for one in row), scope.day)
        return [counted[name] for name in _COLUMNS]

    columns = (
        *headed(lang, "commune", "provider", kind=Kind.TEXT),
        *headed(lang, *(f"disputes_{name}" for name in _COLUMNS)),
    )
    rows = by_area(lines, sums, lang, blank=2)
    title = said("disputes", lang)
    return Table("disputes", title, columns, tuple(rows), note=said("disputes_note", lang))


def _is_late(programme: Programme, one: Disputed, day: date) -> bool:
    """Whether the last day of its newest opening has gone by."""
    opened = [(Dispute(step.why), step.at) for step in one.steps if step.why is not None]
    return bool(opened) and clock_of(programme, *opened[-1]).is_late(day)

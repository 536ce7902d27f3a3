"""A report as tables: what a page shows and what a spreadsheet holds are the same rows."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from core.wording import text

DOMAIN: Final = "reports"
# A column that nothing in the database can fill yet says so in each of its cells.
NOT_KEPT: Final = None
Cell = str | int | float | None


class Kind(StrEnum):
    """How a column is written: words, whole numbers, đồng with dots, or a share in percent."""

    TEXT = "text"
    COUNT = "count"
    MONEY = "money"
    SHARE = "share"


class Level(StrEnum):
    """What a row is: one line, or the sum of the lines of an area or of all."""

    LINE = "line"
    AREA = "area"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, how it is written, and whether an empty cell means "not kept yet"."""

    title: str
    kind: Kind
    is_kept: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """One row, a cell for each column; a None is nothing to say."""

    cells: tuple[Cell, ...]
    level: Level = Level.LINE


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart beside a table: these rows, over these columns (first and last, counted from 0).

    `names`: the column that names each series, or each category of a column chart.
    """

    title: str
    kind: str
    rows: tuple[int, ...]
    first: int
    last: int
    names: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """One table. `note`: what stands under its title; `charts` stand below its last row."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: str = ""
    charts: tuple[Chart, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A report. `head`: the newest block of the chain; None before the first. Time: aware UTC."""

    title: str
    tables: tuple[Table, ...]
    head: str | None
    at: datetime
    totals: dict[str, Any]

    def table(self, name: str) -> Table:
        """The table with this name."""
        return next(one for one in self.tables if one.name == name)


def said(key: str, lang: str, **values: str | int) -> str:
    """A sentence of the reports."""
    return text(f"report.{key}", lang, DOMAIN, **values)


def headed(lang: str, *names: str, kind: Kind = Kind.COUNT, is_kept: bool = True) -> list[Column]:
    """Columns under the headings `report.column.<name>`."""
    return [Column(said(f"column.{name}", lang), kind, is_kept) for name in names]


def by_area(
    lines: Sequence[tuple[str, str, Sequence[Cell], Any]],
    sums: Callable[[Iterable[Any]], Sequence[Cell]],
    lang: str,
    *,
    blank: int,
) -> list[Row]:
    """The lines of each area (code, name, first cells, what they count) and their sums, then all.

    `sums` makes cells of what lines count; `blank` is how many first cells a line has.
    """
    rows: list[Row] = []
    for area in dict.fromkeys(one[0] for one in lines):
        mine = [one for one in lines if one[0] == area]
        rows += [Row((*first, *sums([counted]))) for _, _, first, counted in mine]
        name = said("area_total", lang, area=mine[0][1])
        cells = sums([one[3] for one in mine])
        rows.append(Row((name, *[""] * (blank - 1), *cells), Level.AREA))
    everything = sums([one[3] for one in lines])
    rows.append(Row((said("total", lang), *[""] * (blank - 1), *everything), Level.ALL))
    return rows

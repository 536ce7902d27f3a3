"""Reading a programme's files cell by cell, so that each bad cell is named and none stops the rest.

A sheet is a CSV file in UTF-8: comma or semicolon, a heading, one row a line, `#` before a comment.
Days may be written 2021-07-01 or 01/07/2021, since spreadsheets turn one into the other.

What does not live here: what the columns mean (`rows.py`).
"""

import csv
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from pathlib import Path
from typing import Final, TypeVar

from core.calendar import BadCycle, Cycle
from core.programme_files.problems import Kind, Problem
from core.terms import FOR_EVER, Span

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# A year outside these is a slip of the pen; what has no end has an empty cell.
_EARLIEST: Final = 1990
_LATEST: Final = 2099
_DAY_MONTH_YEAR: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_YEAR_MONTH_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME: Final = re.compile(r"(\d{1,2}):(\d{2})(:00)?", re.ASCII)
_WHOLE: Final = re.compile(r"\d{1,12}", re.ASCII)


@dataclass(slots=True)
class Row:
    """One row of a file. A reader that finds a bad cell notes the problem and goes on.

    What a reader returns for a bad cell is a stand-in: a row with problems is never used.
    """

    file: str
    line: int
    cells: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, column: str, kind: Kind, **values: str | int) -> None:
        """Note a problem of this row."""
        self.problems.append(Problem(self.file, self.line, column, kind, values))

    def text(self, column: str) -> str:
        """A cell that must not be empty."""
        value = self.cells.get(column, "")
        if not value:
            self.wrong(column, Kind.CELL_EMPTY)
        return value

    def text_or_none(self, column: str) -> str | None:
        """A cell that may be empty."""
        return self.cells.get(column) or None

    def code(self, column: str, shape: str, example: str) -> str:
        """A cell of a fixed shape, which `example` shows to who has to mend it."""
        value = self.text(column)
        if value and not re.fullmatch(shape, value, re.ASCII):
            self.wrong(column, Kind.BAD_CODE, value=value, example=example)
        return value

    def day(self, column: str) -> date:
        """A day, written 2021-07-01 or 01/07/2021."""
        value = self.text(column)
        found = read_day(value)
        if value and found is None:
            self.wrong(column, Kind.NOT_A_DAY, value=value)
        elif found and not _EARLIEST <= found.year <= _LATEST:
            self.wrong(column, Kind.OUT_OF_RANGE, value=value, least=_EARLIEST, most=_LATEST)
        return found or date.min

    def span(self, first: str = "valid_from", last: str = "valid_to") -> Span:
        """The days on which the row holds; an empty last day means as long as it lasts."""
        span = Span(self.day(first), self.day(last) if self.cells.get(last) else FOR_EVER)
        if not self.problems and span.last < span.first:
            self.wrong(last, Kind.ENDS_BEFORE_IT_BEGINS, first=str(span.first), last=str(span.last))
        return span

    def clock(self, column: str) -> time:
        """A time of day, written 07:30."""
        value = self.text(column)
        found = read_time(value)
        if value and found is None:
            self.wrong(column, Kind.NOT_A_TIME, value=value)
        return found or time.min

    def hours(self, opens: str = "opens", closes: str = "closes") -> tuple[time, time]:
        """Two times of day, the first one earlier."""
        first, last = self.clock(opens), self.clock(closes)
        if not self.problems and last <= first:
            self.wrong(closes, Kind.CLOSES_BEFORE_IT_OPENS, opens=f"{first:%H:%M}")
        return first, last

    def whole(self, column: str, least: int, most: int) -> int:
        """A whole number from `least` to `most`."""
        value = self.text(column)
        if not value:
            return least
        if not _WHOLE.fullmatch(value):
            self.wrong(column, Kind.NOT_A_NUMBER, value=value)
            return least
        if not least <= int(value) <= most:
            self.wrong(column, Kind.OUT_OF_RANGE, value=value, least=least, most=most)
        return int(value)

    def decimal(self, column: str, most: int) -> Decimal:
        """A number above 0 up to `most`, with a point or a comma before its decimals."""
        value = self.text(column)
        try:
            number = Decimal(value.replace(",", ".") or "1")
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite():
            self.wrong(column, Kind.NOT_A_NUMBER, value=value)
            return Decimal(1)
        if not 0 < number <= most:
            self.wrong(column, Kind.OUT_OF_RANGE, value=value, least=0, most=most)
        return number

    def yes(self, column: str) -> bool:
        """Whether the cell says yes."""
        value = self.text(column).lower()
        if value and value not in {"yes", "no"}:
            self.wrong(column, Kind.NOT_YES_OR_NO, value=value)
        return value == "yes"

    def choice(self, column: str, kind: type[E]) -> E:
        """One of the words of `kind`."""
        value, words = self.text(column), [str(word) for word in kind]
        if value and value not in words:
            self.wrong(column, Kind.NOT_ONE_OF, value=value, words=", ".join(words))
        return kind(value) if value in words else next(iter(kind))

    def weekday(self, column: str) -> int:
        """A day of the week, 0 for mon."""
        value = self.text(column).lower()
        if value and value not in WEEKDAYS:
            self.wrong(column, Kind.NOT_ONE_OF, value=value, words=", ".join(WEEKDAYS))
        return WEEKDAYS.index(value) if value in WEEKDAYS else 0

    def cycle(self, column: str) -> Cycle:
        """A month, written 2021-04."""
        value = self.text(column)
        try:
            return Cycle.parse(value)
        except BadCycle:
            if value:
                self.wrong(column, Kind.NOT_A_MONTH, value=value)
            return Cycle(2000, 1)


def read_day(text: str) -> date | None:
    """The day that 2021-07-01 or 01/07/2021 names."""
    found = _DAY_MONTH_YEAR.fullmatch(text)
    try:
        if found:
            return date(int(found[3]), int(found[2]), int(found[1]))
        return date.fromisoformat(text) if _YEAR_MONTH_DAY.fullmatch(text) else None
    except ValueError:
        return None


def read_time(text: str) -> time | None:
    """The time of day that 07:30 names."""
    found = _TIME.fullmatch(text)
    try:
        return time(int(found[1]), int(found[2])) if found else None
    except ValueError:
        return None


def read_text(folder: Path, name: str) -> str | Problem:
    """The file's text."""
    path = folder / name
    if not path.is_file():
        return Problem(name, 0, "", Kind.FILE_MISSING, {"folder": folder.name})
    try:
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        return Problem(name, line, "", Kind.FILE_NOT_UTF8)


def read_sheet(
    folder: Path, name: str, columns: Sequence[str], build: Callable[[Row], T]
) -> tuple[list[tuple[Row, T]], list[Problem]]:
    """Every good row of a sheet as `build` makes it, and all that is wrong with the others."""
    text = read_text(folder, name)
    if isinstance(text, Problem):
        return [], [text]
    lines = [
        (number, line)
        for number, line in enumerate(text.split("\n"), 1)
        if line.strip(" \t;,") and not line.lstrip('" ').startswith("#")
    ]
    if not lines:
        return [], [Problem(name, 0, "", Kind.FILE_EMPTY, {"columns": ",".join(columns)})]
    first, heading = lines[0]
    comma = ";" if heading.count(";") > heading.count(",") else ","
    names = [cell.lower() for cell in _cells(heading, comma) or ()]
    problems = _heading_problems(name, first, names, columns)
    if problems:
        return [], problems
    return _rows(name, names, [(number, _cells(line, comma)) for number, line in lines[1:]], build)


def _rows(
    name: str,
    names: Sequence[str],
    lines: Sequence[tuple[int, list[str] | None]],
    build: Callable[[Row], T],
) -> tuple[list[tuple[Row, T]], list[Problem]]:
    built: list[tuple[Row, T]] = []
    problems: list[Problem] = []
    for number, cells in lines:
        broken = _row_problem(name, number, names, cells)
        if broken or cells is None:
            problems += [broken] if broken else []
            continue
        row = Row(name, number, dict(zip(names, cells, strict=False)))
        value = build(row)
        problems += row.problems
        if not row.problems:
            built.append((row, value))
    return built, problems


def _cells(line: str, comma: str) -> list[str] | None:
    """The cells of one line, without blanks around them; None if a quotation mark stays open."""
    try:
        rows = list(csv.reader([line], delimiter=comma, strict=True))
    except csv.Error:
        return None
    return [cell.strip() for cell in rows[0]]


def _heading_problems(
    file: str, line: int, names: Sequence[str], columns: Sequence[str]
) -> list[Problem]:
    known = ",".join(columns)
    missing = [Problem(file, line, c, Kind.COLUMN_MISSING) for c in columns if c not in names]
    unknown = [
        Problem(file, line, name, Kind.COLUMN_UNKNOWN, {"columns": known})
        for name in names
        if name and name not in columns
    ]
    twice = [
        Problem(file, line, name, Kind.COLUMN_TWICE)
        for place, name in enumerate(names)
        if name in columns and name in names[:place]
    ]
    return missing + unknown + twice


def _row_problem(
    file: str, line: int, names: Sequence[str], cells: list[str] | None
) -> Problem | None:
    if cells is None:
        return Problem(file, line, "", Kind.QUOTE_OPEN)
    values = {"cells": len(cells), "columns": len(names)}
    if len(cells) < len(names):
        return Problem(file, line, "", Kind.ROW_TOO_SHORT, values)
    if any(cells[len(names) :]):
        return Problem(file, line, "", Kind.ROW_TOO_LONG, values)
    return None

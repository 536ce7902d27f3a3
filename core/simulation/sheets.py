"""Lists on paper: header, columns, lines, trailer, as .xlsx or .csv; the same bytes every time.

What does not live here: what stands in the lines.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import xlsxwriter

from core.calendar import Cycle
from core.exchange.layouts import Layout
from core.money import dotted, in_words

Cell = str | int
# Title, month, office, day and headings stand above the lines.
_HEADER: Final = 5
_CREATED: Final = datetime(2021, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_OFFICE: Final = "Phòng Lao động - Thương binh và Xã hội"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list. Money: whole đồng, what the line adds to the trailer's sum.

    `is_wrong`: the importer must hand it back.
    """

    cells: dict[str, Cell]
    amount: int = 0
    is_wrong: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """A list that was written: where it lies under the district's folder, and its wrong lines."""

    file: str
    lines: int
    rejected: int
    amount: int


def write_list(
    folder: Path, file: str, layout: Layout, lines: Sequence[Line], *, cycle: Cycle, day: date
) -> Paper:
    """The list as a file; the ending of its name says in which form. `day`: when it was made."""
    path = folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = _rows(layout, lines, cycle, day, thousands=path.suffix == ".csv")
    if path.suffix == ".csv":
        path.write_bytes(_csv(rows))
    else:
        _write_xlsx(path, rows)
    wrong = sum(line.is_wrong for line in lines)
    return Paper(file, len(lines), wrong, sum(line.amount for line in lines))


def write_cut(
    folder: Path, file: str, layout: Layout, lines: Sequence[Line], *, cycle: Cycle, day: date
) -> None:
    """The first half of a list as a file that broke off: no line says how many there should be."""
    path = folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = _rows(layout, lines, cycle, day, thousands=False)
    _write_xlsx(path, rows[: _HEADER + (len(lines) + 1) // 2])


def _rows(
    layout: Layout, lines: Sequence[Line], cycle: Cycle, day: date, *, thousands: bool
) -> list[list[Cell]]:
    fields = [column.field for column in layout.columns]
    titles: list[Cell] = [column.title for column in layout.columns]
    rows: list[list[Cell]] = [
        [layout.title.upper()],
        [f"Kỳ chi trả: {cycle.month:02}/{cycle.year}"],
        [f"Đơn vị: {_OFFICE}"],
        [f"Ngày lập: {day:%d/%m/%Y}"],
        titles,
    ]
    for number, line in enumerate(lines, start=1):
        cells = line.cells | {"number": str(number)}
        found = [cells.get(field, "") for field in fields]
        rows.append([_dotted(cell) for cell in found] if thousands else found)
    rows.append(["Tổng số dòng", len(lines)])
    if layout.amount_field:
        total = sum(line.amount for line in lines)
        rows += [["Tổng số tiền", total], [f"Bằng chữ: {in_words(total)}"]]
    return rows


def _dotted(cell: Cell) -> Cell:
    """Sums in a text file stand with dots, as people type them."""
    return dotted(cell) if isinstance(cell, int) and cell >= 1_000 else cell  # noqa: PLR2004


def _csv(rows: Sequence[Sequence[Cell]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def _write_xlsx(path: Path, rows: Sequence[Sequence[Cell]]) -> None:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(str(path), options)
    book.set_properties({"created": _CREATED})
    sheet = book.add_worksheet()
    for at, row in enumerate(rows):
        for place, cell in enumerate(row):
            if cell == "":
                continue
            if isinstance(cell, int):
                sheet.write_number(at, place, cell)
            else:
                sheet.write_string(at, place, cell)
    book.close()

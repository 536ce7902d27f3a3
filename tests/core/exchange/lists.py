"""Writing lists as a district would, for tests."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import xlsxwriter

from core.exchange.layouts import Layout

Line = Mapping[str, str | int | float]


def write_list(
    path: Path,
    layout: Layout,
    lines: Sequence[Line],
    *,
    cycle: str = "04/2021",
    rows: int | None = None,
    amount: int | None = None,
) -> Path:
    """An .xlsx list with header and trailer; `rows` and `amount` override the honest totals."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    sheet.write(0, 0, layout.title.upper())
    sheet.write(1, 0, f"Kỳ chi trả: {cycle}")
    for place, column in enumerate(layout.columns):
        sheet.write(3, place, column.title)
    for at, line in enumerate(lines, start=4):
        for place, column in enumerate(layout.columns):
            value = line.get(column.field, "")
            if value != "":
                sheet.write(at, place, value)
    total = sum(_money(line.get(layout.amount_field or "", 0)) for line in lines)
    sheet.write(5 + len(lines), 0, "Tổng số dòng")
    sheet.write(5 + len(lines), 1, len(lines) if rows is None else rows)
    if layout.amount_field:
        sheet.write(6 + len(lines), 0, "Tổng số tiền")
        sheet.write(6 + len(lines), 1, total if amount is None else amount)
    book.close()
    return path


def _money(value: str | float) -> int:
    return int(value) if isinstance(value, int | float) else 0

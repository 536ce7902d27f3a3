"""A list of ours as a spreadsheet: its columns are a layout, the same rows give the same bytes.

What does not live here: which rows there are (`orders.py`, `summary.py`).
"""

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import xlsxwriter

from core.calendar import Cycle
from core.exchange.layouts import Layout
from core.money import in_words

_CREATED: Final = datetime(2021, 1, 1, tzinfo=UTC)


def workbook(
    layout: Layout,
    cycle: Cycle,
    rows: Sequence[Mapping[str, str | int]],
    *,
    below: Sequence[str] = (),
) -> bytes:
    """The rows under the layout's headings, then their number and sum, in figures and words.

    The sum is of the layout's `amount_field`, or of the column `amount`; a list with neither has
    none. `below`: lines that stand under it.
    """
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"title": layout.title, "created": _CREATED})
    sheet, bold = book.add_worksheet(), book.add_format({"bold": True})
    money = book.add_format({"num_format": "#,##0"})
    sheet.write_string(0, 0, layout.title.upper(), bold)
    sheet.write_string(1, 0, f"Kỳ chi trả: {cycle.month:02}/{cycle.year}")
    for place, column in enumerate(layout.columns):
        sheet.write_string(3, place, column.title, bold)
        sheet.set_column(place, place, 22)
    for at, row in enumerate(rows, start=1):
        for place, column in enumerate(layout.columns):
            value = at if column.field == "number" else row[column.field]
            if isinstance(value, int):
                sheet.write_number(3 + at, place, value, money)
            else:
                sheet.write_string(3 + at, place, value)
    has_amount = any(column.field == "amount" for column in layout.columns)
    summed = layout.amount_field or ("amount" if has_amount else None)
    end = _trailer(sheet, 5 + len(rows), rows, summed)
    for at, line in enumerate(below, start=end + 1):
        sheet.write_string(at, 0, line)
    book.close()
    return buffer.getvalue()


def _trailer(
    sheet: Any, at: int, rows: Sequence[Mapping[str, str | int]], field: str | None
) -> int:
    """The number of the last line written."""
    sheet.write_string(at, 0, "Tổng số dòng")
    sheet.write_number(at, 1, len(rows))
    if field is None:
        return at
    total = sum(int(row[field]) for row in rows)
    sheet.write_string(at + 1, 0, "Tổng số tiền")
    sheet.write_number(at + 1, 1, total)
    sheet.write_string(at + 2, 0, f"Bằng chữ: {in_words(total)}")
    return at + 2

"""A report as a spreadsheet: a sheet for each table, its charts below it, ready to be printed.

The same report gives the same bytes.
"""

import io
from datetime import UTC, datetime
from typing import Any, Final

import xlsxwriter

from core.reports.month import made_line
from core.reports.tables import Chart, Column, Kind, Level, Report, Row, Table, said

_CREATED: Final = datetime(2021, 1, 1, tzinfo=UTC)
_FORMATS: Final = {Kind.COUNT: "#,##0", Kind.MONEY: "#,##0", Kind.SHARE: "0.0%"}
# Title, time, head, note, a blank line; then the headings.
_HEADINGS: Final = 5
_CHART_HEIGHT: Final = 20
_A4: Final = 9
_WIDTHS: Final = {Kind.TEXT: 22, Kind.COUNT: 11, Kind.MONEY: 16, Kind.SHARE: 11}
_LONGEST_NAME: Final = 31


def workbook(report: Report, lang: str) -> bytes:
    """The report's tables, each with the head of the chain above it."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"title": report.title, "created": _CREATED})
    styles = _Styles(book)
    for table in report.tables:
        sheet = book.add_worksheet(table.title[:_LONGEST_NAME])
        _fill(sheet, report, table, styles, lang)
        _charts(book, sheet, table)
    book.close()
    return buffer.getvalue()


class _Styles:
    """The formats of a workbook, one for each kind of column and level of row."""

    def __init__(self, book: Any) -> None:
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.note = book.add_format({"italic": True, "font_color": "#444444"})
        self.heading = book.add_format(
            {"bold": True, "text_wrap": True, "border": 1, "valign": "top", "bg_color": "#E3F1EA"}
        )
        self.cells = {
            (kind, level): book.add_format(
                {"border": 1}
                | ({"num_format": _FORMATS[kind]} if kind in _FORMATS else {})
                | ({"bold": True, "bg_color": "#F3F1EA"} if level is not Level.LINE else {})
            )
            for kind in Kind
            for level in Level
        }


def _fill(sheet: Any, report: Report, table: Table, styles: _Styles, lang: str) -> None:
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEADINGS)
    sheet.set_footer("&L&8&F&R&8&P/&N")
    made, head = made_line(report, lang)
    sheet.write_string(0, 0, f"{report.title}: {table.title}", styles.title)
    sheet.write_string(1, 0, made)
    sheet.write_string(2, 0, head)
    if table.note:
        sheet.write_string(3, 0, table.note, styles.note)
    for place, column in enumerate(table.columns):
        sheet.write_string(_HEADINGS, place, column.title, styles.heading)
        sheet.set_column(place, place, _WIDTHS[column.kind])
    for at, row in enumerate(table.rows, start=_HEADINGS + 1):
        _write(sheet, at, row, table.columns, styles, said("not_kept", lang))
    texts = sum(1 for one in table.columns if one.kind is Kind.TEXT)
    sheet.freeze_panes(_HEADINGS + 1, min(texts, 1))


def _write(
    sheet: Any,
    at: int,
    row: Row,
    columns: tuple[Column, ...],
    styles: _Styles,
    not_kept: str,
) -> None:
    for place, (cell, column) in enumerate(zip(row.cells, columns, strict=True)):
        style = styles.cells[column.kind, row.level]
        if cell is None and not column.is_kept:
            sheet.write_string(at, place, not_kept, style)
        elif cell is None or cell == "":
            sheet.write_blank(at, place, None, style)
        elif isinstance(cell, str):
            sheet.write_string(at, place, cell, style)
        else:
            sheet.write_number(at, place, cell, style)


def _charts(book: Any, sheet: Any, table: Table) -> None:
    below = _HEADINGS + 1 + len(table.rows) + 2
    for number, chart in enumerate(table.charts):
        drawn = _series(book, chart, table)
        drawn.set_title({"name": chart.title, "name_font": {"size": 12}})
        drawn.set_size({"width": 960, "height": 380})
        sheet.insert_chart(below + number * _CHART_HEIGHT, 0, drawn)


def _series(book: Any, chart: Chart, table: Table) -> Any:
    """Lines over days, columns over headings, or one column for each row's share."""
    name, top = table.title[:_LONGEST_NAME], _HEADINGS
    is_line = chart.kind == "line"
    drawn = book.add_chart({"type": "line" if is_line else "column"})
    if chart.kind == "share":
        first, last = top + 1 + chart.rows[0], top + 1 + chart.rows[-1]
        drawn.add_series(
            {
                "name": [name, top, chart.first],
                "categories": [name, first, chart.names, last, chart.names],
                "values": [name, first, chart.first, last, chart.last],
                "fill": {"color": "#0B5D46"},
            }
        )
        drawn.set_legend({"none": True})
    else:
        for row in (top + 1 + one for one in chart.rows):
            drawn.add_series(
                {
                    "name": [name, row, chart.names],
                    "categories": [name, top, chart.first, top, chart.last],
                    "values": [name, row, chart.first, row, chart.last],
                }
            )
        drawn.set_legend({"position": "right"} if len(chart.rows) > 1 else {"none": True})
    if chart.kind in {"line", "share"}:
        drawn.set_y_axis({"num_format": "0%", "min": 0, "max": 1})
    else:
        drawn.set_y_axis({"num_format": "#,##0", "min": 0})
    return drawn

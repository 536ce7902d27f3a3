"""The reject file: every line that could not stand, what is wrong with it, how to mend it.

It lies beside the file it is about and holds only what that file held.
"""

import os
from pathlib import Path
from typing import Final

import xlsxwriter

from core import wording
from core.exchange.layouts import Layout
from core.exchange.verdicts import Rejected, Report
from core.private_files import emptied
from core.refusal_words import in_words

_COLUMNS: Final = ("line", "column", "value", "reason", "mend", "code")
_WIDTHS: Final = (8, 24, 28, 60, 60, 26)


def reject_file_beside(path: Path, otherwise: Path) -> Path:
    """Where the rejects of a file go: beside it, or into a folder that can be written."""
    name = f"{path.stem}.tu-choi.xlsx"
    return path.with_name(name) if os.access(path.parent, os.W_OK) else otherwise / name


def write_rejects(path: Path, report: Report, layout: Layout, lang: str) -> None:
    """Write the reject file of a report, in place of an older one."""
    book = xlsxwriter.Workbook(
        str(emptied(path)), {"strings_to_formulas": False, "strings_to_urls": False}
    )
    try:
        sheet = book.add_worksheet()
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True})
        for place, (column, width) in enumerate(zip(_COLUMNS, _WIDTHS, strict=True)):
            sheet.set_column(place, place, width)
            sheet.write_string(0, place, wording.text(f"rejects.{column}", lang, "refusals"), bold)
        for at, one in enumerate(report.rejects, start=1):
            sheet.write_number(at, 0, one.number)
            for place, text in enumerate(_cells(one, layout, lang), start=1):
                sheet.write_string(at, place, text, wrapped)
        sheet.freeze_panes(1, 0)
    finally:
        book.close()


def _cells(one: Rejected, layout: Layout, lang: str) -> tuple[str, str, str, str, str]:
    refusal, field = one.problem.refusal, one.problem.field
    known = any(column.field == field for column in layout.columns)
    what, mend = in_words(refusal, lang)
    return (
        layout.title_of(field) if known else "",
        one.value,
        what,
        mend,
        str(refusal.code),
    )

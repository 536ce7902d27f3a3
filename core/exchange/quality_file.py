"""The quality report as a file: a page by commune to count, a page by line to mend.

It names lines and codes, never people: whoever mends has the list itself.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import xlsxwriter

from core import wording
from core.exchange.quality import Flaw, Quality

_WIDE: Final = 24
_LINES: Final = ("commune", "line", "code", "flaw", "mend")


def write_quality(path: Path, quality: Quality, lang: str) -> None:
    """Write the report, in place of an older one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    try:
        _page(book, _said("by_commune", lang), _communes(quality, lang))
        _page(book, _said("by_line", lang), _lines(quality, lang))
    finally:
        book.close()


def _communes(quality: Quality, lang: str) -> list[list[str | int]]:
    titles = [_said(f"flaw.{flaw}", lang) for flaw in Flaw]
    rows: list[list[str | int]] = [[_said("commune", lang), _said("lines", lang), *titles]]
    for commune, flaws in quality.by_commune().items():
        counts = [flaws[flaw] for flaw in Flaw]
        rows.append([commune or _said("nowhere", lang), quality.lines[commune], *counts])
    totals = [sum(one.flaw is flaw for one in quality.findings) for flaw in Flaw]
    rows.append([_said("total", lang), sum(quality.lines.values()), *totals])
    return rows


def _lines(quality: Quality, lang: str) -> list[list[str | int]]:
    rows: list[list[str | int]] = [[_said(column, lang) for column in _LINES]]
    rows += [
        [
            one.commune or _said("nowhere", lang),
            one.line,
            one.code,
            _said(f"flaw.{one.flaw}", lang),
            _said(f"mend.{one.flaw}", lang),
        ]
        for one in sorted(quality.findings, key=lambda one: (one.commune, one.line))
    ]
    return rows


def _page(book: xlsxwriter.Workbook, title: str, rows: Sequence[Sequence[str | int]]) -> None:
    sheet = book.add_worksheet(title)
    bold, wrapped = book.add_format({"bold": True, "text_wrap": True}), book.add_format()
    sheet.set_column(0, len(rows[0]) - 1, _WIDE)
    for at, row in enumerate(rows):
        for place, cell in enumerate(row):
            look = bold if at == 0 else wrapped
            if isinstance(cell, int):
                sheet.write_number(at, place, cell, look)
            else:
                sheet.write_string(at, place, cell, look)
    sheet.freeze_panes(1, 1)


def _said(key: str, lang: str) -> str:
    return wording.text(f"quality.{key}", lang, "refusals")

"""Which columns a list has, under which headings: data, not code.

A layout is one TOML file under `programmes/<name>/layouts/`, because the real layout of the
office's software is configuration. Headings are matched without accents, case or spaces.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Final, Self

from core.exchange.sheets import Cell, Sheet, numbered
from core.faults import Fault
from core.refusals import Code, Refusal
from core.vietnamese import fold

_HEADER_WITHIN: Final = 40


class BadLayout(Fault):
    """The layout file {file} cannot be read: {why}."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its field name, the headings it is known under, whether it must be there."""

    field: str
    headings: tuple[str, ...]
    required: bool

    @property
    def title(self) -> str:
        """The heading a person knows it by, and which our own files use."""
        return self.headings[0]


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of one kind of list, and what its trailer calls its totals."""

    kind: str
    title: str
    columns: tuple[Column, ...]
    totals_required: bool
    amount_field: str | None
    # Words of this source for the values of a field: status, method, role …
    words: Mapping[str, Mapping[str, str]]

    def title_of(self, field: str) -> str:
        """The heading of a field."""
        return next(column.title for column in self.columns if column.field == field)

    def word(self, field: str, cell: str) -> str | None:
        """Our value for what this source writes in `field`; None when it is not in the table."""
        return self.words.get(field, {}).get(heading_key(cell))


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list: its number as a person sees it, and its cells by field.

    All lines of a list share `places`: where in a line each field stands.
    """

    number: int
    places: Mapping[str, int]
    line: Sequence[Cell]
    # Each cell as trimmed text: a line is asked for them again and again.
    _texts: Sequence[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        texts = [cell.strip() if type(cell) is str else cell_text(cell) for cell in self.line]
        object.__setattr__(self, "_texts", texts)

    @classmethod
    def of(cls, number: int, cells: Mapping[str, Cell]) -> Self:
        """A line that stands in no file: its cells by field."""
        return cls(number, {name: at for at, name in enumerate(cells)}, list(cells.values()))

    def cell(self, field: str) -> Cell:
        """The cell as it was read; empty text when the column or the value is not there."""
        at = self.places.get(field, _NOWHERE)
        return self.line[at] if at < len(self.line) else ""

    def text(self, field: str) -> str:
        """The cell as trimmed text; empty when the column or the value is not there."""
        at = self.places.get(field, _NOWHERE)
        return self._texts[at] if at < len(self._texts) else ""

    def filled(self) -> dict[str, str]:
        """All that stands in the line, as text by field."""
        there = ((name, self.text(name)) for name in self.places)
        return {name: text for name, text in there if text}


@dataclass(frozen=True, slots=True)
class Listing:
    """A sheet understood: its rows, and what its header and trailer declare."""

    sha256: str
    rows: Sequence[Row]
    declared_cycle: str | None
    declared_rows: int | None
    declared_amount: int | None


def load_layout(folder: Path, name: str) -> Layout:
    """The layout called `name` in a programme's folder.

    Raises: BadLayout.
    """
    path = folder / "layouts" / f"{name}.toml"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        columns = tuple(
            Column(field, tuple(one["headings"]), one.get("required", False))
            for field, one in data["columns"].items()
        )
        words = {
            field: {heading_key(word): ours for word, ours in table.items()}
            for field, table in data.get("words", {}).items()
        }
        return Layout(
            kind=data["kind"],
            title=data["title"],
            columns=columns,
            totals_required=data.get("totals_required", True),
            amount_field=data.get("amount_field"),
            words=words,
        )
    except (OSError, KeyError, TypeError, tomllib.TOMLDecodeError) as error:
        raise BadLayout(file=path.name, why=str(error)) from error


def understood(sheet: Sheet, layout: Layout) -> Listing | Refusal:
    """The sheet as a listing of this layout.

    Refuses: FILE_COLUMNS_MISSING, FILE_COLUMN_TWICE, FILE_TOTAL_MISSING.
    """
    lines = list(numbered(sheet.rows))
    header = _find_header(lines, layout)
    if isinstance(header, Refusal):
        return header
    at, places = header
    declared = _declared(line for _, line in lines[:at])
    rows: list[Row] = []
    for number, line in lines[at + 1 :]:
        note = _note(line)
        if note:
            declared |= note
        elif not _is_signature(line, places):
            rows.append(Row(number, places, line))
    if layout.totals_required and "rows" not in declared:
        return Refusal(Code.FILE_TOTAL_MISSING)
    return Listing(
        sha256=sheet.sha256,
        rows=rows,
        declared_cycle=cycle_in(declared.get("cycle", "")),
        declared_rows=_whole(declared.get("rows")),
        declared_amount=_whole(declared.get("amount")),
    )


@lru_cache(maxsize=4096)
def heading_key(text: str) -> str:
    """A heading, status word or label reduced to its letters and digits."""
    return "".join(letter for letter in fold(text) if letter.isalnum())


def cell_text(cell: Cell) -> str:
    """A cell as a person reads it: 912345678.0 is 912345678, a date is dd/mm/yyyy."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, date | datetime):
        return f"{cell.day:02}/{cell.month:02}/{cell.year:04}"
    return str(cell).strip()


def _find_header(
    lines: Sequence[tuple[int, Sequence[Cell]]], layout: Layout
) -> tuple[int, dict[str, int]] | Refusal:
    known = {heading_key(h): column.field for column in layout.columns for h in column.headings}
    best: tuple[int, dict[str, int]] = (0, {})
    for at, (_, line) in enumerate(lines[:_HEADER_WITHIN]):
        keys = [heading_key(cell_text(cell)) for cell in line]
        fields = [known[key] for key in keys if key in known]
        if len(fields) > len(best[1]):
            twice = next((field for field in fields if fields.count(field) > 1), None)
            if twice is not None:
                return Refusal(Code.FILE_COLUMN_TWICE, {"column": layout.title_of(twice)})
            best = at, {known[key]: place for place, key in enumerate(keys) if key in known}
    missing = [c.title for c in layout.columns if c.required and c.field not in best[1]]
    if missing:
        return Refusal(Code.FILE_COLUMNS_MISSING, {"columns": ", ".join(missing)})
    return best


_NOWHERE: Final = 1_000_000
_NOTES: Final = {
    "kychitra": "cycle",
    "ky": "cycle",
    "tongsodong": "rows",
    "tongsobanghi": "rows",
    "tongsotien": "amount",
    "tongtien": "amount",
}
# Lines of a header or trailer that carry no total but are no data either.
_REMARKS: Final = (
    *("bangchu", "donvi", "loaitep", "ngaylap", "nguoilap", "danhsach", "ghichu", "tongcong"),
    *("thutruong", "ketoan", "kyten"),
)


def _declared(lines: Iterable[Sequence[Cell]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in lines:
        found |= _note(line)
    return found


def _note(line: Sequence[Cell]) -> dict[str, str]:
    """What a line declares: {"rows": "12"}, {"": ""} for a remark, empty for a line of data."""
    there = [cell for cell in line if cell != ""]
    if not 0 < len(there) <= 3:  # noqa: PLR2004  label, value, unit
        return {}
    filled = [cell_text(cell) for cell in there]
    label, _, value = filled[0].partition(":")
    key = heading_key(label)
    value = value.strip() or (filled[1] if len(filled) > 1 else "")
    if key in _NOTES:
        return {_NOTES[key]: value}
    return {"": ""} if key.startswith(_REMARKS) else {}


def _is_signature(line: Sequence[Cell], places: Mapping[str, int]) -> bool:
    """A line below the list with nothing in any column that a list has."""
    return not any(line[c] != "" for c in places.values() if c < len(line))


def cycle_in(text: str) -> str | None:
    """The month in `Kỳ chi trả: 04/2021` or `2021-04`, as 2021-04; None if there is none."""
    digits = "".join(c if c.isdigit() else " " for c in text).split()
    if len(digits) != 2:  # noqa: PLR2004  month and year, in either order
        return None
    month, year = sorted(digits, key=len)
    return f"{int(year):04}-{int(month):02}"


def _whole(text: str | None) -> int | None:
    digits = "".join(c for c in text or "" if c.isdigit())
    return int(digits) if digits else None

"""Reading a list, whatever program wrote it: .xlsx, .xls or .csv, told apart by content.

The name of a file says nothing: what a district sends is renamed, mailed and saved again.

What does not live here: which columns there are (`layouts.py`), what a cell means (`cells.py`).
"""

import csv
import hashlib
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from core.exchange.passwords import COMPOUND, has_password
from core.refusals import Code, Refusal
from core.vietnamese import clean

Cell = str | float | int | bool | date | datetime | time | timedelta
Rows = Sequence[Sequence[Cell]]

LONGEST_NAME: Final = 120
MAX_BYTES: Final = 256 * 1024 * 1024
MAX_UNPACKED: Final = 600 * 1024 * 1024
_ZIP: Final = b"PK\x03\x04"
_TEXT_SAMPLE: Final = 65_536
_SEPARATORS: Final = ",;\t|"


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of one file as they stand in it, numbered from 1 as a person sees them."""

    sha256: str
    rows: Rows


def read_sheet(path: Path) -> Sheet | Refusal:
    """The sheet in the file at `path`.

    Refuses: FILE_MISSING, FILE_EMPTY, FILE_TOO_LARGE, FILE_PASSWORD, FILE_WRONG_KIND,
    FILE_ENCODING, FILE_BROKEN.
    """
    if not path.is_file():
        return Refusal(Code.FILE_MISSING, {"file": path.name})
    size = path.stat().st_size
    if size == 0:
        return Refusal(Code.FILE_EMPTY, {"file": path.name})
    if size > MAX_BYTES:
        return _too_large(size)
    content = path.read_bytes()
    rows = _rows(content)
    if isinstance(rows, Refusal):
        return rows
    if not any(_is_filled(row) for row in rows):
        return Refusal(Code.FILE_EMPTY, {"file": path.name})
    return Sheet(hashlib.sha256(content).hexdigest(), rows)


def name_of(path: Path) -> str:
    """What a file is called, without the folders that it lies in; composed, and not endless."""
    return clean(path.name)[-LONGEST_NAME:]


def _rows(content: bytes) -> Rows | Refusal:
    if content.startswith(_ZIP):
        return _zip_rows(content)
    if content.startswith(COMPOUND):
        return _workbook_rows(content)
    return _text_rows(content)


def _zip_rows(content: bytes) -> Rows | Refusal:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            unpacked = sum(info.file_size for info in archive.infolist())
    except zipfile.BadZipFile:
        return Refusal(Code.FILE_BROKEN)
    if not any(name.startswith("xl/") for name in names):
        return Refusal(Code.FILE_WRONG_KIND)
    if unpacked > MAX_UNPACKED:
        return _too_large(unpacked)
    return _workbook_rows(content)


def _workbook_rows(content: bytes) -> Rows | Refusal:
    if has_password(content):
        return Refusal(Code.FILE_PASSWORD)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
            sheets = [
                workbook.get_sheet_by_index(number).to_python(skip_empty_area=False)
                for number in range(len(workbook.sheet_names))
            ]
    except PasswordError:
        return Refusal(Code.FILE_PASSWORD)
    except CalamineError:
        return Refusal(Code.FILE_BROKEN)
    # A cover sheet or a sheet of notes is shorter than the list.
    return max(sheets, key=len, default=[])


def _text_rows(content: bytes) -> Rows | Refusal:
    text = _decoded(content)
    if isinstance(text, Refusal):
        return text
    if "\x00" in text[:_TEXT_SAMPLE]:
        return Refusal(Code.FILE_WRONG_KIND)
    separator = max(_SEPARATORS, key=lambda mark: _columns(text, mark))
    if _columns(text, separator) < 2:  # noqa: PLR2004  one column is prose, not a list
        return Refusal(Code.FILE_WRONG_KIND)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error:
        return Refusal(Code.FILE_BROKEN)


def _decoded(content: bytes) -> str | Refusal:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif b"\x00" in content[:_TEXT_SAMPLE]:
        return Refusal(Code.FILE_WRONG_KIND)
    else:
        encoding = "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        if _looks_binary(content[:_TEXT_SAMPLE]):
            return Refusal(Code.FILE_WRONG_KIND)
        return Refusal(Code.FILE_ENCODING)


def _looks_binary(sample: bytes) -> bool:
    control = sum(byte < 32 and byte not in b"\t\r\n" for byte in sample)  # noqa: PLR2004
    return control > len(sample) // 100


def _columns(text: str, separator: str) -> int:
    sample = text[:_TEXT_SAMPLE].splitlines()[:60]
    return max((line.count(separator) + 1 for line in sample), default=0)


def _is_filled(row: Sequence[Cell]) -> bool:
    return any(cell is not None and str(cell).strip() for cell in row)


def _too_large(size: int) -> Refusal:
    return Refusal(
        Code.FILE_TOO_LARGE, {"megabytes": size >> 20, "limit_megabytes": MAX_BYTES >> 20}
    )


def numbered(rows: Rows) -> Iterator[tuple[int, Sequence[Cell]]]:
    """Rows with the number a person sees beside them; empty rows are left out."""
    return ((number, row) for number, row in enumerate(rows, start=1) if _is_filled(row))

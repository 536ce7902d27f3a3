"""Whether a workbook is locked by a password: told from its container, before anything reads it.

An .xlsx under a password is a compound file with a stream `EncryptedPackage`; an .xls under one has
a FilePass record at the head of its workbook stream. The names are looked for in the directory
alone, whose entries stand at multiples of 128 bytes: a cell may say the same.
Source: [MS-CFB] 2.6, [MS-OFFCRYPTO] 2.3.1, [MS-XLS] 2.1.7.20.1 and 2.4.117.
"""

import struct
from typing import Final

COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENTRY: Final = 128
_NAME: Final = 64
_START: Final = 116
_SHIFT: Final = 30
_SHIFTS: Final = frozenset({9, 12})
_WORKBOOKS: Final = ("Workbook", "Book")
_BOF: Final = frozenset({0x0809, 0x0409, 0x0209, 0x0009})
_WRITE_PROTECT: Final = 0x0086
_FILE_PASS: Final = 0x002F
_BEFORE_IT: Final = 3


def has_password(content: bytes) -> bool:
    """Whether a compound file holds a locked workbook. Never fails, however broken the file is."""
    if not content.startswith(COMPOUND):
        return False
    if _entry(content, "EncryptedPackage") is not None:
        return True
    entries = (_entry(content, name) for name in _WORKBOOKS)
    return any(entry is not None and _has_file_pass(content, entry) for entry in entries)


def _entry(content: bytes, name: str) -> int | None:
    """Where the directory's entry of a stream stands."""
    written = (name + "\0").encode("utf-16-le")
    field = written.ljust(_NAME, b"\0") + struct.pack("<H", len(written))
    at = content.find(field)
    while at >= 0 and at % _ENTRY:
        at = content.find(field, at + 1)
    return at if 0 <= at <= len(content) - _ENTRY else None


def _has_file_pass(content: bytes, entry: int) -> bool:
    shift = int.from_bytes(content[_SHIFT : _SHIFT + 2], "little")
    if shift not in _SHIFTS:
        return False
    sector = int.from_bytes(content[entry + _START : entry + _START + 4], "little")
    at = (sector + 1) << shift
    for _ in range(_BEFORE_IT):
        head = content[at : at + 4]
        if len(head) < 4:  # noqa: PLR2004  a record's kind and length
            return False
        kind, length = struct.unpack("<HH", head)
        if kind == _FILE_PASS:
            return True
        if kind not in _BOF | {_WRITE_PROTECT}:
            return False
        at += 4 + length
    return False

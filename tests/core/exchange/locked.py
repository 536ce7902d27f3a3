"""Workbooks with a password, as Excel writes them: nothing here is made up.

Sources: [MS-CFB] (compound files), [MS-OFFCRYPTO] 2.3.4.10–2.3.4.15 (agile encryption) and 2.3.6
(RC4 of BIFF8), [MS-XLS] 2.2.10 and 2.4.117 (FilePass).
"""

import base64
import hashlib
import hmac
import struct
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Final

import xlwt
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

PASSWORD: Final = "chi-tra-2021"
_SECTOR: Final = 512
_MINI: Final = 64
_CUTOFF: Final = 4096
_END, _FREE, _FAT_SECTOR = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_SPINS: Final = 1_000
_SEGMENT: Final = 4096
_SALT: Final = bytes(range(16))


def compound(streams: Mapping[str, bytes]) -> bytes:
    """A compound file (version 3) with these streams under its root."""
    mini, mini_fat, sectors, fat, starts = bytearray(), list[int](), bytearray(), list[int](), {}
    for name, data in streams.items():
        if len(data) < _CUTOFF:
            starts[name] = len(mini_fat)
            _chained(mini, mini_fat, data, _MINI)
        else:
            starts[name] = len(fat)
            _chained(sectors, fat, data, _SECTOR)
    mini_start = _placed(sectors, fat, bytes(mini))
    mini_fat_bytes = struct.pack(f"<{len(mini_fat)}I", *mini_fat)
    mini_fat_start = _placed(sectors, fat, mini_fat_bytes, b"\xff")
    entries = [_entry("Root Entry", 5, mini_start, len(mini), child=1)]
    # Siblings stand to the right of one another, shorter names first, as the order asks.
    names = sorted(streams, key=lambda name: (len(name), name.upper()))
    for number, name in enumerate(names, start=1):
        right = number + 1 if number < len(names) else _FREE
        entries.append(_entry(name, 2, starts[name], len(streams[name]), right=right))
    directory_start = len(fat)
    _chained(sectors, fat, b"".join(entries), _SECTOR)
    fat_start, fat_sectors = len(fat), 1
    while (len(fat) + fat_sectors) * 4 > fat_sectors * _SECTOR:
        fat_sectors += 1
    fat += [_FAT_SECTOR] * fat_sectors
    fat += [_FREE] * (-len(fat) % (_SECTOR // 4))
    sectors += struct.pack(f"<{len(fat)}I", *fat)
    head = struct.pack(
        "<8s16xHHHHH6xIIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        *(0x3E, 3, 0xFFFE, 9, 6),
        *(0, fat_sectors, directory_start, 0, _CUTOFF),
        *(mini_fat_start, -(-len(mini_fat_bytes) // _SECTOR), _END, 0),
        fat_start,
    )
    more = [fat_start + number for number in range(1, fat_sectors)]
    more += [_FREE] * (108 - len(more))
    return head + struct.pack("<108I", *more) + bytes(sectors)


def _chained(into: bytearray, fat: list[int], data: bytes, size: int, fill: bytes = b"\0") -> None:
    count = -(-len(data) // size)
    into += data + fill * (count * size - len(data))
    fat += [*range(len(fat) + 1, len(fat) + count), _END]


def _placed(into: bytearray, fat: list[int], data: bytes, fill: bytes = b"\0") -> int:
    """Where a chain begins; nowhere if there is nothing in it."""
    if not data:
        return _END
    start = len(fat)
    _chained(into, fat, data, _SECTOR, fill)
    return start


def _entry(
    name: str, kind: int, start: int, size: int, *, right: int = _FREE, child: int = _FREE
) -> bytes:
    written = (name + "\0").encode("utf-16-le")
    links = struct.pack("<III", _FREE, right, child)
    head = struct.pack("<64sHBB", written, len(written), kind, 1)
    return head + links + bytes(16 + 4 + 16) + struct.pack("<IQ", start, size)


def locked_xlsx(package: bytes) -> bytes:
    """An .xlsx under a password, as Excel 2010 and later writes it."""
    key = bytes(range(32, 64))
    secret = _spun(PASSWORD)
    verifier = bytes(range(16, 32))
    parts = {
        "encryptedVerifierHashInput": (b"fea7d2763b4b9e79", verifier),
        "encryptedVerifierHashValue": (b"d7aa0f6d3061344e", hashlib.sha512(verifier).digest()),
        "encryptedKeyValue": (b"146e0be7abacd0d6", key),
    }
    sealed = {
        name: _text(_aes(_derived(secret, bytes.fromhex(block.decode())), _SALT, value))
        for name, (block, value) in parts.items()
    }
    body = struct.pack("<Q", len(package)) + b"".join(_segments(key, package))
    mac_key = bytes(64)
    mac = hmac.digest(mac_key, body, "sha512")
    integrity = (
        _text(_aes(key, _vector(bytes.fromhex("5fb2ad010cb9e1f6")), mac_key)),
        _text(_aes(key, _vector(bytes.fromhex("a0677f02b22c8433")), mac)),
    )
    info = struct.pack("<HHI", 4, 4, 0x40) + _described(sealed, integrity).encode()
    return compound({"EncryptionInfo": info, "EncryptedPackage": body})


def _spun(password: str) -> bytes:
    found = hashlib.sha512(_SALT + password.encode("utf-16-le")).digest()
    for number in range(_SPINS):
        found = hashlib.sha512(struct.pack("<I", number) + found).digest()
    return found


def _derived(secret: bytes, block: bytes) -> bytes:
    return hashlib.sha512(secret + block).digest()[:32]


def _vector(block: bytes) -> bytes:
    return hashlib.sha512(_SALT + block).digest()[:16]


def _segments(key: bytes, package: bytes) -> Iterator[bytes]:
    for number, start in enumerate(range(0, len(package), _SEGMENT)):
        vector = _vector(struct.pack("<I", number))
        yield _aes(key, vector, package[start : start + _SEGMENT])


def _aes(key: bytes, vector: bytes, text: bytes) -> bytes:
    sealer = Cipher(algorithms.AES(key), modes.CBC(vector)).encryptor()
    return sealer.update(text + bytes(-len(text) % 16)) + sealer.finalize()


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _described(sealed: Mapping[str, str], integrity: tuple[str, str]) -> str:
    suite = (
        'saltSize="16" blockSize="16" keyBits="256" hashSize="64" cipherAlgorithm="AES" '
        f'cipherChaining="ChainingModeCBC" hashAlgorithm="SHA512" saltValue="{_text(_SALT)}"'
    )
    values = " ".join(f'{name}="{value}"' for name, value in sealed.items())
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
        '<encryption xmlns="http://schemas.microsoft.com/office/2006/encryption" '
        'xmlns:p="http://schemas.microsoft.com/office/2006/keyEncryptor/password">'
        f"<keyData {suite}/>"
        f'<dataIntegrity encryptedHmacKey="{integrity[0]}" encryptedHmacValue="{integrity[1]}"/>'
        '<keyEncryptors><keyEncryptor uri="http://schemas.microsoft.com/office/2006/'
        f'keyEncryptor/password"><p:encryptedKey spinCount="{_SPINS}" {suite} {values}/>'
        "</keyEncryptor></keyEncryptors></encryption>"
    )


def workbook_stream(rows: list[list[object]]) -> bytes:
    """The BIFF8 stream of a workbook with one sheet."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("DS")
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            sheet.write(number, place, cell)
    return bytes(book.get_biff_data())


def locked_xls(stream: bytes) -> bytes:
    """An .xls under a password, as Excel 97–2003 writes it: RC4 after a FilePass record."""
    verifier = bytes(range(16, 32))
    first = _Rc4Stream(PASSWORD)
    shown = first.passed(0, verifier + hashlib.md5(verifier, usedforsecurity=False).digest())
    filepass = struct.pack("<HHHHH", 0x2F, 54, 1, 1, 1) + _SALT + shown
    out = BytesIO()
    sealer = _Rc4Stream(PASSWORD)
    for number, (kind, body) in enumerate(_records(stream)):
        out.write(struct.pack("<HH", kind, len(body)))
        clear = {0x809: len(body), 0x85: 4}.get(kind, 0)
        moved = body
        if kind == 0x85:  # BoundSheet: where the sheet begins has moved, and stays readable
            moved = struct.pack("<I", struct.unpack_from("<I", body)[0] + len(filepass)) + body[4:]
        sealed = sealer.passed(out.tell(), moved)
        out.write(moved[:clear] + sealed[clear:])
        if number == 0:
            out.write(filepass)
    return compound({"Workbook": out.getvalue()})


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        if kind == 0:
            return
        yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


class _Rc4Stream:
    """The key stream of [MS-OFFCRYPTO] 2.3.6.2: a new key for each 1,024 bytes of the file."""

    def __init__(self, password: str) -> None:
        first = _md5(password.encode("utf-16-le"))[:5]
        self._root = _md5((first + _SALT) * 16)[:5]
        self._blocks: dict[int, bytes] = {}

    def passed(self, start: int, text: bytes) -> bytes:
        """The text at this place of the file, sealed or opened."""
        return bytes(byte ^ self._at(start + place) for place, byte in enumerate(text))

    def _at(self, place: int) -> int:
        block, inside = divmod(place, 1024)
        if block not in self._blocks:
            self._blocks[block] = _rc4(_md5(self._root + struct.pack("<I", block)), 1024)
        return self._blocks[block][inside]


def _md5(text: bytes) -> bytes:
    return hashlib.md5(text, usedforsecurity=False).digest()


def _rc4(key: bytes, length: int) -> bytes:
    state, j = list(range(256)), 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out, i, j = bytearray(), 0, 0
    for _ in range(length):
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(state[(state[i] + state[j]) % 256])
    return bytes(out)

"""Encryption at rest and blind indexes (design 6).

A sealed value is AES-256-GCM under a key that is named in the value itself, bound to the column
and row it stands in: moved elsewhere, it does not open. A blind index is a keyed HMAC, so equal
values can be found without being readable.

What does not live here: where the keys come from (`core/settings.py`).
"""

import hmac
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.faults import Fault

_NONCE = 12
_KEY_BYTES = 32


class CannotUnseal(Fault):
    """A sealed value does not open with the keys given: wrong keys, or the row was altered."""


class BadKey(Fault):
    """An encryption key must be 32 bytes, in base64."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """The keys of one installation; the first sealing key is the one new values are sealed with."""

    sealing: Mapping[str, bytes] = field(repr=False)
    indexing: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse keys that AES-256 would not take.

        Raises: BadKey.
        """
        if not self.sealing or any(len(key) != _KEY_BYTES for key in self.sealing.values()):
            raise BadKey
        if len(self.indexing) != _KEY_BYTES:
            raise BadKey


# Made once: `json.dumps` with such wishes makes an encoder for every call.
_WRITTEN: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Sealer:
    """Seals, unseals and indexes with one keyring."""

    def __init__(self, keys: Keyring) -> None:
        self._ciphers = {name: AESGCM(key) for name, key in keys.sealing.items()}
        self._current = next(iter(keys.sealing))
        self._head = bytes([len(self._current)]) + self._current.encode("ascii")
        self._index_key = keys.indexing

    def seal(self, text: str, *, column: str, row: str) -> bytes:
        """`text` sealed for one column (`table.column`) of one row (a key that never changes)."""
        nonce = os.urandom(_NONCE)
        body = self._ciphers[self._current].encrypt(nonce, text.encode(), _bound(column, row))
        return self._head + nonce + body

    def unseal(self, sealed: bytes, *, column: str, row: str) -> str:
        """The text that was sealed for this very column and row.

        Raises: CannotUnseal.
        """
        start = 1 + sealed[0]
        cipher = self._ciphers.get(sealed[1:start].decode("ascii", "replace"))
        if cipher is None:
            raise CannotUnseal
        nonce, body = sealed[start : start + _NONCE], sealed[start + _NONCE :]
        try:
            return cipher.decrypt(nonce, body, _bound(column, row)).decode()
        except InvalidTag as error:
            raise CannotUnseal from error

    def seal_json(self, value: Any, *, column: str, row: str) -> bytes:
        """`value` as JSON, sealed."""
        return self.seal(_WRITTEN(value), column=column, row=row)

    def unseal_json(self, sealed: bytes, *, column: str, row: str) -> Any:
        """What `seal_json` was given.

        Raises: CannotUnseal.
        """
        return json.loads(self.unseal(sealed, column=column, row=row))

    def index(self, value: str, *, purpose: str) -> str:
        """The keyed index of a canonical value: 32 characters, useless without the key.

        The same value under another purpose ("phone", "citizen_id", "name" …) has another index.
        """
        digest = hmac.digest(self._index_key, f"{purpose}\x1f{value}".encode(), "sha256")
        return digest[:16].hex()


def _bound(column: str, row: str) -> bytes:
    return f"{column}\x1f{row}".encode()

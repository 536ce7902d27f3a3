"""The keys of an installation: what seals stored text, and what indexes it blindly.

Given by the environment, or in development made once and kept in a file of their own.

What does not live here: sealing itself (`core/store/sealing.py`).
"""

import base64
import binascii
import json
import os
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from core.faults import Fault

KEY_BYTES: Final = 32
FILE: Final = "keys.json"


class BadKeys(Fault):
    """{key} must be {form}, each key 32 bytes in base64. To make one:
    python -c "import base64, secrets; print(base64.b64encode(secrets.token_bytes(32)).decode())"
    """


class BadKeyFile(Fault):
    """{path} is not the file of keys that was made there. Put the right one back: without its
    keys what is stored cannot be read. If nothing is stored yet, delete it.
    """


class NoPlaceForKeys(Fault):
    """The keys could not be kept in {path}. Make that folder writable, or set CHITRA_DATA_DIR."""


@dataclass(frozen=True, slots=True)
class Keys:
    """Sealing keys by name, the first of which seals new text, and the key of blind indexes."""

    sealing: Mapping[str, bytes] = field(repr=False)
    indexing: bytes = field(repr=False)


def parse_sealing(name: str, text: str) -> dict[str, bytes]:
    """The keys in `id:base64,id:base64`, in that order; `name` is the setting for the message.

    Raises: BadKeys.
    """
    keys: dict[str, bytes] = {}
    for part in text.split(","):
        key_id, colon, encoded = part.strip().partition(":")
        secret = _decoded(encoded)
        if not (colon and key_id.isascii() and key_id.isalnum() and secret) or key_id in keys:
            raise BadKeys(key=name, form="id:base64,id:base64")
        keys[key_id] = secret
    return keys


def parse_indexing(name: str, text: str) -> bytes:
    """The one key in `text`; `name` is the setting for the message.

    Raises: BadKeys.
    """
    secret = _decoded(text.strip())
    if secret is None:
        raise BadKeys(key=name, form="base64")
    return secret


def kept_keys(folder: Path) -> Keys:
    """The keys kept in `folder`, made now if there are none; two processes get the same ones.

    Raises: BadKeyFile, NoPlaceForKeys.
    """
    path = folder / FILE
    if not path.exists():
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _make(path)
        except OSError as error:
            raise NoPlaceForKeys(path=path) from error
    return _read(path)


def _make(path: Path) -> None:
    content = {"sealing": {"k1": _fresh()}, "indexing": _fresh()}
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{FILE}.")  # mode 0600
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            json.dump(content, file)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)  # whoever links first wins, and the file is whole
        except FileExistsError:
            return
    finally:
        Path(draft).unlink(missing_ok=True)


def _read(path: Path) -> Keys:
    try:
        content = json.loads(path.read_text(encoding="ascii"))
        sealing = {name: _decoded(text) for name, text in content["sealing"].items()}
        indexing = _decoded(content["indexing"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadKeyFile(path=path) from error
    found = {name: secret for name, secret in sealing.items() if secret}
    if not found or len(found) != len(sealing) or indexing is None:
        raise BadKeyFile(path=path)
    return Keys(found, indexing)


def _fresh() -> str:
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode("ascii")


def _decoded(text: str) -> bytes | None:
    try:
        secret = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return secret if len(secret) == KEY_BYTES else None

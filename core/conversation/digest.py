"""A short name for what was shown: the same values have the same one, other values another."""

import hashlib
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum

from core.faults import Fault

_BYTES = 12


class NoDigest(Fault):
    """A confirmation shows something that has no fixed form: a {kind}."""


def digest(shown: object) -> str:
    """The name of `shown`: dataclasses, enums, texts, numbers, days, and groups of these.

    Raises: NoDigest.
    """
    written = _form(shown).encode()
    return hashlib.blake2b(written, digest_size=_BYTES).hexdigest()


def _form(value: object) -> str:
    if value is None or isinstance(value, bool | int | str):
        return f"{type(value).__name__}:{value!r}"
    if isinstance(value, Enum):
        return f"{type(value).__name__}.{value.name}"
    if isinstance(value, date | datetime):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        inside = ",".join(f"{f.name}={_form(getattr(value, f.name))}" for f in fields(value))
        return f"{type(value).__name__}({inside})"
    return _group(value)


def _group(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + ",".join(sorted(f"{_form(k)}:{_form(v)}" for k, v in value.items())) + "}"
    if isinstance(value, AbstractSet):
        return "{" + ",".join(sorted(map(_form, value))) + "}"
    if isinstance(value, tuple | list):
        return "[" + ",".join(map(_form, value)) + "]"
    raise NoDigest(kind=type(value).__name__)

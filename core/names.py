"""Personal names. The given name is the last word: Nguyễn Thị Hoa is called Hoa."""

import re
from functools import lru_cache
from typing import Final

from core.legacy_encodings import legacy_encoding
from core.refusals import Code, Refusal
from core.vietnamese import clean, name_key

_ALLOWED: Final = re.compile(r"[^\W\d_]+(?:[ '’\-][^\W\d_]+)*")
_LONGEST: Final = 60


@lru_cache(maxsize=16_384)
def person_name(text: str) -> str | Refusal:
    """A full name, spaced and composed in one way; all capitals or all small become ordinary.

    Villages share names: a list asks for the same ones again and again.
    Refuses: NAME_MISSING, NAME_LEGACY_ENCODING, NAME_BAD_CHARACTER.
    """
    name = clean(text)
    if not name:
        return Refusal(Code.NAME_MISSING)
    # Asked of the text as it came: one sign of the old fonts is invisible, and `clean` drops it.
    if legacy_encoding(text) is not None:
        return Refusal(Code.NAME_LEGACY_ENCODING)
    if len(name) > _LONGEST or not _ALLOWED.fullmatch(name):
        return Refusal(Code.NAME_BAD_CHARACTER)
    return name.title() if name.isupper() or name.islower() else name


def given_name(name: str) -> str:
    """What somebody is called: `Hoa` of Nguyễn Thị Hoa."""
    return name.rsplit(maxsplit=1)[-1] if name.split() else ""


def short_name(name: str) -> str:
    """Given name and family initial, `Hoa N.`: all that a relative's SMS may say."""
    words = name.split()
    return f"{words[-1]} {words[0][0]}." if len(words) > 1 else name


def same_name(one: str, other: str) -> bool:
    """Whether two spellings, with or without accents or capitals, are one name in one order."""
    return name_key(one) == name_key(other)

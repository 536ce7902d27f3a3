"""What a text costs as SMS, and how it is written so that it costs least.

A text whose every character stands in the GSM alphabet holds 160 characters, in parts of 153
when it is longer; one accented letter elsewhere makes it UCS-2: 70, in parts of 67. Characters
that take two units (`€`, emoji) are never split between two parts.
Source: 3GPP TS 23.038 (alphabet and extension table), TS 23.040 (parts).
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from core.vietnamese import unaccented

Encoding = Literal["GSM-7", "UCS-2"]

_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION: Final = frozenset("\f^{}\\[~]|€")
_GSM: Final = _BASIC | _EXTENSION
_ROOM: Final[dict[Encoding, tuple[int, int]]] = {"GSM-7": (160, 153), "UCS-2": (70, 67)}
_FIRST_ASTRAL: Final = "\U00010000"

_WRITTEN: Final = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("‘’‚‛′`´ʼ", "'"),
        **dict.fromkeys("‐‑‒–—―−•·", "-"),
        **dict.fromkeys("\t\v\u0085\u2028\u2029\u2800", " "),
        **{chr(wide): chr(wide - 0xFEE0) for wide in range(0xFF01, 0xFF5F)},
        "…": "...",
        "₫": "d",
        "×": "x",
        "→": "->",
    }
)
_EMOJI: Final = "\x00"
_DROPPED_EMOJI: Final = re.compile(rf" {_EMOJI}+(?=\s|$)|^{_EMOJI}+ |{_EMOJI}+", re.MULTILINE)
_SYMBOLS: Final = frozenset({"So", "Sk"})
_FIRST_EMOJI: Final = "\u2190"
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Mn", "Me"})


@dataclass(frozen=True, slots=True)
class Measure:
    """What a text takes. `units`: septets, or UTF-16 units in UCS-2."""

    encoding: Encoding
    units: int
    segments: int


@dataclass(frozen=True, slots=True)
class Folded:
    """A text brought into the GSM alphabet, and the characters that became `?`, each once."""

    text: str
    lost: tuple[str, ...]


def measure(text: str) -> Measure:
    """What `text`, exactly as it stands, takes when sent.

    An empty text is still a message: 0 units, 1 segment.
    """
    encoding: Encoding = "GSM-7" if _GSM.issuperset(text) else "UCS-2"
    if _is_narrow(text, encoding):
        single, part = _ROOM[encoding]
        return Measure(encoding, len(text), 1 if len(text) <= single else -(-len(text) // part))
    widths = [_width(letter, encoding) for letter in text]
    single, part = _ROOM[encoding]
    units = sum(widths)
    return Measure(encoding, units, 1 if units <= single else _parts(widths, part))


def fits_one(text: str) -> bool:
    """Whether `text` is sent as a single segment."""
    return measure(text).segments == 1


def fold(text: str) -> str:
    """`text` without accents, in the GSM alphabet; emoji dropped, what has no likeness as `?`."""
    return fold_report(text).text


def fold_report(text: str) -> Folded:
    """`text` folded as by `fold`, with what was lost."""
    bare = unaccented(unaccented(text).translate(_WRITTEN))
    if _GSM.issuperset(bare):
        return Folded(bare, ())
    written = [_written(letter) for letter in bare]
    lost = dict.fromkeys(
        letter for letter, gsm in zip(bare, written, strict=True) if gsm == "?" != letter
    )
    return Folded(_DROPPED_EMOJI.sub("", "".join(written)), tuple(lost))


def _is_narrow(text: str, encoding: Encoding) -> bool:
    """Whether every letter takes one unit, as in nearly every text."""
    if encoding == "GSM-7":
        return _EXTENSION.isdisjoint(text)
    return max(text) < _FIRST_ASTRAL


def _width(letter: str, encoding: Encoding) -> int:
    wide = letter in _EXTENSION if encoding == "GSM-7" else letter >= _FIRST_ASTRAL
    return 2 if wide else 1


def _parts(widths: Iterable[int], room: int) -> int:
    parts, used = 1, 0
    for width in widths:
        if used + width > room:
            parts, used = parts + 1, 0
        used += width
    return parts


def _written(letter: str) -> str:
    """One letter in the GSM alphabet; nothing for what has no glyph."""
    if letter in _GSM:
        return letter
    category = unicodedata.category(letter)
    if category == "Zs":
        return " "
    if category in _UNSEEN:
        return ""
    if category in _SYMBOLS and letter >= _FIRST_EMOJI:
        return _EMOJI
    likeness = unicodedata.normalize("NFKD", letter) if letter.isalpha() else ""
    return likeness if likeness and _GSM.issuperset(likeness) else "?"

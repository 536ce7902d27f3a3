"""Sums of money in a message, in whole đồng: `500k`, `540.000đ`, `1tr080`, `nửa triệu`, `405`.

A bare number of three digits counts thousands here, as people say it, unless the words beside it
make it something else. Ages, days, months, phones and identity numbers are not sums.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from core.conversation.understanding.normalise import Text

_DIGITS: Final = {
    "khong": 0, "mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "lam": 5, "nham": 5,
    "sau": 6, "bay": 7, "tam": 8, "chin": 9,
}  # fmt: skip
_UNITS: Final = {
    "k": 1_000, "ngan": 1_000, "nghin": 1_000, "ngang": 1_000, "trieu": 1_000_000, "tr": 1_000_000,
    "cu": 1_000_000, "chai": 1_000_000, "xi": 100_000, "lit": 100_000, "tram": 100_000,
    "dong": 1, "d": 1, "vnd": 1,
}  # fmt: skip
_LOOSE: Final = frozenset({"cu", "chai", "lit", "tram"})  # units only after figures
_JOINED: Final = re.compile(r"(\d+(?:[.,]\d+)*)(k|tr|trieu|ngan|nghin|d|vnd|cu|dong)(\d{0,3})")
_FIGURES: Final = re.compile(r"\d+(?:[.,]\d+)*")
_GROUPED: Final = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_NOT_SUMS_BEFORE: Final = frozenset(
    "so ma thang ngay gio nam tuoi sdt lan ky nhom to thon xom".split()
)
_NOT_SUMS_AFTER: Final = frozenset(
    "tuoi nguoi thang ngay gio so lan nam chu con bua phut cay tuan dua".split()
)
_THOUSAND: Final = 1_000
_MILLION: Final = 1_000_000
_MOST: Final = 1_000_000_000


def amounts(text: Text) -> tuple[int, ...]:
    """The sums in order. Money: whole đồng."""
    words = text.words
    found: list[int] = []
    place = 0
    while place < len(words):
        value, length = _at(words, place)
        if 0 < value <= _MOST:
            found.append(value)
        place += max(length, 1)
    return tuple(found)


def _at(words: Sequence[str], place: int) -> tuple[int, int]:
    """A sum that begins here and how many words it takes; 0 of 0 if none does."""
    word = words[place]
    if word[0].isdecimal():
        return _joined(words, place) or _figures(words, place)
    if word == "nua" and words[place + 1 : place + 2] == ("trieu",):
        return _MILLION // 2, 2
    if word == "trieu" and words[place + 1 : place + 2] == ("ruoi",):
        return _MILLION * 3 // 2, 2
    if word in _DIGITS or word == "muoi":
        return _spelt(words, place)
    return 0, 0


def _joined(words: Sequence[str], place: int) -> tuple[int, int] | None:
    """`500k`, `1tr5`, `1tr080`, `2,5tr`, `540.000d`."""
    found = _JOINED.fullmatch(words[place])
    if found is None:
        return None
    unit = _UNITS[found[2]]
    value = _scaled(found[1], unit)
    if found[3] and unit > 1:
        value += int(found[3].ljust(3, "0")) * unit // _THOUSAND
    if unit == _MILLION and not found[3]:
        rest, length = _rest_of_million(words, place + 1)
        return value + rest, 1 + length
    return value, 1


def _figures(words: Sequence[str], place: int) -> tuple[int, int]:
    """Figures with the unit as a word of its own, in groups, or bare."""
    word = words[place]
    if _FIGURES.fullmatch(word) is None:
        return 0, 0
    following = words[place + 1] if place + 1 < len(words) else ""
    if following in _UNITS and not (following == "cu" and _GROUPED.fullmatch(word)):
        unit = _UNITS[following]
        value = _scaled(word, unit)
        length = 2
        if unit == _MILLION:
            rest, taken = _rest_of_million(words, place + 2)
            return value + rest, length + taken
        if unit == _UNITS["tram"] and words[place + 2 : place + 3] in {("ngan",), ("nghin",)}:
            length = 3
        return value, length
    before = words[place - 1] if place else ""
    if before in _NOT_SUMS_BEFORE or following in _NOT_SUMS_AFTER:
        return 0, 0
    return _bare(words, place)


def _bare(words: Sequence[str], place: int) -> tuple[int, int]:
    """`540.000`, `540000`, `500 000`, and `405` for thousands."""
    word = words[place]
    if _GROUPED.fullmatch(word):
        return int(re.sub(r"[.,]", "", word)), 1
    if not word.isdecimal() or word[0] == "0":
        return 0, 0
    groups = 1
    while words[place + groups : place + groups + 1] == ("000",):
        groups += 1
    if groups > 1 and len(word) <= 3:  # noqa: PLR2004 - the first group of three
        return int(word) * _THOUSAND ** (groups - 1), groups
    if len(word) == 3 and int(word) % 5 == 0:  # noqa: PLR2004 - hundreds of thousands
        return int(word) * _THOUSAND, 1
    if 5 <= len(word) <= 8 and word.endswith("00"):  # noqa: PLR2004 - tens of thousands and up
        return int(word), 1
    return 0, 0


def _scaled(figures: str, unit: int) -> int:
    """Figures times a unit. `2,5` triệu has a fraction; `540.000` đồng has groups."""
    if unit == 1 or _GROUPED.fullmatch(figures):
        plain = int(re.sub(r"[.,]", "", figures))
        return plain if plain >= _THOUSAND * unit or unit == 1 else plain * unit
    whole, _, fraction = figures.replace(",", ".").partition(".")
    digits = re.sub(r"\D", "", fraction)
    return int(whole) * unit + (int(digits) * unit // 10 ** len(digits) if digits else 0)


def _rest_of_million(words: Sequence[str], place: int) -> tuple[int, int]:
    """After `1 triệu`: `rưỡi`, `2` (hundreds of thousands), `200` (thousands)."""
    following = words[place] if place < len(words) else ""
    if following == "ruoi":
        return _MILLION // 2, 1
    after = words[place + 1] if place + 1 < len(words) else ""
    if not following.isdecimal() or after in _NOT_SUMS_AFTER:
        return 0, 0
    if len(following) == 1:
        return int(following) * _MILLION // 10, 1
    if len(following) == 3:  # noqa: PLR2004 - thousands
        return int(following) * _THOUSAND, 2 if after in {"k", "ngan", "nghin"} else 1
    return 0, 0


@dataclass(slots=True)
class _Spoken:
    """A number as it is said, word by word: millions and thousands so far, then what follows."""

    total: int = 0
    group: int = 0
    digit: int | None = None
    has_unit: bool = False

    def hears(self, word: str) -> bool:
        """Whether the word belongs to the number, which then has it in it."""
        if word in _DIGITS:
            self.digit = _DIGITS[word]
        elif word in {"muoi", "tram"}:
            self._scale(10 if word == "muoi" else 100)
        elif word in {"nghin", "ngan", "trieu"}:
            self.total += (self.rest or 1) * _UNITS[word]
            self.group, self.digit, self.has_unit = 0, None, True
        elif word == "ruoi" and self.total >= _MILLION:
            self.total += _MILLION // 2
        else:
            return word in {"linh", "le"}
        return True

    @property
    def rest(self) -> int:
        """What was said after the last thousand or million."""
        return self.group + (self.digit or 0)

    @property
    def value(self) -> int:
        """Whole đồng: a rest counts thousands; after millions one digit counts their tenths."""
        if not self.has_unit:
            return 0
        if self.total >= _MILLION and 0 < self.rest < 10:  # noqa: PLR2004 - `hai triệu tư`
            return self.total + self.rest * _MILLION // 10
        return self.total + (self.rest * _THOUSAND if self.total % _MILLION == 0 else 0)

    def _scale(self, factor: int) -> None:
        self.group += (1 if self.digit is None else self.digit) * factor
        self.digit = None
        self.has_unit = self.has_unit or factor == 100  # noqa: PLR2004 - a hundred is money here


def _spelt(words: Sequence[str], place: int) -> tuple[int, int]:
    """`năm trăm (nghìn)`, `bốn trăm lẻ năm ngàn`, `hai triệu tư`: with a hundred or more in it."""
    spoken = _Spoken()
    length = 0
    for word in words[place:]:
        if not spoken.hears(word):
            break
        length += 1
    return (spoken.value, length) if spoken.has_unit else (0, 0)

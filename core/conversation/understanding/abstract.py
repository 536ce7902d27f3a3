"""Words that stand for a kind of thing: any month, any sum, any code read as one word.

What a particular month or sum is, the slots say; for what a message wants it matters only that
one is named. A kind is written with a leading `0`, which no word of a message begins with.
"""

import re
from collections.abc import Sequence
from typing import Final

MONTH: Final = "0thang"
DAY: Final = "0ngay"
SUM: Final = "0tien"
CODE: Final = "0ma"
LONG: Final = "0dai"
PHONE: Final = "0phone"
YEAR: Final = "0nam"
NUMBER: Final = "0so"

MONTH_WORDS: Final = frozenset(
    "gieng mot hai ba tu bon nam sau bay tam chin muoi chap "
    "1 2 3 4 5 6 7 8 9 10 11 12 01 02 03 04 05 06 07 08 09".split()
)
_UNITS: Final = frozenset("k tr trieu nghin ngan dong d vnd tram xi lit cu chai ty".split())
_SHAPES: Final = (
    (re.compile(r"t(?:h|hg)?(?:0?[1-9]|1[0-2])(?:[/.-](?:20)?\d\d)?"), MONTH),
    (re.compile(r"(?:0?[1-9]|1[0-2])[/-]20\d\d"), MONTH),
    (re.compile(r"\d{1,2}[/.-]\d{1,2}(?:[/.-](?:20)?\d\d)?"), DAY),
    (re.compile(r"\d+(?:[.,]\d{3})+(?:d|vnd|dong)?|\d+(?:k|tr|trieu|ngan|nghin|d|vnd|cu)\d*"), SUM),
    (re.compile(r"(?:0|84)[35789]\d{8}|0[2]\d{9}"), PHONE),
    (re.compile(r"(?:19|20)\d\d"), YEAR),
    (re.compile(r"\d{9,19}"), LONG),
    (re.compile(r"\d{6}"), CODE),
    (re.compile(r"\d{4,8}"), SUM),
    (re.compile(r"\d+(?:[.,:]\d+)*"), NUMBER),
)


def abstracted(words: Sequence[str], clauses: Sequence[int] = ()) -> tuple[list[str], list[int]]:
    """The words with numbers replaced by the kind of thing they are, and where clauses begin."""
    kinds: list[str] = []
    begins: list[int] = []
    for place, word in enumerate(words):
        if place in clauses:
            begins.append(len(kinds))
        previous = kinds[-1] if kinds else ""
        if previous == "thang" and word in MONTH_WORDS and not _is_count(words, place):
            kinds[-1] = MONTH
        elif previous in {NUMBER, SUM} and word in _UNITS:
            kinds[-1] = SUM
        elif _has_digit(word):
            kinds.append(_kind(word))
        else:
            kinds.append(word)
    return kinds, begins


def _is_count(words: Sequence[str], place: int) -> bool:
    """`một tháng ba trăm` counts money; `tháng ba` names March."""
    following = words[place + 1] if place + 1 < len(words) else ""
    return following in {"tram", "nghin", "ngan", "trieu", "dong", "me", "noi", "ngoai"}


def _has_digit(word: str) -> bool:
    return not word.isalpha() and any(letter.isdecimal() for letter in word)


def _kind(word: str) -> str:
    for shape, kind in _SHAPES:
        if shape.fullmatch(word):
            return kind
    return word

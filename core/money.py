"""Whole đồng: read from a cell of a list, written for people in figures and in words.

Source: amounts are integers (design 3); words as cashiers say them, checked against an
independent reading of them in the tests.
"""

import re
from typing import Final

from core.refusals import Code, Refusal

_UNIT: Final = re.compile(r"(?:đồng|dong|vnd|vnđ|đ|d|₫)\.?$", re.IGNORECASE)
_GROUPED: Final = re.compile(r"\d{1,3}(?:([.,  ])\d{3})(?:\1\d{3})*")
_DIGITS: Final = re.compile(r"\d+")
_ZERO_CENTS: Final = re.compile(r"(.*\d)[.,]0{1,2}")
_DECIMAL: Final = re.compile(r"\d+[.,]\d+")
_MOST: Final = 10**13

_NAMES: Final = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_SCALES: Final = ("", "nghìn", "triệu", "tỷ", "nghìn tỷ")


def amount_of(cell: object, *, zero: bool = False) -> int | Refusal:
    """The amount in a cell: 540000, 540000.0, "540.000", "540,000", "540 000 đ".

    With `zero`, nothing at all (0) is an amount too.
    Refuses: AMOUNT_MISSING, AMOUNT_NOT_A_NUMBER, AMOUNT_NOT_WHOLE, AMOUNT_NOT_POSITIVE.
    """
    found = _whole(cell)
    if isinstance(found, Refusal):
        return found
    if found < 0 or (found == 0 and not zero):
        return Refusal(Code.AMOUNT_NOT_POSITIVE)
    return found if found < _MOST else Refusal(Code.AMOUNT_NOT_A_NUMBER)


def dotted(amount: int) -> str:
    """540000 as `540.000`."""
    return f"{amount:,}".replace(",", ".")


def in_words(amount: int) -> str:
    """540000 as `năm trăm bốn mươi nghìn đồng`: nothing skipped that a listener could mishear."""
    if amount == 0:
        return "không đồng"
    groups: list[int] = []
    rest = amount
    while rest:
        rest, group = divmod(rest, 1_000)
        groups.append(group)
    top, last = len(groups) - 1, next(place for place, group in enumerate(groups) if group)
    words = [
        f"{_group_in_words(groups[place], is_first=place == top)} {_SCALES[place]}".strip()
        for place in range(top, last - 1, -1)
    ]
    return f"{' '.join(words)} đồng"


def _whole(cell: object) -> int | Refusal:
    if isinstance(cell, bool):
        return Refusal(Code.AMOUNT_NOT_A_NUMBER)
    if isinstance(cell, int):
        return cell
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() else Refusal(Code.AMOUNT_NOT_WHOLE)
    return _whole_in(str(cell).replace("\u00a0", " ").strip())


def _whole_in(text: str) -> int | Refusal:
    if not text:
        return Refusal(Code.AMOUNT_MISSING)
    sign, bare = (-1, text[1:]) if text[0] in "-−" else (1, text)
    bare = _UNIT.sub("", bare).strip()
    if _DIGITS.fullmatch(bare) or _GROUPED.fullmatch(bare):
        return sign * int(re.sub(r"\D", "", bare))
    cents = _ZERO_CENTS.fullmatch(bare)
    if cents and (_DIGITS.fullmatch(cents[1]) or _GROUPED.fullmatch(cents[1])):
        return sign * int(re.sub(r"\D", "", cents[1]))
    if _DECIMAL.fullmatch(bare):
        return Refusal(Code.AMOUNT_NOT_WHOLE)
    return Refusal(Code.AMOUNT_NOT_A_NUMBER)


def _group_in_words(group: int, *, is_first: bool) -> str:
    """Three digits; inside a number every one of them is said."""
    if group == 0:
        return _NAMES[0]
    hundreds, rest = divmod(group, 100)
    words = [] if is_first and not hundreds else [_NAMES[hundreds], "trăm"]
    return " ".join([*words, *_tens_in_words(rest, after_hundreds=bool(words))])


def _tens_in_words(rest: int, *, after_hundreds: bool) -> list[str]:
    tens, ones = divmod(rest, 10)
    if rest == 0:
        return []
    if tens == 0:
        return ["lẻ", _NAMES[ones]] if after_hundreds else [_NAMES[ones]]
    words = ["mười"] if tens == 1 else [_NAMES[tens], "mươi"]
    if ones == 0:
        return words
    if ones == 1 and tens > 1:
        return [*words, "mốt"]
    if ones == 4 and tens > 1:  # noqa: PLR2004  a digit
        return [*words, "tư"]
    return [*words, "lăm" if ones == 5 else _NAMES[ones]]  # noqa: PLR2004  a digit

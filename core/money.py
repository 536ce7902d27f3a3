"""Whole đồng: read from a cell of a list, written for people in figures and in words.

An amount is never guessed: a cell that could mean two sums is refused with what is wrong in it.
Source: design rule that money is a whole number of đồng; words as cashiers read a sum aloud,
with no group of digits left out that a listener could mishear.
"""

import re
from decimal import Decimal
from typing import Final

from core.refusals import Code, Refusal
from core.vietnamese import clean

_UNIT: Final = re.compile(r"\s*(?:đồng|dong|vnd|vnđ|đ|d|₫)\.?$", re.IGNORECASE)
_DIGITS: Final = re.compile(r"\d+", re.ASCII)
_GROUPED: Final = re.compile(r"[1-9]\d{0,2}(?:([., ])\d{3})(?:\1\d{3})*", re.ASCII)
# A sum with decimals: plain digits, or groups and the other sign before the decimals.
_DECIMALS: Final = re.compile(
    r"(?P<whole>\d+|\d{1,3}(?:\.\d{3})+(?=,)|\d{1,3}(?:,\d{3})+(?=\.)|\d{1,3}(?: \d{3})+)"
    r"[.,](?P<part>\d+)",
    re.ASCII,
)
# Digits alone, as most lists write a sum.
_PLAIN: Final = re.compile(r"\d{1,12}", re.ASCII)
_ENDLESS: Final = 40
_TOO_LARGE: Final = 10**13

_NAMES: Final = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_SCALES: Final = ("", "nghìn", "triệu")
_BILLION: Final = 10**9


def amount_of(cell: object, *, zero: bool = False) -> int | Refusal:
    """The đồng in a cell: 540000, 540000.0, "540.000", "540,000", "540 000 đ".

    With `zero`, nothing at all (0, or the dash of accountants) is an amount too.
    Refuses: AMOUNT_MISSING, AMOUNT_NOT_A_NUMBER, AMOUNT_NOT_WHOLE, AMOUNT_NOT_POSITIVE,
    AMOUNT_TOO_LARGE.
    """
    found = int(cell) if isinstance(cell, str) and _PLAIN.fullmatch(cell) else _whole(cell)
    if found is None:
        return 0 if zero and _is_dash(cell) else Refusal(Code.AMOUNT_MISSING)
    if isinstance(found, Refusal):
        return found
    if found < 0 or (found == 0 and not zero):
        return Refusal(Code.AMOUNT_NOT_POSITIVE)
    return found if found < _TOO_LARGE else _too_large()


def dotted(amount: int) -> str:
    """540000 as `540.000`."""
    return f"{amount:,}".replace(",", ".")


def in_words(amount: int) -> str:
    """540000 as `năm trăm bốn mươi nghìn đồng`.

    Raises: ValueError for a sum below nothing.
    """
    if amount < 0:
        raise ValueError("a sum that is read aloud is not negative")
    return f"{_number_in_words(amount)} đồng"


def _whole(cell: object) -> int | Refusal | None:
    if cell is None:
        return None
    if isinstance(cell, int) and not isinstance(cell, bool):
        return cell
    if isinstance(cell, float | Decimal):
        return _whole_of(Decimal(cell))
    return _whole_in(clean(str(cell)).replace("−", "-").replace("–", "-"))


def _whole_of(number: Decimal) -> int | Refusal:
    if not number.is_finite():
        return Refusal(Code.AMOUNT_NOT_A_NUMBER)
    if abs(number) >= _TOO_LARGE:
        return _too_large()
    return int(number) if number == int(number) else Refusal(Code.AMOUNT_NOT_WHOLE)


def _whole_in(text: str) -> int | Refusal | None:
    if not text.strip("- "):
        return None
    below = text.startswith("-") or (text.startswith("(") and text.endswith(")"))
    bare = _UNIT.sub("", text.strip("()").removeprefix("-").strip())
    found = _sum_in(bare)
    return -found if below and isinstance(found, int) else found


def _sum_in(bare: str) -> int | Refusal:
    if _DIGITS.fullmatch(bare) or _GROUPED.fullmatch(bare):
        digits = re.sub(r"\D", "", bare)
        return int(digits) if len(digits) < _ENDLESS else _too_large()
    decimals = _DECIMALS.fullmatch(bare)
    if decimals is None:
        return Refusal(Code.AMOUNT_NOT_A_NUMBER)
    # Three zeros after the sign could be thousands, so `0.000` and `1 000.000` are not read.
    is_zero = set(decimals["part"]) == {"0"} and len(decimals["part"]) <= 2  # noqa: PLR2004
    return _sum_in(decimals["whole"]) if is_zero else Refusal(Code.AMOUNT_NOT_WHOLE)


def _too_large() -> Refusal:
    return Refusal(Code.AMOUNT_TOO_LARGE, {"most": dotted(_TOO_LARGE)})


def _is_dash(cell: object) -> bool:
    return cell is not None and bool(clean(str(cell)))


def _number_in_words(number: int) -> str:
    """Billions are read as a number of their own: một nghìn năm trăm tỷ."""
    billions, rest = divmod(number, _BILLION)
    if not billions:
        return _below_a_billion(rest)
    tail = f" {_below_a_billion(rest, follows=True)}" if rest else ""
    return f"{_number_in_words(billions)} tỷ{tail}"


def _below_a_billion(number: int, *, follows: bool = False) -> str:
    """`follows`: something was said before, so that every group is said, empty ones too."""
    groups = [number // 1_000**place % 1_000 for place in range(len(_SCALES))]
    top = (
        len(_SCALES) - 1
        if follows
        else max((p for p in range(len(groups)) if groups[p]), default=0)
    )
    last = next((place for place, group in enumerate(groups) if group), 0)
    return " ".join(
        f"{_group_in_words(groups[place], is_first=place == top and not follows)} "
        f"{_SCALES[place]}".strip()
        for place in range(top, last - 1, -1)
    )


def _group_in_words(group: int, *, is_first: bool) -> str:
    """Three digits; inside a number each of them is said."""
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
    said = {1: "mốt", 4: "tư", 5: "lăm"} if tens > 1 else {5: "lăm"}
    words = ["mười"] if tens == 1 else [_NAMES[tens], "mươi"]
    return [*words, said.get(ones, _NAMES[ones])] if ones else words

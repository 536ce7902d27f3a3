"""Numbers in free text that may be a secret, a card, an account, a phone or an identity number.

They are found however they are typed: with blanks, dots or dashes, with or without accents, in
wide digits, with invisible characters between. A number rarely tells what it is, so each finding
names everything it may be.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from core.vietnamese import unaccented


class Shape(StrEnum):
    """What a number in free text may be. A question names those that its answer may have."""

    SECRET = "secret"  # noqa: S105  a PIN or password, which a word before it gives away
    CODE = "code"
    CARD = "card"
    ACCOUNT = "account"
    CITIZEN_ID = "citizen_id"
    PHONE = "phone"
    AMOUNT = "amount"


@dataclass(frozen=True, slots=True)
class Finding:
    """Where in a text a number stands, what it is taken for, and all it may be."""

    start: int
    end: int
    shape: Shape
    possible: frozenset[Shape]


_BETWEEN: Final = r"[\s:=.,'\"(\-]*"
_SECRET_WORD: Final = r"(?:pin|mat khau|mat ma|passwords?|pass|cvv|cvc)"  # noqa: S105
_CODE_WORD: Final = (
    r"(?:otp|ma (?:so )?(?:otp|xac nhan|xac thuc|xac minh|kich hoat|dang nhap|lien ket)|code|"
    r"ma(?= (?:la|cua)\b)|ma(?=\s?[:=]))"
)
_FILLER: Final = (
    rf"{_BETWEEN}(?:(?:\d (?:chu )?so|la|cua|toi|tui|em|con|minh|chau|me|ba|ong|bac|the|so|atm|"
    rf"otp|pin|vi|tai khoan|ngan hang|viettelpay|moi|cu|nay|ni|day|do)\b{_BETWEEN}){{0,6}}"
)
_FEW_DIGITS: Final = r"\d(?:[ .\-]?\d){3,7}(?!\d)"
_WORDED: Final = (
    # Any word with a digit in it may be a password.
    (Shape.SECRET, rf"\b{_SECRET_WORD}\b{_FILLER}(?P<it>{_FEW_DIGITS}|(?=\S*\d)[^\s•]{{4,}})"),
    (Shape.SECRET, rf"\bmk(?: la\b|\s?[:=]){_FILLER}(?P<it>(?=\S*\d)[^\s•]{{4,}})"),
    (Shape.SECRET, rf"(?<!\d)(?P<it>{_FEW_DIGITS}) la (?:so |ma )?{_SECRET_WORD}\b"),
    (Shape.CODE, rf"\b{_CODE_WORD}\b{_FILLER}(?P<it>{_FEW_DIGITS})"),
    (Shape.CODE, rf"(?<!\d)(?P<it>{_FEW_DIGITS}) la (?:so )?{_CODE_WORD}\b"),
)
_WORDED_PATTERNS: Final = tuple((shape, re.compile(pattern)) for shape, pattern in _WORDED)
_BARE: Final = re.compile(r"[^\w•]*(?P<it>\d{4,6}|\d{3}[ \-]\d{3}|\d(?: \d){3,5})[^\w•]*")
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_THOUSANDS: Final = "000"
_CARD: Final = re.compile(
    r"(?<!\d)(?:9704(?:[ .\-]?\d){12}(?:(?:[ .\-]?\d){3})?"
    r"|\d{4}(?:[ .\-]{0,3}\d{4}){3}|\d(?:[ .\-]\d){15})(?!\d)"
)
_NUMBERS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        # A phone, grouped in any way.
        r"(?<!\d)(?:\+ ?84|84|o(?=\d)|0)(?:[ .\-]?\d){9,10}(?!\d)",
        # Nine digits or more in one piece, even glued to a word.
        r"(?<!\d)\d{9,}(?!\d)",
        # Fewer, standing alone; not the decimals of a number.
        r"(?<!\w)(?<!\d[.,])\d{6,8}(?!\w)",
        # Groups, as cards and certificates print them.
        r"(?<![\d.,])\d{3,6}(?:[ .\-]\d{3,6}){1,5}(?!\d)",
        # The older accounts of VietinBank hold a letter.
        r"(?<!\w)\d{3}[a-z]\d{5,15}(?!\w)",
    )
)
# Every pattern takes at least so many letters, one of them a digit.
_FEWEST: Final = 4
_FEWEST_GROUPED: Final = 9
_MONEY_AFTER: Final = re.compile(r" ?(?:d|dong|vnd|k|nghin|ngan|trieu|ty)\b")
_FULL_WIDTH: Final = ord("！") - ord("!")
_DOTTED: Final = re.compile(r"[1-9]\d{0,2}(?:[ .,]\d{3})+")


def findings(text: str) -> Iterator[Finding]:
    """Every number in `text` that may give somebody or something away. They may overlap."""
    if len(text) < _FEWEST:
        return
    shadow, places = _shadow(text)
    if not any(map(str.isdecimal, shadow)):
        return
    for start, end, shape, possible in _found(shadow):
        yield Finding(places[start], places[end - 1] + 1, shape, possible)


def _found(shadow: str) -> Iterator[tuple[int, int, Shape, frozenset[Shape]]]:
    for shape, pattern in _WORDED_PATTERNS:
        for found in pattern.finditer(shadow):
            yield *found.span("it"), shape, frozenset({shape})
    for found in _CARD.finditer(shadow):
        yield *found.span(), Shape.CARD, frozenset({Shape.CARD})
    bare = _BARE.fullmatch(shadow)
    if bare and not _says_year_or_sum(bare["it"]):
        digits = _digits(bare["it"])
        yield *bare.span("it"), Shape.CODE, _possible(digits) | {Shape.CODE, Shape.AMOUNT}
    for pattern in _NUMBERS:
        for found in pattern.finditer(shadow):
            if not _is_harmless(found[0], shadow[found.end() :]):
                possible = _possible(_digits(found[0]))
                yield *found.span(), Shape.ACCOUNT, possible


def _possible(digits: str) -> frozenset[Shape]:
    """All that a number of so many digits may be."""
    length = len(digits)
    may_be = {
        Shape.CODE: 4 <= length <= 8,  # noqa: PLR2004
        Shape.AMOUNT: 4 <= length <= 8,  # noqa: PLR2004
        Shape.ACCOUNT: 6 <= length <= 19,  # noqa: PLR2004
        Shape.CITIZEN_ID: length in {9, 11, 12},
        Shape.PHONE: 9 <= length <= 13,  # noqa: PLR2004
    }
    return frozenset(shape for shape, fits in may_be.items() if fits)


def _is_harmless(number: str, after: str) -> bool:
    """Whether it is a sum of money, or two short numbers that happen to stand together."""
    digits = _digits(number)
    if len(digits) < _FEWEST_GROUPED and not number.isalnum():
        return True
    is_sum = digits.endswith(_THOUSANDS) or bool(_MONEY_AFTER.match(after))
    return is_sum and (len(digits) < _FEWEST_GROUPED or bool(_DOTTED.fullmatch(number)))


def _says_year_or_sum(number: str) -> bool:
    return bool(_YEAR.fullmatch(number)) or _digits(number).endswith(_THOUSANDS)


def _digits(number: str) -> str:
    return "".join(letter for letter in number if letter.isdigit())


def _shadow(text: str) -> tuple[str, list[int]]:
    """`text` in plain small letters and digits, and the place in `text` of each of them."""
    seen = [(_plain(letter), place) for place, letter in enumerate(text)]
    kept = [(letter, place) for letter, place in seen if letter]
    return "".join(letter for letter, _ in kept), [place for _, place in kept]


def _plain(letter: str) -> str:
    """One letter or none, never more."""
    if letter.isascii():
        return letter.lower()
    category = unicodedata.category(letter)
    if category in {"Mn", "Me", "Cf", "Cc"}:
        return ""
    if category == "Zs":
        return " "
    if category == "Pd":
        return "-"
    if "！" <= letter <= "～":
        return chr(ord(letter) - _FULL_WIDTH).lower()
    digit = unicodedata.digit(letter, None)
    return unaccented(letter).lower()[:1] if digit is None else str(digit)

"""Vietnamese mobile numbers, canonical as `0912345678`.

Source: numbering plan in force since 15/09/2018 and its conversion of 11-digit numbers (Ministry
of Information and Communications). A prefix never proves the carrier: numbers are ported.
"""

import re
from typing import Final

from core.plain_numbers import plain_number
from core.refusals import Code, Refusal

# Numbers of before September 2018, by their first four digits.
_OLD: Final = {
    **{f"016{digit}": f"03{digit}" for digit in range(2, 10)},
    "0120": "070",
    "0121": "079",
    "0122": "077",
    "0126": "076",
    "0128": "078",
    "0123": "083",
    "0124": "084",
    "0125": "085",
    "0127": "081",
    "0129": "082",
    "0186": "056",
    "0188": "058",
    "0199": "059",
}
# 054 was Huế's own landline code until 2017 and still stands in old lists: it is no mobile.
_MOBILE: Final = re.compile(r"0(?:3[2-9]|5[25689]|7[06-9]|8[1-9]|9\d)\d{7}", re.ASCII)
_PUNCTUATION: Final = re.compile(r"[\s.\-–()/]+")
_LETTERS: Final = str.maketrans("oOlI", "0011")
_LENGTH: Final = 10
_OLD_LENGTH: Final = 11
_COUNTRY: Final = "84"


def mobile(cell: object) -> str | Refusal:
    """The mobile number in a cell: +84, 84, blanks, dots, letters o and l, old 11-digit forms.

    Refuses: PHONE_MISSING, PHONE_NOT_A_NUMBER, PHONE_FOREIGN, PHONE_WRONG_LENGTH,
    PHONE_NOT_MOBILE.
    """
    if isinstance(cell, str) and _MOBILE.fullmatch(cell):
        return cell
    bare = _PUNCTUATION.sub("", plain_number(cell))
    if not bare:
        return Refusal(Code.PHONE_MISSING)
    dialled = bare.translate(_LETTERS)
    # 00 is + on a telephone.
    international = dialled.startswith(("+", "00"))
    digits = dialled.removeprefix("+").removeprefix("00" if international else "")
    if not (digits.isascii() and digits.isdigit()):
        return Refusal(Code.PHONE_NOT_A_NUMBER)
    if international and not digits.startswith(_COUNTRY):
        return Refusal(Code.PHONE_FOREIGN)
    return _canonical(_national(digits, international=international))


def e164(number: str) -> str:
    """A canonical number for gateways: `+84912345678`."""
    return f"+{_COUNTRY}{number[1:]}"


def _national(digits: str, *, international: bool) -> str:
    """With one leading 0: from 84…, or from a spreadsheet that dropped it."""
    if digits.startswith(_COUNTRY) and (international or len(digits) > _LENGTH):
        return f"0{digits.removeprefix(_COUNTRY).removeprefix('0')}"
    lost_zero = not digits.startswith("0") and f"0{digits}"[:4] in _OLD
    lost_zero |= not digits.startswith("0") and len(digits) == _LENGTH - 1
    return f"0{digits}" if lost_zero else digits


def _canonical(digits: str) -> str | Refusal:
    if len(digits) == _OLD_LENGTH and digits[:4] in _OLD:
        digits = _OLD[digits[:4]] + digits[4:]
    if _is_landline(digits):
        return Refusal(Code.PHONE_NOT_MOBILE)
    if len(digits) != _LENGTH:
        return Refusal(Code.PHONE_WRONG_LENGTH, {"digits": len(digits)})
    return digits if _MOBILE.fullmatch(digits) else Refusal(Code.PHONE_NOT_MOBILE)


def _is_landline(digits: str) -> bool:
    """Whether it is a number of today's landlines: 0234 and seven digits in Huế."""
    return digits.startswith("02") and len(digits) == _OLD_LENGTH

"""Vietnamese mobile numbers, canonical as `0912345678`.

Source: numbering plan in force since 2018-09-15 and its conversion of 11-digit numbers
(Ministry of Information and Communications); prefixes never prove the carrier.
"""

import re
from typing import Final

from core.refusals import Code, Refusal

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
_PUNCTUATION: Final = re.compile(r"[\s.\-()/]+")
_MOBILE: Final = re.compile(r"0[35789]\d{8}", re.ASCII)
_LENGTH: Final = 10
_OLD_LENGTH: Final = 11


def mobile(text: str) -> str | Refusal:
    """The mobile number in a text: +84, 84, blanks, dots, letters o and l, old 11-digit forms.

    Refuses: PHONE_MISSING, PHONE_NOT_A_NUMBER, PHONE_FOREIGN, PHONE_WRONG_LENGTH,
    PHONE_NOT_MOBILE.
    """
    bare = _PUNCTUATION.sub("", text)
    if not bare:
        return Refusal(Code.PHONE_MISSING)
    digits = bare.translate(str.maketrans("oOlI", "0011"))
    if digits.startswith("+") and not digits.startswith("+84"):
        return Refusal(Code.PHONE_FOREIGN)
    digits = digits.removeprefix("+")
    if not (digits.isascii() and digits.isdigit()):
        return Refusal(Code.PHONE_NOT_A_NUMBER)
    return _canonical(_national(digits))


def e164(number: str) -> str:
    """A canonical number for gateways: `+84912345678`."""
    return f"+84{number[1:]}"


def _national(digits: str) -> str:
    """With one leading 0: from 84…, from 0084…, or from a spreadsheet that dropped it."""
    digits = digits.removeprefix("00") if digits.startswith("0084") else digits
    if digits.startswith("84") and len(digits) in {_LENGTH + 1, _OLD_LENGTH + 1}:
        digits = digits[2:].removeprefix("0")
        return f"0{digits}"
    lost_zero = len(digits) in {_LENGTH - 1, _OLD_LENGTH - 1} and not digits.startswith("0")
    return f"0{digits}" if lost_zero else digits


def _canonical(digits: str) -> str | Refusal:
    if len(digits) == _OLD_LENGTH and digits[:4] in _OLD:
        digits = _OLD[digits[:4]] + digits[4:]
    if len(digits) != _LENGTH:
        return Refusal(Code.PHONE_WRONG_LENGTH, {"digits": len(digits)})
    return digits if _MOBILE.fullmatch(digits) else Refusal(Code.PHONE_NOT_MOBILE)

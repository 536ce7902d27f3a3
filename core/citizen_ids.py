"""Citizen identity numbers: the 12 digits of a CCCD, the 9 of an old CMND.

There is no check digit. What the digits say about sex and birth year is a hint for staff, never
a reason to refuse. Source: Decree 137/2015/ND-CP art. 13; Circular 07/2016/TT-BCA.
"""

import re
from typing import Final

from core.refusals import Code, Refusal

_NEW: Final = 12
_OLD: Final = 9
_PUNCTUATION: Final = re.compile(r"[\s.\-']+")
_CENTURIES: Final = {"0": (1900, "m"), "1": (1900, "f"), "2": (2000, "m"), "3": (2000, "f")}


def citizen_id(text: str) -> str | Refusal:
    """The number in a text. Eleven digits are a CCCD whose leading 0 a spreadsheet dropped.

    Refuses: CITIZEN_ID_NOT_A_NUMBER, CITIZEN_ID_WRONG_LENGTH.
    """
    digits = _PUNCTUATION.sub("", text)
    if not (digits.isascii() and digits.isdigit()):
        return Refusal(Code.CITIZEN_ID_NOT_A_NUMBER)
    # Every province code begins with 0, so a missing digit in front can only be that one.
    if len(digits) == _NEW - 1 and digits[0] != "0":
        digits = f"0{digits}"
    if len(digits) not in {_OLD, _NEW}:
        return Refusal(Code.CITIZEN_ID_WRONG_LENGTH, {"digits": len(digits)})
    return digits


def doubts(number: str, *, birth_year: int | None, sex: str | None) -> tuple[str, ...]:
    """What a 12-digit number and the list disagree about: `birth_year`, `sex`."""
    if len(number) != _NEW or number[3] not in _CENTURIES:
        return ()
    century, its_sex = _CENTURIES[number[3]]
    its_year = century + int(number[4:6])
    wrong_year = ("birth_year",) if birth_year not in {None, its_year} else ()
    wrong_sex = ("sex",) if sex not in {None, its_sex} else ()
    return wrong_year + wrong_sex

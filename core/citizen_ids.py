"""Citizen identity numbers: the 12 digits of a CCCD, the 9 of an old CMND.

There is no check digit. What the digits say about sex and birth year is a hint for staff, never
a reason to refuse. Source: Decree 137/2015/ND-CP art. 13; Circular 07/2016/TT-BCA and its annex.
"""

import re
from typing import Final

from core.plain_numbers import is_numeric, plain_number
from core.refusals import Code, Refusal

_CCCD: Final = 12
_CMND: Final = 9
_PUNCTUATION: Final = re.compile(r"[\s.\-]+")
# As nearly all lists have it, and nothing in it to put right.
_PLAIN: Final = re.compile(r"\d{12}", re.ASCII)
_PROVINCES: Final = frozenset(
    "001 002 004 006 008 010 011 012 014 015 017 019 020 022 024 025 026 027 030 031 033 034 035 "
    "036 037 038 040 042 044 045 046 048 049 051 052 054 056 058 060 062 064 066 067 068 070 072 "
    "074 075 077 079 080 082 083 084 086 087 089 091 092 093 094 095 096".split()
)
# The fourth digit: century of birth, and sex. People of the 22nd century are not paid yet.
_CENTURIES: Final = {"0": (1900, "m"), "1": (1900, "f"), "2": (2000, "m"), "3": (2000, "f")}


def citizen_id(cell: object) -> str | Refusal:
    """The number in a cell, with the zeros in front that a spreadsheet dropped, where certain.

    Refuses: CITIZEN_ID_NOT_A_NUMBER, CITIZEN_ID_WRONG_LENGTH.
    """
    if isinstance(cell, str) and _PLAIN.fullmatch(cell):
        return cell
    digits = _PUNCTUATION.sub("", plain_number(cell))
    if not (digits.isascii() and digits.isdigit()):
        return Refusal(Code.CITIZEN_ID_NOT_A_NUMBER)
    whole = _with_lost_zeros(digits, may_lack_many=is_numeric(cell))
    if len(whole) not in {_CMND, _CCCD}:
        return Refusal(Code.CITIZEN_ID_WRONG_LENGTH, {"digits": len(digits)})
    return whole


def doubts(number: str, *, birth_year: int | None, sex: str | None) -> tuple[str, ...]:
    """Where a 12-digit number and the list disagree: `century`, `birth_year`, `sex`.

    `sex`: m or f. A CMND of 9 digits says nothing, so nothing disagrees with it.
    """
    if len(number) != _CCCD:
        return ()
    if number[3] not in _CENTURIES:
        return ("century",)
    century, its_sex = _CENTURIES[number[3]]
    its_year = century + int(number[4:6])
    wrong = [_year_doubt(its_year, birth_year), None if sex in {None, its_sex} else "sex"]
    return tuple(doubt for doubt in wrong if doubt)


def _year_doubt(its_year: int, birth_year: int | None) -> str | None:
    if birth_year is None or birth_year == its_year:
        return None
    return "century" if birth_year % 100 == its_year % 100 else "birth_year"


def _with_lost_zeros(digits: str, *, may_lack_many: bool) -> str:
    """One zero is lost for certain from 11 digits that begin as a province; more only in numbers.

    A text of 8 or 10 digits may as well lack a digit elsewhere.
    """
    if digits.startswith("0"):
        return digits
    if may_lack_many and len(digits) == _CMND - 1:
        return digits.zfill(_CMND)
    shortest = _CCCD - 2 if may_lack_many else _CCCD - 1
    whole = digits.zfill(_CCCD)
    certain = whole[:3] in _PROVINCES and whole[3] in _CENTURIES
    return whole if shortest <= len(digits) < _CCCD and certain else digits

"""What a cell means: days, codes, yes and no. Money, phones and numbers have files of their own.

Each reader takes the text a person sees and gives a value or a refusal that says what is wrong.
"""

import re
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from core.exchange.layouts import Layout
from core.refusals import Code, Refusal

_CODE: Final = re.compile(r"[A-Z0-9][A-Z0-9.\-/]{1,30}", re.ASCII)
_DAY: Final = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})", re.ASCII)
_ISO_DAY: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?", re.ASCII)
_SERIAL: Final = re.compile(r"\d{5}", re.ASCII)
_YEAR: Final = re.compile(r"(?:19|20)\d{2}", re.ASCII)
# Day 0 of spreadsheets, which count a 29 February 1900 that never was.
_SPREADSHEET_EPOCH: Final = date(1899, 12, 30)


def beneficiary_code(text: str) -> str | Refusal:
    """A beneficiary's code in capitals.

    Refuses: BENEFICIARY_CODE_MISSING, BENEFICIARY_CODE_BAD.
    """
    if not text:
        return Refusal(Code.BENEFICIARY_CODE_MISSING)
    code = text.upper().replace(" ", "")
    return code if _CODE.fullmatch(code) else Refusal(Code.BENEFICIARY_CODE_BAD)


def day(text: str) -> date | Refusal:
    """The day that 05/04/2021, 2021-04-05 or a spreadsheet's 44291 names, day before month.

    Refuses: DAY_NOT_A_DAY.
    """
    bad = Refusal(Code.DAY_NOT_A_DAY)
    if _SERIAL.fullmatch(text):
        return _SPREADSHEET_EPOCH + timedelta(days=int(text))
    # What follows the day (an hour of payment) does not move it.
    if found := _DAY.match(text):
        numbers = int(found[3]), int(found[2]), int(found[1])
    elif found := _ISO_DAY.fullmatch(text):
        numbers = int(found[1]), int(found[2]), int(found[3])
    else:
        return bad
    try:
        return date(*numbers)
    except ValueError:
        return bad


@lru_cache(maxsize=65_536)
def birth(text: str, today: date) -> tuple[date | None, int | None] | Refusal:
    """A birth day and year; the day is None where the list knows only the year; empty is both None.

    Refuses: DAY_NOT_A_DAY, DAY_IN_FUTURE.
    """
    if not text:
        return None, None
    if _YEAR.fullmatch(text):
        year = int(text)
        return (None, year) if year <= today.year else Refusal(Code.DAY_IN_FUTURE)
    found = day(text)
    if isinstance(found, Refusal):
        return found
    return (found, found.year) if found <= today else Refusal(Code.DAY_IN_FUTURE)


def agreed(text: str, layout: Layout) -> bool | Refusal:
    """Whether a cell says yes. Silence is not consent.

    Refuses: CONSENT_UNCLEAR.
    """
    if not text:
        return False
    word = layout.word("yes_no", text)
    return word == "yes" if word else Refusal(Code.CONSENT_UNCLEAR)

"""Bank account numbers as people give them. A wallet is a phone number (`core/phones.py`).

VietinBank's have 12 digits today; older and chosen ones differ, some have a letter. The bank's
own check decides; here only what cannot be an account is refused.
Source: NAPAS card numbers begin with 9704 (16 or 19 digits); ISO/IEC 7812 for the check digit.
"""

import re
from typing import Final

from core.plain_numbers import plain_number
from core.refusals import Code, Refusal

_PUNCTUATION: Final = re.compile(r"[\s.\-–]+")
_SHORTEST: Final = 6
_LONGEST: Final = 19
_DOMESTIC_CARD: Final = re.compile(r"9704\d{12}(?:\d{3})?", re.ASCII)
_INTERNATIONAL_CARD: Final = re.compile(r"(?:4\d|5[1-5])\d{14}", re.ASCII)
_USUAL: Final = 12


def account(cell: object) -> str | Refusal:
    """The account number in a cell, capitals, no blanks.

    Refuses: ACCOUNT_MISSING, ACCOUNT_BAD_CHARACTER, ACCOUNT_IS_CARD_NUMBER, ACCOUNT_WRONG_LENGTH.
    """
    bare = _PUNCTUATION.sub("", plain_number(cell)).upper()
    if not bare:
        return Refusal(Code.ACCOUNT_MISSING)
    # `CHUA CO` (chưa có) is letters too, and no account.
    if not (bare.isascii() and bare.isalnum()) or bare.isalpha():
        return Refusal(Code.ACCOUNT_BAD_CHARACTER)
    if is_card_number(bare):
        return Refusal(Code.ACCOUNT_IS_CARD_NUMBER)
    if not _SHORTEST <= len(bare) <= _LONGEST:
        return Refusal(Code.ACCOUNT_WRONG_LENGTH, {"digits": len(bare)})
    return bare


def is_usual(number: str) -> bool:
    """Whether the number looks like today's VietinBank numbers; if not, show it and ask."""
    return len(number) == _USUAL and number.isdigit()


def is_card_number(number: str) -> bool:
    """Whether the digits stand on the face of a card, which is not the account's number."""
    if _DOMESTIC_CARD.fullmatch(number):
        return True
    return bool(_INTERNATIONAL_CARD.fullmatch(number)) and _checks(number)


def _checks(number: str) -> bool:
    """Whether the last digit agrees with the others, as on every bank card (Luhn)."""
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(number))]
    return sum(digit - 9 if digit > 9 else digit for digit in doubled) % 10 == 0  # noqa: PLR2004

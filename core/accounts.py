"""Bank account numbers as people give them.

VietinBank's have 12 digits today; older and chosen ones differ, some have a letter. The bank's
own check decides; here only what cannot be an account is refused.
"""

import re
from typing import Final

from core.refusals import Code, Refusal

_PUNCTUATION: Final = re.compile(r"[\s.\-]+")
_SHORTEST: Final = 6
_LONGEST: Final = 19
_CARD: Final = re.compile(r"9704\d{12}(?:\d{3})?", re.ASCII)
_USUAL: Final = 12


def account(text: str) -> str | Refusal:
    """The account number in a text, capitals, no blanks.

    Refuses: ACCOUNT_MISSING, ACCOUNT_BAD_CHARACTER, ACCOUNT_IS_CARD_NUMBER, ACCOUNT_WRONG_LENGTH.
    """
    bare = _PUNCTUATION.sub("", text).upper()
    if not bare:
        return Refusal(Code.ACCOUNT_MISSING)
    if not (bare.isascii() and bare.isalnum()):
        return Refusal(Code.ACCOUNT_BAD_CHARACTER)
    if _CARD.fullmatch(bare):
        return Refusal(Code.ACCOUNT_IS_CARD_NUMBER)
    if not _SHORTEST <= len(bare) <= _LONGEST:
        return Refusal(Code.ACCOUNT_WRONG_LENGTH, {"digits": len(bare)})
    return bare


def is_usual(number: str) -> bool:
    """Whether the number looks like today's VietinBank numbers."""
    return len(number) == _USUAL and number.isdigit()

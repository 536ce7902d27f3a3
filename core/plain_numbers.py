"""Numbers that name something (a phone, an account, a person) as spreadsheets hand them over.

A spreadsheet turns 0912345678 into 912345678.0 and forgets the zero; beyond fifteen digits it
forgets digits too. What is lost beyond doubt is for the reader of that number to decide.
Source: IEEE 754 doubles hold whole numbers exactly up to 2**53.
"""

import re
from typing import Final

from core.vietnamese import clean

_WHOLE_FLOAT: Final = re.compile(r"(\d+)\.0", re.ASCII)
_EXACT: Final = 2**53


def plain_number(cell: object) -> str:
    """The cell as it would be typed: 912345678.0 as `912345678`; text cleaned, else as it is."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _EXACT:
        return str(int(cell))
    text = "" if cell is None else clean(str(cell)).lstrip("'")
    whole = _WHOLE_FLOAT.fullmatch(text)
    return whole[1] if whole else text


def is_numeric(cell: object) -> bool:
    """Whether the spreadsheet took the cell for a number, so that zeros in front are gone."""
    return isinstance(cell, int | float) and not isinstance(cell, bool)

"""What identifies a payment outside, and what makes a cause the same cause.

Both are pure functions of what is paid to whom, so that a simulator, an order, a result file and a
re-issue all say the same without asking the database.
"""

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum

from core.calendar import Cycle


class Kind(StrEnum):
    """Kind of payment (loại khoản chi): the letter in its transaction code."""

    MONTHLY = "M"
    ARREARS = "A"
    FUNERAL = "F"
    REISSUE = "R"


def payment_code(cycle: Cycle | str, beneficiary_code: str, kind: Kind | str, seq: int) -> str:
    """The transaction code of a payment: `2104-HT000123-M-1`.

    Raises: BadCycle.
    """
    month = cycle if isinstance(cycle, Cycle) else Cycle.parse(cycle)
    return f"{month.code}-{beneficiary_code}-{kind}-{seq}"


def numbered(keys: Iterable[str]) -> list[tuple[str, int]]:
    """Each natural key with its occurrence from 1 on, so that two equal rows stay two."""
    seen: Counter[str] = Counter()
    found = []
    for key in keys:
        seen[key] += 1
        found.append((key, seen[key]))
    return found


def source(kind: str, key: str, occurrence: int = 1) -> str:
    """The cause of an event that a list's row stands for."""
    return f"{kind}:{key}:{occurrence}"

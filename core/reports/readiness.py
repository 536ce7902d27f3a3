"""How far a commune is with papers, identity cards, accounts and cards.

The one place where a report learns of them. What nothing in the database tells yet is None, which
the report prints as "not kept yet": never as a nought.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields

from core.store.reports import Enrolled


@dataclass(frozen=True, slots=True)
class Readiness:
    """People of a commune and provider by what they have. None: nobody keeps it yet."""

    accounts: int | None = None
    papers_complete: int | None = None
    papers_missing: int | None = None
    id_cards: int | None = None
    cards: int | None = None


def readiness_of(rows: Iterable[Enrolled]) -> Readiness:
    """What the register tells: whose account or wallet number is known. The rest is not kept."""
    return Readiness(accounts=sum(one.with_account for one in rows))


def together(rows: Iterable[Readiness]) -> Readiness:
    """The sum; what is not kept in one row is not kept in the sum."""
    found = list(rows)
    sums: dict[str, int | None] = {}
    for one in fields(Readiness):
        values = [getattr(row, one.name) for row in found]
        sums[one.name] = None if None in values else sum(values)
    return Readiness(**sums)

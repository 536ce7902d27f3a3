"""How far a commune is with papers, identity cards, accounts and cards.

The one place where a report learns of them. Papers, identity cards and cards are kept where
accounts are opened through the lists of the office; where no opening was ever written down they
are None, which the report prints as "not kept yet": never as a nought.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Final

from core.ledger.opening import OPENING_MOVES, OpeningState
from core.store.reports import Enrolled, Opened

_S = OpeningState
_HAS_NUMBER: Final = frozenset(
    {_S.OPENED, _S.CARD_PRINTED, _S.CARD_AT_COMMUNE, _S.CARD_HANDED, _S.FIRST_CREDIT_OK}
)
_COMPLETE: Final = _HAS_NUMBER | {_S.ELIGIBLE, _S.SUBMITTED, _S.REJECTED}
_MISSING: Final = frozenset({_S.MISSING, _S.WAITING_ID})


@dataclass(frozen=True, slots=True)
class Readiness:
    """People of a commune and provider by what they have. None: nobody keeps it yet."""

    accounts: int | None = None
    papers_complete: int | None = None
    papers_missing: int | None = None
    id_cards: int | None = None
    cards: int | None = None


def readiness_of(
    rows: Iterable[Enrolled], openings: Iterable[Opened] = (), *, is_kept: bool = False
) -> Readiness:
    """What the register and the openings tell; without any opening (`is_kept`) only the register.

    An account counts from the day the provider opened it, also while the money still comes in cash.
    """
    found = list(openings)
    registered = sum(one.with_account for one in rows)
    if not is_kept:
        return Readiness(accounts=registered)
    fresh = _heads(one for one in found if _state(one) in _HAS_NUMBER and not one.with_account)
    return Readiness(
        accounts=registered + fresh,
        papers_complete=_heads(one for one in found if _state(one) in _COMPLETE),
        papers_missing=_heads(one for one in found if _state(one) in _MISSING),
        id_cards=_heads(one for one in found if one.id_card),
        cards=_heads(one for one in found if one.card),
    )


def _state(one: Opened) -> OpeningState:
    """Each step leads to one state, wherever it comes from."""
    return next(iter(OPENING_MOVES[one.last].values()))


def _heads(rows: Iterable[Opened]) -> int:
    return sum(one.heads for one in rows)


def together(rows: Iterable[Readiness]) -> Readiness:
    """The sum; what is not kept in one row is not kept in the sum."""
    found = list(rows)
    sums: dict[str, int | None] = {}
    for one in fields(Readiness):
        values = [getattr(row, one.name) for row in found]
        sums[one.name] = None if None in values else sum(values)
    return Readiness(**sums)

"""How much may leave now: the steady rate of a gateway and what its month still allows.

Both are counted in segments; a message without segments (a chat) counts as one for the rate and
as none for the budget. Pure; the reservation itself happens in the transaction that claims.

What does not live here: the rows (`core/store/budget.py`).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.store.budget import BudgetRow
from core.store.claims import Candidate


@dataclass(frozen=True, slots=True)
class Terms:
    """What a gateway costs and bears. Money: whole đồng a segment.

    `per_second`: segments (chats: messages) a second, None for any number. `spacing`: the least
    time between two messages to one contact.
    """

    price: int = 0
    per_second: float | None = None
    month_segments: int | None = None
    month_cost: int | None = None
    spacing: timedelta | None = None


def fitting(
    candidates: Sequence[Candidate],
    *,
    terms: Terms,
    used: BudgetRow,
    free_at: datetime | None,
    now: datetime,
) -> list[Candidate]:
    """The first of `candidates` that rate and month allow together; order is kept, none skipped."""
    turns = _turns(terms, free_at, now)
    segments, cost = used.segments_used, used.cost_used
    taken: list[Candidate] = []
    for candidate in candidates:
        turns -= max(1, candidate.segments)
        segments += candidate.segments
        cost += candidate.segments * terms.price
        if turns < 0 or _over(segments, terms.month_segments) or _over(cost, terms.month_cost):
            break
        taken.append(candidate)
    return taken


def next_free(
    taken: Sequence[Candidate], terms: Terms, free_at: datetime | None, now: datetime
) -> datetime | None:
    """When the next segment is free once `taken` have gone."""
    if terms.per_second is None or not taken:
        return free_at
    used = sum(max(1, candidate.segments) for candidate in taken)
    return max(free_at or now, now) + timedelta(seconds=used / terms.per_second)


def _turns(terms: Terms, free_at: datetime | None, now: datetime) -> float:
    """How many may leave now: up to one second's worth at once."""
    if terms.per_second is None:
        return math.inf
    ahead = max((free_at - now).total_seconds(), 0.0) if free_at else 0.0
    # A whole text must fit even where less than one a second is allowed.
    return math.floor((1.0 - ahead) * max(terms.per_second, 1.0) + 1e-9)


def _over(used: int, limit: int | None) -> bool:
    return limit is not None and used > limit

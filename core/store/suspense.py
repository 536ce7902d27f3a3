"""Money that no payment explains, line by line: what stands open, and what people want of it.

What does not live here: what may become of it (`core/ledger/suspense.py`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from core.ledger.events import EventType, Value, body_of
from core.ledger.journal import Account
from core.store.engine import Tx
from core.store.tables.ledger import OF_MONTH, event, posting

_PROPOSED: Final = "suspense:proposed:"


@dataclass(frozen=True, slots=True)
class Line:
    """One line in suspense. Money: whole đồng. `number` is the event that put it there.

    `source` names what the provider reported; `day` is when it says that it paid (aware UTC).
    """

    number: int
    cycle: str
    provider: str
    amount: int
    source: str
    day: datetime


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants of a line: the newest word on it. `by` is an actor of the ledger."""

    by: str
    body: Mapping[str, Value]
    rank: int


def open_lines(tx: Tx, tenant: str, *, cycle: str | None = None) -> list[Line]:
    """What stands in suspense, the oldest first; of one month only, where one is given."""
    out = sa.select(event.c.source).where(
        event.c.tenant == tenant, OF_MONTH, event.c.type == EventType.SUSPENSE_OUT.value
    )
    query = _lines(tenant).where(sa.literal("out:").concat(event.c.source).not_in(out))
    if cycle is not None:
        query = query.where(event.c.cycle == cycle)
    return [Line(*row) for row in tx.connection.execute(query)]


def line_of(tx: Tx, tenant: str, number: int) -> Line | None:
    """The line that this event put into suspense, open or not; None where it put none there."""
    row = tx.connection.execute(_lines(tenant).where(event.c.id == number)).first()
    return None if row is None else Line(*row)


def lines_named(tx: Tx, tenant: str, code: str) -> list[Line]:
    """The lines, open or not, in which a provider named this transaction code; the oldest first."""
    named = event.c.source.contains(f":{code}:", autoescape=True)
    return [Line(*row) for row in tx.connection.execute(_lines(tenant).where(named))]


def outcome_of(tx: Tx, source: str) -> Mapping[str, Value] | None:
    """What the event says that took this source out of suspense; None while it stands there."""
    text = tx.connection.scalar(sa.select(event.c.body).where(event.c.source == f"out:{source}"))
    return None if text is None else body_of(text)


def wishes_for(tx: Tx, tenant: str, numbers: Iterable[int]) -> dict[int, Wish]:
    """The newest wish about each of these lines, by number; lines of which nobody spoke are not
    in it.
    """
    wanted = frozenset(numbers)
    if not wanted:
        return {}
    query = (
        sa.select(event.c.source, event.c.actor, event.c.body)
        .where(
            event.c.tenant == tenant,
            OF_MONTH,
            event.c.type == EventType.SUSPENSE_PROPOSED.value,
        )
        .order_by(event.c.id)
    )
    if len(wanted) == 1:
        query = query.where(event.c.source.startswith(f"{_PROPOSED}{min(wanted)}:"))
    found: dict[int, Wish] = {}
    for row in tx.connection.execute(query):
        number = int(row.source.removeprefix(_PROPOSED).partition(":")[0])
        if number in wanted:
            rank = found[number].rank + 1 if number in found else 1
            found[number] = Wish(row.actor, body_of(row.body), rank)
    return found


def _lines(tenant: str) -> sa.Select[Any]:
    return (
        sa.select(
            event.c.id,
            event.c.cycle,
            posting.c.provider,
            posting.c.amount,
            event.c.source,
            event.c.effective_at,
        )
        .join_from(
            event,
            posting,
            sa.and_(posting.c.event_id == event.c.id, posting.c.account == Account.SUSPENSE.value),
        )
        .where(event.c.tenant == tenant, OF_MONTH, event.c.type == EventType.SUSPENSE_IN.value)
        .order_by(event.c.id)
    )

"""Notices that did not reach their chat, and what was said of the same payments elsewhere.

What does not live here: whether another channel may be tried (`notifications/second_step.py`).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from core.store.bulk import among
from core.store.engine import Tx
from core.store.people import chunked
from core.store.tables.messages import batch, message, message_payment

_PART = 1000
# As its index says it, word for word: with values in its place SQLite would not use it.
_MAY_STEP = sa.text(
    "message.channel = 'telegram' AND message.stepped_at IS NULL"
    " AND message.state IN ('queued', 'failed')"
)
_NEVER_THERE = ("failed", "suppressed", "expired", "stopped")


@dataclass(frozen=True, slots=True)
class Unreached:
    """A notice that failed, or that waits too long. Time: aware UTC.

    `payments`: (payment id, event id) pairs that it speaks of.
    """

    id: int
    state: str
    purpose: str
    person_id: int
    beneficiary_id: int
    batch_id: int | None
    created_at: datetime
    expires_at: datetime | None
    payments: tuple[tuple[int, int], ...]


def unreached(tx: Tx, *, now: datetime, before: datetime | None, limit: int) -> list[Unreached]:
    """Notices to chats that nobody has looked at yet, locked where locks exist.

    Those that failed; with `before`, also those that wait since then: written and, if of a batch,
    released before it. Never one that is held, paused, in doubt, or worthless by now.
    """
    waits: sa.ColumnElement[bool] = sa.false()
    if before is not None:
        waits = sa.and_(
            message.c.state == "queued",
            message.c.created_at <= before,
            sa.or_(message.c.batch_id.is_(None), message.c.batch_id.in_(_released_by(before))),
        )
    query = (
        sa.select(
            message.c.id,
            message.c.state,
            message.c.purpose,
            message.c.person_id,
            message.c.beneficiary_id,
            message.c.batch_id,
            message.c.created_at,
            message.c.expires_at,
        )
        .where(
            _MAY_STEP,
            sa.or_(message.c.state == "failed", waits),
            message.c.condition.is_not(None),
            message.c.person_id.is_not(None),
            message.c.beneficiary_id.is_not(None),
            sa.or_(message.c.expires_at.is_(None), message.c.expires_at > now),
            sa.or_(message.c.batch_id.is_(None), message.c.batch_id.in_(_released_by(now))),
        )
        .order_by(message.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = tx.connection.execute(query).all()
    links = _links(tx, [row.id for row in rows])
    return [Unreached(*row, tuple(links.get(row.id, ()))) for row in rows]


def note_stepped(tx: Tx, ids: Iterable[int], now: datetime) -> None:
    """From now on these were looked at, whatever came of it."""
    for part in chunked(sorted(set(ids)), _PART):
        tx.connection.execute(
            sa.update(message).where(among(tx, message.c.id, part)).values(stepped_at=now)
        )


def told_at(
    tx: Tx, contact_ids: Iterable[int], payment_ids: Collection[int]
) -> set[tuple[int, int]]:
    """(contact id, payment id) of what these addresses were told, or are about to be."""
    found: set[tuple[int, int]] = set()
    payments = list(set(payment_ids))
    for part in chunked(sorted(set(contact_ids)), _PART):
        query = (
            sa.select(message.c.contact_id, message_payment.c.payment_id)
            .join(message_payment, message_payment.c.message_id == message.c.id)
            .where(
                among(tx, message.c.contact_id, part),
                among(tx, message_payment.c.payment_id, payments),
                message.c.state.not_in(_NEVER_THERE),
            )
        )
        found |= {(contact, payment) for contact, payment in tx.connection.execute(query)}
    return found


def _released_by(instant: datetime) -> sa.Select[tuple[int]]:
    return sa.select(batch.c.id).where(batch.c.state == "released", batch.c.changed_at <= instant)


def _links(tx: Tx, ids: Collection[int]) -> dict[int, list[tuple[int, int]]]:
    found: dict[int, list[tuple[int, int]]] = {}
    query = sa.select(
        message_payment.c.message_id, message_payment.c.payment_id, message_payment.c.event_id
    ).where(among(tx, message_payment.c.message_id, list(ids)))
    for message_id, payment_id, event_id in tx.connection.execute(query):
        found.setdefault(message_id, []).append((payment_id, event_id))
    return found

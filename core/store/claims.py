"""Taking messages out of the outbox: claimed under a lease, a hundred at a time.

What does not live here: how many may be taken (`notifications/budget.py`), and when
(`notifications/dispatch.py`).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from core.store.engine import Tx
from core.store.tables.messages import batch, message


@dataclass(frozen=True, slots=True)
class Candidate:
    """A message that could be claimed."""

    id: int
    contact_id: int
    segments: int


@dataclass(frozen=True, slots=True)
class Rules:
    """What limits a claim. `quiet`: only interactive messages leave now. Time: aware UTC."""

    interactive: Collection[str]
    quiet: bool
    now: datetime
    spacing: timedelta | None = None


def claimable(
    tx: Tx, channel: str, rules: Rules, *, limit: int, ids: Sequence[int] | None = None
) -> list[Candidate]:
    """Queued messages of a channel that may leave now, those due first; locked where locks exist.

    A reply waits while an earlier reply to the same contact is on its way, or is due itself.
    """
    query = (
        sa.select(message.c.id, message.c.contact_id, message.c.segments)
        .where(
            message.c.state == "queued",
            message.c.channel == channel,
            message.c.due_at <= rules.now,
            sa.or_(message.c.expires_at.is_(None), message.c.expires_at > rules.now),
            sa.or_(message.c.batch_id.is_(None), message.c.batch_id.in_(_released())),
            sa.or_(message.c.purpose.not_in(rules.interactive), ~_earlier_reply(rules).exists()),
        )
        .order_by(message.c.due_at, message.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    if rules.quiet:
        query = query.where(message.c.purpose.in_(rules.interactive))
    if ids is not None:
        query = query.where(message.c.id.in_(ids))
    if rules.spacing is not None:
        query = query.where(~_just_now(rules.now - rules.spacing).exists())
    found = [Candidate(*row) for row in tx.connection.execute(query)]
    return _one_each(found) if rules.spacing is not None else found


def claim(
    tx: Tx,
    taken: Sequence[Candidate],
    *,
    gateway: str,
    worker: str,
    lease_until: datetime,
    month: str,
    price: int,
) -> None:
    """Put a worker's lease on messages and write down what is reserved for them."""
    tx.connection.execute(
        sa.update(message)
        .where(message.c.id.in_([candidate.id for candidate in taken]))
        .values(
            state="claimed",
            gateway=gateway,
            worker=worker,
            lease_until=lease_until,
            reserved_month=month,
            cost=message.c.segments * price,
        )
    )


def held_by(tx: Tx, ids: Sequence[int], worker: str) -> list[int]:
    """Those of `ids` that this worker still holds and whose batch still flows.

    Both are locked: a stop that has not committed yet waits until these have left, and one that
    has committed leaves nothing here.
    """
    flowing = sa.select(batch.c.id).where(
        batch.c.id.in_(sa.select(message.c.batch_id).where(message.c.id.in_(ids))),
        batch.c.state == "released",
    )
    batches = list(tx.connection.execute(flowing.with_for_update(read=True)).scalars())
    query = (
        sa.select(message.c.id)
        .where(
            message.c.id.in_(ids),
            message.c.state == "claimed",
            message.c.worker == worker,
            sa.or_(message.c.batch_id.is_(None), message.c.batch_id.in_(batches)),
        )
        .order_by(message.c.id)
        .with_for_update()
    )
    return list(tx.connection.execute(query).scalars())


def leave(tx: Tx, ids: Sequence[int], lease_until: datetime) -> None:
    """Write down that these messages are being called now; from here on they may have left."""
    tx.connection.execute(
        sa.update(message)
        .where(message.c.id.in_(ids), message.c.state == "claimed")
        .values(state="calling", attempts=message.c.attempts + 1, lease_until=lease_until)
    )


def uncount(tx: Tx, ids: Sequence[int]) -> None:
    """Take one attempt back from each message: it was not the message's fault."""
    if ids:
        tx.connection.execute(
            sa.update(message)
            .where(message.c.id.in_(ids), message.c.attempts > 0)
            .values(attempts=message.c.attempts - 1)
        )


def strays(tx: Tx, state: str, limit: int = 1000) -> list[int]:
    """Queued messages of batches that stand in `state`: they came back after it was set."""
    of_state = sa.select(batch.c.id).where(batch.c.state == state)
    query = sa.select(message.c.id).where(
        message.c.state == "queued", message.c.batch_id.in_(of_state)
    )
    return list(tx.connection.execute(query.limit(limit)).scalars())


def overdue_held(tx: Tx, now: datetime, limit: int = 1000) -> list[int]:
    """Held messages that nobody should get any more."""
    waiting = sa.select(batch.c.id).where(batch.c.state.in_(["held", "paused"]))
    query = sa.select(message.c.id).where(
        message.c.state == "held",
        message.c.batch_id.in_(waiting),
        message.c.expires_at <= now,
    )
    return list(tx.connection.execute(query.limit(limit)).scalars())


def lapsed(tx: Tx, state: str, now: datetime, limit: int = 1000) -> list[int]:
    """Messages in `state` whose lease is over."""
    query = (
        sa.select(message.c.id)
        .where(message.c.state == state, message.c.lease_until <= now)
        .order_by(message.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return list(tx.connection.execute(query).scalars())


def overdue(tx: Tx, now: datetime, limit: int = 1000) -> list[int]:
    """Queued messages that nobody should get any more."""
    query = (
        sa.select(message.c.id)
        .where(message.c.state == "queued", message.c.expires_at <= now)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return list(tx.connection.execute(query).scalars())


def in_doubt(
    tx: Tx, now: datetime, *, channel: str, interactive: Collection[str], limit: int = 100
) -> list[int]:
    """Unknown messages of a channel that are due for a look-up (or, a first reply, a repeat)."""
    query = (
        sa.select(message.c.id)
        .where(
            message.c.state == "unknown",
            message.c.channel == channel,
            message.c.due_at <= now,
            ~sa.and_(message.c.purpose.in_(interactive), message.c.attempts == 1),
        )
        .order_by(message.c.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return list(tx.connection.execute(query).scalars())


def unanswered_replies(
    tx: Tx, now: datetime, *, interactive: Collection[str], limit: int = 100
) -> list[int]:
    """Replies in doubt since the first call, whose minute of waiting is over."""
    query = (
        sa.select(message.c.id)
        .where(
            message.c.state == "unknown",
            message.c.due_at <= now,
            message.c.purpose.in_(interactive),
            message.c.attempts == 1,
        )
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return list(tx.connection.execute(query).scalars())


def _released() -> sa.Select[tuple[int]]:
    return sa.select(batch.c.id).where(batch.c.state == "released")


def _earlier_reply(rules: Rules) -> sa.Select[tuple[int]]:
    earlier = message.alias("earlier")
    waiting = sa.and_(earlier.c.state == "queued", earlier.c.due_at <= rules.now)
    return (
        sa.select(earlier.c.id)
        .where(
            earlier.c.contact_id == message.c.contact_id,
            earlier.c.id < message.c.id,
            earlier.c.state.in_(["queued", "claimed", "calling"]),
            earlier.c.purpose.in_(rules.interactive),
            sa.or_(earlier.c.state != "queued", waiting),
        )
        .correlate(message)
    )


def _just_now(since: datetime) -> sa.Select[tuple[int]]:
    recent = message.alias("recent")
    return (
        sa.select(recent.c.id)
        .where(
            recent.c.contact_id == message.c.contact_id,
            sa.or_(recent.c.sent_at > since, recent.c.state.in_(["claimed", "calling"])),
        )
        .correlate(message)
    )


def _one_each(found: Sequence[Candidate]) -> list[Candidate]:
    first: dict[int, Candidate] = {}
    for candidate in found:
        first.setdefault(candidate.contact_id, candidate)
    return list(first.values())

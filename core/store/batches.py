"""Batches: messages that one import gave birth to, held, released, paused and stopped together.

What does not live here: who may release what (`notifications/batches.py`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.store.engine import Tx
from core.store.tables.ledger import import_file
from core.store.tables.messages import batch, message
from core.store.upsert import insert_or_ignore


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One batch. `state`: held | released | paused | stopped. Time: aware UTC."""

    id: int
    cycle: str
    purpose: str
    cause: str
    state: str
    created_by: str
    released_by: str | None
    created_at: datetime
    changed_at: datetime
    signed_by: str | None


@dataclass(frozen=True, slots=True)
class Tally:
    """How many messages of a batch stand in one state on one channel, and their segments."""

    batch_id: int
    channel: str
    state: str
    messages: int
    segments: int


_COLUMNS = [batch.c[name] for name in BatchRow.__slots__]


def batch_of_cause(
    tx: Tx, *, tenant: str, cycle: str, cause: str, state: str, created_by: str, now: datetime
) -> BatchRow:
    """The batch of a cause, made in `state` if it was not there; then it keeps its own state."""
    query = sa.select(*_COLUMNS).where(batch.c.cause == cause).with_for_update(read=True)
    found = tx.connection.execute(query).first()
    if found is None:
        fresh = {
            "tenant": tenant,
            "cycle": cycle,
            "purpose": "results",
            "cause": cause,
            "state": state,
            "created_by": created_by,
            "created_at": now,
            "changed_at": now,
        }
        insert_or_ignore(tx, batch, [fresh])
        found = tx.connection.execute(query).one()
    return BatchRow(*found)


def batches_of(tx: Tx, tenant: str, cycle: str) -> tuple[BatchRow, ...]:
    """The batches of a cycle, oldest first."""
    return tuple(BatchRow(*row) for row in tx.connection.execute(_of_cycle(tenant, cycle)))


def locked_batches_of(tx: Tx, tenant: str, cycle: str) -> tuple[BatchRow, ...]:
    """The batches of a cycle, oldest first; whoever holds them acts on them alone."""
    query = _of_cycle(tenant, cycle).with_for_update()
    return tuple(BatchRow(*row) for row in tx.connection.execute(query))


def tallies(tx: Tx, tenant: str, cycle: str) -> tuple[Tally, ...]:
    """What is in the batches of a cycle."""
    query = (
        sa.select(
            message.c.batch_id,
            message.c.channel,
            message.c.state,
            sa.func.count(),
            sa.func.coalesce(sa.func.sum(message.c.segments), 0),
        )
        .join(batch, batch.c.id == message.c.batch_id)
        .where(batch.c.tenant == tenant, batch.c.cycle == cycle)
        .group_by(message.c.batch_id, message.c.channel, message.c.state)
        .order_by(message.c.batch_id, message.c.channel, message.c.state)
    )
    return tuple(
        Tally(of, channel, state, int(count), int(segments))
        for of, channel, state, count, segments in tx.connection.execute(query)
    )


def set_batch(
    tx: Tx, batch_id: int, state: str, now: datetime, *, released_by: str | None = None
) -> None:
    """Keep the state of a batch, and who released it."""
    values: dict[str, Any] = {"state": state, "changed_at": now}
    if released_by is not None:
        values["released_by"] = released_by
    tx.connection.execute(sa.update(batch).where(batch.c.id == batch_id).values(**values))


def sign_batch(tx: Tx, batch_id: int, by: str) -> None:
    """Keep who would release a batch, until a second person does."""
    tx.connection.execute(sa.update(batch).where(batch.c.id == batch_id).values(signed_by=by))


def reserved_in(tx: Tx, batch_id: int, state: str) -> list[int]:
    """Messages of a batch in a state that still hold a reservation."""
    query = sa.select(message.c.id).where(
        message.c.batch_id == batch_id,
        message.c.state == state,
        message.c.reserved_month.is_not(None),
    )
    return list(tx.connection.execute(query).scalars())


def move_batch(tx: Tx, batch_id: int, *, sources: Iterable[str], target: str, **values: Any) -> int:
    """How many messages of a batch stood in one of `sources` and now stand in `target`."""
    statement = (
        sa.update(message)
        .where(message.c.batch_id == batch_id, message.c.state.in_(sorted(sources)))
        .values(state=target, **values)
    )
    return int(tx.connection.execute(statement).rowcount)


def importer_of(tx: Tx, file_id: int) -> str | None:
    """The officer who took a file in, or None when there is no such file."""
    query = sa.select(import_file.c.staff).where(import_file.c.id == file_id)
    found: str | None = tx.connection.execute(query).scalar()
    return found


def _of_cycle(tenant: str, cycle: str) -> sa.Select[Any]:
    return (
        sa.select(*_COLUMNS)
        .where(batch.c.tenant == tenant, batch.c.cycle == cycle)
        .order_by(batch.c.id)
    )

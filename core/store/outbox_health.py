"""How the outbox is doing, for health checks and metrics."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from core.store.engine import Tx
from core.store.tables.messages import message


@dataclass(frozen=True, slots=True)
class Waiting:
    """Messages that are due and have not left, and the age of the oldest in seconds."""

    messages: int
    oldest_seconds: float


def waiting(tx: Tx, now: datetime) -> Waiting:
    """What should have left by now."""
    count, oldest = tx.connection.execute(
        sa.select(sa.func.count(), sa.func.min(message.c.due_at)).where(
            message.c.state.in_(["queued", "claimed"]), message.c.due_at <= now
        )
    ).one()
    return Waiting(count, 0.0 if oldest is None else (now - oldest).total_seconds())


def counts_by_state(tx: Tx) -> dict[str, int]:
    """How many messages stand in each state."""
    query = sa.select(message.c.state, sa.func.count()).group_by(message.c.state)
    return {row[0]: row[1] for row in tx.connection.execute(query)}

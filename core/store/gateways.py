"""What is known of each gateway: whether it sends, rests or waits for a person.

What does not live here: what follows from it (`notifications/breaker.py`).
"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from core.store.engine import Tx
from core.store.tables.messages import gateway_state
from core.store.upsert import insert_or_ignore


@dataclass(frozen=True, slots=True)
class GatewayRow:
    """One gateway. `state`: closed (sends), open (rests until), paused. Time: aware UTC."""

    gateway: str
    state: str
    failures: int
    until: datetime | None
    reason: str | None
    free_at: datetime | None
    changed_at: datetime


_COLUMNS = [gateway_state.c[name] for name in GatewayRow.__slots__]


def locked_gateway(tx: Tx, gateway: str, now: datetime) -> GatewayRow:
    """The gateway's row, made if it was not there; whoever holds it claims alone."""
    query = sa.select(*_COLUMNS).where(gateway_state.c.gateway == gateway).with_for_update()
    row = tx.connection.execute(query).first()
    if row is None:
        fresh = {"gateway": gateway, "state": "closed", "failures": 0, "changed_at": now}
        insert_or_ignore(tx, gateway_state, [fresh])
        row = tx.connection.execute(query).one()
    return GatewayRow(*row)


def gateway_row(tx: Tx, gateway: str) -> GatewayRow | None:
    """The gateway's row as it stands, without waiting for anybody; None before its first claim."""
    query = sa.select(*_COLUMNS).where(gateway_state.c.gateway == gateway)
    row = tx.connection.execute(query).first()
    return None if row is None else GatewayRow(*row)


def save_gateway(tx: Tx, row: GatewayRow, now: datetime) -> None:
    """Keep what is known of a gateway."""
    tx.connection.execute(
        sa.update(gateway_state)
        .where(gateway_state.c.gateway == row.gateway)
        .values(
            state=row.state,
            failures=row.failures,
            until=row.until,
            reason=row.reason,
            free_at=row.free_at,
            changed_at=now,
        )
    )


def gateway_rows(tx: Tx) -> tuple[GatewayRow, ...]:
    """All gateways that ever claimed, by name."""
    found = tx.connection.execute(sa.select(*_COLUMNS).order_by(gateway_state.c.gateway))
    return tuple(GatewayRow(*row) for row in found)

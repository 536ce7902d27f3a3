"""Clocks without a server: whoever inserts the row of a run is the one who runs it."""

from datetime import datetime

from core.store.engine import Tx
from core.store.tables.talk import schedule_run
from core.store.upsert import dialect_insert


def take_run(tx: Tx, name: str, *, fire_at: datetime, now: datetime) -> bool:
    """Whether the run of `name` due at `fire_at` is ours; False when somebody took it before."""
    row = {"name": name, "fire_at": fire_at, "started_at": now}
    statement = (
        dialect_insert(tx, schedule_run).on_conflict_do_nothing().returning(schedule_run.c.name)
    )
    return tx.connection.execute(statement, row).first() is not None

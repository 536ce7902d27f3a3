"""What is kept month by month on PostgreSQL: a part for each month, and one for all that is left.

A part is made when the first file of its month comes in. Until then, and where a long reader is in
the way, the part for all that is left takes its rows. SQLite keeps plain tables.
Source: docs/decisions/0143.

What does not live here: `open_month` itself, which is in the database (migration 0013).
"""

import sqlalchemy as sa

from core.store.engine import Tx
from core.store.tables import everything
from core.store.tables.base import BY_MONTH

_PARTS = sa.text(
    "SELECT whole.relname, part.relname FROM pg_inherits i"
    " JOIN pg_class whole ON whole.oid = i.inhparent JOIN pg_class part ON part.oid = i.inhrelid"
    " WHERE whole.relkind = 'p' AND pg_table_is_visible(whole.oid) ORDER BY 1, 2"
)


def open_month(tx: Tx, month: str) -> None:
    """The month (`2021-04`) has its own part from now on, if it can be had without waiting long.

    Idempotent, and safe where several processes ask at once; anything but a month is left alone.
    """
    if tx.is_postgresql:
        tx.connection.execute(sa.text("SELECT open_month(:month)"), {"month": month})


def by_month() -> tuple[str, ...]:
    """The tables that are kept month by month where the engine can, by name."""
    tables = everything.metadata.sorted_tables
    return tuple(table.name for table in tables if BY_MONTH.items() <= table.info.items())


def parts(connection: sa.Connection) -> dict[str, tuple[str, ...]]:
    """The parts of each table that has parts, by name; empty on SQLite."""
    if connection.dialect.name != "postgresql":
        return {}
    found: dict[str, tuple[str, ...]] = {}
    for whole, part in connection.execute(_PARTS):
        found[whole] = (*found.get(whole, ()), part)
    return found

"""INSERT … ON CONFLICT for both engines, in sets."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from core.store.engine import Tx

Rows = Sequence[Mapping[str, Any]]


def insert_or_ignore(tx: Tx, table: sa.Table, rows: Rows) -> None:
    """Insert the rows whose keys are new; leave those that stand already as they are."""
    if rows:
        tx.connection.execute(dialect_insert(tx, table).on_conflict_do_nothing(), list(rows))


def insert_or_update(tx: Tx, table: sa.Table, rows: Rows, *, key: Sequence[str]) -> None:
    """Insert the rows; where `key` stands already, take over every other column given."""
    if not rows:
        return
    statement = dialect_insert(tx, table)
    fresh = {name: statement.excluded[name] for name in rows[0] if name not in key}
    tx.connection.execute(
        statement.on_conflict_do_update(index_elements=list(key), set_=fresh), list(rows)
    )


def dialect_insert(tx: Tx, table: sa.Table) -> Any:
    """The INSERT of the engine underneath, which knows ON CONFLICT."""
    return postgresql.insert(table) if tx.is_postgresql else sqlite.insert(table)

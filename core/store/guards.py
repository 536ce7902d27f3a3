"""The tables to which rows are only ever added, and whether the database still refuses the rest.

The triggers are made by migrations; a table says `info=ONLY_ADDED` of itself.
"""

from typing import Final

import sqlalchemy as sa

from core.store.tables import everything
from core.store.tables.base import ONLY_ADDED

_ON_SQLITE: Final = ("update", "delete", "replace")
# A trigger that was switched off ('D'), or fires for replication only ('R'), guards nothing.
_POSTGRESQL: Final = "SELECT tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A')"
_SQLITE: Final = "SELECT name FROM sqlite_master WHERE type = 'trigger'"


def only_added() -> tuple[sa.Table, ...]:
    """Every table whose rows are never changed and never removed."""
    tables = everything.metadata.sorted_tables
    return tuple(table for table in tables if ONLY_ADDED.items() <= table.info.items())


def missing(connection: sa.Connection) -> list[str]:
    """The triggers that should guard those tables and do not, by name."""
    is_sqlite = connection.dialect.name == "sqlite"
    verbs = _ON_SQLITE if is_sqlite else ("change",)
    there = set(connection.exec_driver_sql(_SQLITE if is_sqlite else _POSTGRESQL).scalars())
    wanted = [f"{table.name}_refuses_{verb}" for table in only_added() for verb in verbs]
    return [name for name in wanted if name not in there]

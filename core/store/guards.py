"""The tables to which rows are only ever added, and whether the database still refuses the rest.

The triggers are made by migrations; a table says `info=ONLY_ADDED` of itself.
"""

from typing import Final

import sqlalchemy as sa

from core.store import months
from core.store.tables import everything
from core.store.tables.base import ONLY_ADDED

_ON_SQLITE: Final = ("update", "delete", "replace")
# A trigger that was switched off ('D'), or fires for replication only ('R'), guards nothing.
_POSTGRESQL: Final = (
    "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
    " WHERE t.tgenabled IN ('O', 'A')"
)
_SQLITE: Final = "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'"


def only_added() -> tuple[sa.Table, ...]:
    """Every table whose rows are never changed and never removed."""
    tables = everything.metadata.sorted_tables
    return tuple(table for table in tables if ONLY_ADDED.items() <= table.info.items())


def missing(connection: sa.Connection) -> list[str]:
    """The triggers that should guard those tables and each part of them, and do not.

    By name; where one is missing at a part, its name says at which.
    """
    is_sqlite = connection.dialect.name == "sqlite"
    verbs = _ON_SQLITE if is_sqlite else ("change",)
    query = _SQLITE if is_sqlite else _POSTGRESQL
    there = {(table, name) for table, name in connection.exec_driver_sql(query)}
    parts = months.parts(connection)
    wanted = [
        (place, f"{table.name}_refuses_{verb}")
        for table in only_added()
        for place in (table.name, *parts.get(table.name, ()))
        for verb in verbs
    ]
    return [
        name if name.startswith(f"{place}_refuses") else f"{name} on {place}"
        for place, name in wanted
        if (place, name) not in there
    ]

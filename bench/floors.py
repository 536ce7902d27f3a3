"""Floors: the same rows through the bare driver, as fast as each engine takes them.

SQLite: executemany in one transaction under the product's pragmas. PostgreSQL: COPY.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import psycopg
import sqlalchemy as sa
from psycopg import sql

from core.store.engine import Store
from core.store.tables.everything import metadata

Rows = Mapping[str, Sequence[tuple[Any, ...]]]

PRAGMAS: Final = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "cache_size=-65536",
    "foreign_keys=ON",
    "temp_store=MEMORY",
)


def rows_of(store: Store, tables: Sequence[str]) -> Rows:
    """Everything in these tables as the engine stores it, tables as foreign keys allow,
    rows by primary key.
    """
    queries = {
        table.name: f"SELECT * FROM {table.name} ORDER BY "
        + ", ".join(column.name for column in table.primary_key)
        for table in metadata.sorted_tables
        if table.name in tables
    }
    with store.reader.connect() as connection, connection.begin():
        return {
            name: [tuple(row) for row in connection.exec_driver_sql(query)]
            for name, query in queries.items()
        }


def write(url: str, rows: Rows) -> None:
    """Put the rows into an empty database with the same schema, durable when it returns."""
    if url.startswith("sqlite:"):
        _executemany(Path(url.removeprefix("sqlite:///")), rows)
    else:
        _copy(url, rows)


def bare_sqlite(path: Path) -> sqlite3.Connection:
    """A bare connection with the product's pragmas, which says BEGIN itself."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    return connection


def path_of(store: Store) -> Path:
    """The file of a SQLite store."""
    return Path(sa.make_url(str(store.engine.url)).database or "")


def address_of(store: Store) -> str:
    """The address of a PostgreSQL store as psycopg takes it."""
    url = store.engine.url.set(drivername="postgresql")
    return url.render_as_string(hide_password=False)


def _executemany(path: Path, rows: Rows) -> None:
    connection = bare_sqlite(path)
    connection.execute("BEGIN IMMEDIATE")
    for name, tuples in rows.items():
        if tuples:
            marks = ", ".join("?" * len(tuples[0]))
            connection.executemany(f"INSERT INTO {name} VALUES ({marks})", tuples)
    connection.execute("COMMIT")
    connection.close()


def _copy(url: str, rows: Rows) -> None:
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        for name, tuples in rows.items():
            statement = sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(name))
            with cursor.copy(statement) as copy:
                for one in tuples:
                    copy.write_row(one)

"""Many rows at once, the quick way of each engine: one statement whatever their number.

SQLite: executemany with plain tuples. PostgreSQL: one INSERT … SELECT from unnested arrays.
Measured: docs/decisions/0032.
"""

import json
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from core.store.engine import Tx

# Fewer rows than this are one statement each way.
_FEW: Final = 4


def insert_rows(tx: Tx, table: sa.Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert tuples with a value for every column of the table, in its order, as stored."""
    if rows:
        _write(tx, table, rows, "")


def upsert_rows(tx: Tx, table: sa.Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """The same; where the primary key stands already, its row takes over the values given."""
    if rows:
        _write(tx, table, rows, _takes_over(table))


def among(tx: Tx, column: sa.Column[Any], values: Iterable[Any]) -> sa.ColumnElement[bool]:
    """Whether the column is one of many values: one parameter whatever their number."""
    listed = list(values)
    if tx.is_postgresql:
        kind = sa.Text() if listed and isinstance(listed[0], str) else sa.BigInteger()
        return column == sa.any_(sa.literal(listed, postgresql.ARRAY(kind)))
    members = sa.func.json_each(json.dumps(listed)).table_valued("value")
    return column.in_(sa.select(members.c.value))


def _write(tx: Tx, table: sa.Table, rows: Sequence[tuple[Any, ...]], conflict: str) -> None:
    if not tx.is_postgresql:
        tx.connection.exec_driver_sql(_statement(table, "?") + conflict, list(rows))
    elif len(rows) < _FEW:
        tx.connection.exec_driver_sql(_statement(table, "%s") + conflict, list(rows))
    else:
        columns = tuple(list(column) for column in zip(*rows, strict=True))
        tx.connection.exec_driver_sql(_unnested(table) + conflict, columns)


@lru_cache
def _statement(table: sa.Table, mark: str) -> str:
    marks = ", ".join(mark for _ in table.columns)
    return f"INSERT INTO {table.name} ({_columns(table)}) VALUES ({marks})"


@lru_cache
def _unnested(table: sa.Table) -> str:
    arrays = ", ".join(f"%s::{_array(column)}" for column in table.columns)
    return f"INSERT INTO {table.name} ({_columns(table)}) SELECT * FROM unnest({arrays})"


@lru_cache
def _takes_over(table: sa.Table) -> str:
    key = [column.name for column in table.primary_key]
    fresh = ", ".join(f"{c.name} = excluded.{c.name}" for c in table.columns if c.name not in key)
    return f" ON CONFLICT ({', '.join(key)}) DO UPDATE SET {fresh}"


def _columns(table: sa.Table) -> str:
    return ", ".join(column.name for column in table.columns)


def _array(column: sa.Column[Any]) -> str:
    compiled: str = column.type.compile(dialect=postgresql.dialect())  # type: ignore[no-untyped-call]
    return f"{compiled.split('(', maxsplit=1)[0].lower().replace('varchar', 'text')}[]"

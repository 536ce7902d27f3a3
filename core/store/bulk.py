"""Many rows in one statement, and which of them were new.

PostgreSQL takes each column as one array: a statement of fixed length, whatever the number of
rows, which is several times faster there than a list of VALUES.

What does not live here: which rows (one query file per noun).
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from core.store.engine import Tx
from core.store.prepared import Prepared

Rows = Sequence[Mapping[str, Any]]


def insert_new(
    tx: Tx, table: sa.Table, rows: Rows, *returning: sa.Column[Any]
) -> Sequence[sa.Row[Any]]:
    """The `returning` columns of the rows that were new; rows whose key stands are left alone.

    Every row must have the same columns.
    """
    if not rows:
        return []
    names = list(rows[0])
    if len(rows) == 1:
        return _one_by_one(table, tuple(names), returning).all(tx, rows[0])
    if not tx.is_postgresql:
        statement = _plain_insert(sqlite, table, returning)
        return tx.connection.execute(statement, list(rows)).all()
    arrays = {name: [row[name] for row in rows] for name in names}
    statement = (
        postgresql.insert(table)
        .from_select(names, _unnested(table, names))
        .on_conflict_do_nothing()
        .returning(*returning)
    )
    return tx.connection.execute(statement, arrays).all()


@cache
def _one_by_one(
    table: sa.Table, names: tuple[str, ...], returning: tuple[sa.Column[Any], ...]
) -> Prepared:
    """The INSERT of a single row, as a turn writes it."""
    return Prepared(
        {
            "sqlite": _plain_insert(sqlite, table, returning),
            "postgresql": _plain_insert(postgresql, table, returning),
        },
        names,
    )


def _plain_insert(dialect: Any, table: sa.Table, returning: Sequence[sa.Column[Any]]) -> Any:
    return dialect.insert(table).on_conflict_do_nothing().returning(*returning)


def _unnested(table: sa.Table, names: Sequence[str]) -> sa.Select[Any]:
    """The rows that parallel arrays come to, one array for each column."""
    arrays = [
        sa.cast(sa.bindparam(name, type_=_array(table, name)), _array(table, name))
        for name in names
    ]
    columns = [sa.column(name, table.c[name].type) for name in names]
    given = sa.func.unnest(*arrays).table_valued(*columns, name="given").render_derived()
    return sa.select(given)


def _array(table: sa.Table, name: str) -> postgresql.ARRAY[Any]:
    return postgresql.ARRAY(table.c[name].type)


def among(tx: Tx, column: sa.ColumnElement[Any], values: Sequence[Any]) -> sa.ColumnElement[bool]:
    """Whether a column is one of `values`, in words that stay the same however many there are.

    PostgreSQL takes them as one array: a list of a thousand placeholders costs more to read there
    than the rows it finds.
    """
    if not tx.is_postgresql:
        return column.in_(values)
    array = postgresql.ARRAY(column.type)
    return column == sa.any_(sa.cast(sa.literal(list(values), array), array))

"""Many rows at once, the quick way of each engine: one statement whatever their number.

SQLite: executemany with plain tuples. PostgreSQL: COPY, or one INSERT … SELECT from unnested arrays
where a key may stand already. Measured: docs/decisions/0032 and 0107.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from core.store.engine import Tx
from core.store.prepared import as_core_does
from core.store.tables.base import Day, Instant, micros

_ESCAPED: Final = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
# Fewer rows than this are one statement each way.
_FEW: Final = 4


def insert_rows(tx: Tx, table: sa.Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert tuples with a value for every column of the table, in its order, as stored."""
    if rows:
        _write(tx, table, _all_names(table), rows, "")


def upsert_rows(tx: Tx, table: sa.Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """The same; where the primary key stands already, its row takes over the values given."""
    if rows:
        _write(tx, table, _all_names(table), rows, _takes_over(table))


def insert_named(tx: Tx, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows given by column, all with the same columns; the others keep their defaults."""
    if rows:
        _write(tx, table, tuple(rows[0]), _as_stored(table, rows), "")


def insert_named_or_ignore(tx: Tx, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """The same, leaving rows whose keys stand already as they are."""
    if rows:
        _write(tx, table, tuple(rows[0]), _as_stored(table, rows), " ON CONFLICT DO NOTHING")


def update_named(tx: Tx, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Give rows that stand, found by `id`, the other values; all with the same columns."""
    if not rows:
        return
    names = tuple(rows[0])
    kept = [name for name in names if name != "id"]
    values = _as_stored(table, rows)
    if tx.is_postgresql:
        arrays = ", ".join(f"%s::{_array(table.c[name])}" for name in names)
        words = (
            f"UPDATE {table.name} SET {', '.join(f'{name} = given.{name}' for name in kept)} "
            f"FROM unnest({arrays}) AS given ({', '.join(names)}) WHERE {table.name}.id = given.id"
        )
        tx.connection.exec_driver_sql(words, _arrays(values))
        return
    words = f"UPDATE {table.name} SET {', '.join(f'{name} = ?' for name in kept)} WHERE id = ?"
    order = [names.index(name) for name in (*kept, "id")]
    tx.connection.exec_driver_sql(words, [tuple(row[at] for at in order) for row in values])


def fresh_ids(tx: Tx, table: sa.Table, count: int) -> Sequence[int]:
    """So many ids that nobody has, rising."""
    if not tx.is_postgresql:
        last = tx.connection.exec_driver_sql(f"SELECT coalesce(max(id), 0) FROM {table.name}")
        first = last.scalar_one() + 1
        return range(first, first + count)
    numbers = tx.connection.exec_driver_sql(
        f"SELECT nextval(pg_get_serial_sequence('{table.name}', 'id')) FROM generate_series(1, %s)",
        (count,),
    )
    return [int(number) for number in numbers.scalars()]


def among(tx: Tx, column: sa.Column[Any], values: Iterable[Any]) -> sa.ColumnElement[bool]:
    """Whether the column is one of many values: one parameter whatever their number."""
    listed = list(values)
    if tx.is_postgresql:
        kind = sa.Text() if isinstance(column.type, sa.String) else sa.BigInteger()
        return column == sa.any_(sa.literal(listed, postgresql.ARRAY(kind)))
    members = sa.func.json_each(json.dumps(listed)).table_valued("value")
    return column.in_(sa.select(members.c.value))


def among_given(column: sa.Column[Any], name: str) -> dict[str, sa.ColumnElement[bool]]:
    """Whether the column is one of the numbers given under a name as `numbers`, by dialect.

    For statements that are kept (`core/store/prepared.py`).
    """
    array = sa.bindparam(name, type_=postgresql.ARRAY(sa.BigInteger()))
    members = sa.func.json_each(sa.bindparam(name, type_=sa.Text())).table_valued("value")
    return {
        "postgresql": column == sa.any_(array),
        "sqlite": column.in_(sa.select(members.c.value)),
    }


def numbers(tx: Tx, values: Iterable[int]) -> list[int] | str:
    """Numbers as `among_given` takes them."""
    listed = list(values)
    return listed if tx.is_postgresql else json.dumps(listed)


def _as_stored(table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> list[tuple[Any, ...]]:
    """The rows as tuples of what the engines hold: instants, days and words as numbers and text."""
    columns = (
        _column_as_stored(table.c[name].type, [row[name] for row in rows]) for name in rows[0]
    )
    return list(zip(*columns, strict=True))


def _column_as_stored(kind: sa.types.TypeEngine[Any], values: list[Any]) -> list[Any]:
    if isinstance(kind, Instant):
        known = {value: None if value is None else micros(value) for value in set(values)}
        return [known[value] for value in values]
    if isinstance(kind, Day):
        return [None if value is None else value.isoformat() for value in values]
    if isinstance(kind, sa.String):
        return [None if value is None else str(value) for value in values]
    return values


def _write(
    tx: Tx, table: sa.Table, names: tuple[str, ...], rows: Sequence[tuple[Any, ...]], conflict: str
) -> None:
    if not tx.is_postgresql:
        tx.connection.exec_driver_sql(_statement(table, names, "?") + conflict, list(rows))
    elif len(rows) < _FEW:
        tx.connection.exec_driver_sql(_statement(table, names, "%s") + conflict, list(rows))
    elif conflict:
        tx.connection.exec_driver_sql(_unnested(table, names) + conflict, _arrays(rows))
    else:
        _copy(tx, table, names, rows)


def _arrays(rows: Sequence[tuple[Any, ...]]) -> tuple[str, ...]:
    """Each column of the rows as PostgreSQL writes an array."""
    return tuple(
        "{" + ",".join(_texts(column, _element_text)) + "}" for column in zip(*rows, strict=True)
    )


def _copy(tx: Tx, table: sa.Table, names: tuple[str, ...], rows: Sequence[tuple[Any, ...]]) -> None:
    """The quickest way in that PostgreSQL has: it also writes the rows of a page together."""
    columns = [_texts(column, _field_text) for column in zip(*rows, strict=True)]
    text = "\n".join(map("\t".join, zip(*columns, strict=True))) + "\n"
    words = f"COPY {table.name} ({', '.join(names)}) FROM STDIN"
    driver: Any = tx.connection.connection.driver_connection
    with as_core_does(tx.connection, words), driver.cursor() as cursor, cursor.copy(words) as copy:
        copy.write(text)


def _texts(values: Sequence[Any], text_of: Callable[[Any], str]) -> Iterable[str]:
    """Each value as PostgreSQL reads it; in most columns few values stand in every row."""
    distinct = set(values)
    if len(distinct) * 4 > len(values):
        return map(text_of, values)
    known = {value: text_of(value) for value in distinct}
    return [known[value] for value in values]


def _element_text(value: Any) -> str:
    """A value inside an array."""
    if value is None:
        return "NULL"
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    if isinstance(value, bytes):
        return f'"\\\\x{value.hex()}"'
    return str(value)


def _field_text(value: Any) -> str:
    """A value in a line of COPY."""
    if isinstance(value, str):
        return value.translate(_ESCAPED)
    if isinstance(value, bytes):
        return f"\\\\x{value.hex()}"
    return "\\N" if value is None else str(value)


@lru_cache
def _all_names(table: sa.Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.columns)


@lru_cache
def _statement(table: sa.Table, names: tuple[str, ...], mark: str) -> str:
    marks = ", ".join(mark for _ in names)
    return f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({marks})"


@lru_cache
def _unnested(table: sa.Table, names: tuple[str, ...]) -> str:
    arrays = ", ".join(f"%s::{_array(table.c[name])}" for name in names)
    return f"INSERT INTO {table.name} ({', '.join(names)}) SELECT * FROM unnest({arrays})"


@lru_cache
def _takes_over(table: sa.Table) -> str:
    key = [column.name for column in table.primary_key]
    fresh = ", ".join(f"{c.name} = excluded.{c.name}" for c in table.columns if c.name not in key)
    return f" ON CONFLICT ({', '.join(key)}) DO UPDATE SET {fresh}"


def _array(column: sa.Column[Any]) -> str:
    compiled: str = column.type.compile(dialect=postgresql.dialect())  # type: ignore[no-untyped-call]
    return f"{compiled.split('(', maxsplit=1)[0].lower().replace('varchar', 'text')}[]"

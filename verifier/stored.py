"""Section 1 of the format: what is read, from a SQLite file, PostgreSQL or a folder with a dump."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

Row = tuple[Any, ...]
Reader = Callable[[str], Iterator[Row]]

# Section 1: the columns as they are read here; in what order, and which rows.
COLUMNS: Final = {
    "event": (
        "id tenant cycle payment_id beneficiary_id type effective_at recorded_at actor source body"
        " hash"
    ),
    "posting": "event_id line account amount cycle provider commune payment_id tenant",
    "chain_block": "id first_event last_event events previous_hash hash",
    "payment": (
        "id tenant cycle code beneficiary_id kind seq commune amount monthly arrears parent_id"
        " listed_at"
    ),
    "payment_status": (
        "payment_id tenant cycle beneficiary_id money receipt held_from method provider"
        " method_version_id pay_point reason effective_on reported_at changed_at last_event_id"
        " version carried_event_id"
    ),
    "cycle": "tenant code state changed_at last_event_id",
    "provider_cycle": (
        "tenant cycle provider approved_heads approved_amount funded_amount funded_at"
        " instructed_at order_sha256 carried_amount"
    ),
    "installation": "name value",
}
WHICH: Final = {
    **dict.fromkeys(("event", "chain_block", "payment"), "ORDER BY id"),
    "posting": "ORDER BY event_id, line",
    "payment_status": "ORDER BY payment_id",
    "installation": "WHERE name = 'chain_head'",
}


def query(table: str) -> str:
    """What is asked of a database."""
    return f"SELECT {COLUMNS[table].replace(' ', ', ')} FROM {table} {WHICH.get(table, '')}"


def sqlite_reader(connection: sqlite3.Connection) -> Reader:
    """Rows of a SQLite file. What is not UTF-8 stays as it is, and fits no fingerprint."""
    connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
    connection.execute("BEGIN")
    return lambda table: connection.execute(query(table))


def dump_reader(folder: Path) -> Reader:
    """Rows of a folder with one JSON object on each line of TABLE.jsonl."""

    def read(table: str) -> Iterator[Row]:
        names = COLUMNS[table].split()
        with (folder / f"{table}.jsonl").open(encoding="utf-8") as lines:
            for line in filter(str.strip, lines):
                row = json.loads(line)
                yield tuple(row[name] for name in names)

    return read


def postgresql_reader(connection: Any) -> Reader:
    """Rows of a PostgreSQL database, in the snapshot of `connection`."""
    connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")

    def read(table: str) -> Iterator[Row]:
        with connection.cursor(name=f"read_{table}") as cursor:
            cursor.itersize = 5_000
            yield from cursor.execute(query(table))

    return read

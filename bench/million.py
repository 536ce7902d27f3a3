"""A million payments from CSV on PostgreSQL, month after month.

The first month brings people whom nobody knew, the others the same people. Floor: the very rows of
a month through COPY into an empty database. Peer: reading the file. `python -m bench million`.
"""

import csv
import io
import time
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any, Final

import psycopg

from bench import floors, imports, lists
from bench.ground import PROGRAMME, Figure, Ground, middle, rounded, seconds
from core.calendar import Cycle
from core.exchange import payroll
from core.exchange.layouts import load_layout
from core.exchange.sheets import read_sheet
from core.store.engine import Store

PEOPLE: Final = 1_000_000
MONTHS: Final = ("2021-03", "2021-04", "2021-05", "2021-06")
ENGINE: Final = "postgresql"
_A_SECOND: Final = 25_000
_OF_MONTH: Final = {
    "event": "SELECT * FROM event WHERE cycle = '{}' AND payment_id IS NOT NULL",
    "payment": "SELECT * FROM payment WHERE cycle = '{}'",
    "payment_status": "SELECT * FROM payment_status WHERE cycle = '{}'",
    "import_row": (
        "SELECT r.* FROM import_row r JOIN import_file f ON f.id = r.file_id WHERE f.cycle = '{}'"
    ),
}


def run(ground: Ground) -> list[Figure]:
    """Payments a second until everything is committed."""
    if ENGINE not in ground.engines:
        return []
    people = ground.size(PEOPLE)
    with ground.store(ENGINE) as store:
        files = {month: _file(ground, month, people) for month in MONTHS}
        read = seconds(lambda: read_sheet(files[MONTHS[1]]))
        times = {month: _taken(ground, store, month, files[month]) for month in MONTHS}
        again = _taken(ground, store, MONTHS[1], files[MONTHS[1]])
        floor = _floor(ground, store, MONTHS[1])
        known = middle([times[month] for month in MONTHS[1:]])
        return [
            _speed(f"list from CSV, {people:,} new people", people, times[MONTHS[0]], floor, read),
            _speed(f"list from CSV, {people:,} known people", people, known, floor, read),
            Figure(
                f"the same list of {people:,} again",
                ENGINE,
                rounded(again),
                "s",
                rounded(known / 5),
                peer=rounded(read),
                beside="peer: reading the file",
            ),
        ]


def _speed(name: str, people: int, took: float, floor: float, read: float) -> Figure:
    return Figure(
        name,
        ENGINE,
        rounded(people / took),
        "payments/s",
        _A_SECOND,
        rounded(people / floor),
        rounded(people / read),
        rounded(took / floor),
        beside="floor: the same rows through COPY; peer: reading the file",
        more_is_better=True,
    )


def _file(ground: Ground, month: str, people: int) -> Path:
    path = ground.folder / f"payroll-{month}.csv"
    columns = load_layout(PROGRAMME, "payroll").columns
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["Kỳ chi trả", f"{Cycle.parse(month).month:02}/{month[:4]}"])
        out.writerow([column.title for column in columns])
        total = 0
        for line in lists.people(ground.programme, people):
            out.writerow([line.get(column.field, "") for column in columns])
            total += int(line["total"])
        out.writerows([["Tổng số dòng", people], ["Tổng số tiền", total]])
    return path


def _taken(ground: Ground, store: Store, month: str, path: Path) -> float:
    at = imports.desk(ground, store, "payroll", month)
    return seconds(lambda: imports.taken(path, payroll.KIND, at))


def _floor(ground: Ground, store: Store, month: str) -> float:
    """Seconds of COPY alone for what a month wrote, into an empty database of the same schema."""
    copies = {
        table: _copied_out(store, query.format(month), ground.folder / f"{table}.copy")
        for table, query in _OF_MONTH.items()
    }
    with ground.store(ENGINE) as empty, closing(_bare(empty)) as connection:
        connection.execute("SET session_replication_role = replica")
        started = time.perf_counter()
        for table, path in copies.items():
            with path.open("rb") as file, connection.cursor() as cursor:
                _copied_in(cursor, table, file)
        connection.commit()
        return time.perf_counter() - started


def _copied_out(store: Store, query: str, path: Path) -> Path:
    with (
        closing(_bare(store)) as connection,
        connection.cursor().copy(f"COPY ({query}) TO STDOUT") as copy,
        path.open("wb") as file,
    ):
        file.writelines(copy)
    return path


def _copied_in(cursor: psycopg.Cursor[Any], table: str, file: io.BufferedReader) -> None:
    with cursor.copy(f"COPY {table} FROM STDIN") as copy:
        for block in _blocks(file):
            copy.write(block)


def _blocks(file: io.BufferedReader) -> Iterator[bytes]:
    return iter(partial(file.read, 1 << 20), b"")


def _bare(store: Store) -> psycopg.Connection[Any]:
    return psycopg.connect(floors.address_of(store))

"""Locks that one process holds for as long as it lives: an import, the server.

PostgreSQL: an advisory lock on a connection of its own. SQLite: a lock on a file beside the
database. Both are let go by the machine when the process dies, so nobody waits for a time-out.
"""

import fcntl
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from core.store.engine import Store


@contextmanager
def held(store: Store, name: str) -> Iterator[bool]:
    """Whether this process now holds the lock `name`; let go at the end of the block.

    Never waits: False at once when somebody else holds it.
    """
    holding = _held_postgresql if store.dialect == "postgresql" else _held_sqlite
    with holding(store, name) as got:
        yield got


@contextmanager
def _held_postgresql(store: Store, name: str) -> Iterator[bool]:
    key = zlib.crc32(f"chitra:{name}".encode())
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        got = bool(connection.scalar(sa.select(sa.func.pg_try_advisory_lock(key))))
        try:
            yield got
        finally:
            if got:
                connection.scalar(sa.select(sa.func.pg_advisory_unlock(key)))


@contextmanager
def _held_sqlite(store: Store, name: str) -> Iterator[bool]:
    with held_beside(Path(store.engine.url.database or ""), name) as got:
        yield got


def lock_file(database: Path, name: str) -> Path:
    """The file beside an SQLite database whose lock is `name`.

    Taking it away lets a second process hold the same lock.
    """
    return database.with_name(f"{database.name}.{name}.lock")


@contextmanager
def held_beside(database: Path, name: str) -> Iterator[bool]:
    """`held` for an SQLite database that need not exist yet; its folder does."""
    with lock_file(database, name).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
            return
        yield True

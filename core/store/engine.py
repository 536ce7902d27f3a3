"""Opening the database, and the one way to run a transaction in it.

SQLite: WAL, FULL, BEGIN IMMEDIATE, one writer thread per process; transactions that wait
together share one COMMIT, undone alone if it fails. PostgreSQL: a pool of eight, and few threads.
Both: a transaction that meets a lock or a serialisation failure is run again.
Source: measured in docs/decisions (writer thread, group commit, pool size).

What does not live here: any statement about our tables (one query file per noun beside this).
"""

import contextlib
import os
import secrets
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.pool import QueuePool

from core.faults import Fault
from core.private_files import made
from core.store.commit_points import CommitPoint
from core.store.sealing import Keyring, Sealer
from core.store.writer import Failed, Job, Writer

T = TypeVar("T")

POOL: Final = 8
# PostgreSQL: threads that run what was submitted. More of them than this only wait for each other,
# since one interpreter runs one of them at a time (docs/decisions/0106).
THREADS: Final = min(POOL, (os.cpu_count() or 2) + 1)
_TRIES: Final = 8
# Seconds after which an idle connection is asked whether it still lives.
_IDLE: Final = 5.0
_RETRYABLE_SQLSTATES: Final = frozenset({"40001", "40P01", "55P03"})


class UnknownDatabase(Fault):
    """CHITRA_DATABASE_URL must begin with sqlite:/// or postgresql://."""


class GaveUp(Fault):
    """The database stayed locked through every attempt to commit."""


@dataclass(frozen=True, slots=True)
class Tx:
    """One running transaction: opaque outside `core.store`, whose query functions take it."""

    connection: sa.Connection
    sealer: Sealer
    dialect: str

    @property
    def is_postgresql(self) -> bool:
        """Whether the engine underneath is PostgreSQL."""
        return self.dialect == "postgresql"


CommitWatcher = Callable[[CommitPoint, str], None]


def nobody_watches(point: CommitPoint, moment: str) -> None:
    """The commit watcher of production: it does nothing. Crash tests put their own in its place."""
    del point, moment


@dataclass(slots=True)
class Store:
    """An open database."""

    engine: sa.Engine
    reader: sa.Engine
    sealer: Sealer
    watch: CommitWatcher = nobody_watches
    _writer: Writer | None = field(default=None, repr=False)
    _threads: ThreadPoolExecutor | None = field(default=None, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.engine.dialect.name

    def transact(self, work: Callable[[Tx], T], point: CommitPoint) -> T:
        """What `work` returns, once it is durable; run again on lock or serialisation failure.

        `work` must touch nothing but its transaction, since it may run more than once.
        Raises: GaveUp, and whatever `work` raises (then nothing was written).
        """
        if self.dialect == "sqlite":
            return self.submit(work, point).result()
        return self._retrying(work, point)

    def submit(self, work: Callable[[Tx], T], point: CommitPoint) -> "Future[T]":
        """A future of `transact`: done only when the COMMIT has returned."""
        if self.dialect == "sqlite":
            return self._the_writer().put(Job(work, point))
        return self._the_threads().submit(self._retrying, work, point)

    def read(self, work: Callable[[Tx], T]) -> T:
        """What `work` reads in one snapshot; it cannot write."""
        with self.reader.connect() as connection, connection.begin():
            return work(Tx(connection, self.sealer, self.dialect))

    def answers(self) -> bool:
        """Whether the database can be reached now."""
        try:
            self.read(lambda tx: tx.connection.scalar(sa.select(1)))
        except DBAPIError:
            return False
        return True

    def close(self) -> None:
        """Finish what waits, then let go of threads and connections."""
        if self._writer is not None:
            self._writer.stop()
        if self._threads is not None:
            self._threads.shutdown(wait=True)
        self.engine.dispose()
        self.reader.dispose()

    def _the_writer(self) -> Writer:
        with self._lock:
            if self._writer is None:
                self._writer = Writer(self._run_group)
            return self._writer

    def _the_threads(self) -> ThreadPoolExecutor:
        with self._lock:
            if self._threads is None:
                self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="store")
            return self._threads

    def _retrying(self, work: Callable[[Tx], T], point: CommitPoint) -> T:
        for attempt in range(_TRIES):
            try:
                return self._once(work, point)
            except _ConnectionLost as lost:
                if attempt == _TRIES - 1:
                    raise lost.error from None
            except DBAPIError as error:
                if not _is_retryable(error):
                    raise
            _pause(attempt)
        raise GaveUp

    def _once(self, work: Callable[[Tx], T], point: CommitPoint) -> T:
        with self.engine.connect() as connection:
            with connection.begin():
                try:
                    result = work(Tx(connection, self.sealer, self.dialect))
                except DBAPIError as error:
                    if error.connection_invalidated:
                        raise _ConnectionLost(error) from None
                    raise
                self.watch(point, "before")
            self.watch(point, "after")
        return result

    def _run_group(self, jobs: list[Job[Any]]) -> None:
        """One COMMIT for all of `jobs`; one that fails harms no other."""
        for attempt in range(_TRIES):
            try:
                done = self._group_once(jobs)
            except DBAPIError as error:
                if _is_retryable(error) and attempt < _TRIES - 1:
                    continue
                for job in jobs:
                    job.fail(error)
                return
            for job, outcome in done:
                job.settle(outcome)
            return

    def _group_once(self, jobs: list[Job[Any]]) -> list[tuple[Job[Any], Any]]:
        """First without savepoints: SQLite pays for each statement under one (decision 0105)."""
        try:
            return self._committed(jobs, _outcome)
        except _JobFailed as failed:
            if len(jobs) == 1:
                return [(jobs[0], Failed(failed.error))]
        return self._committed(jobs, _in_savepoint)

    def _committed(
        self, jobs: list[Job[Any]], run: Callable[[Job[Any], Tx], Any]
    ) -> list[tuple[Job[Any], Any]]:
        with self.engine.connect() as connection:
            with connection.begin():
                tx = Tx(connection, self.sealer, self.dialect)
                done = [(job, run(job, tx)) for job in jobs]
                for job in jobs:
                    self.watch(job.point, "before")
            for job in jobs:
                self.watch(job.point, "after")
        return done


class _ConnectionLost(Exception):
    """The server went away before COMMIT was asked for: nothing was written."""

    def __init__(self, error: DBAPIError) -> None:
        super().__init__()
        self.error = error


class _JobFailed(Exception):
    """A job of a group raised: nothing of the group was written."""

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self.error = error


def open_store(url: str, keys: Keyring, *, watch: CommitWatcher = nobody_watches) -> Store:
    """The store at a SQLAlchemy-like URL (`sqlite:///relative`, `sqlite:////absolute`, PostgreSQL).

    Opening creates no table: that is `db upgrade`.
    Raises: UnknownDatabase.
    """
    if url.startswith("sqlite:"):
        _make_private(url)
        engine, reader = _sqlite(url, "BEGIN IMMEDIATE"), _sqlite(url, "BEGIN")
    elif url.startswith(("postgresql:", "postgres:")):
        engine = _postgresql(url)
        reader = engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
    else:
        raise UnknownDatabase
    return Store(engine, reader, Sealer(keys), watch)


def _outcome(job: Job[Any], tx: Tx) -> Any:
    try:
        return job.work(tx)
    except BaseException as error:
        if isinstance(error, DBAPIError) and _is_retryable(error):
            raise
        raise _JobFailed(error) from None


def _in_savepoint(job: Job[Any], tx: Tx) -> Any:
    tx.connection.exec_driver_sql("SAVEPOINT job")
    try:
        outcome = _outcome(job, tx)
    except _JobFailed as failed:
        tx.connection.exec_driver_sql("ROLLBACK TO job")
        outcome = Failed(failed.error)
    tx.connection.exec_driver_sql("RELEASE job")
    return outcome


def _make_private(url: str) -> None:
    """The file is made before SQLite makes it, which would let everybody read it.

    Where it cannot be made, SQLite says so when it is opened.
    """
    database = sa.make_url(url).database
    if database and database != ":memory:":
        with contextlib.suppress(OSError):
            made(Path(database))


def _sqlite(url: str, begin: str) -> sa.Engine:
    engine = sa.create_engine(
        url,
        poolclass=QueuePool,
        pool_size=POOL,
        # An error would otherwise print what was to be written: sealed bytes, keys, codes.
        hide_parameters=True,
        connect_args={"isolation_level": None, "check_same_thread": False, "timeout": 30},
    )

    @sa.event.listens_for(engine, "connect")
    def _set_up(connection: Any, record: Any) -> None:
        del record
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "busy_timeout=30000",
            "cache_size=-65536",
            "foreign_keys=ON",
            "temp_store=MEMORY",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _postgresql(url: str) -> sa.Engine:
    parsed = sa.make_url(url).set(drivername="postgresql+psycopg")
    engine = sa.create_engine(parsed, pool_size=POOL, max_overflow=POOL, hide_parameters=True)

    @sa.event.listens_for(engine, "checkin")
    def _note(connection: Any, record: Any) -> None:
        del connection
        record.info["used_at"] = time.monotonic()

    @sa.event.listens_for(engine, "checkout")
    def _ask(connection: Any, record: Any, fairy: Any) -> None:
        """Only one that lay idle is asked whether it lives: the question is a way there and back.

        One that died in the meantime is met by running the work again (`_retrying`).
        """
        del fairy
        if time.monotonic() - record.info.get("used_at", time.monotonic()) > _IDLE:
            try:
                engine.dialect.do_ping(connection)
            except engine.dialect.loaded_dbapi.Error as error:
                raise DisconnectionError from error

    return engine


def _pause(attempt: int) -> None:
    """Wait a little longer after each try, and not in step with whoever else waits."""
    milliseconds = secrets.randbelow(10 * 2**attempt) + 1
    threading.Event().wait(milliseconds / 1000)


def _is_retryable(error: DBAPIError) -> bool:
    state = getattr(error.orig, "sqlstate", None)
    return state in _RETRYABLE_SQLSTATES or "database is locked" in str(error.orig)

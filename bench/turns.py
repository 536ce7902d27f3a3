"""Durable turns a second, 32 in flight: 70 % menu answers, 30 % free text, every reply written.

Floor: the SQL of such turns alone: their very statements, recorded, sent again through the same
store (its pool, its writer thread, its groups of commits), 32 in flight, with nothing of the
product between them. Peer: the same through the bare driver, one after another, a commit a turn.
`python -m bench turns`.
"""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import psycopg
import sqlalchemy as sa

from bench import district, floors
from bench.ground import Figure, Ground, at_share, middle, rounded, seconds
from bot.commands import talk_of
from bot.turn import Inbound, TurnResult, take
from bot.turn_talk import Talk
from bot.warmth import warm_up
from core.clock import Clock
from core.ledger.record import Ledger
from core.store.commit_points import CommitPoint
from core.store.engine import Store, Tx
from core.store.inbound import Standing

TURNS: Final = 6_000
PEOPLE: Final = 2_000
IN_FLIGHT: Final = 32
WARM: Final = 40
# What one person writes, in order: three of ten are free text.
TALK: Final = (
    *("tien thang ni ve chua o", "1", "1", "bao gio co tien", "1", "2"),
    *("con muon gap can bo", "1", "0", "1"),
)
_LIMIT: Final = 60.0

Statement = tuple[str, Any]


@dataclass(frozen=True, slots=True)
class Process:
    """The parts of a process that a turn needs."""

    store: Store
    clock: Clock
    talk: Talk


def run(ground: Ground) -> list[Figure]:
    """Turns a second, and the milliseconds that 99 % stay under."""
    return [figure for engine in ground.engines for figure in _measured(ground, engine)]


def _measured(ground: Ground, engine: str) -> list[Figure]:
    people, count = ground.size(PEOPLE), ground.size(TURNS)
    runs = [_once(ground, engine, people, count) for _ in range(ground.runs)]
    rate, least = middle([one.rate for one in runs]), middle([one.floor for one in runs])
    name = f"{count:,} turns, {people:,} people, {IN_FLIGHT} in flight"
    beside = "floor: the same SQL through Core, 32 in flight; peer: bare driver, one by one"
    slow = middle([one.p99 for one in runs])
    return [
        Figure(
            f"turns: {name}",
            engine,
            rate,
            "turns/s",
            rounded(least / 2),
            least,
            middle([one.bare for one in runs]),
            ratio=rounded(least / rate),
            beside=beside,
            more_is_better=True,
        ),
        Figure(f"turns: p99, {IN_FLIGHT} in flight", engine, slow, "ms", 40.0),
    ]


@dataclass(frozen=True, slots=True)
class Run:
    """Turns a second through the product, as SQL alone, and by the bare driver; p99 in ms."""

    rate: float
    floor: float
    bare: float
    p99: float


def _once(ground: Ground, engine: str, people: int, count: int) -> Run:
    messages = _messages(people, count)
    with ground.store(engine) as store:
        district.listed(ground, store, people)
        district.instructed(store)
        with ground.copy_of(store) as twin:
            process = _process(ground, twin)
            recorded = _recorded(twin, lambda: _in_turn(process, messages[: count // 4]))
        with ground.copy_of(store) as twin:
            again = seconds(partial(_replayed, twin, recorded))
        with ground.copy_of(store) as twin:
            alone = seconds(partial(_sent_again, twin, _by_turn(recorded)))
        process = _process(ground, store)
        # A server has read its tables and compiled its statements before the first message.
        warm_up()
        _in_turn(process, [(phone, f"warm-{key}", text) for phone, key, text in messages[:WARM]])
        times: list[float] = []
        took = seconds(lambda: _all_at_once(process, messages, times))
    part = count // 4
    return Run(count / took, part / alone, part / again, at_share(times, 0.99))


def _process(ground: Ground, store: Store) -> Process:
    clock = ground.clock()
    ledger = Ledger(ground.programme.tenant, (), clock)
    return Process(store, clock, talk_of(ground.programme, ledger))


def _messages(people: int, count: int) -> list[tuple[str, str, str]]:
    """(phone, key, text): person after person, so that hardly two turns are one person's."""
    found = []
    for number in range(count):
        person, step = number % people, number // people
        text = TALK[(step + person) % len(TALK)]
        found.append((f"09{12_000_000 + person:08}", f"m{number}", text))
    return found


def _begin(process: Process, message: tuple[str, str, str]) -> "Future[TurnResult]":
    phone, key, text = message
    return take(process, Inbound("sms", phone, key, text, process.clock.now()))


def _checked(result: TurnResult) -> None:
    assert result.message_ids or result.standing is Standing.UNANSWERED, result


def _in_turn(process: Process, messages: Sequence[tuple[str, str, str]]) -> None:
    for one in messages:
        _checked(_begin(process, one).result(_LIMIT))


def _all_at_once(
    process: Process, messages: Sequence[tuple[str, str, str]], times: list[float]
) -> None:
    free = threading.Semaphore(IN_FLIGHT)
    begun: list[Future[TurnResult]] = []

    def ended(started: float, _: "Future[TurnResult]") -> None:
        times.append((time.perf_counter() - started) * 1000)
        free.release()

    for one in messages:
        free.acquire()
        started = time.perf_counter()
        future = _begin(process, one)
        future.add_done_callback(partial(ended, started))
        begun.append(future)
    for one_begun in begun:
        _checked(one_begun.result(_LIMIT))


def _recorded(store: Store, work: Callable[[], None]) -> list[Statement]:
    """Every statement of the writing connections, and COMMIT where one was."""
    found: list[Statement] = []

    def statement(*given: Any) -> None:
        found.append((given[2], given[3]))

    def commit(_: sa.Connection) -> None:
        found.append(("COMMIT", ()))

    heard = store.engine
    with (
        _listening(heard, "before_cursor_execute", statement),
        _listening(heard, "commit", commit),
    ):
        work()
    return found


@contextmanager
def _listening(engine: sa.Engine, name: str, hear: Callable[..., None]) -> Iterator[None]:
    sa.event.listen(engine, name, hear)
    try:
        yield
    finally:
        sa.event.remove(engine, name, hear)


def _by_turn(recorded: Sequence[Statement]) -> list[list[Statement]]:
    """The statements of each transaction, without what begins, marks and ends it."""
    turns: list[list[Statement]] = [[]]
    for text, parameters in recorded:
        if text == "COMMIT":
            turns.append([])
        elif not text.startswith(("SAVEPOINT", "RELEASE", "BEGIN")):
            turns[-1].append((text, parameters))
    return [turn for turn in turns if turn]


def _sent_again(store: Store, turns: Sequence[Sequence[Statement]]) -> None:
    """Every turn's statements in a transaction of its own, 32 in flight."""
    free = threading.Semaphore(IN_FLIGHT)

    def work(turn: Sequence[Statement], tx: Tx) -> None:
        for text, parameters in turn:
            found = tx.connection.exec_driver_sql(text, parameters)
            if found.returns_rows:
                found.all()

    begun = []
    for turn in turns:
        free.acquire()
        future = store.submit(partial(work, turn), CommitPoint.TURN)
        future.add_done_callback(lambda _: free.release())
        begun.append(future)
    for one in begun:
        one.result(_LIMIT)


def _replayed(store: Store, recorded: Sequence[Statement]) -> None:
    connection: sqlite3.Connection | psycopg.Connection[Any]
    if store.dialect == "sqlite":
        connection = floors.bare_sqlite(Path(floors.path_of(store)))
    else:
        connection = psycopg.connect(floors.address_of(store))
    cursor: Any = connection.cursor()
    for text, parameters in recorded:
        cursor.execute(text, parameters)
        if cursor.description is not None:
            cursor.fetchall()
    connection.close()

"""“Tiền về chưa?” at four million payments: all that a turn looks up before it answers.

Floor: the one indexed query through the bare driver, same rows, same run.
`python -m bench lookup`.
"""

import sqlite3
import time
from collections.abc import Callable
from random import Random
from typing import Any, Final

import psycopg

from bench import floors, nation
from bench.ground import CYCLE, DAY, Figure, Ground, at_share, rounded
from bot.commands import talk_of
from bot.turn_talk import Turn
from core.calendar import local_day
from core.conversation.caller import Caller
from core.conversation.flows.queries import ArrivalsIn
from core.ledger.reads import payments_of
from core.ledger.record import Ledger
from core.store.engine import Store

_ASKED: Final = 5_000
_WARM: Final = 40
_BY_TURNS: Final = 500
_QUERY: Final = (
    "SELECT p.id, p.code, p.amount, s.money, s.effective_on FROM payment_status s"
    " JOIN payment p ON p.id = s.payment_id WHERE s.beneficiary_id = {0} AND s.cycle = {0}"
)


def run(ground: Ground) -> list[Figure]:
    """Milliseconds until the facts of an answer are there: the median, and what 99 % stay under."""
    return [figure for engine in ground.engines for figure in _measured(ground, engine)]


def _measured(ground: Ground, engine: str) -> list[Figure]:
    with ground.store(engine) as store:
        people = nation.listed_and_paid(ground, store)
        rng = Random(3)
        asked = [rng.randrange(1, people + 1) for _ in range(ground.size(_ASKED))]
        month, lately = _month_asked(ground, store), _lately_asked(store)
        # A server has compiled its statements before the first message.
        for warm in asked[:_WARM]:
            month(warm)
            lately(warm)
        # By turns, so that whatever else the machine does slows both sides of a ratio.
        ours, of_late, least = [], [], []
        for at in range(0, len(asked), _BY_TURNS):
            part = asked[at : at + _BY_TURNS]
            ours += timed(month, part)
            of_late += timed(lately, part)
            least += bare(store, part, CYCLE)
    payments = f"{people * len(nation.MONTHS):,} payments"
    return [
        *_figures(f"has it arrived? {{}}, {payments}", engine, ours, least),
        *_figures(f"the last six months: {{}}, {payments}", engine, of_late, least),
    ]


def _figures(name: str, engine: str, ours: list[float], least: list[float]) -> list[Figure]:
    return [
        Figure(
            name.format(part),
            engine,
            at_share(ours, share),
            "ms",
            5.0 if share > 0.5 else None,
            at_share(least, share),
            ratio=rounded(at_share(ours, share) / at_share(least, share)),
            beside="floor: one query, bare driver",
        )
        for part, share in (("p50", 0.5), ("p99", 0.99))
    ]


def _month_asked(ground: Ground, store: Store) -> Callable[[int], object]:
    """All that a turn looks up before it says where the money of this month is."""
    day = local_day(DAY)
    me = Caller(contact_id=1, channel="web", today=day)
    read = talk_of(ground.programme, Ledger(ground.programme.tenant, (), ground.clock())).read

    def work(beneficiary: int) -> object:
        query = ArrivalsIn(beneficiary, CYCLE, day)
        return store.read(lambda tx: read(Turn(tx, me, 1, "", DAY), query))

    return work


def _lately_asked(store: Store) -> Callable[[int], object]:
    """The payments that an officer sees of a person, and that a case is opened with."""
    return lambda beneficiary: store.read(lambda tx: payments_of(tx, beneficiary))


def analysed(store: Store) -> None:
    """Let the engine count its rows, as autovacuum does in time."""
    with store.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()


def timed(work: Callable[[int], object], asked: list[int]) -> list[float]:
    """Milliseconds of each call."""
    times = []
    for one in asked:
        started = time.perf_counter_ns()
        work(one)
        times.append((time.perf_counter_ns() - started) / 1e6)
    return times


def bare(store: Store, asked: list[int], month: str) -> list[float]:
    """Milliseconds of the one query that nobody can do without, by the bare driver."""
    connection: sqlite3.Connection | psycopg.Connection[Any]
    if store.dialect == "sqlite":
        connection, mark = floors.bare_sqlite(floors.path_of(store)), "?"
    else:
        connection, mark = psycopg.connect(floors.address_of(store), autocommit=True), "%s"
    query = _QUERY.format(mark)
    times = timed(lambda one: connection.execute(query, (one, month)).fetchall(), asked)
    connection.close()
    return times

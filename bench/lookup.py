"""“Tiền về chưa?”: the payments of a month and what the answer reads beside them, by the ledger.

Floor: the one indexed query through the bare driver, same rows, same run. The set-up writes as
many payments as fit in its time (sixty seconds at full size); the number stands in the name.
`python -m bench lookup`.
"""

import sqlite3
import time
from collections.abc import Callable
from functools import partial
from random import Random
from typing import Any, Final

import psycopg

from bench import floors
from bench.ground import CYCLE, DAY, Figure, Ground, at_share, rounded
from core.ledger.listing import NewPayment, list_payments
from core.ledger.reads import cycle_facts, payments_in
from core.ledger.record import Ledger
from core.store.commit_points import CommitPoint
from core.store.engine import Store, Tx
from core.store.people import (
    PersonRow,
    beneficiaries_by_code,
    insert_beneficiaries,
    insert_people,
)

SETUP_SECONDS: Final = 60
MONTHS: Final = (*(f"2020-{month:02}" for month in range(6, 13)), "2021-03", CYCLE)
_AT_ONCE: Final = 5_000
_ASKED: Final = 2_000
_QUERY: Final = (
    "SELECT p.id, p.code, p.amount, s.money, s.effective_on FROM payment_status s"
    " JOIN payment p ON p.id = s.payment_id WHERE s.beneficiary_id = {0} AND s.cycle = {0}"
)


def run(ground: Ground) -> list[Figure]:
    """Milliseconds until the facts of an answer are there: the median, and what 99 % stay under."""
    return [figure for engine in ground.engines for figure in _measured(ground, engine)]


def _measured(ground: Ground, engine: str) -> list[Figure]:
    with ground.store(engine) as store:
        people, payments = _filled(ground, store)
        rng = Random(3)
        asked = [rng.randrange(1, people + 1) for _ in range(ground.size(_ASKED))]
        tenant = ground.programme.tenant

        def through(beneficiary: int) -> None:
            def facts(tx: Tx) -> object:
                return payments_in(tx, beneficiary, CYCLE), cycle_facts(tx, tenant, CYCLE)

            store.read(facts)

        ours, least = timed(through, asked), bare(store, asked, CYCLE)
    return [
        Figure(
            f"has it arrived? {name}, {payments:,} payments",
            engine,
            at_share(ours, share),
            "ms",
            5.0 if share > 0.5 else None,
            at_share(least, share),
            ratio=rounded(at_share(ours, share) / at_share(least, share)),
            beside="floor: one query, bare driver",
        )
        for name, share in (("p50", 0.5), ("p99", 0.99))
    ]


def _filled(ground: Ground, store: Store) -> tuple[int, int]:
    """(beneficiaries, payments) after as long a set-up as was asked for."""
    ledger = Ledger(ground.programme.tenant, (), ground.clock())
    until = time.monotonic() + SETUP_SECONDS * min(ground.share, 1.0)
    people = 0
    while not people or time.monotonic() < until:
        first, many = people, min(_AT_ONCE, ground.size(_AT_ONCE))
        work = partial(_district, ledger=ledger, first=first, many=many)
        store.transact(work, CommitPoint.SIMULATE)
        people += many
    if not ground_is_small(ground):
        analysed(store)
    return people, people * len(MONTHS)


def ground_is_small(ground: Ground) -> bool:
    """Whether this run only tries the figure out."""
    return ground.share < 0.1


def _district(tx: Tx, *, ledger: Ledger, first: int, many: int) -> None:
    codes = [f"HT{number:07}" for number in range(first, first + many)]
    people = insert_people(
        tx, [PersonRow(key=code, name=code, name_key=code) for code in codes], DAY
    )
    insert_beneficiaries(
        tx,
        [
            {
                "tenant": ledger.tenant,
                "code": code,
                "person_id": people[code],
                "commune": "19804",
                "frozen_self_service": False,
                "created_at": DAY,
                "updated_at": DAY,
            }
            for code in codes
        ],
    )
    known = beneficiaries_by_code(tx, codes)
    for month in MONTHS:
        list_payments(
            ledger,
            tx,
            [NewPayment(month, known[code].id, code, "19804", 540_000) for code in codes],
            actor="staff:lan",
        )


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

"""Millions of payments over nine months, written by the engine itself, as if all were reported.

Rows stand as imports and results would leave them, two events to a payment, month after month.
Nothing of the ledger ran, so their fingerprints are not those that `verify` expects.
"""

from functools import partial
from typing import Any, Final

from bench.ground import CYCLE, DAY, Ground
from core.calendar import Cycle
from core.ledger.events import EventType
from core.ledger.facts import CycleState
from core.store.commit_points import CommitPoint
from core.store.cycles import write_provider, write_state
from core.store.engine import Store, Tx
from core.store.events import EventRow, insert_events, last_event
from core.store.tables.base import micros

PEOPLE: Final = 445_000
MONTHS: Final = (
    *(f"2020-{month:02}" for month in range(8, 13)),
    *("2021-01", "2021-02", "2021-03", CYCLE),
)
_MOVES: Final = (
    *(EventType.CYCLE_IMPORTED, EventType.CYCLE_FROZEN, EventType.CYCLE_APPROVED_FIRST),
    *(EventType.CYCLE_APPROVED, EventType.CYCLE_FUNDED, EventType.CYCLE_INSTRUCTED),
)
_SERIES: Final = (
    "WITH RECURSIVE series(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < {people})"
)
_CODE: Final = "'{code}-HT' || substr(CAST(10000000 + n AS text), 2) || '-M-1'"
_PAYMENTS: Final = (
    "INSERT INTO payment"
    " (id, tenant, cycle, code, beneficiary_id, kind, seq, commune, amount, monthly, arrears,"
    f" listed_at) {_SERIES} SELECT {{first}} + n, '{{tenant}}', '{{month}}', {_CODE}, n, 'M', 1,"
    " '19804', 540000, 540000, 0, {at} FROM series"
)
_EVENTS: Final = (
    "INSERT INTO event"
    " (id, tenant, cycle, payment_id, beneficiary_id, type, effective_at, recorded_at, actor,"
    f" source, body, hash) {_SERIES} SELECT {{after}} + n, '{{tenant}}', '{{month}}',"
    f" {{first}} + n, n, '{{kind}}', {{at}}, {{at}}, 'provider:post', '{{kind}}:' || {_CODE},"
    ' \'{{"amount":540000,"file":"file:3","reason":null}}\', \'{hash}\' FROM series'
)
_STATUSES: Final = (
    "INSERT INTO payment_status"
    " (payment_id, tenant, cycle, beneficiary_id, money, receipt, method, provider, effective_on,"
    f" reported_at, changed_at, last_event_id, version) {_SERIES} SELECT {{first}} + n,"
    " '{tenant}', '{month}', n, 'SETTLED', 'NOT_ASKED', 'account', 'post', '2021-03-25', {at},"
    " {at}, {after} + n, 2 FROM series"
)


def listed_and_paid(ground: Ground, store: Store) -> int:
    """How many people (their ids begin with 1) now have a payment in each of the months."""
    people = ground.size(PEOPLE)
    for number, month in enumerate(MONTHS):
        work = partial(_month, ground.programme.tenant, month, number * people, people)
        store.transact(work, CommitPoint.SIMULATE)
    _counted(store)
    return people


def _month(tenant: str, month: str, first: int, people: int, tx: Tx) -> None:
    given = {
        "tenant": tenant,
        "month": month,
        "code": Cycle.parse(month).code,
        "people": people,
        "first": first,
        "at": micros(DAY),
        "hash": "0" * 64,
    }
    _run(tx, _PAYMENTS, given)
    for kind in (EventType.LISTED, EventType.SETTLED):
        after = last_event(tx)
        _run(tx, _EVENTS, given | {"kind": kind, "after": after})
    _run(tx, _STATUSES, given | {"after": after})
    moves = [
        EventRow(
            *(after + people + n, tenant, month, None, None, kind, micros(DAY), micros(DAY)),
            *("staff:lan", f"{kind}:{month}", "{}", "0" * 64),
        )
        for n, kind in enumerate(_MOVES, 1)
    ]
    insert_events(tx, moves)
    write_state(tx, tenant, month, CycleState.PAYING, number=moves[-1].id, at=DAY)
    write_provider(tx, tenant, month, "post", approved_heads=people, instructed_at=DAY)


def _run(tx: Tx, words: str, given: dict[str, object]) -> None:
    tx.connection.exec_driver_sql(words.format(**given))


def _counted(store: Store) -> None:
    """The engine counts its rows and marks its pages, as autovacuum does in time."""
    connection = store.engine.raw_connection()
    driver: Any = connection.driver_connection
    try:
        if store.dialect == "sqlite":
            driver.execute("ANALYZE")
        else:
            driver.autocommit = True
            driver.execute("VACUUM ANALYZE")
            driver.autocommit = False
    finally:
        connection.close()

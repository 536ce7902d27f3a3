"""Order, locks and cost of turns: many at once, in one process and in several."""

import threading
from collections import Counter
from concurrent.futures import Future
from typing import Any

import pytest
import sqlalchemy as sa

from bot.turn_lanes import Lanes
from core.store.commit_points import CommitPoint
from core.store.engine import Store, open_store
from core.store.inbound import Standing, silent
from core.store.sealing import Keyring
from tests.bot.turns import Process

MOST_STATEMENTS = 10


@pytest.fixture
def process(store: Store) -> Process:
    return Process(store)


def test_two_processes_never_answer_the_same_message_twice(
    store: Store, database_url: str, keyring: Keyring
) -> None:
    other = open_store(database_url, keyring)
    first, second = Process(store), Process(other)
    futures = [
        process.begin("xin chào", key=f"k{number}")
        for number in range(15)
        for process in (first, second)
    ]
    results = [future.result(60) for future in futures]
    other.close()

    assert Counter(result.seen for result in results) == {False: 15, True: 15}
    assert first.counts() == {"inbound": 15, "message": 15, "contact": 1}
    assert store.read(silent) == []


def test_two_processes_take_turns_with_one_contact(
    store: Store, database_url: str, keyring: Keyring
) -> None:
    """Every message moves the talk on by one version: none is lost to the other process."""
    other = open_store(database_url, keyring)
    first, second = Process(store), Process(other)
    futures = [
        process.begin("xin chào", key=f"{name}{number}")
        for number in range(12)
        for name, process in (("a", first), ("b", second))
    ]
    for future in futures:
        future.result(60)
    other.close()

    assert first.rows("conversation")[0]["version"] == 24


def test_one_fault_harms_no_other_contact(process: Process) -> None:
    process.breaks = lambda text: "tien" in text
    futures = [
        process.begin(
            "tien thang 4 ve chua" if number % 3 == 0 else "xin chào", address=f"09{number:08}"
        )
        for number in range(18)
    ]

    standings = Counter(future.result(60).standing for future in futures)

    assert standings == {Standing.ANSWERED: 12, Standing.UNANSWERED: 6}


def test_a_message_behind_a_faulting_one_does_not_overtake_it(process: Process) -> None:
    process.breaks = lambda text: "tien" in text
    futures = [process.begin(text) for text in ("tien thang 4 ve chua", "1", "2", "menu")]

    assert {future.result(60).standing for future in futures} == {Standing.UNANSWERED}


def test_a_turn_costs_few_statements(process: Process) -> None:
    process.hears("menu", channel="web")
    process.hears("1", channel="web")
    statements: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        statements.append(statement)

    sa.event.listen(process.store.engine, "before_cursor_execute", note)
    process.hears("tháng 4", channel="web")
    sa.event.remove(process.store.engine, "before_cursor_execute", note)

    assert len([one for one in statements if "SAVEPOINT" not in one]) <= MOST_STATEMENTS


def test_a_turn_commits_where_it_says(database_url: str, keyring: Keyring) -> None:
    reached: list[tuple[CommitPoint, str]] = []
    watched = open_store(database_url, keyring, watch=lambda p, m: reached.append((p, m)))
    process = Process(watched)
    process.hears("xin chào")
    process.breaks = lambda text: "tien" in text
    process.hears("tien thang 4 ve chua")
    watched.close()

    turn = [(CommitPoint.TURN, "before"), (CommitPoint.TURN, "after")]
    fault = [(CommitPoint.TURN_FAULT, "before"), (CommitPoint.TURN_FAULT, "after")]
    assert [one for one in reached if one in turn][:2] == turn
    assert reached[-2:] == fault


def test_nothing_is_told_before_it_is_durable(database_url: str, keyring: Keyring) -> None:
    may_commit = threading.Event()

    def watch(point: CommitPoint, moment: str) -> None:
        if point is CommitPoint.TURN and moment == "before":
            assert may_commit.wait(20)

    watched = open_store(database_url, keyring, watch=watch)
    future = Process(watched).begin("xin chào")

    assert not future.done()
    may_commit.set()
    assert future.result(20).standing is Standing.ANSWERED
    watched.close()


def test_a_lane_lets_one_through_at_a_time_and_keeps_the_order() -> None:
    lanes, begun = Lanes(), []
    inner: list[Future[int]] = [Future() for _ in range(3)]
    started = [threading.Event() for _ in inner]

    def start(number: int) -> Future[int]:
        begun.append(number)
        started[number].set()
        return inner[number]

    outer = [lanes.put(("sms", "a"), lambda n=number: start(n)) for number in range(3)]  # type: ignore[misc]  # a default binds it
    assert begun == [0]
    for number, future in enumerate(inner):
        assert started[number].wait(10)
        assert begun == list(range(number + 1))
        future.set_result(number)

    assert [future.result(10) for future in outer] == [0, 1, 2]


def test_a_lane_goes_on_after_a_failure() -> None:
    lanes = Lanes()

    def fail() -> Future[int]:
        raise ValueError

    def succeed() -> Future[int]:
        future: Future[int] = Future()
        future.set_result(1)
        return future

    first, second = lanes.put(("sms", "a"), fail), lanes.put(("sms", "a"), succeed)

    assert isinstance(first.exception(10), ValueError)
    assert second.result(10) == 1


def test_what_mends_a_failure_may_fail_too() -> None:
    lanes = Lanes()
    first: Future[int] = Future()

    def mend(error: BaseException) -> int:
        raise KeyError

    mended = lanes.after(first, mend)
    first.set_exception(ValueError())

    assert isinstance(mended.exception(10), KeyError)

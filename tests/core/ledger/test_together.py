"""Two who do the same at the same moment do it once."""

from collections.abc import Callable
from concurrent.futures import wait
from typing import TypeVar

from core.ledger import chain, cycles
from core.ledger.events import EventType, NewEvent, Recorded
from core.refusals import Refusal
from core.store.commit_points import CommitPoint
from core.store.engine import Store, Tx
from tests import builders
from tests.core.ledger.conftest import Office

T = TypeVar("T")


def at_once(store: Store, *works: Callable[[Tx], T]) -> list[T]:
    futures = [store.submit(work, CommitPoint.TURN) for work in works]
    wait(futures, timeout=30)
    return [future.result(1) for future in futures]


def reported(kind: EventType, number: int, source: str) -> NewEvent:
    return NewEvent(kind, source, "provider:post", builders.NOW, payment_id=number)


def test_one_payment_is_settled_once_whoever_is_first(office: Office) -> None:
    number = office.payments[0]
    works = [
        lambda tx, at=at: office.ledger.record(
            tx, [reported(EventType.SETTLED, number, f"row:{at}")]
        )
        for at in range(6)
    ]
    found = [one for (one,) in at_once(office.store, *works)]

    assert sum(isinstance(one, Recorded) for one in found) == 1
    assert sum(isinstance(one, Refusal) for one in found) == 5
    assert office.read(chain.verify).is_clean


def test_one_cause_is_written_once_whoever_is_first(office: Office) -> None:
    event = reported(EventType.READY_CASH, office.payments[0], "row:1")
    works = [lambda tx: office.ledger.record(tx, [event]) for _ in range(6)]
    found = [one for (one,) in at_once(office.store, *works)]

    assert all(isinstance(one, Recorded) for one in found)
    assert sum(isinstance(one, Recorded) and one.is_new for one in found) == 1


def test_two_who_sign_at_once_are_a_first_and_a_second(store: Store) -> None:
    ledger, month = builders.a_ledger(), builders.CYCLE
    programme = builders.a_programme()

    def prepared(tx: Tx) -> None:
        builders.a_payment(tx, ledger)
        cycles.imported(tx, ledger, cycle=month, file=1, actor="staff:T1")
        cycles.freeze(tx, ledger, programme, cycle=month, by="T1")

    store.transact(prepared, CommitPoint.CYCLE_MOVE)
    first, second = at_once(
        store,
        lambda tx: cycles.approve(tx, ledger, cycle=month, by="A"),
        lambda tx: cycles.approve(tx, ledger, cycle=month, by="B"),
    )

    assert not isinstance(first, Refusal)
    assert not isinstance(second, Refusal)
    assert {first.step, second.step} == {"approved_first", "approved"}


def test_sealing_and_writing_at_once_seal_everything_in_order(office: Office) -> None:
    number = office.payments[0]
    kinds = [EventType.ACCEPTED, EventType.READY_CASH, EventType.COLLECTED, EventType.ASKED]
    works: list[Callable[[Tx], object]] = []
    for kind in kinds:
        event = reported(kind, number, f"{kind}")
        works += [
            lambda tx, event=event: office.ledger.record(tx, [event]),  # type: ignore[misc]
            lambda tx: chain.seal(tx, builders.NOW),
        ]
    at_once(office.store, *works)
    chain.seal_now(office.store, office.heads, office.ledger.clock)
    verdict = office.read(lambda tx: chain.verify(tx, office.heads))

    assert (verdict.findings, verdict.unsealed) == ((), 0)

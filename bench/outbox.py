"""Ledger events → rendered messages in the outbox, in the same transactions, committed.

Floor: the same rows (events, postings, messages and what they are about) through the bare driver.
Peer: recording the same events with nobody listening. `python -m bench outbox`.
"""

from functools import partial
from typing import Final

from bench import district, floors
from bench.ground import Figure, Ground, middle, rounded, seconds
from bench.imports import address
from core.ledger.events import NewEvent, Recorded
from core.ledger.record import Ledger, Reactor
from core.store.commit_points import CommitPoint
from core.store.engine import Store
from core.terms import Release
from notifications.triggers import reactor

PEOPLE: Final = 40_000
TARGET: Final = 5_000.0
# A file of results is written in parts like this.
_PART: Final = {"sqlite": 1_000, "postgresql": 5_000}
_EVENTS: Final = ("event", "posting")
_MESSAGES: Final = ("batch", "message", "message_payment", "message_fact")


def run(ground: Ground) -> list[Figure]:
    """Messages a second, from the event to the rendered text in the outbox."""
    return [_measured(ground, engine) for engine in ground.engines]


def _measured(ground: Ground, engine: str) -> Figure:
    people = ground.size(PEOPLE)
    with ground.store(engine) as store:
        district.listed(ground, store, people)
        district.instructed(store)
        runs = [_once(ground, store, people) for _ in range(ground.runs)]
    ours, alone, least = (people / middle(times) for times in zip(*runs, strict=True))
    return Figure(
        f"events to outbox, {people:,} people",
        engine,
        rounded(ours),
        "messages/s",
        TARGET,
        rounded(least),
        rounded(alone),
        rounded(least / ours),
        beside="floor: the same rows, bare driver; peer: the events alone",
        more_is_better=True,
    )


def _once(ground: Ground, ready: Store, people: int) -> tuple[float, float, float]:
    """Seconds with the notifier listening, with nobody listening, and of the floor."""
    listens = reactor(ground.programme, ground.clock(), Release.AUTOMATIC)
    events = district.settlements(ready)
    before = floors.rows_of(ready, _EVENTS)
    with ground.copy_of(ready) as store:
        alone = seconds(lambda: _record(ground, store, events, ()))
    with ground.copy_of(ready) as store:
        ours = seconds(lambda: _record(ground, store, events, (listens,)))
        written = floors.rows_of(store, (*_EVENTS, *_MESSAGES))
    assert len(written["message"]) == people, len(written["message"])
    fresh = {name: rows[len(before.get(name, ())) :] for name, rows in written.items()}
    with ground.copy_of(ready) as store:
        return ours, alone, seconds(lambda: floors.write(address(store), fresh))


def _record(
    ground: Ground, store: Store, events: list[NewEvent], reactors: tuple[Reactor, ...]
) -> None:
    ledger = Ledger(ground.programme.tenant, reactors, ground.clock())
    size = _PART[store.dialect]
    for start in range(0, len(events), size):
        part = events[start : start + size]
        found = store.transact(partial(ledger.record, events=part), CommitPoint.IMPORT_CHUNK)
        assert all(isinstance(one, Recorded) and one.is_new for one in found)

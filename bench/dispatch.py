"""One worker carries messages out through a gateway in this process that waits 60 ms a call.

Floor: the same gateway and as many calls in flight with no database at all.
`python -m bench dispatch`.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

from bench.ground import Figure, Ground, middle, rounded, seconds
from core.store import contacts
from core.store.commit_points import CommitPoint
from core.store.engine import Store, Tx
from notifications import dispatch
from notifications.budget import Terms
from notifications.gateways.base import Absent, Finding, Outcome, Outgoing, Sent
from notifications.outbox import SMS, NewMessage, enqueue

MESSAGES: Final = 10_000
TARGET: Final = 1_000.0
WAIT: Final = 0.06


@dataclass(slots=True)
class Waiting:
    """A gateway that takes everything, 60 ms later."""

    until: int
    terms: Terms = field(default_factory=Terms)
    name: str = "bench"
    channel: str = SMS
    finds: bool = False
    calls: int = 0
    done: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, message: Outgoing) -> Outcome:
        """Taken, after the wait."""
        await asyncio.sleep(WAIT)
        self.calls += 1
        if self.calls >= self.until:
            self.done.set()
        return Sent(f"ref-{message.id}")

    async def find(self, message: Outgoing) -> Finding:
        """Nothing is ever in doubt here."""
        del message
        return Absent()

    async def close(self) -> None:
        """Nothing to let go of."""


def run(ground: Ground) -> list[Figure]:
    """Messages a second from the outbox to a settled outcome."""
    return [_measured(ground, engine) for engine in ground.engines]


def _measured(ground: Ground, engine: str) -> Figure:
    count = ground.size(MESSAGES)
    ours = count / middle([_once(ground, engine, count) for _ in range(ground.runs)])
    least = count / middle([seconds(_ran(lambda: _bare(count))) for _ in range(ground.runs)])
    return Figure(
        f"dispatch, {count:,} messages, 60 ms a call",
        engine,
        rounded(ours),
        "messages/s",
        TARGET,
        rounded(least),
        ratio=rounded(least / ours),
        beside=f"floor: the gateway alone, {dispatch.IN_FLIGHT} in flight",
        more_is_better=True,
    )


def _once(ground: Ground, engine: str, count: int) -> float:
    with ground.store(engine) as store:
        store.transact(lambda tx: _fill(tx, ground, count), CommitPoint.SIMULATE)
        return seconds(_ran(lambda: _carried(ground, store, count)))


def _ran(work: Callable[[], Awaitable[None]]) -> Callable[[], None]:
    async def all_of_it() -> None:
        await work()

    return lambda: asyncio.run(all_of_it())


def _fill(tx: Tx, ground: Ground, count: int) -> None:
    now = ground.clock().now()
    phones = [f"09{number:08}" for number in range(count)]
    ids = contacts.ensure_contacts(tx, SMS, phones, now)
    messages = [
        NewMessage(f"pay:{number}:settled:1:1", "settled", SMS, ids[phone], "CHITRA: bao tin")
        for number, phone in enumerate(phones)
    ]
    enqueue(tx, messages, now)


async def _carried(ground: Ground, store: Store, count: int) -> None:
    gateway, stop = Waiting(count), asyncio.Event()
    worker = asyncio.create_task(
        dispatch.run(store, [gateway], ground.clock(), stop, programme=ground.programme)
    )
    await gateway.done.wait()
    stop.set()
    await worker


async def _bare(count: int) -> None:
    gateway, free = Waiting(count), asyncio.Semaphore(dispatch.IN_FLIGHT)

    async def call(number: int) -> None:
        async with free:
            await gateway.send(Outgoing(number, "0900000000", "CHITRA: bao tin"))

    await asyncio.gather(*(call(number) for number in range(count)))

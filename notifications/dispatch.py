"""Carrying messages out: claim, write down that they leave, call, write down what became of it.

The network is awaited here and the database is called from its own threads. A worker is killed
at any moment without a message being called twice: what was only claimed goes back, what was
being called becomes a doubt.

What does not live here: the transactions (`leaving`, `settling`), and the decisions (`retry`).
"""

import asyncio
import itertools
import logging
import os
import socket
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final, TypeVar

from core.clock import Clock
from core.quiet_hours import is_quiet
from core.store import claims
from core.store import outbox as rows
from core.store.commit_points import CommitPoint
from core.store.engine import Store, Tx
from core.terms import Programme
from notifications.gateways.base import (
    Finding,
    Gateway,
    Kind,
    Outcome,
    Outgoing,
    Refused,
    Sent,
    Unknown,
)
from notifications.leaving import AT_ONCE, Leaving, leave, outgoing, take
from notifications.outbox import INTERACTIVE
from notifications.second_step import SecondStep, follow
from notifications.settling import Result, Swept, settle, settle_findings, sweep

T = TypeVar("T")

TOGETHER: Final = 50
IN_FLIGHT: Final = 200
SETTLE_WITHIN: Final = 0.2
# A process that was stopped between "being called" and the call itself must not call late.
STALE_AFTER: Final = 0.8
POLL: Final = 0.5
SWEEP_EVERY: Final = 5.0
NOT_CALLED: Final = Refused("not_called", Kind.LATE)

_log = logging.getLogger("chitra.dispatch")
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Line:
    """One gateway as one worker serves it."""

    store: Store
    gateway: Gateway
    clock: Clock
    worker: str
    is_quiet: Callable[[datetime], bool]


async def send_now(
    store: Store, ids: Sequence[int], gateways: Sequence[Gateway], clock: Clock
) -> None:
    """Interactive messages among `ids` are carried now, exactly as a worker would carry them.

    What cannot leave now (an earlier reply is on its way, a gateway rests) is left to the worker.
    """
    for gateway in gateways:
        line = Line(store, gateway, clock, worker_name(), _always)
        while leaving := await _next(line, ids=ids):
            await _carry(line, leaving)


async def drain(
    store: Store,
    gateways: Sequence[Gateway],
    clock: Clock,
    programme: Programme,
    second: SecondStep | None = None,
) -> int:
    """How many calls were made until nothing more could leave at the present instant."""
    await _commit(store, lambda tx: sweep(tx, clock.now()), CommitPoint.SWEEP)
    if second is not None:
        await _follow(store, clock, second)
    calls = 0
    for gateway in gateways:
        line = line_of(store, gateway, clock, programme)
        while called := await one_group(line):
            calls += called
    return calls


async def one_group(line: Line) -> int:
    """How many messages were called and settled: at most one group, 0 when none may leave."""
    leaving = await _next(line)
    await _carry(line, leaving)
    return len(leaving)


async def run(
    store: Store,
    gateways: Sequence[Gateway],
    clock: Clock,
    stop: asyncio.Event,
    *,
    programme: Programme,
    wake: asyncio.Event | None = None,
    second: SecondStep | None = None,
) -> None:
    """Messages leave until `stop` is set; then what was being called is settled first.

    `wake` cuts the wait for the next poll short. `second`: how notices that did not reach their
    chat are followed by an SMS, where both channels are served.
    """
    lines = [line_of(store, gateway, clock, programme) for gateway in gateways]
    async with asyncio.TaskGroup() as tasks:
        for line in lines:
            tasks.create_task(_serve(line, stop, wake))
            if line.gateway.finds:
                tasks.create_task(_every(SWEEP_EVERY, stop, partial(look_up, line)))
        tasks.create_task(_every(SWEEP_EVERY, stop, partial(_sweep, store, clock)))
        if second is not None:
            tasks.create_task(_every(SWEEP_EVERY, stop, partial(_follow, store, clock, second)))


async def look_up(line: Line) -> int:
    """How many messages in doubt were looked up at the gateway."""
    messages = await _commit(line.store, lambda tx: _doubts(tx, line), CommitPoint.SWEEP)
    findings = await asyncio.gather(*(_found(line.gateway, one) for one in messages))
    if findings:
        await _commit(
            line.store,
            lambda tx: settle_findings(tx, line.gateway, findings, line.clock.now()),
            CommitPoint.OUTCOME,
        )
    return len(findings)


def line_of(store: Store, gateway: Gateway, clock: Clock, programme: Programme) -> Line:
    """A gateway as a new worker of this process serves it."""
    return Line(store, gateway, clock, worker_name(), lambda at: is_quiet(programme, at))


def worker_name() -> str:
    """A name that no other worker has: host, process and a number within it."""
    return f"{socket.gethostname()[:32]}:{os.getpid()}:{next(_numbers)}"


async def _serve(line: Line, stop: asyncio.Event, wake: asyncio.Event | None) -> None:
    """Keep calls in flight until told to stop; results are settled beside, in batches."""
    results: asyncio.Queue[Result | None] = asyncio.Queue()
    settler = asyncio.create_task(_settle_all(line, results))
    calls: set[asyncio.Task[None]] = set()
    while not stop.is_set():
        if len(calls) > IN_FLIGHT - TOGETHER:
            await asyncio.wait(calls, return_when=asyncio.FIRST_COMPLETED)
            continue
        begun = await _unless_the_database_is_away(_begin(line, calls, results), stop)
        if not begun:
            await _rest(POLL, stop, wake)
    if calls:
        await asyncio.wait(calls)
    results.put_nowait(None)
    await settler


async def _begin(
    line: Line, calls: set[asyncio.Task[None]], results: asyncio.Queue[Result | None]
) -> bool:
    """Whether anything was claimed; its calls run on from here."""
    ids = await _take(line)
    for group in _groups(ids):
        for one, at in await _leave(line, group):
            task = asyncio.create_task(_call_into(line, one, at, results))
            calls.add(task)
            task.add_done_callback(calls.discard)
    return bool(ids)


async def _call_into(
    line: Line, one: Leaving, left_at: float, results: asyncio.Queue[Result | None]
) -> None:
    results.put_nowait(await _call(line, one, left_at))


async def _call(line: Line, one: Leaving, left_at: float) -> Result:
    """The outcome of one call. A gateway that raises has broken its word: that is a doubt."""
    if time.monotonic() - left_at > STALE_AFTER:
        return Result(one, NOT_CALLED)
    try:
        outcome: Outcome = await line.gateway.send(one.message)
    except Exception as error:  # noqa: BLE001  no call may end the worker
        _log.exception(
            "A gateway raised instead of answering.",
            extra={"gateway": line.gateway.name, "message_id": one.message.id},
        )
        outcome = Unknown(f"raised:{type(error).__name__}"[:48])
    return Result(one, outcome)


async def _settle_all(line: Line, results: asyncio.Queue[Result | None]) -> None:
    """Write results down as they come, fifty or a fifth of a second at a time, until None."""
    more = True
    while more:
        batch, more = await _gathered(results)
        if batch:
            await _settle_surely(line, batch)


async def _gathered(results: asyncio.Queue[Result | None]) -> tuple[list[Result], bool]:
    """The next results that can share a commit, and whether more may come."""
    first = await results.get()
    if first is None:
        return [], False
    batch = [first]
    deadline = asyncio.get_running_loop().time() + SETTLE_WITHIN
    while len(batch) < TOGETHER:
        try:
            async with asyncio.timeout_at(deadline):
                result = await results.get()
        except TimeoutError:
            break
        if result is None:
            return batch, False
        batch.append(result)
    return batch, True


async def _settle_surely(line: Line, batch: Sequence[Result]) -> None:
    """Write results down, however long the database is away: they are known only here."""
    while True:
        try:
            return await _settle(line, batch)
        except Exception as error:  # noqa: BLE001  the database may come back
            _log.error(
                "Outcomes could not be written; trying again.",
                extra={"gateway": line.gateway.name, "error": type(error).__name__},
            )
            await asyncio.sleep(1.0)


async def _settle(line: Line, batch: Sequence[Result]) -> None:
    gateway, now = line.gateway, line.clock.now()
    await _commit(line.store, lambda tx: settle(tx, gateway, batch, now), CommitPoint.OUTCOME)
    more = [r for r in batch if isinstance(r.outcome, Sent) and _counts_more(r.left, r.outcome)]
    for result in more:
        _log.warning(
            "The gateway counts more segments than we did.",
            extra={"gateway": gateway.name, "message_id": result.left.message.id},
        )


def _counts_more(left: Leaving, sent: Sent) -> bool:
    return sent.segments is not None and sent.segments > left.message.segments


async def _next(line: Line, ids: Sequence[int] | None = None) -> list[tuple[Leaving, float]]:
    """The next messages that are being called now, all of one group."""
    taken = await _take(line, ids=ids, limit=TOGETHER)
    leaving = await _leave(line, taken) if taken else []
    while taken and not leaving:  # all that was claimed was untrue or stopped by now
        taken = await _take(line, ids=ids, limit=TOGETHER)
        leaving = await _leave(line, taken) if taken else []
    return leaving


async def _carry(line: Line, leaving: Sequence[tuple[Leaving, float]]) -> None:
    if not leaving:
        return
    await _settle_surely(line, await asyncio.gather(*(_call(line, *one) for one in leaving)))


async def _take(line: Line, *, ids: Sequence[int] | None = None, limit: int = AT_ONCE) -> list[int]:
    def work(tx: Tx) -> list[int]:
        now = line.clock.now()
        quiet = line.is_quiet(now)
        return take(tx, line.gateway, line.worker, now, quiet=quiet, ids=ids, limit=limit)

    return await _commit(line.store, work, CommitPoint.CLAIM)


async def _leave(line: Line, ids: Sequence[int]) -> list[tuple[Leaving, float]]:
    """What is being called now, each with the moment just before that was committed."""

    def work(tx: Tx) -> list[tuple[Leaving, float]]:
        leaving = leave(tx, ids, line.worker, line.clock.now())
        at = time.monotonic()
        return [(one, at) for one in leaving]

    return await _commit(line.store, work, CommitPoint.CALLING)


def _doubts(tx: Tx, line: Line) -> list[Outgoing]:
    now, channel = line.clock.now(), line.gateway.channel
    ids = claims.in_doubt(tx, now, channel=channel, interactive=INTERACTIVE)
    messages = [one for one in rows.messages(tx, ids) if one.gateway == line.gateway.name]
    known = rows.refs_of_contacts(tx, line.gateway.name, {one.contact_id for one in messages})
    return [outgoing(one, known_refs=known.get(one.contact_id, frozenset())) for one in messages]


async def _found(gateway: Gateway, message: Outgoing) -> tuple[int, Finding]:
    try:
        return message.id, await gateway.find(message)
    except Exception as error:  # noqa: BLE001  no look-up may end the worker
        _log.exception("A look-up failed.", extra={"gateway": gateway.name})
        return message.id, Unknown(f"raised:{type(error).__name__}"[:48])


async def _sweep(store: Store, clock: Clock) -> Swept:
    return await _commit(store, lambda tx: sweep(tx, clock.now()), CommitPoint.SWEEP)


async def _follow(store: Store, clock: Clock, second: SecondStep) -> int:
    return await _commit(store, lambda tx: follow(tx, second, clock.now()), CommitPoint.SWEEP)


async def _every(
    seconds: float, stop: asyncio.Event, work: Callable[[], Awaitable[object]]
) -> None:
    while not stop.is_set():
        await _unless_the_database_is_away(work(), stop)
        await _rest(seconds, stop, None)


async def _unless_the_database_is_away(work: Awaitable[T], stop: asyncio.Event) -> T | None:
    """What `work` yields; None, after a pause, when it failed: the worker outlives the fault."""
    try:
        return await work
    except Exception as error:  # noqa: BLE001  the worker outlives one fault
        _log.error(
            "The worker could not go on; trying again.", extra={"error": type(error).__name__}
        )
        await _rest(1.0, stop, None)
        return None


async def _rest(seconds: float, stop: asyncio.Event, wake: asyncio.Event | None) -> None:
    """Wait for the time, the stop or the wake-up, whichever is first."""
    waits = [asyncio.create_task(event.wait()) for event in (stop, wake) if event is not None]
    await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()
    if wake is not None:
        wake.clear()


async def _commit(store: Store, work: Callable[[Tx], T], point: CommitPoint) -> T:
    return await asyncio.wrap_future(store.submit(work, point))


def _groups(ids: Sequence[int]) -> list[Sequence[int]]:
    return [ids[start : start + TOGETHER] for start in range(0, len(ids), TOGETHER)]


def _always(at: datetime) -> bool:
    """`send_now` carries replies only, whatever the hour."""
    del at
    return True

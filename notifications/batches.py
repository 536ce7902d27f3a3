"""Releasing, pausing and stopping what an import has to say.

A batch is born held and needs a second person, unless the programme says otherwise. A stop is
final and works within the transaction that writes it: nothing of the batch is called after it.

What does not live here: making batches (`triggers`).
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from core.quiet_hours import next_loud
from core.refusals import Code, Refusal
from core.store import batches as rows
from core.store import budget
from core.store.engine import Tx
from core.store.staff import officers_among
from core.terms import Programme
from notifications.expiry import worth_until
from notifications.lifecycle import TABLE, Move


class BatchState(StrEnum):
    """Where a batch stands."""

    HELD = "held"
    RELEASED = "released"
    PAUSED = "paused"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Preview:
    """What a cycle's batches hold. Money: whole đồng, at the price of the gateway.

    `messages` by (batch state, channel, message state); `to_send`, `segments` and `cost` count
    what has not left yet.
    """

    batches: tuple[rows.BatchRow, ...]
    messages: dict[tuple[str, str, str], int]
    to_send: int
    segments: int
    cost: int


@dataclass(frozen=True, slots=True)
class Acted:
    """How many batches, and how many messages of theirs, an action moved.

    `signed`: batches that one person would release and that wait for a second one, since nobody
    knows who took their list in.
    """

    batches: int
    messages: int
    signed: int = 0


_WAITING: Final = frozenset({"held", "queued", "claimed"})
_FROM: Final = {
    BatchState.RELEASED: frozenset({BatchState.HELD, BatchState.PAUSED}),
    BatchState.PAUSED: frozenset({BatchState.RELEASED}),
    BatchState.STOPPED: frozenset({BatchState.HELD, BatchState.RELEASED, BatchState.PAUSED}),
}
_MOVES: Final = {
    BatchState.RELEASED: Move.RELEASED,
    BatchState.PAUSED: Move.PAUSED,
    BatchState.STOPPED: Move.STOPPED,
}


def preview(tx: Tx, tenant: str, cycle: str, *, price: int) -> Preview | Refusal:
    """Count, segments and cost of a cycle's batches. Refuses: BATCH_UNKNOWN."""
    found = rows.batches_of(tx, tenant, cycle)
    if not found:
        return Refusal(Code.BATCH_UNKNOWN, {"cycle": cycle})
    states = {one.id: one.state for one in found}
    tallies = rows.tallies(tx, tenant, cycle)
    messages: dict[tuple[str, str, str], int] = {}
    for tally in tallies:
        key = (states[tally.batch_id], tally.channel, tally.state)
        messages[key] = messages.get(key, 0) + tally.messages
    waiting = [tally for tally in tallies if tally.state in _WAITING]
    segments = sum(tally.segments for tally in waiting)
    to_send = sum(tally.messages for tally in waiting)
    return Preview(found, messages, to_send, segments, segments * price)


def release(
    tx: Tx, programme: Programme, cycle: str, *, by: str, now: datetime, nobody_counts: bool
) -> Acted | Refusal:
    """Let go what is held or paused; it may leave in the next loud hour.

    `nobody_counts`: where no officer is known to have taken the list in, one person is enough.
    Otherwise a second one must: the first one's word is kept, and said again by the same person it
    is the same word (docs/decisions/0112).
    Refuses: BATCH_UNKNOWN, BATCH_WRONG_STATE, BATCH_SAME_PERSON (whoever imported it).
    """
    found = rows.locked_batches_of(tx, programme.tenant, cycle)
    waiting = _acting_on(found, BatchState.RELEASED)
    if not waiting:
        return _nothing(found, cycle)
    known = officers_among(tx, (one.created_by for one in waiting))
    orphans = [] if nobody_counts else [one for one in waiting if one.created_by not in known]
    signed = [one for one in orphans if one.signed_by in (None, by)]
    others = [one for one in waiting if one not in signed and one.created_by != by]
    for one in signed:
        rows.sign_batch(tx, one.id, by)
    if not others and signed:
        return Acted(0, 0, len(signed))
    if not others:
        return Refusal(Code.BATCH_SAME_PERSON, {"cycle": cycle, "staff": by})
    due = next_loud(programme, now)
    values: dict[str, Any] = {"due_at": due, "expires_at": worth_until(programme, due)}
    done = _act(tx, others, BatchState.RELEASED, now, by=by, **values)
    return replace(done, signed=len(signed))


def pause(tx: Tx, tenant: str, cycle: str, *, now: datetime) -> Acted | Refusal:
    """Hold back what has not left. Refuses: BATCH_UNKNOWN, BATCH_WRONG_STATE."""
    found = rows.locked_batches_of(tx, tenant, cycle)
    flowing = _acting_on(found, BatchState.PAUSED)
    return _act(tx, flowing, BatchState.PAUSED, now) if flowing else _nothing(found, cycle)


def stop(tx: Tx, tenant: str, cycle: str, *, now: datetime) -> Acted | Refusal:
    """End for good what has not left. Refuses: BATCH_UNKNOWN, BATCH_WRONG_STATE."""
    found = rows.locked_batches_of(tx, tenant, cycle)
    open_ = _acting_on(found, BatchState.STOPPED)
    if not open_:
        return _nothing(found, cycle)
    values: dict[str, Any] = {"reason": "batch_stopped", "final_at": now}
    return _act(tx, open_, BatchState.STOPPED, now, **values)


def _acting_on(found: tuple[rows.BatchRow, ...], to: BatchState) -> list[rows.BatchRow]:
    return [one for one in found if one.state in _FROM[to]]


def _nothing(found: tuple[rows.BatchRow, ...], cycle: str) -> Refusal:
    if not found:
        return Refusal(Code.BATCH_UNKNOWN, {"cycle": cycle})
    return Refusal(Code.BATCH_WRONG_STATE, {"cycle": cycle, "state": found[-1].state})


def _act(
    tx: Tx,
    batches: list[rows.BatchRow],
    to: BatchState,
    now: datetime,
    *,
    by: str | None = None,
    **values: Any,
) -> Acted:
    step = TABLE[_MOVES[to]]
    moved = 0
    for one in batches:
        # The batch first: whoever is about to call waits for this row, or has left already.
        rows.set_batch(tx, one.id, to, now, released_by=by)
        moved += rows.move_batch(tx, one.id, sources=step.sources, target=step.target, **values)
        if to is not BatchState.RELEASED:
            budget.give_back(tx, rows.reserved_in(tx, one.id, step.target))
    return Acted(len(batches), moved)

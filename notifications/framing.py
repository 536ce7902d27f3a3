"""What texts of one cause share: the batch they are held in, and when they may leave.

An import's texts belong to one batch, which a second person releases; a single event's are free at
once. What does not live here: which event sets off which text (`triggers`), releasing (`batches`).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from core.ledger.events import Recorded
from core.quiet_hours import next_loud
from core.store import batches as batch_rows
from core.store.engine import Tx
from core.terms import Programme, Release
from notifications.batches import BatchState
from notifications.expiry import HELD_FOR, worth_until
from notifications.lifecycle import State

# An event that an import wrote names its file under this key of its body.
FILE: Final = "file"
_BORN: Final = {
    BatchState.HELD: State.HELD,
    BatchState.PAUSED: State.HELD,
    BatchState.RELEASED: State.QUEUED,
    BatchState.STOPPED: State.STOPPED,
}


@dataclass(frozen=True, slots=True)
class Cause:
    """Events that are told together: of one cycle, and of one import (None: of none)."""

    cycle: str
    file: str | None
    actor: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What all messages of one cause share. Time: aware UTC. `file`: the import, if it is one."""

    file: str | None
    batch_id: int | None
    state: State
    due_at: datetime
    expires_at: datetime


def file_of(one: Recorded) -> str | None:
    """The id of the file that an event came in with: `12`, also where it is named `file:12`."""
    found = one.event.body.get(FILE)
    return None if found is None else str(found).removeprefix(f"{FILE}:")


def batch_for(
    tx: Tx, cause: Cause, cycle: str, programme: Programme, *, rule: Release, now: datetime
) -> batch_rows.BatchRow | None:
    """The batch of an import's texts, made now if it is the first; None for a single event's."""
    if cause.file is None:
        return None
    automatic = rule is Release.AUTOMATIC
    importer = batch_rows.importer_of(tx, int(cause.file)) if cause.file.isdigit() else None
    return batch_rows.batch_of_cause(
        tx,
        tenant=programme.tenant,
        cycle=cycle,
        cause=f"file:{cause.file}",
        state=BatchState.RELEASED if automatic else BatchState.HELD,
        # Results are the provider's word; the person who must not release them took them in.
        created_by=importer or cause.actor,
        now=now,
    )


def frame_for(
    cause: Cause, batch: batch_rows.BatchRow | None, programme: Programme, now: datetime
) -> Frame:
    """When texts of this cause may leave, and until when they are worth it."""
    due = next_loud(programme, now)
    state = State.QUEUED if batch is None else _BORN[BatchState(batch.state)]
    until = worth_until(programme, due)
    if state is State.HELD:
        until += HELD_FOR
    return Frame(cause.file, None if batch is None else batch.id, state, due, until)

"""Writing down one step of a delivery at home: its event, and the row that follows.

What does not live here: which steps there are (`delivering.py`, `visiting.py`).
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final

from core.calendar import local_day
from core.ledger.deliveries import Criterion, DeliveryState, delivery_moved
from core.ledger.events import EventType, NewEvent, Recorded, Value
from core.ledger.record import Ledger
from core.refusals import Code, Refusal
from core.store import deliveries
from core.store.deliveries import DeliveryRow
from core.store.engine import Tx
from core.terms import Programme

_STAFF: Final = "staff:"
# What came of a delivery is told apart from every other cause by this.
SOURCE: Final = "delivery:"


@dataclass(frozen=True, slots=True)
class Desk:
    """What a step works with. `actor`: `staff:CODE`, or `person:ID` in a talk."""

    tx: Tx
    ledger: Ledger
    programme: Programme
    actor: str

    @property
    def by(self) -> str:
        """The staff code, if it is one."""
        return self.actor.removeprefix(_STAFF)

    @property
    def today(self) -> date:
        """The day in Asia/Ho_Chi_Minh."""
        return local_day(self.ledger.clock.now())


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: why, where, who opens the door and when; each month or only once."""

    reason: Criterion
    place: str = field(default="", repr=False)
    door: str = field(default="", repr=False)
    is_standing: bool = False


def new_row(desk: Desk, number: int, beneficiary_id: int, asked: Asked) -> DeliveryRow:
    """A delivery that is not written yet."""
    return DeliveryRow(
        id=number,
        key=secrets.token_hex(12),
        beneficiary_id=beneficiary_id,
        state="",
        reason=asked.reason.value,
        is_standing=asked.is_standing,
        requested_by=desk.actor,
        created_at=desk.ledger.clock.now(),
        place=asked.place.strip() or None,
        door=asked.door.strip() or None,
    )


def after_event(row: DeliveryRow, event: EventType) -> DeliveryRow | Refusal:
    """The row as it stands after an event; `row` carries what the event changes.

    Refuses: DELIVERY_WRONG_STATE.
    """
    target = delivery_moved(DeliveryState(row.state) if row.state else None, event)
    if isinstance(target, Refusal):
        return target
    return replace(row, state=target.value, version=row.version + 1)


def event_of(
    row: DeliveryRow,
    event: EventType,
    actor: str,
    at: datetime,
    body: Mapping[str, Value | None],
) -> NewEvent:
    """The event by which a delivery came to stand as `row` says."""
    return NewEvent(
        type=event,
        source=f"{SOURCE}{row.id}:{row.version}",
        actor=actor,
        effective_at=at,
        cycle=row.cycle if row.payment_id is not None else None,
        payment_id=row.payment_id,
        beneficiary_id=row.beneficiary_id,
        body={"delivery": row.id, **body},
    )


def found(desk: Desk, number: int) -> DeliveryRow | Refusal:
    """The delivery with this number, locked.

    Refuses: DELIVERY_UNKNOWN.
    """
    row = deliveries.delivery_for_update(desk.tx, desk.ledger.tenant, number)
    return row or Refusal(Code.DELIVERY_UNKNOWN)


def moved(
    desk: Desk, number: int, event: EventType, body: Mapping[str, Value | None], **changes: Any
) -> DeliveryRow | Refusal:
    """The delivery after an event that also changes these columns.

    Refuses: DELIVERY_UNKNOWN, DELIVERY_WRONG_STATE.
    """
    row = found(desk, number)
    return row if isinstance(row, Refusal) else written(desk, replace(row, **changes), event, body)


def written(
    desk: Desk, row: DeliveryRow, event: EventType, body: Mapping[str, Value | None]
) -> DeliveryRow | Refusal:
    """The row after an event, both written; `row` carries what the event changes.

    Refuses: DELIVERY_WRONG_STATE.
    """
    after = after_event(row, event)
    if isinstance(after, Refusal):
        return after
    now = desk.ledger.clock.now()
    (done,) = desk.ledger.record(desk.tx, [event_of(after, event, desk.actor, now, body)])
    if not isinstance(done, Recorded):
        return done
    after = replace(after, last_event_id=done.id)
    if row.version == 0:
        deliveries.insert_deliveries(desk.tx, desk.ledger.tenant, [after], now)
    else:
        deliveries.update_deliveries(desk.tx, [after], now)
    return after

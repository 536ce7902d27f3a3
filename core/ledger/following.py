"""A delivery follows its money: what the provider reports, what the person says, moves it.

A reactor of the ledger, so that the two are in step whoever wrote the event of the payment: an
import, a page, a talk. What a delivery cannot follow leaves it where it is.
Source: docs/decisions/0137.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from core.calendar import local_day
from core.ledger.deliveries import Proof
from core.ledger.delivery_steps import after_event, event_of
from core.ledger.events import EventType, NewEvent, Recorded, Value
from core.ledger.record import Ledger
from core.ledger.states import Receipt
from core.refusals import Refusal
from core.store import deliveries
from core.store.deliveries import DeliveryRow
from core.store.engine import Tx
from core.terms import Method

Reactor = Callable[[Tx, Sequence[Recorded]], None]
_E = EventType
# What a provider says under this key of a payment that it gave up: the person did not take it.
AT_DOOR: Final = "at_door"
REFUSED: Final = "refused"
_LEADS_TO: Final[Mapping[EventType, EventType]] = {
    _E.HANDED: _E.DELIVERY_HANDED_OVER,
    _E.SETTLED: _E.DELIVERY_HANDED_OVER,
    # Fetched at the desk after all.
    _E.COLLECTED: _E.DELIVERY_WITHDRAWN,
    _E.CANCELLED: _E.DELIVERY_WITHDRAWN,
    _E.HOME_MISSED: _E.DELIVERY_MISSED,
    _E.FAILED: _E.DELIVERY_BROUGHT_BACK,
    _E.UNCLAIMED: _E.DELIVERY_BROUGHT_BACK,
    _E.CONFIRMED_FULL: _E.DELIVERY_CONFIRMED,
    _E.SAID_SHORT: _E.DELIVERY_DISPUTED,
    _E.SAID_NOT_RECEIVED: _E.DELIVERY_DISPUTED,
}
_NEVER_CARRIED: Final = frozenset({Method.ACCOUNT.value, Method.WALLET.value})
_PROOFS: Final = frozenset(one.value for one in Proof)


@dataclass(frozen=True, slots=True)
class _Step:
    """What an event of a payment comes to for its delivery."""

    event: EventType
    body: Mapping[str, Value | None]
    changes: Mapping[str, Any]


def follower(ledger: Ledger) -> Reactor:
    """The reactor. `ledger` writes the events of the deliveries, and tells whoever must hear."""

    def react(tx: Tx, recorded: Sequence[Recorded]) -> None:
        _follow(tx, ledger, [one for one in recorded if _concerns(one)])

    return react


def _concerns(one: Recorded) -> bool:
    if not one.is_new or one.event.payment_id is None or one.event.type not in _LEADS_TO:
        return False
    return one.after is None or one.after.method not in _NEVER_CARRIED


def _follow(tx: Tx, ledger: Ledger, causes: Sequence[Recorded]) -> None:
    if not causes:
        return
    numbers = {one.event.payment_id for one in causes if one.event.payment_id is not None}
    rows = deliveries.deliveries_of_payments(tx, numbers)
    if not rows:
        return
    changed: dict[int, DeliveryRow] = {}
    events: list[NewEvent] = []
    for cause in causes:
        row = rows.get(cause.event.payment_id or 0)
        for step in _steps(cause, row) if row is not None else ():
            after = after_event(replace(row, **step.changes), step.event) if row else None
            if row is None or after is None or isinstance(after, Refusal):
                continue
            row = rows[row.payment_id or 0] = changed[row.id] = after
            by = cause.event
            body = {"by": cause.id, **step.body}
            events.append(event_of(row, step.event, by.actor, by.effective_at, body))
    for one in ledger.record(tx, events):
        if isinstance(one, Recorded):
            number = int(one.event.body["delivery"] or 0)
            changed[number] = replace(changed[number], last_event_id=one.id)
    deliveries.update_deliveries(tx, list(changed.values()), ledger.clock.now())


def _steps(cause: Recorded, row: DeliveryRow) -> Iterator[_Step]:
    event, day = cause.event, local_day(cause.event.effective_at)
    leads_to = _LEADS_TO[event.type]
    if leads_to is _E.DELIVERY_HANDED_OVER:
        said = str(event.body.get("proof"))
        proof = said if said in _PROOFS else Proof.REPORTED.value
        yield _Step(leads_to, {"proof": proof}, {"proof": proof, "handed_on": day})
        if cause.after is not None and cause.after.receipt is Receipt.CONFIRMED_FULL:
            yield _Step(_E.DELIVERY_CONFIRMED, {}, {})
    elif leads_to is _E.DELIVERY_MISSED:
        tries = row.tries + 1
        yield _Step(leads_to, {"try": tries}, {"tries": tries, "missed_on": day})
    elif leads_to is _E.DELIVERY_BROUGHT_BACK and event.body.get(AT_DOOR) == REFUSED:
        yield _Step(_E.DELIVERY_REFUSED, {}, {})
    elif leads_to in {_E.DELIVERY_BROUGHT_BACK, _E.DELIVERY_WITHDRAWN}:
        why = event.body.get("reason") or event.type.value
        yield _Step(leads_to, {"why": why}, {})
    else:
        yield _Step(leads_to, {}, {})

"""The one way to write events.

A call is a few statements whatever the number of events: read what was written for the same
causes, read where the payments stand, fold, write, then call the reactors in the same transaction.
What cannot happen comes back as a refusal in its place, and nothing is written for it.

What does not live here: listing payments (`listing.py`), moving a month (`cycles.py`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from core.clock import Clock
from core.faults import Fault
from core.ledger import journal, moves
from core.ledger.digests import fingerprint
from core.ledger.events import EventType, NewEvent, Posting, Recorded, body_text
from core.ledger.facts import CycleState
from core.ledger.journal import Unbalanced
from core.ledger.states import MONEY_MOVES, RECEIPT_MOVES, PaymentStatus, moved
from core.refusals import Code, Refusal
from core.store import cycles, payments
from core.store.engine import Tx
from core.store.events import Cause, EventRow, Line, causes_known, event_numbers, insert_events
from core.store.payments import Standing
from core.store.tables.base import micros

Reactor = Callable[[Tx, Sequence[Recorded]], None]

_OF_A_PAYMENT: Final = frozenset(MONEY_MOVES) | frozenset(RECEIPT_MOVES)


class UnknownPayment(Fault):
    """Event {source} is about a payment that does not exist."""


class NotByRecord(Fault):
    """Event {source}: payments are listed by `list_payments` only, and their journal is ours."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """The ledger of one programme, and who must hear of what is written in it."""

    tenant: str
    reactors: tuple[Reactor, ...]
    clock: Clock

    def record(self, tx: Tx, events: Sequence[NewEvent]) -> list[Recorded | Refusal]:
        """Each event as it is written, or why it cannot happen, in the order given.

        A cause that was written before writes nothing and yields the event it wrote then
        (`is_new` False); with other content it is a ROW_CONFLICT.
        Refuses: PAYMENT_ILLEGAL_MOVE, NO_STANDING, ROW_CONFLICT, CYCLE_WRONG_STATE.
        Raises: NotForABody, Unbalanced, UnknownPayment, NotByRecord.
        """
        if not events:
            return []
        batch = _Batch(self.tenant, self.clock.now())
        batch.read(tx, events)
        found = [batch.take(event) for event in events]
        batch.write(tx)
        self.tell(tx, [one for one in found if isinstance(one, Recorded) and one.is_new])
        return found

    def tell(self, tx: Tx, recorded: Sequence[Recorded]) -> None:
        """Call the reactors with what was just written, in this transaction."""
        if recorded:
            for reactor in self.reactors:
                reactor(tx, recorded)


@dataclass(slots=True)
class _Batch:
    """The events of one call on their way into the database."""

    tenant: str
    now: datetime
    causes: dict[str, Cause] = field(default_factory=dict)
    of: dict[int, Standing] = field(default_factory=dict)
    fresh: dict[int, PaymentStatus] = field(default_factory=dict)
    months: dict[str, CycleState | None] = field(default_factory=dict)
    moved_months: dict[str, int] = field(default_factory=dict)
    numbers: Sequence[int] = ()
    rows: list[EventRow] = field(default_factory=list)

    def read(self, tx: Tx, events: Sequence[NewEvent]) -> None:
        """Lock and read where everything stands; only then ask what was written before."""
        self.of = payments.standings_for_update(
            tx, [e.payment_id for e in events if e.payment_id is not None]
        )
        moving = {e.cycle for e in events if e.type in moves.CYCLE_EVENTS and e.cycle}
        if moving:
            self.months = cycles.states_for_update(tx, self.tenant, sorted(moving))
        self.numbers = event_numbers(tx, len(events))
        self.causes = causes_known(tx, [e.source for e in events])

    def take(self, event: NewEvent) -> Recorded | Refusal:
        """The event as it will be written, or why it will not be."""
        body = body_text(event)
        known = self.causes.get(event.source)
        if known is not None:
            return _again(event, known, body)
        event = self._completed(event)
        number = self.numbers[len(self.rows)]
        if event.payment_id is None:
            return self._of_no_payment(event, number, body)
        before = self._standing(event).status
        after = moved(before, event, number, self.now)
        if isinstance(after, Refusal):
            return after
        self.of[event.payment_id] = replace(self.of[event.payment_id], status=after)
        self.fresh[event.payment_id] = after
        sums = self.of[event.payment_id].sums
        part = int(event.body["amount"] or 0) if event.type is EventType.RECOVERED else 0
        postings = journal.postings_of(event.type, before, sums, part)
        return self._kept(replace(event, postings=postings), number, body, (before, after))

    def write(self, tx: Tx) -> None:
        """Write what was taken."""
        if not self.rows:
            return
        insert_events(tx, self.rows)
        if self.fresh:
            payments.write_statuses(tx, self.tenant, self.fresh, self.of)
        for month, number in self.moved_months.items():
            state = self.months[month]
            if state is not None:
                cycles.write_state(tx, self.tenant, month, state, number=number, at=self.now)

    def _completed(self, event: NewEvent) -> NewEvent:
        if event.payment_id is None:
            return event
        if event.type is EventType.LISTED or event.postings:
            raise NotByRecord(source=event.source)
        standing = self._standing(event)
        if event.cycle is not None and event.beneficiary_id is not None:
            return event
        return replace(event, cycle=standing.sums.cycle, beneficiary_id=standing.beneficiary_id)

    def _standing(self, event: NewEvent) -> Standing:
        standing = self.of.get(event.payment_id or 0)
        if standing is None:
            raise UnknownPayment(source=event.source)
        return standing

    def _of_no_payment(self, event: NewEvent, number: int, body: str) -> Recorded | Refusal:
        if event.type in _OF_A_PAYMENT:
            raise UnknownPayment(source=event.source)
        if event.type in moves.CYCLE_EVENTS:
            month = event.cycle or ""
            state = moves.cycle_moved(self.months.get(month), event.type)
            if isinstance(state, Refusal):
                return state
            self.months[month], self.moved_months[month] = state, number
        return self._kept(event, number, body, (None, None))

    def _kept(
        self,
        event: NewEvent,
        number: int,
        body: str,
        change: tuple[PaymentStatus | None, PaymentStatus | None],
    ) -> Recorded:
        row = event_row(self.tenant, event, number=number, body=body, now=self.now)
        self.rows.append(row)
        self.causes[event.source] = Cause(
            number, row.type, row.payment_id, row.beneficiary_id, body
        )
        return Recorded(number, event, *change)


def event_row(tenant: str, event: NewEvent, *, number: int, body: str, now: datetime) -> EventRow:
    """The row of an event, with its fingerprint.

    Raises: Unbalanced.
    """
    if sum(posting.amount for posting in event.postings):
        raise Unbalanced(source=event.source)
    columns = (
        number,
        tenant,
        event.cycle,
        event.payment_id,
        event.beneficiary_id,
        event.type.value,
        micros(event.effective_at),
        micros(now),
        event.actor,
        event.source,
        body,
    )
    postings = tuple(_line(at, one) for at, one in enumerate(event.postings, 1))
    return EventRow(*columns, fingerprint(columns, postings), postings)


def _line(at: int, one: Posting) -> Line:
    return (at, one.account, one.amount, one.cycle, one.provider, one.commune, one.payment_id)


def _again(event: NewEvent, known: Cause, body: str) -> Recorded | Refusal:
    """The same cause again: the same event if it says the same. When it happened may differ."""
    same = (known.type, known.body) == (event.type.value, body)
    if same and event.payment_id in {None, known.payment_id}:
        return Recorded(known.id, event, is_new=False)
    return Refusal(Code.ROW_CONFLICT, {"event": known.id})

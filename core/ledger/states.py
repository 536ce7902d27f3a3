"""Where a payment stands (khoản chi trả), on two axes, and which moves are possible.

The money axis is what office, Treasury and provider report; the receipt axis is what the person
says. Each is one table. A status is a pure fold of events: nothing else may change it.

What does not live here: what a move posts (`journal.py`), the months (`moves.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from core.calendar import local_day
from core.ledger.events import EventType, NewEvent, Value
from core.refusals import Code, Refusal


class Money(StrEnum):
    """Where the money is (tiền đang ở đâu)."""

    LISTED = "LISTED"
    HELD = "HELD"
    APPROVED = "APPROVED"
    INSTRUCTED = "INSTRUCTED"
    ACCEPTED = "ACCEPTED"
    SETTLED = "SETTLED"
    READY_CASH = "READY_CASH"
    HOME_PENDING = "HOME_PENDING"
    FAILED = "FAILED"
    RETURNED = "RETURNED"
    UNCLAIMED = "UNCLAIMED"
    REISSUED = "REISSUED"
    REFUNDED = "REFUNDED"
    CANCELLED = "CANCELLED"


class Receipt(StrEnum):
    """What the person says (người dân xác nhận)."""

    NOT_ASKED = "NOT_ASKED"
    ASKED = "ASKED"
    CONFIRMED_FULL = "CONFIRMED_FULL"
    SHORT = "SHORT"
    NOT_RECEIVED = "NOT_RECEIVED"
    SILENT = "SILENT"


@dataclass(frozen=True, slots=True)
class PaymentStatus:
    """One payment's present state. Time: aware UTC; `effective_on` is a day in Asia/Ho_Chi_Minh.

    `held_from` is where a held payment goes back to. `effective_on` and `reported_at`: the day
    the provider says it happened, and when it told us. `changed_at`: since when the money is where
    it is; words about receipt do not move it. `carried_event_id` is the event by which what is
    still owed left its month, when the month was closed.
    """

    money: Money
    receipt: Receipt
    held_from: Money | None
    method: str | None
    provider: str | None
    method_version_id: int | None
    pay_point: str | None
    reason: str | None
    effective_on: date | None
    reported_at: datetime | None
    changed_at: datetime
    last_event_id: int
    version: int
    carried_event_id: int | None = None


_E = EventType
_M = Money
_WITH_PROVIDER: Final = (_M.INSTRUCTED, _M.ACCEPTED)
_CAME_BACK: Final = (_M.FAILED, _M.RETURNED, _M.UNCLAIMED)

# From where an event is possible, and where it leads; None stands for "not yet there".
# RELEASED leads back to the state that the payment was held in: see `_released`.
MONEY_MOVES: Final[Mapping[EventType, Mapping[Money | None, Money]]] = {
    _E.LISTED: {None: _M.LISTED},
    _E.ROUTED: {_M.LISTED: _M.LISTED},
    _E.HELD: dict.fromkeys((_M.LISTED, _M.APPROVED), _M.HELD),
    _E.RELEASED: {},
    _E.CANCELLED: dict.fromkeys((_M.LISTED, _M.HELD, _M.APPROVED), _M.CANCELLED),
    _E.APPROVED: {_M.LISTED: _M.APPROVED},
    _E.INSTRUCTED: {_M.APPROVED: _M.INSTRUCTED},
    _E.ACCEPTED: {_M.INSTRUCTED: _M.ACCEPTED},
    _E.SETTLED: dict.fromkeys(_WITH_PROVIDER, _M.SETTLED),
    _E.READY_CASH: dict.fromkeys(_WITH_PROVIDER, _M.READY_CASH),
    _E.COLLECTED: {_M.READY_CASH: _M.SETTLED},
    # Cash that waits at the desk may be taken to somebody who cannot come.
    _E.HOME_OPENED: dict.fromkeys((*_WITH_PROVIDER, _M.READY_CASH), _M.HOME_PENDING),
    _E.HOME_MISSED: {_M.HOME_PENDING: _M.HOME_PENDING},
    _E.HANDED: {_M.HOME_PENDING: _M.SETTLED},
    _E.FAILED: dict.fromkeys(_WITH_PROVIDER, _M.FAILED),
    _E.RETURNED: {_M.SETTLED: _M.RETURNED},
    _E.UNCLAIMED: dict.fromkeys((_M.READY_CASH, _M.HOME_PENDING), _M.UNCLAIMED),
    _E.REISSUED: dict.fromkeys((*_CAME_BACK, _M.APPROVED), _M.REISSUED),
    _E.REFUNDED: dict.fromkeys((*_CAME_BACK, _M.APPROVED, _M.HELD), _M.REFUNDED),
    # The month was closed over it: it stays what it is, and is owed outside its month.
    _E.CARRIED: {money: money for money in (*_CAME_BACK, _M.HELD)},
}
# What was held when its month was closed is paid or given back outside it, and never ordered in it.
_ONLY_CARRIED: Final = frozenset(
    {(_E.REISSUED, _M.APPROVED), (_E.REFUNDED, _M.APPROVED), (_E.REFUNDED, _M.HELD)}
)
_R = Receipt
_SAID: Final = (_R.CONFIRMED_FULL, _R.SHORT, _R.NOT_RECEIVED)
_UNSAID: Final = (_R.NOT_ASKED, _R.ASKED, _R.SILENT)

# A later word replaces an earlier one; silence never replaces a word, and a question never does.
RECEIPT_MOVES: Final[Mapping[EventType, Mapping[Receipt, Receipt]]] = {
    _E.ASKED: dict.fromkeys(_UNSAID, _R.ASKED),
    _E.CONFIRMED_FULL: dict.fromkeys((*_UNSAID, *_SAID), _R.CONFIRMED_FULL),
    _E.SAID_SHORT: dict.fromkeys((*_UNSAID, *_SAID), _R.SHORT),
    _E.SAID_NOT_RECEIVED: dict.fromkeys((*_UNSAID, *_SAID), _R.NOT_RECEIVED),
    _E.SILENT: {_R.ASKED: _R.SILENT},
}
# Where the money must be for a word about receipt to mean anything.
_ON_ITS_WAY: Final = frozenset(
    {*_WITH_PROVIDER, _M.READY_CASH, _M.HOME_PENDING, _M.SETTLED, _M.RETURNED}
)
RECEIPT_NEEDS: Final[Mapping[EventType, frozenset[Money]]] = {
    _E.ASKED: _ON_ITS_WAY,
    _E.CONFIRMED_FULL: _ON_ITS_WAY,
    _E.SAID_SHORT: frozenset({_M.SETTLED, _M.RETURNED}),
    _E.SAID_NOT_RECEIVED: frozenset({_M.SETTLED, _M.RETURNED}),
    _E.SILENT: _ON_ITS_WAY,
}
WORDS: Final = frozenset({_E.CONFIRMED_FULL, _E.SAID_SHORT, _E.SAID_NOT_RECEIVED})
# On what basis a word moves the axis. Source: design 3.
SPEAKERS: Final = frozenset({"self", "guardian", "parent", "payee"})

# What a provider reports, with its own day.
REPORTED: Final = frozenset(
    {
        *(_E.ACCEPTED, _E.SETTLED, _E.READY_CASH, _E.COLLECTED, _E.HOME_OPENED, _E.HOME_MISSED),
        *(_E.HANDED, _E.FAILED, _E.RETURNED, _E.UNCLAIMED),
    }
)
# What ends or passes over a payment that came back leaves why it came back where it stands.
_KEEPS_REASON: Final = frozenset({_E.CARRIED, _E.REISSUED, _E.REFUNDED})
# In these the payment has come to its end, unless a bank returns what it had settled.
TERMINAL: Final = frozenset({_M.SETTLED, _M.REISSUED, _M.REFUNDED, _M.CANCELLED})


def moved(
    status: PaymentStatus | None, event: NewEvent, number: int, at: datetime
) -> PaymentStatus | Refusal:
    """The status after an event with this number, written at `at`.

    An event on neither axis leaves the status as it was, with its number noted.
    Refuses: PAYMENT_ILLEGAL_MOVE, NO_STANDING.
    """
    if event.type in MONEY_MOVES:
        return _money_moved(status, event, number, at)
    if status is None:
        return _illegal(status, event)
    if event.type in RECEIPT_MOVES:
        return _receipt_moved(status, event, number)
    return replace(status, last_event_id=number, version=status.version + 1)


def paid_as(money: Money) -> EventType:
    """The event that a provider's "paid" is for a payment that stands here."""
    if money is Money.READY_CASH:
        return EventType.COLLECTED
    return EventType.HANDED if money is Money.HOME_PENDING else EventType.SETTLED


def _money_moved(
    status: PaymentStatus | None, event: NewEvent, number: int, at: datetime
) -> PaymentStatus | Refusal:
    target = _target(status, event)
    if target is None or not _is_in_its_time(status, event):
        return _illegal(status, event)
    if status is None:
        return listed(number, at)
    body = event.body
    reported = event.type in REPORTED
    routed = event.type is EventType.ROUTED
    return PaymentStatus(
        money=target,
        receipt=status.receipt,
        held_from=_held_from(status, event),
        method=_text(body.get("method")) if routed else status.method,
        provider=_text(body.get("provider")) if routed else status.provider,
        method_version_id=_number(body.get("version")) if routed else status.method_version_id,
        pay_point=_text(body.get("pay_point")) or (None if routed else status.pay_point),
        reason=status.reason if event.type in _KEEPS_REASON else _text(body.get("reason")),
        effective_on=local_day(event.effective_at) if reported else status.effective_on,
        reported_at=at if reported else status.reported_at,
        changed_at=at if target is not status.money else status.changed_at,
        last_event_id=number,
        version=status.version + 1,
        carried_event_id=number if event.type is EventType.CARRIED else status.carried_event_id,
    )


def _held_from(status: PaymentStatus, event: NewEvent) -> Money | None:
    if event.type is EventType.CARRIED:
        return status.held_from
    return status.money if event.type is EventType.HELD else None


def _target(status: PaymentStatus | None, event: NewEvent) -> Money | None:
    if event.type is EventType.RELEASED:
        return status.held_from if status is not None else None
    return MONEY_MOVES[event.type].get(status.money if status is not None else None)


def _is_in_its_time(status: PaymentStatus | None, event: NewEvent) -> bool:
    """Whether an event may come to a payment that has, or has not, left its month already."""
    if status is None:
        return True
    has_left = status.carried_event_id is not None
    if event.type is EventType.CARRIED:
        # Held before approval it is owed to nobody, and nothing leaves its month.
        return not has_left and status.held_from is not Money.LISTED
    if event.type is EventType.INSTRUCTED:
        return not has_left
    return has_left or (event.type, status.money) not in _ONLY_CARRIED


def listed(number: int, at: datetime) -> PaymentStatus:
    """The status that every payment begins with."""
    return PaymentStatus(
        money=Money.LISTED,
        receipt=Receipt.NOT_ASKED,
        held_from=None,
        method=None,
        provider=None,
        method_version_id=None,
        pay_point=None,
        reason=None,
        effective_on=None,
        reported_at=None,
        changed_at=at,
        last_event_id=number,
        version=1,
    )


def _receipt_moved(status: PaymentStatus, event: NewEvent, number: int) -> PaymentStatus | Refusal:
    target = RECEIPT_MOVES[event.type].get(status.receipt)
    if target is None or status.money not in RECEIPT_NEEDS[event.type]:
        return _illegal(status, event)
    if event.type in WORDS and not _may_speak(event):
        return Refusal(Code.NO_STANDING)
    return replace(status, receipt=target, last_event_id=number, version=status.version + 1)


def _may_speak(event: NewEvent) -> bool:
    return event.body.get("basis") in SPEAKERS and isinstance(event.body.get("person"), int)


def _illegal(status: PaymentStatus | None, event: NewEvent) -> Refusal:
    stands = status.money.value if status is not None else "NOT_LISTED"
    return Refusal(Code.PAYMENT_ILLEGAL_MOVE, {"state": stands, "event": event.type.value})


def _text(value: Value | None) -> str | None:
    return None if value is None else str(value)


def _number(value: Value | None) -> int | None:
    return None if value is None else int(value)

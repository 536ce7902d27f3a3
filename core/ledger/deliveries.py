"""The life of a delivery at home (chi trả tại nhà): one table, and its rules.

A delivery is one payment brought to somebody's door. It is asked for, judged by the plan's own
criterion, accepted or declined, arranged, on its way, and then handed over, missed or refused; the
person has the last word. A standing one comes back each month and is looked at again each year.
Source: the plan, III.1.b; reference ledger 6.3; docs/decisions/0135.

What does not live here: writing it down (`delivering.py`), what the money does (`states.py`).
"""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from core.ledger.events import EventType
from core.ledger.states import Money
from core.refusals import Code, Refusal
from core.terms import Method


class DeliveryState(StrEnum):
    """Where a delivery at home stands (tình trạng chi trả tại nhà)."""

    REQUESTED = "REQUESTED"
    ASSESSED = "ASSESSED"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    SCHEDULED = "SCHEDULED"
    EN_ROUTE = "EN_ROUTE"
    HANDED_OVER = "HANDED_OVER"
    NOT_HOME = "NOT_HOME"
    REFUSED = "REFUSED"
    BROUGHT_BACK = "BROUGHT_BACK"
    CONFIRMED = "CONFIRMED"
    DISPUTED = "DISPUTED"
    WITHDRAWN = "WITHDRAWN"


class Criterion(StrEnum):
    """Why somebody is paid at home (tiêu chí). Source: the plan, III.1.b."""

    ILL = "ill"
    OLD_ALONE = "old_alone"
    NO_PHONE = "no_phone"
    OTHER = "other"


class Decline(StrEnum):
    """Why a request was declined (lý do từ chối đề nghị)."""

    NOT_MET = "not_met"
    CAN_COLLECT = "can_collect"
    REPRESENTED = "represented"
    NOT_FOUND = "not_found"


class Window(StrEnum):
    """The half of a day in which somebody comes (buổi)."""

    MORNING = "morning"
    AFTERNOON = "afternoon"


class Proof(StrEnum):
    """What shows that the money was handed over (chứng từ giao tiền)."""

    SIGNED = "signed"
    FINGERPRINT = "fingerprint"
    SIGNED_PAYEE = "signed_payee"
    SIGNED_FAMILY = "signed_family"
    # The provider reports it, and does not say who signed.
    REPORTED = "reported"


_E = EventType
_S = DeliveryState
_ACCEPTED_EVER: Final = (
    *(_S.ACCEPTED, _S.SCHEDULED, _S.EN_ROUTE, _S.HANDED_OVER, _S.NOT_HOME),
    *(_S.REFUSED, _S.BROUGHT_BACK, _S.CONFIRMED, _S.DISPUTED),
)

# From where an event is possible, and where it leads; None stands for "nobody asked yet".
DELIVERY_MOVES: Final[Mapping[EventType, Mapping[DeliveryState | None, DeliveryState]]] = (
    MappingProxyType(
        {
            _E.DELIVERY_REQUESTED: {None: _S.REQUESTED},
            # Assessed again after an appeal, or with another criterion.
            _E.DELIVERY_ASSESSED: dict.fromkeys((_S.REQUESTED, _S.ASSESSED), _S.ASSESSED),
            _E.DELIVERY_ACCEPTED: {_S.ASSESSED: _S.ACCEPTED},
            _E.DELIVERY_DECLINED: dict.fromkeys((_S.REQUESTED, _S.ASSESSED), _S.DECLINED),
            _E.DELIVERY_APPEALED: {_S.DECLINED: _S.REQUESTED},
            # The month has a payment for it: of a request, or of somebody who is paid so for good.
            _E.DELIVERY_DUE: dict.fromkeys((None, _S.ACCEPTED), _S.ACCEPTED),
            # A day that was agreed may be changed, and a missed visit is tried again.
            _E.DELIVERY_SCHEDULED: dict.fromkeys(
                (_S.ACCEPTED, _S.SCHEDULED, _S.NOT_HOME), _S.SCHEDULED
            ),
            _E.DELIVERY_SET_OFF: {_S.SCHEDULED: _S.EN_ROUTE},
            # A provider also reports what it paid at a door without a visit that we arranged.
            _E.DELIVERY_HANDED_OVER: dict.fromkeys(
                (_S.ACCEPTED, _S.SCHEDULED, _S.EN_ROUTE, _S.NOT_HOME), _S.HANDED_OVER
            ),
            _E.DELIVERY_MISSED: dict.fromkeys((_S.EN_ROUTE, _S.NOT_HOME), _S.NOT_HOME),
            _E.DELIVERY_REFUSED: dict.fromkeys((_S.EN_ROUTE, _S.NOT_HOME), _S.REFUSED),
            _E.DELIVERY_BROUGHT_BACK: dict.fromkeys(
                (_S.ACCEPTED, _S.SCHEDULED, _S.EN_ROUTE, _S.NOT_HOME), _S.BROUGHT_BACK
            ),
            _E.DELIVERY_CONFIRMED: dict.fromkeys((_S.HANDED_OVER, _S.DISPUTED), _S.CONFIRMED),
            _E.DELIVERY_DISPUTED: dict.fromkeys((_S.HANDED_OVER, _S.CONFIRMED), _S.DISPUTED),
            _E.DELIVERY_WITHDRAWN: dict.fromkeys(
                (_S.REQUESTED, _S.ASSESSED, _S.ACCEPTED, _S.SCHEDULED), _S.WITHDRAWN
            ),
            # A standing order looked at again, or at its end; the delivery stays where it is.
            _E.DELIVERY_REVIEWED: {state: state for state in _ACCEPTED_EVER},
            _E.DELIVERY_STOPPED: {state: state for state in _ACCEPTED_EVER},
        }
    )
)
# Somebody still has something to do for this payment.
RUNNING: Final = frozenset(
    {_S.REQUESTED, _S.ASSESSED, _S.ACCEPTED, _S.SCHEDULED, _S.EN_ROUTE, _S.NOT_HOME}
)
# Reference ledger 6.3: NOT_HOME is rescheduled at most twice.
MOST_SECOND_TRIES: Final = 2
# Where the money must be for a visit to be promised: with the provider, or with its officer.
DELIVERABLE: Final = frozenset(
    {Money.INSTRUCTED, Money.ACCEPTED, Money.READY_CASH, Money.HOME_PENDING}
)
# A visit is arranged for the weeks of one month's money, not for ever.
FURTHEST: Final = timedelta(days=31)
_IN_HAND: Final = frozenset({Method.CASH, Method.HOME})


def delivery_moved(state: DeliveryState | None, event: EventType) -> DeliveryState | Refusal:
    """Where a delivery stands after an event.

    Refuses: DELIVERY_WRONG_STATE.
    """
    target = DELIVERY_MOVES[event].get(state)
    if target is None:
        stands = state.value if state is not None else "NONE"
        return Refusal(Code.DELIVERY_WRONG_STATE, {"state": stands})
    return target


def may_request(running: DeliveryState | None, method: Method | None) -> Refusal | None:
    """None when somebody may ask to be paid at home.

    `running`: a delivery of theirs that is under way; `method`: how they are paid for good.
    Whoever is paid into an account changes the method first, with its own safeguards.
    Refuses: DELIVERY_ASKED_ALREADY, DELIVERY_STANDING, DELIVERY_NOT_CASH.
    """
    if running is not None:
        return Refusal(Code.DELIVERY_ASKED_ALREADY, {"state": running.value})
    if method is Method.HOME:
        return Refusal(Code.DELIVERY_STANDING)
    if method is not None and method not in _IN_HAND:
        return Refusal(Code.DELIVERY_NOT_CASH)
    return None


def may_decide(by: str, declined_by: str | None) -> Refusal | None:
    """None when this officer may decide; an appeal is decided by somebody else.

    Refuses: DELIVERY_SAME_PERSON.
    """
    return Refusal(Code.DELIVERY_SAME_PERSON) if by == declined_by else None


def may_schedule(
    money: Money | None, day: date, today: date, *, tries: int, is_open: bool
) -> Refusal | None:
    """None when a visit may be arranged for a day. Time: days in Asia/Ho_Chi_Minh.

    `money`: where the payment stands, None before there is one; `tries`: visits missed so far;
    `is_open`: whether providers visit on that day. Refuses: DELIVERY_NO_MONEY, DELIVERY_TRIES,
    DELIVERY_DAY_PAST, DELIVERY_DAY_FAR, DELIVERY_DAY_CLOSED.
    """
    if money not in DELIVERABLE:
        return Refusal(Code.DELIVERY_NO_MONEY)
    if tries > MOST_SECOND_TRIES:
        return Refusal(Code.DELIVERY_TRIES, {"visits": tries})
    if day < today:
        return Refusal(Code.DELIVERY_DAY_PAST)
    if day > today + FURTHEST:
        return Refusal(Code.DELIVERY_DAY_FAR, {"days": FURTHEST.days})
    return None if is_open else Refusal(Code.DELIVERY_DAY_CLOSED)


def review_day(accepted_on: date) -> date:
    """When a standing order is looked at again: a year later."""
    is_leap_day = (accepted_on.month, accepted_on.day) == (2, 29)
    return accepted_on.replace(
        year=accepted_on.year + 1, day=28 if is_leap_day else accepted_on.day
    )

"""What follows from an outcome: a pure decision from what the gateway said and how often we tried.

A refusal for good stops at once. "Too much at once" waits and costs no attempt. A fault of our
own account pauses the gateway and leaves the message as it was. A doubt is never tried again by
time alone, except the reply that somebody waits for, once.

What does not live here: writing the decision down (`settling`).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from notifications.gateways.base import Kind, Outcome, Refused, Sent, Unknown
from notifications.lifecycle import Move

ATTEMPTS: Final = 5
_WAITS: Final = tuple(timedelta(seconds=s) for s in (30, 120, 600, 1800))
_SHORT_WAITS: Final = tuple(timedelta(seconds=s) for s in (2, 5, 15, 60))
BUSY_WAIT: Final = timedelta(seconds=5)
REPLY_DOUBT: Final = timedelta(seconds=60)
LOOK_UP_AFTER: Final = timedelta(seconds=120)


class Health(StrEnum):
    """What an outcome says about the gateway itself."""

    WELL = "well"
    UNSEEN = "unseen"
    UNWELL = "unwell"
    BUSY = "busy"
    MISCONFIGURED = "misconfigured"


@dataclass(frozen=True, slots=True)
class Decision:
    """The move to make, and when to look again. `counts`: whether the attempt is used up."""

    move: Move
    health: Health
    reason: str | None = None
    due_at: datetime | None = None
    counts: bool = True
    stops_contact: bool = False


def decide(outcome: Outcome, *, attempts: int, interactive: bool, now: datetime) -> Decision:
    """What to do after the `attempts`-th call ended so. Time: aware UTC."""
    match outcome:
        case Sent(delivered=delivered):
            move = Move.REPORTED_DELIVERED if delivered else Move.ACCEPTED
            return Decision(move, Health.WELL)
        case Unknown(reason=reason):
            wait = REPLY_DOUBT if interactive and attempts == 1 else LOOK_UP_AFTER
            return Decision(Move.UNSURE, Health.UNWELL, reason, now + wait)
        case Refused():
            return _after_refusal(outcome, attempts, now, interactive=interactive)


def next_wait(attempts: int, *, interactive: bool) -> timedelta:
    """How long to wait after the `attempts`-th try that the gateway did not take."""
    waits = _SHORT_WAITS if interactive else _WAITS
    return waits[min(attempts, len(waits)) - 1]


def _after_refusal(
    refusal: Refused, attempts: int, now: datetime, *, interactive: bool
) -> Decision:
    code = refusal.code
    match refusal.kind:
        case Kind.ADDRESS | Kind.TEXT:
            return Decision(Move.REFUSED, Health.WELL, code)
        case Kind.STOPPED:
            return Decision(Move.REFUSED, Health.WELL, code, stops_contact=True)
        case Kind.BUSY:
            due = now + (refusal.retry_after or BUSY_WAIT)
            return Decision(Move.DEFERRED, Health.BUSY, code, due, counts=False)
        case Kind.LATE:
            return Decision(Move.DEFERRED, Health.UNSEEN, None, now, counts=False)
        case Kind.CONFIGURATION:
            return Decision(Move.DEFERRED, Health.MISCONFIGURED, code, now, counts=False)
        case Kind.FAULT if attempts >= ATTEMPTS:
            return Decision(Move.GIVEN_UP, Health.UNWELL, code)
        case Kind.FAULT:
            wait = refusal.retry_after or next_wait(attempts, interactive=interactive)
            return Decision(Move.DEFERRED, Health.UNWELL, code, now + wait)

"""The breaker of a gateway: when it rests, when one message may try it, when a person must act.

Pure: the state that is kept and what was seen go in, the next state comes out.

What does not live here: keeping it (`core/store/gateways.py`).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from core.store.gateways import GatewayRow
from notifications.retry import Decision, Health

TRIPS_AFTER: Final = 5
RESTS_FOR: Final = timedelta(seconds=30)

CLOSED: Final = "closed"
OPEN: Final = "open"
PAUSED: Final = "paused"


def lets_through(row: GatewayRow, now: datetime) -> int | None:
    """How many messages may be claimed: None for any number, 1 for a probe, 0 for none."""
    if row.state == PAUSED:
        return 0
    if row.state == CLOSED:
        return None
    return 1 if row.until is None or row.until <= now else 0


def probing(row: GatewayRow, now: datetime) -> GatewayRow:
    """The state while one message tries an open gateway: nobody else does, for a while."""
    return replace(row, until=now + RESTS_FOR) if row.state == OPEN else row


def after(row: GatewayRow, decisions: Sequence[Decision], now: datetime) -> GatewayRow:
    """The state after these outcomes, in the order in which they came."""
    for decision in decisions:
        row = _after_one(row, decision, now)
    return row


def _after_one(row: GatewayRow, decision: Decision, now: datetime) -> GatewayRow:
    if row.state == PAUSED:
        return row
    match decision.health:
        case Health.WELL:
            return replace(row, state=CLOSED, failures=0, until=None, reason=None)
        case Health.UNSEEN:
            return row
        case Health.MISCONFIGURED:
            return replace(row, state=PAUSED, until=None, reason=decision.reason)
        case Health.BUSY:
            return replace(row, state=OPEN, until=decision.due_at, reason=decision.reason)
        case Health.UNWELL:
            return _after_failure(row, decision, now)


def _after_failure(row: GatewayRow, decision: Decision, now: datetime) -> GatewayRow:
    failures = row.failures + 1
    if failures < TRIPS_AFTER and row.state == CLOSED:
        return replace(row, failures=failures)
    return replace(
        row, state=OPEN, failures=failures, until=now + RESTS_FOR, reason=decision.reason
    )


def with_turn(row: GatewayRow, free_at: datetime | None) -> GatewayRow:
    """The state with the instant at which the next segment is free."""
    return replace(row, free_at=free_at)


def mended(row: GatewayRow) -> GatewayRow:
    """The state after a person has put right what paused it."""
    return replace(row, state=CLOSED, failures=0, until=None, reason=None)

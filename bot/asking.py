"""The receipt axis moves by itself in two ways only: a question was sent, and nobody answered.

Silence is noted when an answer to that notice would no longer be taken for one. It stops nobody's
money: it only tells the office whom nobody has heard of.
Source: design 3; ledger of both sides, docs/decisions/0079.
"""

from datetime import datetime
from typing import Final

from bot.compose import Parts
from core.ledger.events import EventType, NewEvent
from core.ledger.states import RECEIPT_NEEDS, Receipt
from core.store.asked import Asked, asked
from core.store.commit_points import CommitPoint
from core.store.engine import Tx
from core.store.notices_open import FRESH_FOR

_AT_ONCE: Final = 500
_FROM: Final = {EventType.ASKED: Receipt.NOT_ASKED, EventType.SILENT: Receipt.ASKED}


def note_questions(parts: Parts) -> int:
    """How many payments now stand as asked about, or as met with silence."""
    now = parts.clock.now()
    lately = (now - FRESH_FOR, now)
    long_ago = (now - 2 * FRESH_FOR, now - FRESH_FOR)
    return _noted(parts, EventType.ASKED, lately) + _noted(parts, EventType.SILENT, long_ago)


def _noted(parts: Parts, kind: EventType, between: tuple[datetime, datetime]) -> int:
    total = 0
    while count := parts.store.transact(
        lambda tx: _note(tx, parts, kind, between), CommitPoint.ASKED
    ):
        total += count
    return total


def _note(tx: Tx, parts: Parts, kind: EventType, between: tuple[datetime, datetime]) -> int:
    since, until = between
    found = asked(
        tx,
        since=since,
        until=until,
        receipt=_FROM[kind],
        money=RECEIPT_NEEDS[kind],
        limit=_AT_ONCE,
    )
    recorded = parts.ledger.record(tx, [_event(kind, one, parts) for one in found])
    # One that was known or refused would be found again for ever.
    return len(found) if all(getattr(one, "is_new", False) for one in recorded) else 0


def _event(kind: EventType, one: Asked, parts: Parts) -> NewEvent:
    return NewEvent(
        type=kind,
        source=f"{kind}:{one.code}",
        actor="notifier",
        effective_at=one.at if kind is EventType.ASKED else parts.clock.now(),
        cycle=one.cycle,
        payment_id=one.payment_id,
        beneficiary_id=one.beneficiary_id,
    )

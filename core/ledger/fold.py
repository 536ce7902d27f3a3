"""Folding events into a payment's status: pure, and the same for writing, rebuilding, verifying."""

from dataclasses import replace
from datetime import date, datetime
from typing import Final

from core.calendar import local_day
from core.ledger.events import Body, NewEvent, PaymentStatus
from core.ledger.states import MONEY_MOVES, RECEIPT_MOVES, EventType, Money, Receipt
from core.refusals import Code, Refusal

# What a provider says about a payment: these set the day it names and when it told us.
REPORTS: Final = frozenset(
    {
        EventType.ACCEPTED,
        EventType.SETTLED,
        EventType.READY_CASH,
        EventType.COLLECTED,
        EventType.HOME_OPENED,
        EventType.HANDED,
        EventType.FAILED,
        EventType.RETURNED,
        EventType.UNCLAIMED,
    }
)


def folded(
    status: PaymentStatus | None,
    event: NewEvent,
    *,
    event_id: int,
    tenant: str,
    recorded_at: datetime,
) -> PaymentStatus | Refusal:
    """The status after an event, or why the event cannot happen now.

    Refuses: PAYMENT_ILLEGAL_MOVE.
    """
    if event.type in RECEIPT_MOVES:
        return _receipt(status, event, event_id, recorded_at)
    if event.type not in MONEY_MOVES:
        return _illegal(status, event)
    if event.type is EventType.LISTED:
        return _listed(status, event, event_id, tenant, recorded_at)
    return _money(status, event, event_id, recorded_at)


def _listed(
    status: PaymentStatus | None, event: NewEvent, event_id: int, tenant: str, at: datetime
) -> PaymentStatus | Refusal:
    if status is not None or event.payment_id is None or event.beneficiary_id is None:
        return _illegal(status, event)
    return PaymentStatus(
        payment_id=event.payment_id,
        tenant=tenant,
        cycle=event.cycle or "",
        beneficiary_id=event.beneficiary_id,
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
        last_event_id=event_id,
        version=1,
    )


def _money(
    status: PaymentStatus | None, event: NewEvent, event_id: int, at: datetime
) -> PaymentStatus | Refusal:
    before, after = MONEY_MOVES[event.type]
    if status is None or status.money not in before:
        return _illegal(status, event)
    if event.type is EventType.RELEASED:
        after = status.held_from or Money.LISTED
    body = event.body
    return replace(
        status,
        money=after,
        held_from=status.money if event.type is EventType.HELD else None,
        method=_text(body, "method", status.method),
        provider=_text(body, "provider", status.provider),
        method_version_id=_whole(body, "method_version", status.method_version_id),
        pay_point=_text(body, "pay_point", status.pay_point),
        reason=_text(body, "reason", None) if event.type in REPORTS else status.reason,
        effective_on=_day(event, status),
        reported_at=at if event.type in REPORTS else status.reported_at,
        changed_at=at,
        last_event_id=event_id,
        version=status.version + 1,
    )


def _receipt(
    status: PaymentStatus | None, event: NewEvent, event_id: int, at: datetime
) -> PaymentStatus | Refusal:
    before, after = RECEIPT_MOVES[event.type]
    if status is None or status.receipt not in before:
        return _illegal(status, event)
    return replace(
        status,
        receipt=after,
        changed_at=at,
        last_event_id=event_id,
        version=status.version + 1,
    )


def _day(event: NewEvent, status: PaymentStatus) -> date | None:
    return local_day(event.effective_at) if event.type in REPORTS else status.effective_on


def _text(body: Body, key: str, otherwise: str | None) -> str | None:
    value = body.get(key)
    return value if isinstance(value, str) else otherwise


def _whole(body: Body, key: str, otherwise: int | None) -> int | None:
    value = body.get(key)
    return value if isinstance(value, int) else otherwise


def _illegal(status: PaymentStatus | None, event: NewEvent) -> Refusal:
    state = "" if status is None else f"{status.money}/{status.receipt}"
    return Refusal(Code.PAYMENT_ILLEGAL_MOVE, {"event": event.type, "state": state})

"""Payments that are on hold: why, since when, and who held them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from core.ledger.events import EventType, body_of
from core.ledger.states import Money
from core.store.engine import Tx
from core.store.tables.ledger import approval, event, payment, payment_status
from core.store.tables.people import beneficiary


@dataclass(frozen=True, slots=True)
class Hold:
    """A payment on hold. Money: whole đồng. `why`: a word of `core.ledger.holding.Why`.

    `held_from`: where it goes back to. `by`: who held it, as an actor. Time: `at` aware UTC.
    """

    payment_id: int
    code: str
    cycle: str
    beneficiary_id: int
    beneficiary: str
    commune: str
    amount: int
    held_from: Money
    last_event_id: int
    why: str
    by: str
    at: datetime


def holds(
    tx: Tx, tenant: str, *, code: str | None = None, communes: Sequence[str] | None = None
) -> list[Hold]:
    """The payments on hold, the newest month first; only one of them, or of some communes."""
    # Few payments are on hold: their events are found by payment.
    last = (
        sa.select(sa.func.max(event.c.id))
        .where(event.c.payment_id == payment.c.id, event.c.type == EventType.HELD.value)
        .correlate(payment)
        .scalar_subquery()
    )
    status = payment_status.c
    query = (
        sa.select(
            *(payment.c.id, payment.c.code, payment.c.cycle, payment.c.beneficiary_id),
            beneficiary.c.code,
            *(payment.c.commune, payment.c.amount, status.held_from, status.last_event_id),
            *(event.c.body, event.c.actor, event.c.recorded_at),
        )
        .join_from(payment_status, payment, payment.c.id == status.payment_id)
        .join(beneficiary, beneficiary.c.id == payment.c.beneficiary_id)
        .join(event, event.c.id == last)
        .where(status.tenant == tenant, status.money == Money.HELD.value)
        .order_by(payment.c.cycle.desc(), payment.c.code)
    )
    if code is not None:
        query = query.where(payment.c.code == code)
    if communes is not None:
        query = query.where(payment.c.commune.in_(list(communes)))
    return [
        Hold(
            *row[:7],
            held_from=Money(row.held_from),
            last_event_id=row.last_event_id,
            why=str(body_of(row.body).get("why", "")),
            by=row.actor,
            at=row.recorded_at,
        )
        for row in tx.connection.execute(query)
    ]


def unsign(tx: Tx, tenant: str, month: str, step: str) -> bool:
    """Whether there were signatures of a step; there are none any more."""
    statement = sa.delete(approval).where(
        approval.c.tenant == tenant, approval.c.cycle == month, approval.c.step == step
    )
    return tx.connection.execute(statement).rowcount > 0

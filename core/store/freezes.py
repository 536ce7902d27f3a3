"""Whose self-service is frozen: why, since when, and by whom."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from core.ledger.events import EventType, body_of
from core.store.engine import Tx
from core.store.people import names_of
from core.store.tables.ledger import event
from core.store.tables.people import beneficiary

_TURNS = (EventType.SELF_SERVICE_FROZEN.value, EventType.SELF_SERVICE_LIFTED.value)


@dataclass(frozen=True, slots=True)
class Freeze:
    """Somebody whose self-service is frozen. `by`: an actor of the ledger. Time: aware UTC.

    `why` and `by` are empty and `at` is None where it was frozen before there were events of it.
    """

    beneficiary_id: int
    code: str
    name: str = field(repr=False)
    commune: str
    why: str
    by: str
    at: datetime | None


def set_frozen(tx: Tx, beneficiary_id: int, *, is_frozen: bool, now: datetime) -> bool:
    """Freeze or lift; whether that changed anything."""
    statement = (
        sa.update(beneficiary)
        .where(
            beneficiary.c.id == beneficiary_id,
            beneficiary.c.frozen_self_service.is_(not is_frozen),
        )
        .values(frozen_self_service=is_frozen, updated_at=now)
    )
    return tx.connection.execute(statement).rowcount == 1


def turns_of(tx: Tx, beneficiary_id: int) -> int:
    """How often somebody's self-service was frozen or lifted."""
    query = sa.select(sa.func.count()).where(
        event.c.beneficiary_id == beneficiary_id, event.c.type.in_(_TURNS)
    )
    return int(tx.connection.scalar(query) or 0)


def frozen(tx: Tx, *, communes: Sequence[str] | None = None) -> list[Freeze]:
    """Everybody whose self-service is frozen, by code; only of some communes."""
    # Few are frozen: their events are found by beneficiary.
    last = (
        sa.select(sa.func.max(event.c.id))
        .where(
            event.c.beneficiary_id == beneficiary.c.id,
            event.c.type == EventType.SELF_SERVICE_FROZEN.value,
        )
        .correlate(beneficiary)
        .scalar_subquery()
    )
    query = (
        sa.select(
            *(beneficiary.c.id, beneficiary.c.code, beneficiary.c.person_id, beneficiary.c.commune),
            *(event.c.body, event.c.actor, event.c.recorded_at),
        )
        .outerjoin(event, event.c.id == last)
        .where(beneficiary.c.frozen_self_service.is_(True))
        .order_by(beneficiary.c.code)
    )
    if communes is not None:
        query = query.where(beneficiary.c.commune.in_(list(communes)))
    rows = tx.connection.execute(query).all()
    names = names_of(tx, [row.person_id for row in rows])
    return [
        Freeze(
            beneficiary_id=row.id,
            code=row.code,
            name=names[row.person_id],
            commune=row.commune,
            why=str(body_of(row.body).get("reason", "")) if row.body else "",
            by=row.actor or "",
            at=row.recorded_at,
        )
        for row in rows
    ]

"""Disputes about payments: their events, and the cases in which people are answered."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.ledger.disputes import DISPUTE_MOVES
from core.ledger.events import EventType, body_of
from core.store.cases import CaseRow
from core.store.engine import Tx
from core.store.reports import Period
from core.store.rows import among
from core.store.tables.ledger import event, payment, payment_status
from core.store.tables.talk import care_case

_TYPES = tuple(sorted(one.value for one in DISPUTE_MOVES))
_COLUMNS = tuple(care_case.c[name] for name in CaseRow.__slots__)
_MOST = 500


@dataclass(frozen=True, slots=True)
class Step:
    """One event of a dispute. `why`: given where it was opened. Time: aware UTC."""

    payment_id: int
    event_id: int
    type: EventType
    why: str | None
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Disputed:
    """A payment that was disputed, and the events of its dispute in order."""

    payment_id: int
    commune: str
    provider: str | None
    steps: tuple[Step, ...]


def cases_in_dispute(
    tx: Tx, *, communes: Sequence[str], areas: Sequence[str], everywhere: bool
) -> list[CaseRow]:
    """The newest cases about a disputed payment in these places, closed or not."""
    query = sa.select(*_COLUMNS).where(
        care_case.c.kind == "dispute", care_case.c.payment_id.is_not(None)
    )
    if not everywhere:
        query = query.where(
            sa.or_(
                care_case.c.commune.in_(list(communes)),
                care_case.c.area.in_(list(areas)),
                care_case.c.area.is_(None),
            )
        )
    is_closed = sa.case((care_case.c.state == "closed", 1), else_=0)
    query = query.order_by(is_closed, care_case.c.id.desc()).limit(_MOST)
    return [CaseRow(*row) for row in tx.connection.execute(query)]


def cases_about(tx: Tx, payment_id: int) -> list[CaseRow]:
    """The cases about the dispute of one payment, the oldest first."""
    query = (
        sa.select(*_COLUMNS)
        .where(care_case.c.kind == "dispute", care_case.c.payment_id == payment_id)
        .order_by(care_case.c.id)
    )
    return [CaseRow(*row) for row in tx.connection.execute(query)]


def steps_of(tx: Tx, payment_ids: Iterable[int]) -> dict[int, list[Step]]:
    """The events of the disputes about these payments, in order."""
    query = (
        sa.select(
            *(event.c.payment_id, event.c.id, event.c.type, event.c.body),
            *(event.c.actor, event.c.recorded_at),
        )
        .where(among(tx, event.c.payment_id, sorted(set(payment_ids))), event.c.type.in_(_TYPES))
        .order_by(event.c.id)
    )
    found: dict[int, list[Step]] = {}
    for row in tx.connection.execute(query):
        found.setdefault(row.payment_id, []).append(_step(row))
    return found


def disputed(tx: Tx, period: Period) -> list[Disputed]:
    """The disputed payments of a period, as known before it ended; the oldest dispute first."""
    query = (
        sa.select(
            *(event.c.payment_id, event.c.id, event.c.type, event.c.body),
            *(event.c.actor, event.c.recorded_at, payment.c.commune, payment_status.c.provider),
        )
        .join(payment, payment.c.id == event.c.payment_id)
        .join(payment_status, payment_status.c.payment_id == payment.c.id)
        .where(
            payment.c.tenant == period.tenant,
            payment.c.cycle >= period.first,
            payment.c.cycle <= period.last,
            event.c.type.in_(_TYPES),
            event.c.recorded_at < period.until,
        )
        .order_by(event.c.id)
    )
    rows: dict[int, list[Any]] = {}
    for row in tx.connection.execute(query):
        rows.setdefault(row.payment_id, []).append(row)
    return [
        Disputed(number, of[0].commune, of[0].provider, tuple(_step(row) for row in of))
        for number, of in rows.items()
    ]


def _step(row: Any) -> Step:
    why = body_of(row.body).get("why")
    return Step(
        payment_id=row.payment_id,
        event_id=row.id,
        type=EventType(row.type),
        why=str(why) if why is not None else None,
        actor=row.actor,
        at=row.recorded_at,
    )

"""Events and postings: written in sets, read in the order of their numbers; never changed.

What does not live here: what an event means (`core/ledger`), blocks (`core/store/chain.py`).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from core.store.engine import Tx
from core.store.rows import among, insert_rows
from core.store.tables.base import instant
from core.store.tables.ledger import event, posting

# (line, account, amount, cycle, provider, commune, payment id)
Line = tuple[int, str, int, str, str | None, str | None, int | None]


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event as it stands in its row, with its postings. Instants: microseconds since 1970."""

    id: int
    tenant: str
    cycle: str | None
    payment_id: int | None
    beneficiary_id: int | None
    type: str
    effective_at: int
    recorded_at: int
    actor: str
    source: str
    body: str
    hash: str
    postings: tuple[Line, ...] = ()
    # The tenants that the postings name, where they are not the event's own.
    strangers: tuple[str, ...] = ()

    @property
    def effective(self) -> datetime:
        """When it happened. Time: aware UTC."""
        return instant(self.effective_at)

    @property
    def recorded(self) -> datetime:
        """When it was written. Time: aware UTC."""
        return instant(self.recorded_at)


@dataclass(frozen=True, slots=True)
class Cause:
    """What is known of an event that was written before."""

    id: int
    type: str
    payment_id: int | None
    beneficiary_id: int | None
    body: str


_COLUMNS: Final = tuple(column.name for column in event.columns)


def event_numbers(tx: Tx, count: int) -> Sequence[int]:
    """So many fresh numbers, rising; on SQLite without a gap.

    On PostgreSQL the table is locked against sealing first: a block that is sealed meanwhile
    would otherwise miss these numbers.
    """
    if not tx.is_postgresql:
        last = tx.connection.exec_driver_sql("SELECT coalesce(max(id), 0) FROM event").scalar_one()
        return range(last + 1, last + 1 + count)
    tx.connection.exec_driver_sql("LOCK TABLE event IN ROW EXCLUSIVE MODE")
    numbers = tx.connection.exec_driver_sql(
        "SELECT nextval('event_number') FROM generate_series(1, %s)", (count,)
    )
    return [int(number) for number in numbers.scalars()]


def causes_known(tx: Tx, sources: Sequence[str]) -> dict[str, Cause]:
    """The events that were written for these causes before, by cause."""
    if not sources:
        return {}
    query = sa.select(
        event.c.source,
        event.c.id,
        event.c.type,
        event.c.payment_id,
        event.c.beneficiary_id,
        event.c.body,
    ).where(among(tx, event.c.source, sources))
    return {row[0]: Cause(*row[1:]) for row in tx.connection.execute(query)}


def insert_events(tx: Tx, rows: Sequence[EventRow]) -> None:
    """Write events and their postings, in order."""
    insert_rows(tx, event, [_event_tuple(row) for row in rows])
    insert_rows(
        tx,
        posting,
        [
            (row.id, number, row.tenant, cycle, account, provider, commune, payment, amount)
            for row in rows
            for number, account, amount, cycle, provider, commune, payment in row.postings
        ],
    )


def events_after(tx: Tx, number: int, limit: int) -> list[EventRow]:
    """The next events after a number, with their postings."""
    rows = tx.connection.execute(
        sa.text(
            f"SELECT {', '.join(_COLUMNS)} FROM event WHERE id > :after ORDER BY id LIMIT :most"
        ),
        {"after": number, "most": limit},
    ).all()
    if not rows:
        return []
    return _with_postings(rows, _postings_between(tx, number, rows[-1].id))


def events_of_payment(tx: Tx, payment_id: int) -> list[EventRow]:
    """All events of one payment, with their postings, in order."""
    query = sa.text(f"SELECT {', '.join(_COLUMNS)} FROM event WHERE payment_id = :id ORDER BY id")
    rows = tx.connection.execute(query, {"id": payment_id}).all()
    found = sa.select(*_POSTING_COLUMNS).where(among(tx, posting.c.event_id, [r.id for r in rows]))
    lines = tx.connection.execute(found.order_by(posting.c.event_id, posting.c.line)).all()
    return _with_postings(rows, lines)


def first_happened(tx: Tx, payment_ids: Sequence[int], kind: str) -> dict[int, datetime]:
    """When an event of this type first happened to each of these payments (UTC), by payment id."""
    query = (
        sa.select(event.c.payment_id, sa.func.min(event.c.effective_at))
        .where(among(tx, event.c.payment_id, payment_ids), event.c.type == kind)
        .group_by(event.c.payment_id)
    )
    return {row[0]: row[1] for row in tx.connection.execute(query)}


def words_said(tx: Tx, payment_id: int, types: Sequence[str]) -> list[tuple[str, int, str]]:
    """(type, person, basis) of what was said about a payment, in order."""
    query = (
        sa.select(event.c.type, event.c.body)
        .where(event.c.payment_id == payment_id, event.c.type.in_(types))
        .order_by(event.c.id)
    )
    found = []
    for kind, text in tx.connection.execute(query):
        body = json.loads(text)
        found.append((kind, int(body["person"]), str(body["basis"])))
    return found


def last_event(tx: Tx) -> int:
    """The highest number there is; 0 when nothing was written."""
    found: int = tx.connection.exec_driver_sql(
        "SELECT coalesce(max(id), 0) FROM event"
    ).scalar_one()
    return found


_POSTING_COLUMNS: Final = (
    posting.c.event_id,
    posting.c.tenant,
    posting.c.line,
    posting.c.account,
    posting.c.amount,
    posting.c.cycle,
    posting.c.provider,
    posting.c.commune,
    posting.c.payment_id,
)


def _postings_between(tx: Tx, after: int, last: int) -> Sequence[Any]:
    query = (
        sa.select(*_POSTING_COLUMNS)
        .where(posting.c.event_id > after, posting.c.event_id <= last)
        .order_by(posting.c.event_id, posting.c.line)
    )
    return tx.connection.execute(query).all()


def _with_postings(rows: Sequence[Any], lines: Sequence[Any]) -> list[EventRow]:
    tenants = {row.id: row.tenant for row in rows}
    of: dict[int, list[Line]] = {}
    strange: dict[int, list[str]] = {}
    for number, tenant, *line in lines:
        of.setdefault(number, []).append(tuple(line))
        if tenants.get(number) != tenant:
            strange.setdefault(number, []).append(tenant)
    return [
        EventRow(*(*row, tuple(of.get(row.id, ())), tuple(strange.get(row.id, ())))) for row in rows
    ]


def _event_tuple(row: EventRow) -> tuple[Any, ...]:
    return (
        row.id,
        row.tenant,
        row.cycle,
        row.payment_id,
        row.beneficiary_id,
        row.type,
        row.effective_at,
        row.recorded_at,
        row.actor,
        row.source,
        row.body,
        row.hash,
    )

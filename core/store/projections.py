"""Reading events and statuses side by side, to rebuild or to check what is folded from them.

Pages of payments in the order of their ids, so that any number of them fits in memory.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from core.ledger.facts import ProviderFacts
from core.store.engine import Tx
from core.store.events import EventRow
from core.store.payments import PaymentRow
from core.store.rows import upsert_rows
from core.store.tables.base import micros
from core.store.tables.ledger import cycle, event, payment, payment_status, provider_cycle

_PAGE: Final = 2_000


@dataclass(frozen=True, slots=True)
class Page:
    """Some payments, all events about them, and the statuses that are stored for them."""

    payments: Mapping[int, PaymentRow]
    events: Mapping[int, list[EventRow]]
    statuses: Mapping[int, tuple[Any, ...]]


def pages(tx: Tx) -> Iterator[Page]:
    """Everything about payments, page by page; strays stand in the page of their number."""
    after = 0
    while True:
        found = _rows(tx, payment, "id > :after", "id", {"after": after, "most": _PAGE})
        last = found[-1][0] if len(found) == _PAGE else None
        between = {"after": after, "last": last}
        yield Page(
            {row[0]: PaymentRow(*row) for row in found},
            _events(tx, between),
            {row[0]: tuple(row) for row in _rows(tx, payment_status, *_within(last), between)},
        )
        if last is None:
            return
        after = last


def cycle_moves(tx: Tx) -> Iterator[EventRow]:
    """The events of no payment and no person that belong to a cycle, in order."""
    where = "payment_id IS NULL AND cycle IS NOT NULL AND beneficiary_id IS NULL"
    for row in _rows(tx, event, where, "tenant, cycle, id", {}):
        yield EventRow(*row)


def cycle_rows(tx: Tx) -> dict[tuple[str, str], tuple[Any, ...]]:
    """The stored state of each cycle: (state, micros, last event) by (tenant, cycle)."""
    return {(row[0], row[1]): tuple(row[2:]) for row in _rows(tx, cycle, "1 = 1", "code", {})}


def provider_rows(tx: Tx) -> dict[tuple[str, str, str], ProviderFacts]:
    """What is stored of each provider's part, by (tenant, cycle, provider)."""
    rows = tx.connection.execute(sa.select(provider_cycle))
    return {(row[0], row[1], row[2]): ProviderFacts(*row[3:]) for row in rows}


def replace_statuses(tx: Tx, rows: list[tuple[Any, ...]], strays: list[int]) -> None:
    """Put these statuses in place of what stood there, and remove those of no payment."""
    upsert_rows(tx, payment_status, rows)
    if strays:
        tx.connection.execute(
            sa.delete(payment_status).where(payment_status.c.payment_id.in_(strays))
        )


def replace_cycles(
    tx: Tx,
    states: list[tuple[Any, ...]],
    parts: Mapping[tuple[str, str, str], ProviderFacts],
) -> None:
    """Put these in place of all that is stored of cycles and of providers' parts in them."""
    tx.connection.execute(sa.delete(provider_cycle))
    tx.connection.execute(sa.delete(cycle))
    upsert_rows(tx, cycle, states)
    upsert_rows(tx, provider_cycle, [_part(key, one) for key, one in parts.items()])


def _part(key: tuple[str, str, str], one: ProviderFacts) -> tuple[Any, ...]:
    return (
        *key,
        one.approved_heads,
        one.approved_amount,
        one.funded_amount,
        micros(one.funded_at) if one.funded_at else None,
        micros(one.instructed_at) if one.instructed_at else None,
        one.order_sha256,
        one.carried_amount,
    )


def _events(tx: Tx, between: dict[str, Any]) -> dict[int, list[EventRow]]:
    where, order = _within(between["last"])
    found: dict[int, list[EventRow]] = {}
    for row in _rows(tx, event, where, f"{order}, id", between):
        found.setdefault(row[3], []).append(EventRow(*row))
    return found


def _within(last: int | None) -> tuple[str, str]:
    upper = "" if last is None else " AND payment_id <= :last"
    return f"payment_id > :after{upper}", "payment_id"


def _rows(tx: Tx, table: sa.Table, where: str, order: str, values: dict[str, Any]) -> list[Any]:
    """Rows as stored, without conversion."""
    columns = ", ".join(column.name for column in table.columns)
    limit = " LIMIT :most" if "most" in values else ""
    query = f"SELECT {columns} FROM {table.name} WHERE {where} ORDER BY {order}{limit}"
    used = {name: value for name, value in values.items() if f":{name}" in query}
    return list(tx.connection.execute(sa.text(query), used).all())

"""What gateways reported about messages; each report is kept once.

What does not live here: what a report means (`notifications/receipts.py`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from core.store.bulk import among, insert_new
from core.store.engine import Tx
from core.store.people import chunked
from core.store.tables.messages import message, receipt

_PART = 1000


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """One report. `key`: a hash of what arrived. Time: aware UTC."""

    gateway: str
    key: str
    message_id: int | None
    gateway_ref: str | None
    status: str
    error: str | None
    received_at: datetime


def insert_receipts(tx: Tx, rows: Sequence[ReceiptRow]) -> set[str]:
    """Keys of the reports that are new; a report that was kept before is not kept again."""
    new: set[str] = set()
    for part in chunked(rows, _PART):
        values = [
            {name: getattr(row, name) for name in ReceiptRow.__slots__} | {"outcome": "unmatched"}
            for row in part
        ]
        new |= {row.key for row in insert_new(tx, receipt, values, receipt.c.key)}
    return new


def settle_receipts(tx: Tx, outcomes: Sequence[tuple[str, int | None, str]]) -> None:
    """Keep what became of reports: (key, message id, applied | ignored | unmatched)."""
    if outcomes:
        statement = (
            sa.update(receipt)
            .where(receipt.c.key == sa.bindparam("of_key"))
            .values(message_id=sa.bindparam("of_message"), outcome=sa.bindparam("became"))
        )
        rows = [{"of_key": k, "of_message": m, "became": o} for k, m, o in outcomes]
        tx.connection.execute(statement, rows)


def waiting_receipts(tx: Tx, gateway: str, refs: Iterable[str]) -> list[ReceiptRow]:
    """Reports that came before we knew their reference, oldest first."""
    columns = [receipt.c[name] for name in ReceiptRow.__slots__]
    found: list[ReceiptRow] = []
    for part in chunked(sorted(set(refs)), _PART):
        query = sa.select(*columns).where(
            receipt.c.gateway == gateway,
            among(tx, receipt.c.gateway_ref, part),
            receipt.c.outcome == "unmatched",
        )
        found += [ReceiptRow(*row) for row in tx.connection.execute(query.order_by(receipt.c.id))]
    return found


def message_ids_by_ref(tx: Tx, gateway: str, refs: Iterable[str]) -> dict[str, int]:
    """Message ids by the gateway's reference."""
    found: dict[str, int] = {}
    for part in chunked(sorted(set(refs)), _PART):
        query = sa.select(message.c.gateway_ref, message.c.id).where(
            message.c.gateway == gateway, among(tx, message.c.gateway_ref, part)
        )
        found |= {row.gateway_ref: row.id for row in tx.connection.execute(query)}
    return found


def carried_by(tx: Tx, gateway: str, ids: Iterable[int]) -> dict[int, int]:
    """Contact ids by id, for messages that this gateway was ever given."""
    found: dict[int, int] = {}
    for part in chunked(sorted(set(ids)), _PART):
        query = sa.select(message.c.id, message.c.contact_id).where(
            among(tx, message.c.id, part), message.c.gateway == gateway, message.c.attempts > 0
        )
        found |= {row.id: row.contact_id for row in tx.connection.execute(query)}
    return found

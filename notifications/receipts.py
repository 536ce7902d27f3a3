"""What gateways report later: applied in any order, any number of times, even before our commit.

`delivered` is final and outweighs everything; a failure never overrides it. A report that fits no
message is kept, and looked at again when its reference becomes known.

What does not live here: whether a report is genuine (each gateway checks its own signature).
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from core.store import contacts
from core.store import outbox as rows
from core.store import receipts as kept
from core.store.engine import Tx
from notifications.lifecycle import FINAL, TABLE, Move


class Status(StrEnum):
    """What a gateway says happened; what we do not understand is kept and changes nothing."""

    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    OTHER = "other"


_MOVES: Final = {
    Status.SENT: Move.REPORTED_SENT,
    Status.DELIVERED: Move.REPORTED_DELIVERED,
    Status.FAILED: Move.REPORTED_FAILED,
}
# Within one batch the weightier word is applied first; the others then find it standing.
_WEIGHT: Final = (Status.DELIVERED, Status.FAILED, Status.SENT)


@dataclass(frozen=True, slots=True)
class Receipt:
    """One genuine report. `message_id`: ours, from the signed callback address, if there.

    `stops`: the person told the carrier to stop. `error`: the carrier's code.
    """

    gateway: str
    message_id: int | None
    ref: str | None
    status: Status
    error: str | None = None
    stops: bool = False

    @property
    def key(self) -> str:
        """The same for every copy of the same report."""
        parts = (self.gateway, self.message_id, self.ref, self.status, self.error)
        return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()


def take_in(tx: Tx, reports: Sequence[Receipt], now: datetime) -> int:
    """How many of `reports` were new. Each is kept, and applied as far as it fits."""
    unique = {report.key: report for report in reports}
    new = kept.insert_receipts(tx, [_row(report, now) for report in unique.values()])
    fresh = [report for key, report in unique.items() if key in new]
    for gateway in sorted({report.gateway for report in fresh}):
        _apply(tx, gateway, [report for report in fresh if report.gateway == gateway], now)
    return len(fresh)


def match_late(tx: Tx, gateway: str, refs: Sequence[str], now: datetime) -> None:
    """Apply reports that came before their reference was known."""
    if not refs:
        return
    waiting = kept.waiting_receipts(tx, gateway, refs)
    if waiting:
        _apply(tx, gateway, [_report(row) for row in waiting], now)


def _apply(tx: Tx, gateway: str, reports: Sequence[Receipt], now: datetime) -> None:
    owners = _owners(tx, gateway, reports)
    contact_of = kept.carried_by(tx, gateway, owners.values())
    owners = {key: i for key, i in owners.items() if i in contact_of}
    applied: set[str] = set()
    for status in _WEIGHT:
        applied |= _apply_status(tx, [r for r in reports if r.status is status], owners, now)
    rows.note_each(tx, [(owners[r.key], r.ref) for r in reports if r.key in owners and r.ref])
    for report in reports:
        if report.stops and report.key in owners:
            contacts.stop(tx, contact_of[owners[report.key]], now)
    kept.settle_receipts(tx, [_became(report.key, owners, applied) for report in reports])


def _apply_status(
    tx: Tx, reports: Sequence[Receipt], owners: dict[str, int], now: datetime
) -> set[str]:
    """Keys of the reports that moved their message."""
    applied: set[str] = set()
    for error in sorted({report.error for report in reports}, key=str):
        same = {r.key: owners[r.key] for r in reports if r.error == error and r.key in owners}
        moved = set(_move(tx, same.values(), _MOVES[reports[0].status], error, now))
        applied |= {key for key, message_id in same.items() if message_id in moved}
    return applied


def _move(tx: Tx, ids: Iterable[int], move: Move, error: str | None, now: datetime) -> list[int]:
    step = TABLE[move]
    values: dict[str, Any] = {"reason": error}
    if step.target in FINAL:
        values["final_at"] = now
    return rows.move(tx, ids, sources=step.sources, target=step.target, **values)


def _owners(tx: Tx, gateway: str, reports: Sequence[Receipt]) -> dict[str, int]:
    """Message ids by report key: ours if the report carries it, else by reference."""
    by_ref = kept.message_ids_by_ref(
        tx, gateway, [r.ref for r in reports if r.message_id is None and r.ref]
    )
    found = {r.key: r.message_id or by_ref.get(r.ref or "") for r in reports}
    return {key: message_id for key, message_id in found.items() if message_id is not None}


def _became(key: str, owners: dict[str, int], applied: set[str]) -> tuple[str, int | None, str]:
    if key not in owners:
        return key, None, "unmatched"
    return key, owners[key], "applied" if key in applied else "ignored"


def _row(report: Receipt, now: datetime) -> kept.ReceiptRow:
    return kept.ReceiptRow(
        gateway=report.gateway,
        key=report.key,
        message_id=report.message_id,
        gateway_ref=report.ref,
        status=report.status,
        error=report.error,
        received_at=now,
    )


def _report(row: kept.ReceiptRow) -> Receipt:
    return Receipt(row.gateway, row.message_id, row.gateway_ref, Status(row.status), row.error)

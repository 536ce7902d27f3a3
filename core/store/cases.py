"""Cases and what happened in them. Packets and texts are sealed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.store.engine import Tx
from core.store.tables.base import micros
from core.store.tables.talk import care_case, case_entry
from core.store.upsert import dialect_insert


@dataclass(frozen=True, slots=True)
class NewCase:
    """A case to be opened. `dedup_key`: the same cause opens one case."""

    reference: str
    kind: str
    risk: str
    dedup_key: str
    packet: Mapping[str, Any] = field(repr=False)
    due_at: datetime
    beneficiary_id: int | None = None
    contact_id: int | None = None
    payment_id: int | None = None
    commune: str | None = None
    area: str | None = None


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case as pages and rules need it. Time: aware UTC."""

    id: int
    reference: str
    kind: str
    risk: str
    beneficiary_id: int | None
    contact_id: int | None
    payment_id: int | None
    commune: str | None
    area: str | None
    state: str
    holder: str | None
    opened_at: datetime
    due_at: datetime
    changed_at: datetime
    closed_at: datetime | None
    outcome: str | None


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One thing that happened in a case."""

    id: int
    kind: str
    staff: str | None
    inbound_id: int | None
    message_id: int | None
    text: str | None = field(repr=False)
    at: datetime


def open_case(tx: Tx, new: NewCase, now: datetime) -> tuple[CaseRow, bool]:
    """The case of this cause, and whether it was opened just now."""
    statement = (
        dialect_insert(tx, care_case)
        .on_conflict_do_nothing(index_elements=["dedup_key"])
        .returning(care_case.c.id)
    )
    made = tx.connection.execute(
        statement,
        {
            "reference": new.reference,
            "kind": new.kind,
            "risk": new.risk,
            "beneficiary_id": new.beneficiary_id,
            "contact_id": new.contact_id,
            "payment_id": new.payment_id,
            "commune": new.commune,
            "area": new.area,
            "state": "open",
            "packet": tx.sealer.seal_json(
                dict(new.packet), column="care_case.packet", row=new.reference
            ),
            "opened_at": now,
            "due_at": new.due_at,
            "changed_at": now,
            "dedup_key": new.dedup_key,
        },
    ).first()
    row = _one(tx, care_case.c.dedup_key == new.dedup_key)
    assert row is not None  # noqa: S101  written or found a line above
    if made is not None:
        add_entry(tx, row, "opened", now)
    return row, made is not None


def case_by_id(tx: Tx, case_id: int) -> CaseRow | None:
    """The case, or None."""
    return _one(tx, care_case.c.id == case_id)


def case_by_reference(tx: Tx, reference: str) -> CaseRow | None:
    """The case with this reference, or None."""
    return _one(tx, care_case.c.reference == reference)


def open_case_of_contact(tx: Tx, contact_id: int, kind: str) -> CaseRow | None:
    """The newest case of a kind that is not closed, from this address."""
    return _one(
        tx,
        sa.and_(
            care_case.c.contact_id == contact_id,
            care_case.c.kind == kind,
            care_case.c.state != "closed",
        ),
    )


def packet_of(tx: Tx, case_id: int) -> dict[str, Any]:
    """What was put together when the case was opened."""
    row = tx.connection.execute(
        sa.select(care_case.c.packet, care_case.c.reference).where(care_case.c.id == case_id)
    ).one()
    found: dict[str, Any] = tx.sealer.unseal_json(
        row.packet, column="care_case.packet", row=row.reference
    )
    return found


def cases_of_places(
    tx: Tx, *, communes: Sequence[str], areas: Sequence[str], everywhere: bool, closed: bool
) -> list[CaseRow]:
    """Cases of these communes or areas, soonest due first; those of no place show everywhere."""
    query = sa.select(*_COLUMNS).order_by(care_case.c.due_at, care_case.c.id)
    if not everywhere:
        query = query.where(
            sa.or_(
                care_case.c.commune.in_(list(communes)),
                care_case.c.area.in_(list(areas)),
                care_case.c.area.is_(None),
            )
        )
    query = query.where(care_case.c.state == "closed" if closed else care_case.c.state != "closed")
    return [CaseRow(*row) for row in tx.connection.execute(query.limit(500))]


def move_case(tx: Tx, case_id: int, state: str, now: datetime, **values: object) -> None:
    """Write where a case stands, and what else changed with it (holder, outcome, closed_at)."""
    tx.connection.execute(
        sa.update(care_case)
        .where(care_case.c.id == case_id)
        .values(state=state, changed_at=now, **values)
    )


def close_cause(tx: Tx, case: CaseRow) -> None:
    """Let the cause of a closed case open a new one."""
    tx.connection.execute(
        sa.update(care_case)
        .where(care_case.c.id == case.id)
        .values(dedup_key=f"closed:{case.reference}")
    )


def add_entry(
    tx: Tx,
    case: CaseRow,
    kind: str,
    at: datetime,
    *,
    staff: str | None = None,
    inbound_id: int | None = None,
    message_id: int | None = None,
    text: str | None = None,
) -> None:
    """Note what happened in a case."""
    row = f"{case.reference}:{kind}:{inbound_id or message_id or micros(at)}"
    sealed = tx.sealer.seal(text, column="case_entry.text", row=row) if text else None
    tx.connection.execute(
        sa.insert(case_entry).values(
            case_id=case.id,
            kind=kind,
            staff=staff,
            inbound_id=inbound_id,
            message_id=message_id,
            text=sealed,
            at=at,
        )
    )


def entries_of(tx: Tx, case: CaseRow) -> list[EntryRow]:
    """Everything that happened in a case, oldest first."""
    query = sa.select(case_entry).where(case_entry.c.case_id == case.id).order_by(case_entry.c.id)
    return [_entry(tx, case, row) for row in tx.connection.execute(query)]


_COLUMNS = tuple(care_case.c[name] for name in CaseRow.__slots__)


def _one(tx: Tx, where: sa.ColumnElement[bool]) -> CaseRow | None:
    row = tx.connection.execute(
        sa.select(*_COLUMNS).where(where).order_by(care_case.c.id.desc()).limit(1)
    ).first()
    return None if row is None else CaseRow(*row)


def _entry(tx: Tx, case: CaseRow, row: Any) -> EntryRow:
    of = f"{case.reference}:{row.kind}:{row.inbound_id or row.message_id or micros(row.at)}"
    text = tx.sealer.unseal(row.text, column="case_entry.text", row=of) if row.text else None
    return EntryRow(row.id, row.kind, row.staff, row.inbound_id, row.message_id, text, row.at)

"""What waits for a person's decision, and what people decided: read and added to, never changed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.store.engine import Tx
from core.store.imports import name_of
from core.store.rows import among
from core.store.tables.decisions import decision
from core.store.tables.ledger import event, import_file, import_row, payment
from core.store.tables.messages import message, message_payment
from core.store.tables.people import beneficiary
from core.store.upsert import insert_or_ignore

_STANDING = ("accepted", "unchanged")
_IN = "suspense_in"


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """A line of a file that a person must look at. `raw`: the line as it stood, by field."""

    file_id: int
    row_no: int
    kind: str
    cycle: str
    provider: str
    received_at: datetime
    received_by: str
    file_name: str = field(repr=False)
    natural_key: str
    outcome: str
    code: str
    raw: dict[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Decided:
    """What somebody decided."""

    subject: str
    word: str
    staff: str
    note: str = field(repr=False)
    at: datetime


def line_subject(file_id: int, row_no: int) -> str:
    """What a decision about a line is filed under."""
    return f"line:{file_id}:{row_no}"


def waiting_lines(
    tx: Tx, tenant: str, codes: Sequence[str], *, limit: int = 2_000
) -> list[WaitingLine]:
    """Lines put aside with one of these codes about which nobody decided, the newest file first."""
    subject = (
        sa.literal("line:")
        .concat(sa.cast(import_row.c.file_id, sa.String))
        .concat(":")
        .concat(sa.cast(import_row.c.row_no, sa.String))
    )
    query = (
        _lines()
        .where(
            import_file.c.tenant == tenant,
            import_row.c.code.in_(list(codes)),
            ~sa.exists().where(decision.c.subject == subject),
        )
        .order_by(import_row.c.file_id.desc(), import_row.c.row_no)
        .limit(limit)
    )
    return [_line(tx, row) for row in tx.connection.execute(query)]


def line_at(tx: Tx, tenant: str, file_id: int, row_no: int) -> WaitingLine | None:
    """One line that was put aside, decided or not; None when there is none."""
    query = _lines().where(
        import_file.c.tenant == tenant,
        import_row.c.file_id == file_id,
        import_row.c.row_no == row_no,
        import_row.c.code.is_not(None),
    )
    row = tx.connection.execute(query).first()
    return None if row is None else _line(tx, row)


def standing_raws(tx: Tx, natural_keys: Iterable[str]) -> dict[str, dict[str, str]]:
    """The line that stands under each natural key, as it stood in its file."""
    query = (
        sa.select(
            import_row.c.natural_key, import_row.c.file_id, import_row.c.row_no, import_row.c.raw
        )
        .where(
            import_row.c.outcome.in_(_STANDING),
            among(tx, import_row.c.natural_key, set(natural_keys)),
        )
        .order_by(import_row.c.file_id, import_row.c.row_no)
    )
    found: dict[str, dict[str, str]] = {}
    for row in tx.connection.execute(query):
        if row.natural_key not in found:
            found[row.natural_key] = _raw(tx, row.file_id, row.row_no, row.raw)
    return found


def once_suspended(tx: Tx, tenant: str, sources: Iterable[str]) -> frozenset[str]:
    """Those of these sources under which money ever went into suspense."""
    query = sa.select(event.c.source).where(
        event.c.tenant == tenant, event.c.type == _IN, among(tx, event.c.source, set(sources))
    )
    return frozenset(tx.connection.execute(query).scalars())


def people_of_messages(tx: Tx, message_ids: Iterable[int]) -> dict[int, dict[str, str]]:
    """Whom each message is about: the commune of each beneficiary, by code."""
    ids = set(message_ids)
    chosen = (beneficiary.c.code, beneficiary.c.commune)
    paid = (
        sa.select(message_payment.c.message_id, *chosen)
        .join(payment, payment.c.id == message_payment.c.payment_id)
        .join(beneficiary, beneficiary.c.id == payment.c.beneficiary_id)
        .where(among(tx, message_payment.c.message_id, ids))
    )
    named = (
        sa.select(message.c.id, *chosen)
        .join(beneficiary, beneficiary.c.id == message.c.beneficiary_id)
        .where(among(tx, message.c.id, ids))
    )
    found: dict[int, dict[str, str]] = {}
    for message_id, code, commune in tx.connection.execute(sa.union(paid, named)):
        found.setdefault(message_id, {})[code] = commune
    return found


def decide(tx: Tx, decided: Decided) -> None:
    """Add a decision; one that stands already under its subject stays as it is.

    Asked first, since SQLite refuses even to ignore it: its guard cannot tell that from REPLACE.
    """
    known = sa.select(decision.c.id).where(decision.c.subject == decided.subject)
    if tx.connection.scalar(known) is not None:
        return
    sealed = (
        tx.sealer.seal(decided.note, column="decision.note", row=decided.subject)
        if decided.note
        else None
    )
    row = {
        "subject": decided.subject,
        "word": decided.word,
        "staff": decided.staff,
        "note": sealed,
        "at": decided.at,
    }
    insert_or_ignore(tx, decision, [row])


def decisions(tx: Tx, *, limit: int = 200) -> list[Decided]:
    """What was decided, the newest first."""
    query = sa.select(decision).order_by(decision.c.id.desc()).limit(limit)
    return [
        Decided(
            row.subject,
            row.word,
            row.staff,
            tx.sealer.unseal(row.note, column="decision.note", row=row.subject) if row.note else "",
            row.at,
        )
        for row in tx.connection.execute(query)
    ]


def _lines() -> sa.Select[Any]:
    return sa.select(
        import_row.c.file_id,
        import_row.c.row_no,
        import_row.c.natural_key,
        import_row.c.outcome,
        import_row.c.code,
        import_row.c.raw,
        import_file.c.kind,
        import_file.c.cycle,
        import_file.c.provider,
        import_file.c.received_at,
        import_file.c.staff,
        import_file.c.name,
        import_file.c.sha256,
    ).join(import_file, import_file.c.id == import_row.c.file_id)


def _line(tx: Tx, row: sa.Row[Any]) -> WaitingLine:
    return WaitingLine(
        file_id=row.file_id,
        row_no=row.row_no,
        kind=row.kind,
        cycle=row.cycle,
        provider=row.provider,
        received_at=row.received_at,
        received_by=row.staff,
        file_name=name_of(tx, row),
        natural_key=row.natural_key,
        outcome=row.outcome,
        code=row.code,
        raw=_raw(tx, row.file_id, row.row_no, row.raw),
    )


def _raw(tx: Tx, file_id: int, row_no: int, sealed: bytes) -> dict[str, str]:
    raw: dict[str, str] = tx.sealer.unseal_json(
        sealed, column="import_row.raw", row=f"{file_id}:{row_no}"
    )
    return raw

"""One-time codes and the attempts that limits are counted from; only keyed indexes are kept."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from core.store.engine import Tx
from core.store.tables.people import attempt, one_time_code


@dataclass(frozen=True, slots=True)
class CodeRow:
    """A code that was issued: printed, or sms. `contact_id`: only that address may use it."""

    id: int
    kind: str
    person_id: int
    contact_id: int | None
    issued_by: str
    issued_at: datetime
    expires_at: datetime
    used_at: datetime | None
    used_by_contact_id: int | None


def insert_code(
    tx: Tx,
    *,
    kind: str,
    code: str,
    person_id: int,
    issued_by: str,
    now: datetime,
    expires_at: datetime,
    contact_id: int | None = None,
) -> None:
    """Keep a new code by its index."""
    tx.connection.execute(
        sa.insert(one_time_code).values(
            kind=kind,
            code_index=tx.sealer.index(code, purpose="code"),
            person_id=person_id,
            contact_id=contact_id,
            issued_by=issued_by,
            issued_at=now,
            expires_at=expires_at,
        )
    )


def code_known(tx: Tx, code: str) -> CodeRow | None:
    """The code as it was issued, or None when nobody was given it."""
    row = tx.connection.execute(
        sa.select(*(one_time_code.c[name] for name in CodeRow.__slots__)).where(
            one_time_code.c.code_index == tx.sealer.index(code, purpose="code")
        )
    ).first()
    return None if row is None else CodeRow(*row)


def use_code(tx: Tx, code_id: int, contact_id: int, now: datetime) -> None:
    """Note that a code was used, by whom."""
    tx.connection.execute(
        sa.update(one_time_code)
        .where(one_time_code.c.id == code_id)
        .values(used_at=now, used_by_contact_id=contact_id)
    )


def note_attempt(tx: Tx, kind: str, subject: str, now: datetime) -> None:
    """Count one attempt of a kind by a subject (a contact id, a person id, an address)."""
    tx.connection.execute(
        sa.insert(attempt).values(
            kind=kind, subject=tx.sealer.index(subject, purpose="attempt"), at=now
        )
    )


def attempts_since(tx: Tx, kind: str, subject: str, since: datetime) -> int:
    """How many attempts of a kind a subject made since an instant."""
    count: int | None = tx.connection.scalar(
        sa.select(sa.func.count()).where(
            attempt.c.kind == kind,
            attempt.c.subject == tx.sealer.index(subject, purpose="attempt"),
            attempt.c.at >= since,
        )
    )
    return count or 0

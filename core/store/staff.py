"""Officers, their sessions, and the record of whom they looked at."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from core.store.engine import Tx
from core.store.tables.talk import staff, staff_session, view_log
from core.store.upsert import insert_or_ignore

ACTIVE = "active"
DISABLED = "disabled"
# Who took a list in, where nobody said so: no officer has this code.
NOBODY = "cli"


@dataclass(frozen=True, slots=True)
class StaffRow:
    """An officer. `password` is a hash; None for who only signs lists."""

    code: str
    role: str
    place: str
    password: str | None
    state: str


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A signed-in browser."""

    staff: StaffRow
    created_at: datetime
    seen_at: datetime


def staff_coded(tx: Tx, code: str) -> StaffRow | None:
    """The officer with this code, disabled or not."""
    row = tx.connection.execute(
        sa.select(staff.c.code, staff.c.role, staff.c.place, staff.c.password, staff.c.state).where(
            staff.c.code == code
        )
    ).first()
    return None if row is None else StaffRow(*row)


def officers_among(tx: Tx, codes: Iterable[str]) -> set[str]:
    """Those of these codes that are an officer's, disabled or not."""
    query = sa.select(staff.c.code).where(staff.c.code.in_(sorted(set(codes))))
    return set(tx.connection.execute(query).scalars())


def insert_staff(tx: Tx, row: StaffRow, now: datetime) -> None:
    """Write an officer whose code is new; one who is there stays as he or she is."""
    insert_or_ignore(
        tx,
        staff,
        [
            {
                "code": row.code,
                "role": row.role,
                "place": row.place,
                "password": row.password,
                "state": row.state,
                "created_at": now,
            }
        ],
    )


def set_password(tx: Tx, code: str, password: str, now: datetime) -> None:
    """Give an officer a new password hash and end every session."""
    tx.connection.execute(sa.update(staff).where(staff.c.code == code).values(password=password))
    end_sessions(tx, code, now)


def set_state(tx: Tx, code: str, state: str, now: datetime) -> None:
    """Disable or enable an officer; disabling ends every session."""
    tx.connection.execute(sa.update(staff).where(staff.c.code == code).values(state=state))
    if state == DISABLED:
        end_sessions(tx, code, now)


def open_session(tx: Tx, token_hash: str, code: str, now: datetime) -> None:
    """Keep a session under the hash of its token."""
    tx.connection.execute(
        sa.insert(staff_session).values(
            token_hash=token_hash, staff=code, created_at=now, seen_at=now
        )
    )


def session_of_token(tx: Tx, token_hash: str) -> SessionRow | None:
    """The session that is open under this hash, or None."""
    row = tx.connection.execute(
        sa.select(
            staff.c.code,
            staff.c.role,
            staff.c.place,
            staff.c.password,
            staff.c.state,
            staff_session.c.created_at,
            staff_session.c.seen_at,
        )
        .join(staff_session, staff_session.c.staff == staff.c.code)
        .where(staff_session.c.token_hash == token_hash, staff_session.c.ended_at.is_(None))
    ).first()
    return None if row is None else SessionRow(StaffRow(*row[:5]), row[5], row[6])


def see_session(tx: Tx, token_hash: str, now: datetime) -> None:
    """Note that a session was used."""
    tx.connection.execute(
        sa.update(staff_session).where(staff_session.c.token_hash == token_hash).values(seen_at=now)
    )


def end_session(tx: Tx, token_hash: str, now: datetime) -> None:
    """Sign one browser out."""
    tx.connection.execute(
        sa.update(staff_session)
        .where(staff_session.c.token_hash == token_hash)
        .values(ended_at=now)
    )


def end_sessions(tx: Tx, code: str, now: datetime) -> None:
    """Sign an officer out everywhere."""
    tx.connection.execute(
        sa.update(staff_session)
        .where(staff_session.c.staff == code, staff_session.c.ended_at.is_(None))
        .values(ended_at=now)
    )


def note_view(tx: Tx, code: str, subject: str, now: datetime) -> None:
    """Record that an officer looked at a case or a beneficiary (by reference or code)."""
    tx.connection.execute(sa.insert(view_log).values(staff=code, subject=subject, at=now))

"""Adding officers and letting them sign in. The pages are in `bot/console`."""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from bot.compose import Parts
from core.refusals import Code, Refusal
from core.store import staff
from core.store.commit_points import CommitPoint

# Readable aloud over the telephone: no letter that looks or sounds like another.
_LETTERS: Final = "abcdeghkmnpqrtuvxy346789"
_HASHER: Final = PasswordHasher()
# Checked when nobody has that code, so that a wrong code takes as long as a wrong password.
_NOBODY: Final = _HASHER.hash(secrets.token_hex(16))


@dataclass(frozen=True, slots=True)
class Officer:
    """What became of an officer's record; `password` is in the clear, this once."""

    code: str
    is_new: bool
    password: str | None


def add_officer(
    parts: Parts, code: str, role: str, place: str, *, may_sign_in: bool, password: str = ""
) -> Officer | Refusal:
    """The officer, added now or there before (then nothing changes).

    Refuses: STAFF_NOT_ALLOWED, where the code is another role's or place's.
    """
    there = parts.store.read(lambda tx: staff.staff_coded(tx, code))
    if there is not None:
        if (there.role, there.place) != (role, place):
            return Refusal(Code.STAFF_NOT_ALLOWED, {"staff": code})
        return Officer(code, is_new=False, password=None)
    chosen = (password or new_password()) if may_sign_in else None
    row = staff.StaffRow(code, role, place, _HASHER.hash(chosen) if chosen else None, staff.ACTIVE)
    now = parts.clock.now()
    parts.store.transact(lambda tx: staff.insert_staff(tx, row, now), CommitPoint.STAFF)
    return Officer(code, is_new=True, password=chosen)


def reset_officer(parts: Parts, code: str) -> Officer | Refusal:
    """A new password for an officer.

    Refuses: STAFF_UNKNOWN.
    """
    if parts.store.read(lambda tx: staff.staff_coded(tx, code)) is None:
        return Refusal(Code.STAFF_UNKNOWN, {"staff": code})
    password, now = new_password(), parts.clock.now()
    hashed = _HASHER.hash(password)
    parts.store.transact(lambda tx: staff.set_password(tx, code, hashed, now), CommitPoint.STAFF)
    return Officer(code, is_new=False, password=password)


def disable_officer(parts: Parts, code: str) -> Officer | Refusal:
    """End an officer's access.

    Refuses: STAFF_UNKNOWN.
    """
    if parts.store.read(lambda tx: staff.staff_coded(tx, code)) is None:
        return Refusal(Code.STAFF_UNKNOWN, {"staff": code})
    now = parts.clock.now()
    parts.store.transact(
        lambda tx: staff.set_state(tx, code, staff.DISABLED, now), CommitPoint.STAFF
    )
    return Officer(code, is_new=False, password=None)


def active_officer(parts: Parts, code: str) -> staff.StaffRow | Refusal:
    """The officer who acts under this code.

    Refuses: STAFF_UNKNOWN, STAFF_DISABLED.
    """
    found = parts.store.read(lambda tx: staff.staff_coded(tx, code))
    if found is None:
        return Refusal(Code.STAFF_UNKNOWN, {"staff": code})
    if found.state != staff.ACTIVE:
        return Refusal(Code.STAFF_DISABLED, {"staff": code})
    return found


def password_fits(row: staff.StaffRow | None, password: str) -> bool:
    """Whether this password opens this record; takes as long when there is no record."""
    hashed = row.password if row is not None and row.password else _NOBODY
    try:
        fits = _HASHER.verify(hashed, password)
    except (VerifyMismatchError, InvalidHashError):
        return False
    return fits and row is not None and row.state == staff.ACTIVE and row.password is not None


def new_password() -> str:
    """Twelve letters and digits in three groups."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))
    return "-".join(groups)


def token_hash(token: str) -> str:
    """What is stored of a session's token."""
    return hashlib.sha256(token.encode()).hexdigest()

"""Adding officers and letting them sign in. The pages are in `bot/console`."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from bot.compose import Parts
from core import places
from core.refusals import Code, Refusal
from core.store import staff
from core.store.commit_points import CommitPoint
from core.terms import Programme

# Readable aloud over the telephone: no letter that looks or sounds like another.
_LETTERS: Final = "abcdeghkmnpqrtuvxy346789"
_HASHER: Final = PasswordHasher()
# The place of who sees everything; the role whose places are providers; what the table holds.
EVERYWHERE: Final = "*"
_PROVIDER: Final = "provider"
_LONGEST: Final = 64
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

    Refuses: STAFF_ELSEWHERE, where the code is another role's or place's; STAFF_CODE, STAFF_PLACE.
    """
    if not _can_be_typed(code):
        return Refusal(Code.STAFF_CODE, {"most": _LONGEST})
    if code == staff.NOBODY:
        return Refusal(Code.STAFF_ELSEWHERE, {"staff": code})
    there = parts.store.read(lambda tx: staff.staff_coded(tx, code))
    if there is not None:
        if (there.role, there.place) != (role, place):
            return Refusal(Code.STAFF_ELSEWHERE, {"staff": code})
        return Officer(code, is_new=False, password=None)
    misplaced = _misplaced(parts.programme, role, place)
    if misplaced is not None:
        return misplaced
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


def is_in_area(programme: Programme, place: str, commune: str, day: date) -> bool:
    """Whether a commune lies in the area of an officer's place; every one does for EVERYWHERE."""
    return place == EVERYWHERE or area_of(programme, place, day) == area_of(programme, commune, day)


def area_of(programme: Programme, place: str, day: date) -> str:
    """The area that a place is, or lies in, on a day; the place itself where none is known."""
    area = places.area_with_code(programme, place, day) or places.area_of(programme, place, day)
    return area.code if area is not None else place


def password_fits(row: staff.StaffRow | None, password: str) -> bool:
    """Whether this password opens this record; takes as long when there is no record."""
    hashed = row.password if row is not None and row.password else _NOBODY
    try:
        fits = _HASHER.verify(hashed, password)
    except (VerifyMismatchError, InvalidHashError):
        return False
    return fits and row is not None and row.state == staff.ACTIVE and row.password is not None


def _can_be_typed(code: str) -> bool:
    """Whether a code can be written after `--by` as it stands, and seen for what it is."""
    return 0 < len(code) <= _LONGEST and code.isprintable() and " " not in code


def _misplaced(programme: Programme, role: str, place: str) -> Refusal | None:
    """STAFF_PLACE, where nothing of the programme is ever called so for this role.

    A provider's officer is of a provider, everybody else of a commune or an area; `*` is of all.
    """
    areas = sorted({one.code for one in programme.areas if one.paid})
    providers = sorted({one.provider.value for one in programme.offers})
    if role == _PROVIDER:
        known = set(providers)
    else:
        known = {one.code for one in programme.communes if one.area in areas} | set(areas)
    if place in known | {EVERYWHERE}:
        return None
    told = {"place": place, "areas": ", ".join(areas), "providers": ", ".join(providers)}
    return Refusal(Code.STAFF_PLACE, told)


def new_password() -> str:
    """Twelve letters and digits in three groups."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))
    return "-".join(groups)


def token_hash(token: str) -> str:
    """What is stored of a session's token."""
    return hashlib.sha256(token.encode()).hexdigest()

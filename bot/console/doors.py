"""Who is signed in at the officers' pages, and what they may see."""

import asyncio
import secrets
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Annotated, Final

from fastapi import Depends, Request
from starlette.exceptions import HTTPException

from bot.compose import Parts
from bot.officers import EVERYWHERE, password_fits, token_hash
from core import places
from core.calendar import local_day
from core.refusals import Code, Refusal
from core.store import cases, codes, staff
from core.store.cases import CaseRow
from core.store.commit_points import CommitPoint
from core.store.engine import Tx

COOKIE: Final = "chitra_officer"
SIGN_IN: Final = "/officer/sign-in"
IDLE: Final = timedelta(hours=2)
LONGEST: Final = timedelta(hours=12)
_WRONG: Final = "sign_in.wrong"
_TRIES: Final = 10
_WITHIN: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody signed in. `place`: a commune, an area, a provider, or * for the province."""

    code: str
    role: str
    place: str

    @property
    def sees_everything(self) -> bool:
        """Whether the whole province is theirs."""
        return self.place == EVERYWHERE


def signed_in(parts: Parts, request: Request, *, acts: bool = True) -> Officer | None:
    """The officer behind a request; None when there is no session, or it has ended.

    `acts`: the request is somebody's doing. What a page asks by itself keeps no session alive.
    """
    token = request.cookies.get(COOKIE, "")
    if not token:
        return None
    now, hashed = parts.clock.now(), token_hash(token)
    session = parts.store.read(lambda tx: staff.session_of_token(tx, hashed))
    if session is None or session.staff.state != staff.ACTIVE:
        return None
    if now - session.seen_at > IDLE or now - session.created_at > LONGEST:
        return None
    if acts and now - session.seen_at > timedelta(minutes=1):
        parts.store.transact(lambda tx: staff.see_session(tx, hashed, now), CommitPoint.SIGN_IN)
    row = session.staff
    return Officer(row.code, row.role, row.place)


async def officer_of(request: Request) -> Officer:
    """The officer behind a request; whoever is not signed in is sent to the sign-in page.

    A page that asks by itself says so, and keeps no session alive.
    Raises: HTTPException (303).
    """
    parts: Parts = request.app.state.parts
    acts = "x-by-itself" not in request.headers
    officer = await asyncio.to_thread(partial(signed_in, acts=acts), parts, request)
    if officer is None:
        raise HTTPException(303, headers={"location": SIGN_IN})
    return officer


# What a page takes that only an officer may ask for.
SignedIn = Annotated[Officer, Depends(officer_of)]


def sign_in(parts: Parts, code: str, password: str) -> str | Refusal:
    """The token of a new session.

    Refuses: CODE_TOO_MANY, CODE_WRONG (the same whether the code or the password is wrong).
    """
    now, subject = parts.clock.now(), f"staff:{code}"

    def tried(tx: Tx) -> int:
        return codes.attempts_since(tx, _WRONG, subject, now - _WITHIN)

    if parts.store.read(tried) >= _TRIES:
        return Refusal(Code.CODE_TOO_MANY)
    # A database may refuse to look for what no code can hold.
    row = parts.store.read(lambda tx: staff.staff_coded(tx, code)) if code.isprintable() else None
    if not password_fits(row, password):
        parts.store.transact(
            lambda tx: codes.note_attempt(tx, _WRONG, subject, now), CommitPoint.SIGN_IN
        )
        return Refusal(Code.CODE_WRONG)
    token = secrets.token_urlsafe(32)
    parts.store.transact(
        lambda tx: staff.open_session(tx, token_hash(token), code, now), CommitPoint.SIGN_IN
    )
    return token


def sign_out(parts: Parts, request: Request) -> None:
    """End this browser's session."""
    hashed, now = token_hash(request.cookies.get(COOKIE, "")), parts.clock.now()
    parts.store.transact(lambda tx: staff.end_session(tx, hashed, now), CommitPoint.SIGN_IN)


def places_of(parts: Parts, officer: Officer) -> tuple[list[str], list[str]]:
    """The communes and areas whose cases an officer sees."""
    day = local_day(parts.clock.now())
    area = places.area_with_code(parts.programme, officer.place, day)
    if area is not None:
        return [one.code for one in places.communes_in(parts.programme, area.code, day)], [
            area.code
        ]
    return [officer.place], []


def communes_seen(parts: Parts, officer: Officer) -> list[str] | None:
    """The communes whose people an officer sees; None for the whole province."""
    return None if officer.sees_everything else places_of(parts, officer)[0]


def sees_commune(parts: Parts, officer: Officer, commune: str) -> bool:
    """Whether the people of a commune are this officer's to see."""
    communes = communes_seen(parts, officer)
    return communes is None or commune in communes


def note_look(parts: Parts, officer: Officer, subject: str) -> None:
    """Record that an officer looked at something (a page, a case, a report)."""
    now = parts.clock.now()
    parts.store.transact(
        lambda tx: staff.note_view(tx, officer.code, subject, now), CommitPoint.CASE
    )


def may_see(parts: Parts, officer: Officer, case: CaseRow) -> bool:
    """Whether a case is of this officer's places; one of no known place is everybody's."""
    if officer.sees_everything or case.area is None:
        return True
    communes, areas = places_of(parts, officer)
    return case.commune in communes or case.area in areas


def seen_case(parts: Parts, officer: Officer, case_id: int) -> CaseRow | None:
    """A case of this officer's places; None when it is not theirs to see, or there is none."""
    case = parts.store.read(lambda tx: cases.case_by_id(tx, case_id))
    return case if case is not None and may_see(parts, officer, case) else None

"""The page on which officers freeze somebody's self-service and lift it again, in their places.

What does not live here: what freezing does (`core/ledger/self_service.py`).
"""

import asyncio
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from bot.cli.session import refusal_text
from bot.compose import Parts
from bot.console.doors import Officer, SignedIn, communes_seen, note_look, sees_commune
from bot.pages import page
from bot.sealing import seal
from core.exchange import cells
from core.labels import freeze_name
from core.ledger import self_service
from core.ledger.self_service import Why, WhyLifted
from core.refusals import Code, Refusal
from core.store.commit_points import CommitPoint
from core.store.engine import Tx
from core.store.freezes import Freeze, frozen
from core.store.people import beneficiaries_by_code

_HOME: Final = "/officer/self-service"
_DONE: Final = frozenset({"frozen", "lifted"})
_LONGEST: Final = 40
# A provider has no part in who may ask about whom.
_PROVIDER: Final = "provider"


@dataclass(frozen=True, slots=True)
class _Typed:
    """What an officer said of somebody, and why it was not taken."""

    code: str
    why: str
    problem: str


def router(parts: Parts) -> APIRouter:
    """The routes of frozen self-service."""
    routes = APIRouter(prefix="/self-service")

    @routes.get("")
    async def show(officer: SignedIn, done: str = "") -> Response:
        return await _shown(parts, officer, done=done if done in _DONE else "")

    @routes.post("")
    async def freeze(
        officer: SignedIn, code: Annotated[str, Form()] = "", why: Annotated[str, Form()] = ""
    ) -> Response:
        if why not in set(Why):
            return await _shown(parts, officer, status=404)
        typed = code.strip()[:_LONGEST]
        done = await asyncio.to_thread(_turned, parts, officer, typed, Why(why))
        return await _answered(parts, officer, done, _Typed(typed, why, ""), "frozen")

    _lifting(routes, parts)
    return routes


def _lifting(routes: APIRouter, parts: Parts) -> None:
    @routes.post("/{code}/lift")
    async def lift(officer: SignedIn, code: str, why: Annotated[str, Form()] = "") -> Response:
        if why not in set(WhyLifted):
            return await _shown(parts, officer, status=404)
        done = await asyncio.to_thread(_turned, parts, officer, code[:_LONGEST], WhyLifted(why))
        return await _answered(parts, officer, done, _Typed("", "", ""), "lifted")


def _turned(parts: Parts, officer: Officer, code: str, why: Why | WhyLifted) -> Refusal | None:
    """Freeze or lift; somebody of another place is as unknown as nobody.

    Refuses: STAFF_NOT_ALLOWED, BENEFICIARY_…, SELF_SERVICE_….
    """
    if officer.role == _PROVIDER:
        return Refusal(Code.STAFF_NOT_ALLOWED, {"staff": officer.code})
    wanted = cells.beneficiary_code(code)
    if isinstance(wanted, Refusal):
        return wanted

    def work(tx: Tx) -> Refusal | None:
        who = beneficiaries_by_code(tx, [wanted]).get(wanted)
        if who is None or not sees_commune(parts, officer, who.commune):
            return Refusal(Code.BENEFICIARY_UNKNOWN, {"code": wanted})
        if isinstance(why, Why):
            return self_service.freeze(tx, parts.ledger, who, why, by=officer.code)
        return self_service.lift(tx, parts.ledger, who, why, by=officer.code)

    done = parts.store.transact(work, CommitPoint.DECISION)
    seal(parts)
    return done


async def _answered(
    parts: Parts, officer: Officer, done: Refusal | None, typed: _Typed, word: str
) -> Response:
    if done is not None:
        again = _Typed(typed.code, typed.why, refusal_text(done, "vi"))
        status = 404 if done.code is Code.STAFF_NOT_ALLOWED else 422
        return await _shown(parts, officer, status=status, typed=again)
    return RedirectResponse(f"{_HOME}?done={word}", 303)


async def _shown(
    parts: Parts,
    officer: Officer,
    *,
    status: int = 200,
    done: str = "",
    typed: _Typed | None = None,
) -> HTMLResponse:
    if officer.role == _PROVIDER:
        return page("officer_freezes.html", status=404, officer=officer, found=None)
    found = await asyncio.to_thread(_found, parts, officer)
    return page(
        "officer_freezes.html",
        status=status,
        officer=officer,
        found=found,
        done=done,
        typed=typed,
        reasons={why.value: freeze_name(why) for why in Why},
        endings={why.value: freeze_name(why) for why in WhyLifted},
    )


def _found(parts: Parts, officer: Officer) -> list[Freeze]:
    """Whose self-service is frozen in an officer's places; who looked is noted."""
    communes = communes_seen(parts, officer)
    note_look(parts, officer, "self-service")
    return parts.store.read(lambda tx: frozen(tx, communes=communes))

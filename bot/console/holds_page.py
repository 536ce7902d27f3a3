"""The page on which officers hold payments back and let them go: never the same person both.

What does not live here: when a payment may be held (`core/ledger/holding.py`).
"""

import asyncio
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from bot.cli.session import refusal_text
from bot.compose import Parts
from bot.console.doors import Officer, SignedIn, communes_seen, note_look
from bot.moves import MAY_MOVE, hold_payment, release_payment
from bot.pages import page
from core.labels import hold_name
from core.ledger.holding import Held, Why
from core.refusals import Code, Refusal
from core.store.holds import Hold, holds

_HOME: Final = "/officer/holds"
_DONE: Final = frozenset({"held", "released", "unsigned"})
_LONGEST: Final = 64


@dataclass(frozen=True, slots=True)
class _Typed:
    """What an officer said of a payment, and why it was not taken."""

    payment: str
    why: str
    problem: str


def router(parts: Parts) -> APIRouter:
    """The routes of payments on hold."""
    routes = APIRouter(prefix="/holds")

    @routes.get("")
    async def show(officer: SignedIn, done: str = "") -> Response:
        return await _shown(parts, officer, done=done if done in _DONE else "")

    @routes.post("")
    async def hold(
        officer: SignedIn,
        payment: Annotated[str, Form()] = "",
        why: Annotated[str, Form()] = "",
    ) -> Response:
        if why not in set(Why):
            return await _shown(parts, officer, status=404)
        code = payment.strip().upper()[:_LONGEST]
        done = await asyncio.to_thread(hold_payment, parts, code, Why(why), officer.code)
        return await _answered(parts, officer, done, _Typed(code, why, ""))

    @routes.post("/{code}/release")
    async def release(officer: SignedIn, code: str) -> Response:
        done = await asyncio.to_thread(release_payment, parts, code[:_LONGEST], officer.code)
        return await _answered(parts, officer, done, _Typed("", "", ""))

    return routes


async def _answered(
    parts: Parts, officer: Officer, done: Held | Refusal, typed: _Typed
) -> Response:
    if isinstance(done, Refusal):
        problem = refusal_text(done, "vi")
        status = 404 if done.code is Code.STAFF_NOT_ALLOWED else 422
        again = _Typed(typed.payment, typed.why, problem)
        return await _shown(parts, officer, status=status, typed=again)
    word = "unsigned" if done.unsigned else "held" if done.is_held else "released"
    return RedirectResponse(f"{_HOME}?done={word}", 303)


async def _shown(
    parts: Parts,
    officer: Officer,
    *,
    status: int = 200,
    done: str = "",
    typed: _Typed | None = None,
) -> HTMLResponse:
    if officer.role not in MAY_MOVE:
        return page("officer_holds.html", status=404, officer=officer, found=None)
    found = await asyncio.to_thread(_found, parts, officer)
    return page(
        "officer_holds.html",
        status=status,
        officer=officer,
        found=found,
        done=done,
        typed=typed,
        reasons={why.value: hold_name(why) for why in Why},
        why_of={one.code: hold_name(one.why) for one in found},
    )


def _found(parts: Parts, officer: Officer) -> list[Hold]:
    """What is on hold in an officer's places; who looked is noted."""
    tenant, communes = parts.programme.tenant, communes_seen(parts, officer)
    note_look(parts, officer, "holds")
    return parts.store.read(lambda tx: holds(tx, tenant, communes=communes))

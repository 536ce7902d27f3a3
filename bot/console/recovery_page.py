"""The page on which officers see what is due back, and forgive the rest of it: two of them.

What does not live here: what may be forgiven (`core/ledger/forgiving.py`).
"""

import asyncio
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from bot.cli.session import refusal_text
from bot.compose import Parts
from bot.console.doors import Officer, SignedIn, communes_seen, note_look
from bot.moves import MAY_MOVE, forgive_recovery
from bot.pages import page
from core.labels import forgiven_name
from core.ledger.forgiving import Why
from core.refusals import Code, Refusal
from core.store.recoveries import Due, all_dues

_HOME: Final = "/officer/recovery"
_DONE: Final = frozenset({"proposed", "forgiven"})
_LONGEST: Final = 64


@dataclass(frozen=True, slots=True)
class _Typed:
    """What an officer said of a payment, and why it was not taken."""

    payment: str
    why: str
    problem: str


def router(parts: Parts) -> APIRouter:
    """The routes of recoveries."""
    routes = APIRouter(prefix="/recovery")

    @routes.get("")
    async def show(officer: SignedIn, done: str = "") -> Response:
        return await _shown(parts, officer, done=done if done in _DONE else "")

    @routes.post("/{code}")
    async def forgive(officer: SignedIn, code: str, why: Annotated[str, Form()] = "") -> Response:
        if why not in set(Why):
            return await _shown(parts, officer, status=404)
        payment = code.strip().upper()[:_LONGEST]
        done = await asyncio.to_thread(forgive_recovery, parts, payment, Why(why), officer.code)
        if isinstance(done, Refusal):
            typed = _Typed(payment, why, refusal_text(done, "vi"))
            status = 404 if done.code is Code.STAFF_NOT_ALLOWED else 422
            return await _shown(parts, officer, status=status, typed=typed)
        return RedirectResponse(f"{_HOME}?done={'forgiven' if done.is_done else 'proposed'}", 303)

    return routes


async def _shown(
    parts: Parts,
    officer: Officer,
    *,
    status: int = 200,
    done: str = "",
    typed: _Typed | None = None,
) -> HTMLResponse:
    if officer.role not in MAY_MOVE:
        return page("officer_recovery.html", status=404, officer=officer, open=None)
    found = await asyncio.to_thread(_found, parts, officer)
    still = [one for one in found if one.left]
    return page(
        "officer_recovery.html",
        status=status,
        officer=officer,
        open=still,
        ended=[one for one in found if not one.left],
        done=done,
        typed=typed,
        is_gone=typed is not None and all(typed.payment != one.code for one in still),
        reasons={why.value: forgiven_name(why) for why in Why},
    )


def _found(parts: Parts, officer: Officer) -> list[Due]:
    """What is or was due back in an officer's places; who looked is noted."""
    communes = communes_seen(parts, officer)
    note_look(parts, officer, "recovery")
    found = parts.store.read(lambda tx: all_dues(tx, parts.programme.tenant))
    return [one for one in found if communes is None or one.commune in communes]

"""The page on which officers settle what providers paid for nothing known: two of them, each line.

What does not live here: what may become of a line (`core/ledger/suspense.py`).
"""

import asyncio
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from bot.cli.session import refusal_text
from bot.compose import Parts
from bot.console.doors import Officer, SignedIn, note_look
from bot.moves import MAY_MOVE, settle_suspense
from bot.pages import page
from bot.suspense import lines_at
from core.calendar import local_day
from core.ledger.suspense import Open, Way, waiting
from core.refusals import Code, Refusal
from core.store.engine import Tx
from core.wording import text as text_of

_HOME: Final = "/officer/suspense"
_LONGEST: Final = 64


@dataclass(frozen=True, slots=True)
class _Typed:
    """What an officer said of a line, and why it was not taken."""

    number: int
    way: str
    payment: str
    problem: str


def router(parts: Parts) -> APIRouter:
    """The routes of suspense."""
    routes = APIRouter(prefix="/suspense")

    @routes.get("")
    async def show(officer: SignedIn, done: str = "") -> Response:
        return await _shown(parts, officer, done=done if done in {"proposed", "settled"} else "")

    @routes.post("/{number}")
    async def settle(
        officer: SignedIn,
        number: int,
        way: Annotated[str, Form()] = "",
        payment: Annotated[str, Form()] = "",
    ) -> Response:
        if not way:
            problem = text_of("console.suspense.way.missing", domain="console")
            typed = _Typed(number, "", payment.strip()[:_LONGEST], problem)
            return await _shown(parts, officer, status=422, typed=typed)
        if way not in set(Way):
            return await _shown(parts, officer, status=404)
        # The field may have been filled before another answer was chosen.
        code = payment.strip()[:_LONGEST] if way == Way.PAYMENT else ""
        done = await asyncio.to_thread(settle_suspense, parts, number, Way(way), code, officer.code)
        if isinstance(done, Refusal):
            typed = _Typed(number, way, code, refusal_text(done, "vi"))
            gone = done.code in {Code.SUSPENSE_GONE, Code.STAFF_NOT_ALLOWED}
            return await _shown(parts, officer, status=404 if gone else 422, typed=typed)
        return RedirectResponse(f"{_HOME}?done={'settled' if done.is_done else 'proposed'}", 303)

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
        return page("officer_suspense.html", status=404, officer=officer, lines=None)
    lines = await asyncio.to_thread(_lines, parts, officer)
    return page(
        "officer_suspense.html",
        status=status,
        officer=officer,
        lines=lines,
        done=done,
        typed=typed,
        is_gone=typed is not None and all(typed.number != one.line.number for one in lines),
        ways=list(Way),
    )


def _lines(parts: Parts, officer: Officer) -> list[Open]:
    """What stands in suspense in the officer's places; who looked is noted."""
    now = parts.clock.now()
    note_look(parts, officer, "suspense")
    programme, day = parts.programme, local_day(now)

    def work(tx: Tx) -> list[Open]:
        return lines_at(tx, programme, officer.place, waiting(tx, programme.tenant), day)

    return parts.store.read(work)

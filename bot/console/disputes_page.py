"""The page of disputes: who must answer by when, and a form for what came of each."""

import asyncio
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from bot.cli.session import refusal_text
from bot.compose import Parts
from bot.console import disputes
from bot.console.doors import Officer, SignedIn
from bot.pages import page
from core.ledger.disputes import OUTCOMES, DisputeState
from core.refusals import Refusal
from core.wording import text as text_of

_HOME: Final = "/officer/disputes"
_CHOICES: Final = frozenset(one.value for one in OUTCOMES)


@dataclass(frozen=True, slots=True)
class _Written:
    """What an officer wrote about a dispute, and why it was not taken."""

    payment_id: int
    outcome: str
    note: str
    problem: str


def router(parts: Parts) -> APIRouter:
    """The routes of disputes."""
    routes = APIRouter(prefix="/disputes")

    @routes.get("")
    async def show(officer: SignedIn, done: str = "") -> Response:
        return await _shown(parts, officer, done=done if done in _CHOICES else "")

    @routes.post("/{payment_id}")
    async def settle(
        officer: SignedIn,
        payment_id: int,
        outcome: Annotated[str, Form()] = "",
        note: Annotated[str, Form()] = "",
    ) -> Response:
        bare = note.strip().replace("\r\n", "\n")
        problem = _problem(outcome, bare)
        if problem:
            written = _Written(payment_id, outcome, bare, problem)
            return await _shown(parts, officer, written=written, status=422)
        done = await asyncio.to_thread(
            disputes.settle, parts, officer, payment_id, DisputeState(outcome), bare
        )
        if done is None:
            return page("officer_nothing.html", status=404, officer=officer)
        if isinstance(done, Refusal):
            written = _Written(payment_id, outcome, bare, refusal_text(done, "vi"))
            return await _shown(parts, officer, written=written, status=409)
        return RedirectResponse(f"{_HOME}?done={done.value}", 303)

    return routes


def _problem(outcome: str, note: str) -> str:
    if outcome not in _CHOICES:
        return text_of("console.disputes.outcome.missing", domain="console")
    if not note:
        return text_of("console.disputes.note.missing", domain="console")
    if len(note) > disputes.LONGEST:
        return text_of(
            "console.too_long", domain="console", letters=len(note), most=disputes.LONGEST
        )
    return ""


async def _shown(
    parts: Parts,
    officer: Officer,
    *,
    done: str = "",
    written: _Written | None = None,
    status: int = 200,
) -> HTMLResponse:
    found = await asyncio.to_thread(disputes.disputes_of, parts, officer)
    there = {one.payment_id for one in (*found.running, *found.settled)}
    lost = written if written is not None and written.payment_id not in there else None
    return page(
        "officer_disputes.html",
        status=status,
        officer=officer,
        found=found,
        done=done,
        written=written,
        lost=lost,
        most=disputes.LONGEST,
    )

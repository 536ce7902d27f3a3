"""The page of accounts being opened: mark papers brought, cards come in, cards handed over."""

import asyncio
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from bot.cli.session import refusal_text
from bot.compose import Parts
from bot.console import openings
from bot.console.doors import Officer, SignedIn
from bot.console.methods import may_look
from bot.pages import page
from core.labels import paper_name, role_name
from core.ledger.opening import PAPERS_OF, Paper
from core.people import Role
from core.refusals import Refusal
from core.wording import text as text_of

_HOME: Final = "/officer/openings"
_LONGEST: Final = 40
_ROLES: Final = {role.value: role for role in PAPERS_OF}
_DONE: Final = frozenset((*openings.REVIEWS, *openings.CARDS))


@dataclass(frozen=True, slots=True)
class _Written:
    """What an officer said, and why it was not taken. `is_new`: in the form for a new person."""

    code: str
    problem: str
    is_new: bool
    role: str = Role.SELF.value
    papers: tuple[str, ...] = ()


def router(parts: Parts) -> APIRouter:
    """The routes of accounts being opened."""
    routes = APIRouter(prefix="/openings")
    _list(routes, parts)
    _review(routes, parts)
    _card(routes, parts)
    return routes


def _list(routes: APIRouter, parts: Parts) -> None:
    @routes.get("")
    async def show(officer: SignedIn, done: str = "") -> Response:
        return await _shown(parts, officer, done=done if done in _DONE else "")


def _review(routes: APIRouter, parts: Parts) -> None:
    @routes.post("/review")
    async def review(
        request: Request,
        officer: SignedIn,
        code: Annotated[str, Form()] = "",
        role: Annotated[str, Form()] = "",
        word: Annotated[str, Form()] = "",
        new: Annotated[str, Form()] = "",
    ) -> Response:
        if word not in openings.REVIEWS or role not in _ROLES or not may_look(officer):
            return page("officer_nothing.html", status=404, officer=officer)
        form = await request.form()
        papers = [one for one in Paper if one.value in form.getlist("paper")]
        typed = code.strip()[:_LONGEST]
        kept = tuple(one.value for one in papers)
        if word == "missing" and not papers:
            problem = text_of("console.openings.papers.missing", domain="console")
            written = _Written(typed, problem, bool(new), role, kept)
            return await _shown(parts, officer, status=422, written=written)
        # Papers ticked before another answer was chosen are not missing.
        papers = papers if word == "missing" else []
        done = await asyncio.to_thread(
            openings.review, parts, officer, typed, _ROLES[role], word, papers
        )
        if isinstance(done, Refusal):
            written = _Written(typed, refusal_text(done, "vi"), bool(new), role, kept)
            return await _shown(parts, officer, status=422, written=written)
        return RedirectResponse(f"{_HOME}?done={word}", 303)


def _card(routes: APIRouter, parts: Parts) -> None:
    @routes.post("/card")
    async def card(
        officer: SignedIn,
        code: Annotated[str, Form()] = "",
        word: Annotated[str, Form()] = "",
    ) -> Response:
        if word not in openings.CARDS or not may_look(officer):
            return page("officer_nothing.html", status=404, officer=officer)
        typed = code.strip()[:_LONGEST]
        done = await asyncio.to_thread(openings.move_card, parts, officer, typed, word)
        if isinstance(done, Refusal):
            written = _Written(typed, refusal_text(done, "vi"), is_new=False)
            return await _shown(parts, officer, status=409, written=written)
        return RedirectResponse(f"{_HOME}?done={word}", 303)


async def _shown(
    parts: Parts,
    officer: Officer,
    *,
    status: int = 200,
    done: str = "",
    written: _Written | None = None,
) -> HTMLResponse:
    if not may_look(officer):
        return page("officer_nothing.html", status=404, officer=officer)
    found = await asyncio.to_thread(openings.openings_of, parts, officer)
    there = {one.code for views in found.values() for one in views}
    is_lost = written is not None and not written.is_new and written.code not in there
    return page(
        "officer_openings.html",
        status=status,
        officer=officer,
        found=found,
        done=done,
        written=written,
        is_lost=is_lost,
        is_any=bool(there),
        roles={name: role_name(name) for name in _ROLES},
        papers={one.value: paper_name(one) for one in Paper},
        most=openings.SHOWN,
    )

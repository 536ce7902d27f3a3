"""The page of what waits for a person's decision: lines that contradict, messages in doubt."""

import asyncio
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from bot.cli.session import refusal_text
from bot.compose import Parts
from bot.console import decisions
from bot.console.doors import Officer, SignedIn
from bot.pages import page
from core.wording import text as text_of

_HOME: Final = "/officer/decisions"
_REACHED: Final = {"reached": True, "not_reached": False}


@dataclass(frozen=True, slots=True)
class _Written:
    """What an officer wrote about a line, and why it was not taken."""

    file_id: int
    row_no: int
    note: str
    problem: str


def router(parts: Parts) -> APIRouter:
    """The routes of decisions."""
    routes = APIRouter(prefix="/decisions")
    _list(routes, parts)
    _line(routes, parts)
    _message(routes, parts)
    return routes


def _list(routes: APIRouter, parts: Parts) -> None:
    @routes.get("")
    async def show(officer: SignedIn, done: str = "") -> Response:
        known = {"kept", *_REACHED}
        return await _shown(parts, officer, done=done if done in known else "")


def _line(routes: APIRouter, parts: Parts) -> None:
    @routes.post("/line/{file_id}/{row_no}")
    async def keep(
        officer: SignedIn, file_id: int, row_no: int, note: Annotated[str, Form()] = ""
    ) -> Response:
        bare = note.strip().replace("\r\n", "\n")
        if not bare or len(bare) > decisions.LONGEST:
            return await _shown(parts, officer, written=_refused(file_id, row_no, bare))
        done = await asyncio.to_thread(
            decisions.keep_as_it_was, parts, officer, file_id, row_no, bare
        )
        return RedirectResponse(f"{_HOME}?done=kept", 303) if done else _nothing(officer)


def _message(routes: APIRouter, parts: Parts) -> None:
    @routes.post("/message/{message_id}")
    async def settle(
        officer: SignedIn, message_id: int, word: Annotated[str, Form()] = ""
    ) -> Response:
        if word not in _REACHED:
            return _nothing(officer)
        done = await asyncio.to_thread(
            decisions.settle_message, parts, officer, message_id, reached=_REACHED[word]
        )
        return RedirectResponse(f"{_HOME}?done={word}", 303) if done else _nothing(officer)


def _refused(file_id: int, row_no: int, note: str) -> _Written:
    problem = (
        text_of("console.too_long", domain="console", letters=len(note), most=decisions.LONGEST)
        if note
        else text_of("console.decisions.note.missing", domain="console")
    )
    return _Written(file_id, row_no, note, problem)


async def _shown(
    parts: Parts, officer: Officer, *, done: str = "", written: _Written | None = None
) -> HTMLResponse:
    found = await asyncio.to_thread(decisions.lists, parts, officer)
    return page(
        "officer_decisions.html",
        status=200 if written is None else 422,
        officer=officer,
        lists=found,
        why=[refusal_text(one.problem, "vi") for one in found.lines],
        done=done,
        written=written,
        most=decisions.LONGEST,
        most_lines=decisions.SHOWN,
    )


def _nothing(officer: Officer) -> HTMLResponse:
    return page("officer_decided.html", status=404, officer=officer)

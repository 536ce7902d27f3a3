"""The page of changes of method: enter one, confirm it, check it, and a second person approves."""

import asyncio
from dataclasses import dataclass, field
from itertools import chain
from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from bot.cli.session import refusal_text
from bot.compose import Parts
from bot.console import methods
from bot.console.doors import Officer, SignedIn
from bot.pages import page
from core.labels import method_name, paper_name
from core.ledger.enrolling import Wish
from core.ledger.opening import Paper
from core.refusals import Refusal
from core.terms import Method
from core.wording import text as text_of

_HOME: Final = "/officer/methods"
_WORDS: Final = frozenset(word for words in methods.STEPS.values() for word in words)
_ENTERED: Final = "entered"
_METHODS: Final = {str(one): one for one in Method}
_LONGEST: Final = 80


@dataclass(frozen=True, slots=True)
class _Written:
    """What an officer typed, and why it was not taken. `number` 0: a new wish."""

    number: int
    problem: str
    code: str = ""
    method: str = ""
    account: str = field(default="", repr=False)
    holder: str = field(default="", repr=False)
    note: str = field(default="", repr=False)


def router(parts: Parts) -> APIRouter:
    """The routes of changes of method."""
    routes = APIRouter(prefix="/methods")
    _list(routes, parts)
    _entry(routes, parts)
    _steps(routes, parts)
    return routes


def _list(routes: APIRouter, parts: Parts) -> None:
    @routes.get("")
    async def show(officer: SignedIn, done: str = "") -> Response:
        return await _shown(parts, officer, done=done if done in _WORDS | {_ENTERED} else "")


def _entry(routes: APIRouter, parts: Parts) -> None:
    @routes.post("")
    async def enter(
        officer: SignedIn,
        code: Annotated[str, Form()] = "",
        method: Annotated[str, Form()] = "",
        account: Annotated[str, Form()] = "",
        holder: Annotated[str, Form()] = "",
    ) -> Response:
        if not methods.may_look(officer):
            return page("officer_nothing.html", status=404, officer=officer)
        typed = {"code": code.strip()[:_LONGEST], "method": method[:_LONGEST]}
        typed |= {"account": account.strip()[:_LONGEST], "holder": holder.strip()[:_LONGEST]}
        if method not in _METHODS:
            problem = text_of("console.methods.method.missing", domain="console")
            return await _shown(parts, officer, status=422, written=_Written(0, problem, **typed))
        wish = Wish(_METHODS[method], typed["account"], typed["holder"])
        done = await asyncio.to_thread(methods.enter, parts, officer, typed["code"], wish)
        if isinstance(done, Refusal):
            written = _Written(0, refusal_text(done, "vi"), **typed)
            return await _shown(parts, officer, status=422, written=written)
        return RedirectResponse(f"{_HOME}?done={_ENTERED}#wish-{done.id}", 303)


def _steps(routes: APIRouter, parts: Parts) -> None:
    @routes.post("/{number}/{word}")
    async def step(
        request: Request,
        officer: SignedIn,
        number: int,
        word: str,
        note: Annotated[str, Form()] = "",
    ) -> Response:
        if word not in _WORDS or not methods.may_look(officer):
            return page("officer_nothing.html", status=404, officer=officer)
        bare = note.strip().replace("\r\n", "\n")
        form = await request.form()
        papers = [one for one in Paper if one.value in form.getlist("paper")]
        problem = _problem(word, bare, papers)
        if problem:
            written = _Written(number, problem, note=bare[: methods.LONGEST])
            return await _shown(parts, officer, status=422, written=written)
        done = await asyncio.to_thread(
            methods.step, parts, officer, number, word, note=bare, papers=papers
        )
        if done is None:
            return page("officer_nothing.html", status=404, officer=officer)
        if isinstance(done, Refusal):
            written = _Written(number, refusal_text(done, "vi"), note=bare)
            return await _shown(parts, officer, status=409, written=written)
        return RedirectResponse(f"{_HOME}?done={word}", 303)


def _problem(word: str, note: str, papers: list[Paper]) -> str:
    if word == "need" and not papers:
        return text_of("console.methods.papers.missing", domain="console")
    if word in methods.WITH_NOTE and not note:
        return text_of("console.methods.note.missing", domain="console")
    if len(note) > methods.LONGEST:
        return text_of(
            "console.too_long", domain="console", letters=len(note), most=methods.LONGEST
        )
    return ""


async def _shown(
    parts: Parts,
    officer: Officer,
    *,
    status: int = 200,
    done: str = "",
    written: _Written | None = None,
) -> HTMLResponse:
    if not methods.may_look(officer):
        return page("officer_nothing.html", status=404, officer=officer)
    found = await asyncio.to_thread(methods.wishes_of, parts, officer)
    there = {one.number for one in chain.from_iterable(found.groups.values())}
    lost = written is not None and written.number != 0 and written.number not in there
    return page(
        "officer_methods.html",
        status=status,
        officer=officer,
        found=found,
        done=done,
        written=written,
        is_lost=lost,
        is_any=bool(there),
        methods={name: method_name(one) for name, one in _METHODS.items()},
        papers={one.value: paper_name(one) for one in Paper},
        with_note=methods.WITH_NOTE,
        most=methods.LONGEST,
    )

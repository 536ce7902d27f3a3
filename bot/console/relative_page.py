"""The pages on which an officer writes down a relative, sees who is told, and ends it."""

import asyncio
from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from bot.cli.session import refusal_text
from bot.compose import Parts
from bot.console import relatives
from bot.console.doors import Officer, SignedIn
from bot.pages import page
from core.calendar import local_day
from core.exchange.relative_entry import MAY_AGREE, Entry
from core.exchange.verdicts import Problem
from core.refusals import Code, Refusal
from core.wording import short_date

_HOME: Final = "/officer/relative"
_LONGEST: Final = 200


def router(parts: Parts) -> APIRouter:
    """The routes of relatives."""
    routes = APIRouter(prefix="/relative")
    _form(routes, parts)
    _told(routes, parts)
    return routes


def _form(routes: APIRouter, parts: Parts) -> None:
    @routes.get("")
    async def show(officer: SignedIn) -> Response:
        return _shown(officer, _blank(parts))

    @routes.post("")
    async def add(request: Request, officer: SignedIn) -> Response:
        entry = await _typed(request)
        done = await asyncio.to_thread(relatives.add_relative, parts, officer, entry)
        if isinstance(done, Problem):
            return _shown(officer, entry, done)
        word = "new" if done.is_new else "known"
        return RedirectResponse(f"{_HOME}/{done.beneficiary_id}?done={word}", 303)

    @routes.post("/find")
    async def find(request: Request, officer: SignedIn) -> Response:
        entry = await _typed(request)
        found = await asyncio.to_thread(relatives.beneficiary_named, parts, officer, entry.code)
        if isinstance(found, Refusal):
            return _shown(officer, entry, Problem("code", found))
        return RedirectResponse(f"{_HOME}/{found}", 303)


def _told(routes: APIRouter, parts: Parts) -> None:
    @routes.get("/{beneficiary_id}")
    async def told(officer: SignedIn, beneficiary_id: int, done: str = "") -> Response:
        found = await asyncio.to_thread(relatives.relatives_told, parts, officer, beneficiary_id)
        if found is None:
            return page("officer_nothing.html", status=404, officer=officer)
        return page(
            "officer_told.html",
            officer=officer,
            told=found,
            done=done if done in {"new", "known", "ended"} else "",
        )

    @routes.post("/{beneficiary_id}/end")
    async def end(
        officer: SignedIn, beneficiary_id: int, standing: Annotated[int, Form()]
    ) -> Response:
        done = await asyncio.to_thread(
            relatives.end_relative, parts, officer, beneficiary_id, standing
        )
        if done is None:
            return page("officer_nothing.html", status=404, officer=officer)
        return RedirectResponse(f"{_HOME}/{beneficiary_id}?done=ended", 303)


async def _typed(request: Request) -> Entry:
    form = await request.form()
    typed = {name: value[:_LONGEST] for name, value in form.items() if isinstance(value, str)}
    return Entry.of(typed)


def _blank(parts: Parts) -> Entry:
    return Entry(consent_on=short_date(local_day(parts.clock.now())))


def _shown(officer: Officer, entry: Entry, problem: Problem | None = None) -> HTMLResponse:
    """The form; a refusal stands beside its field, and nothing that was typed is lost."""
    field = problem.field if problem is not None else ""
    return page(
        "officer_relative.html",
        status=_status(problem),
        officer=officer,
        entry=entry,
        may_agree=[str(role) for role in MAY_AGREE],
        problem=refusal_text(problem.refusal, "vi") if problem is not None else "",
        field=_FIELDS.get(field, field),
    )


# What the form calls the field in which a list would give the same thing.
_FIELDS: Final = {"consent_notice": "agreed"}


def _status(problem: Problem | None) -> int:
    if problem is None:
        return 200
    return 503 if problem.refusal.code is Code.FILE_BUSY else 422

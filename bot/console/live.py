"""What the officers' pages ask by themselves: whether anything is new, and what an SMS costs.

None of it keeps a session alive: an officer who went home is signed out.
"""

import asyncio
from collections.abc import AsyncIterable, Awaitable, Callable
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.exceptions import HTTPException

from bot.compose import Parts
from bot.console import acts, views
from bot.console.doors import Officer, seen_case, signed_in
from bot.pages import fragment
from bot.streams import changes
from core.store.cases import CaseRow


def router(parts: Parts) -> APIRouter:
    """The routes of what happens by itself."""
    routes = APIRouter()
    _list(routes, parts)
    _case(routes, parts)
    return routes


def _list(routes: APIRouter, parts: Parts) -> None:
    signed = Depends(_officer_of(parts))

    @routes.get("/stream", response_class=EventSourceResponse, dependencies=[signed])
    async def stream(request: Request) -> AsyncIterable[ServerSentEvent]:
        async for one in changes(request, lambda: views.cases_mark(parts)):
            yield one


def _case(routes: APIRouter, parts: Parts) -> None:
    watched = _case_of(parts)

    @routes.get("/case/{case_id}/stream", response_class=EventSourceResponse)
    async def stream(
        request: Request, case: Annotated[CaseRow, Depends(watched)]
    ) -> AsyncIterable[ServerSentEvent]:
        async for one in changes(request, lambda: views.case_mark(parts, case)):
            yield one

    @routes.post("/case/{case_id}/measure")
    async def measure(
        case: Annotated[CaseRow, Depends(watched)], text: Annotated[str, Form()] = ""
    ) -> Response:
        contact = await asyncio.to_thread(views.contact_of, parts, case)
        if contact is None or contact.channel != "sms":
            return Response(status_code=204)
        return HTMLResponse(fragment("officer_fit.html", fit=acts.fit(parts, contact, text)))


def _officer_of(parts: Parts) -> Callable[[Request], Awaitable[Officer]]:
    async def officer_of(request: Request) -> Officer:
        officer = await asyncio.to_thread(partial(signed_in, acts=False), parts, request)
        if officer is None:
            raise HTTPException(403)
        return officer

    return officer_of


def _case_of(parts: Parts) -> Callable[[Officer, int], Awaitable[CaseRow]]:
    signed = Depends(_officer_of(parts))

    async def case_of(officer: Annotated[Officer, signed], case_id: int) -> CaseRow:
        case = await asyncio.to_thread(seen_case, parts, officer, case_id)
        if case is None:
            raise HTTPException(404)
        return case

    return case_of

"""The chat page: a talk in any browser, with or without JavaScript, live where it can be."""

import asyncio
import secrets
from collections.abc import AsyncIterable
from typing import Annotated, Any, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from bot.chat.demo_people import demo_people
from bot.chat.phones import phones_beside
from bot.chat.visitors import Visitor, keep_cookie, visitor_of
from bot.compose import Parts
from bot.pages import fragment, page
from bot.rehearsal import act_as
from bot.streams import changes
from bot.turn import Inbound, take
from core.calendar import local_day
from core.refusals import Refusal
from core.store.commit_points import CommitPoint
from core.store.engine import Tx
from core.store.transcripts import newest_mark, transcript
from core.wording import long_date

SIZES: Final = ("1", "2", "3")
LONGEST: Final = 10_000
_SIZE_COOKIE: Final = "chitra_size"


def router(parts: Parts) -> APIRouter:
    """The routes of the chat page; those of a rehearsal only in one."""
    routes = APIRouter(prefix="/chat")
    _talk(routes, parts)
    _live(routes, parts)
    if parts.may_rehearse:
        _rehearsal(routes, parts)
    return routes


def _talk(routes: APIRouter, parts: Parts) -> None:
    @routes.get("")
    async def show(request: Request, size: str = "", code: str = "") -> Response:
        visitor = await asyncio.to_thread(visitor_of, parts, request)
        shown = size if size in SIZES else request.cookies.get(_SIZE_COOKIE, "1")
        values = await asyncio.to_thread(_page_values, parts, visitor)
        response = page("chat.html", size=shown, code=code[:16], **values)
        if size in SIZES:
            response.set_cookie(_SIZE_COOKIE, size, max_age=31_536_000, path="/chat")
        keep_cookie(response, visitor, secure=request.url.scheme == "https")
        return response

    @routes.post("")
    async def write(
        request: Request,
        text: Annotated[str, Form()] = "",
        token: Annotated[str, Form()] = "",
        nonce: Annotated[str, Form()] = "",
    ) -> Response:
        visitor = await asyncio.to_thread(visitor_of, parts, request)
        inbound = Inbound(
            channel="web",
            address=visitor.address,
            external_key=f"{visitor.contact_id}:{(nonce or secrets.token_hex(8))[:64]}",
            text=text[:LONGEST],
            received_at=parts.clock.now(),
            menu_token=token or None,
        )
        await asyncio.wrap_future(take(parts, inbound))
        if request.headers.get("x-fragment"):
            answer: Response = HTMLResponse(await asyncio.to_thread(_lines, parts, visitor))
        else:
            answer = RedirectResponse("/chat#last", 303)
        keep_cookie(answer, visitor, secure=request.url.scheme == "https")
        return answer


def _live(routes: APIRouter, parts: Parts) -> None:
    @routes.get("/lines")
    async def lines(request: Request) -> HTMLResponse:
        visitor = await asyncio.to_thread(visitor_of, parts, request)
        return HTMLResponse(await asyncio.to_thread(_lines, parts, visitor))

    @routes.get("/stream", response_class=EventSourceResponse)
    async def stream(request: Request) -> AsyncIterable[ServerSentEvent]:
        visitor = await asyncio.to_thread(visitor_of, parts, request)
        async for one in changes(request, lambda: _mark(parts, visitor)):
            yield one


def _rehearsal(routes: APIRouter, parts: Parts) -> None:
    @routes.post("/as")
    async def act(request: Request, code: Annotated[str, Form()] = "") -> Response:
        visitor = await asyncio.to_thread(visitor_of, parts, request)

        def work(tx: Tx) -> Refusal | None:
            return act_as(tx, parts, visitor.contact_id, code)

        await asyncio.to_thread(parts.store.transact, work, CommitPoint.VISIT)
        answer = RedirectResponse("/chat", 303)
        keep_cookie(answer, visitor, secure=request.url.scheme == "https")
        return answer

    @routes.get("/phones")
    async def phones(request: Request) -> HTMLResponse:
        visitor = await asyncio.to_thread(visitor_of, parts, request)
        return HTMLResponse(await asyncio.to_thread(_phones, parts, visitor))


def _page_values(parts: Parts, visitor: Visitor) -> dict[str, Any]:
    rehearses = parts.may_rehearse
    people = demo_people(parts, visitor.contact_id) if rehearses else []
    return {
        "lines": parts.store.read(lambda tx: transcript(tx, visitor.contact_id)),
        "nonce": secrets.token_hex(8),
        "hotline": parts.programme.settings.hotline,
        "rehearses": rehearses,
        "people": people,
        "phones": parts.store.read(lambda tx: phones_beside(tx, visitor.contact_id, parts.clock))
        if rehearses
        else [],
        "today": long_date(local_day(parts.clock.now())),
    }


def _lines(parts: Parts, visitor: Visitor) -> str:
    lines = parts.store.read(lambda tx: transcript(tx, visitor.contact_id))
    return fragment("chat_lines.html", lines=lines, nonce=secrets.token_hex(8))


def _phones(parts: Parts, visitor: Visitor) -> str:
    phones = parts.store.read(lambda tx: phones_beside(tx, visitor.contact_id, parts.clock))
    return fragment("chat_phones.html", phones=phones)


def _mark(parts: Parts, visitor: Visitor) -> str:
    return parts.store.read(lambda tx: newest_mark(tx, visitor.contact_id))

"""`/sandbox`: every phone that the sandbox gateway sent to. Exists only in a rehearsal."""

import asyncio
from collections.abc import AsyncIterable

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent

from bot.compose import Parts
from bot.pages import page
from bot.streams import changes
from core.store.engine import Tx
from core.store.sandbox import SandboxText, sandbox_latest
from core.store.views import sandbox_mark


def router(parts: Parts) -> APIRouter:
    """The page of phones, and what says that a text arrived."""
    routes = APIRouter(prefix="/sandbox")

    @routes.get("")
    async def show() -> HTMLResponse:
        mark, phones = await asyncio.to_thread(parts.store.read, _phones)
        return page("sandbox.html", phones=phones, mark=mark)

    @routes.get("/stream", response_class=EventSourceResponse)
    async def stream(request: Request) -> AsyncIterable[ServerSentEvent]:
        async for one in changes(request, lambda: parts.store.read(sandbox_mark)):
            yield one

    return routes


def _phones(tx: Tx) -> tuple[str, dict[str, list[SandboxText]]]:
    """The texts by phone, newest first."""
    phones: dict[str, list[SandboxText]] = {}
    for text in sandbox_latest(tx):
        phones.setdefault(text.address, []).append(text)
    return sandbox_mark(tx), phones

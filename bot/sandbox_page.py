"""`/sandbox`: every phone that the sandbox gateway sent to. Exists only in a rehearsal."""

import asyncio

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from bot.compose import Parts
from bot.pages import page
from core.store.engine import Tx
from core.store.sandbox import sandbox_phones, sandbox_texts


def router(parts: Parts) -> APIRouter:
    """The page of phones."""
    routes = APIRouter()

    @routes.get("/sandbox")
    async def show() -> HTMLResponse:
        phones = await asyncio.to_thread(parts.store.read, _phones)
        return page("sandbox.html", phones=phones)

    return routes


def _phones(tx: Tx) -> list[tuple[str, list[object]]]:
    return [
        (phone.address, list(reversed(sandbox_texts(tx, phone.address_index, limit=20))))
        for phone in sandbox_phones(tx)
    ]

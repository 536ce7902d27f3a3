"""Telling a browser that something is new, by server-sent events; it asks for what is new."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Final

from fastapi import Request
from fastapi.sse import ServerSentEvent

# A stream ends by itself; the browser opens the next one, and a server can stop meanwhile.
STREAM_SECONDS: Final = 50
LOOK_EVERY: Final = 0.7


async def changes(request: Request, mark: Callable[[], str]) -> AsyncIterator[ServerSentEvent]:
    """An event whenever the mark is another than the browser saw last."""
    before = request.headers.get("last-event-id", "")
    for _ in range(int(STREAM_SECONDS / LOOK_EVERY)):
        found = await asyncio.to_thread(mark)
        if found != before:
            before = found
            yield ServerSentEvent(raw_data=found, event="changed", id=found, retry=1000)
        await asyncio.sleep(LOOK_EVERY)

"""One process that serves: the web application, and on SQLite everything else beside it."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator, Sequence
from typing import Final

import uvicorn

from bot.compose import Parts
from bot.warmth import warm_up
from bot.web import make_app
from bot.worker import run as work
from core.settings import TelegramMode

# An open stream would otherwise keep the server from stopping.
_GRACE: Final = 2


def open_port(host: str, port: int) -> list[socket.socket]:
    """Sockets that listen at every address of `host`; whoever serves on them closes them.

    Raises: OSError, where any of them cannot be had; then none is left open.
    """
    opened: list[socket.socket] = []
    try:
        for family, _, _, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            bound = socket.create_server(address, family=family)
            # Named as TCP: only then asyncio lets the pieces of an answer leave at once.
            opened.append(
                socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP, bound.detach())
            )
    except OSError:
        close(opened)
        raise
    return opened


def close(sockets: Sequence[socket.socket]) -> None:
    """Let go of a port."""
    for one in sockets:
        one.close()


async def serve_all(parts: Parts, sockets: Sequence[socket.socket], stop: asyncio.Event) -> None:
    """Web, worker and Telegram polling in this process, until `stop`."""
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(serve_web(parts, sockets, stop))
        tasks.create_task(work(parts, stop))
        polling = parts.settings.telegram_mode is TelegramMode.POLLING
        if parts.settings.telegram_token is not None and polling:
            from bot.channels.telegram import poll

            tasks.create_task(poll(parts, stop))


async def serve_web(parts: Parts, sockets: Sequence[socket.socket], stop: asyncio.Event) -> None:
    """The pages and hooks on the sockets of `open_port`, until `stop`."""
    warm_up()
    server = _Server(
        uvicorn.Config(
            make_app(parts),
            http="httptools",
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=_GRACE,
            # Paths may carry a reference; nothing of a request is logged.
            log_config=None,
        )
    )
    ending = asyncio.create_task(_end_when(stop, server))
    try:
        await server.serve(list(sockets))
    finally:
        stop.set()
        await ending


class _Server(uvicorn.Server):
    """A server that leaves signals to whoever runs it."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Nothing is captured: the process has its own handlers."""
        yield


async def _end_when(stop: asyncio.Event, server: uvicorn.Server) -> None:
    await stop.wait()
    server.should_exit = True

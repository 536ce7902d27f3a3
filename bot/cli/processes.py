"""`demo`, `serve`, `worker`, `telegram`: the processes.

On SQLite `serve` is everything in one process; on PostgreSQL web, worker and Telegram polling
are processes of their own, as many as wanted.
"""

import asyncio
import errno
import signal
import socket
from collections.abc import Awaitable, Callable
from typing import Annotated, Final

import typer

from bot.cli.session import REFUSED, Session, session_of
from bot.compose import Parts
from bot.logs import configure
from core.store.locks import held, held_beside

PortOption = Annotated[
    int, typer.Option("--port", min=0, max=65535, help="The port; CHITRA_PORT otherwise.")
]
Serving = Callable[[asyncio.Event], Awaitable[None]]

_STOPPED_BY: Final = (signal.SIGINT, signal.SIGTERM)


def add_to(app: typer.Typer) -> None:
    """Put these commands on the command line."""
    app.command()(demo)
    app.command()(serve)
    app.command()(worker)
    app.command()(telegram)


def demo(context: typer.Context, port: PortOption = 0) -> None:
    """A fresh demo and everything on one port, for this machine only."""
    from bot.demo import demo_database, make_demo, tell_addresses
    from bot.serving import close, serve_all

    session = session_of(context)
    session.only_in_rehearsal()
    configure(session.settings.log_level)
    database = demo_database(session.settings)
    database.parent.mkdir(parents=True, exist_ok=True)
    with held_beside(database, "serve") as ours:
        if not ours:
            session.warn("process.second_demo", place=str(database))
            raise typer.Exit(REFUSED)
        # Asked before the district is played, which takes most of a minute.
        close(_open_port(session, port))
        made = make_demo(session, port)
        parts, sockets = session.parts, _open_port(session, made.port)
        tell_addresses(session, made)
        asyncio.run(_until_stopped(parts, lambda stop: serve_all(parts, sockets, stop)))


def serve(context: typer.Context, port: PortOption = 0) -> None:
    """On SQLite everything; on PostgreSQL the web pages and hooks."""
    session = session_of(context)
    configure(session.settings.log_level)
    _serve_everything(session, port)


def worker(context: typer.Context) -> None:
    """Sender and clocks, for PostgreSQL."""
    session = session_of(context)
    configure(session.settings.log_level)
    _only_postgresql(session)
    from bot.worker import run

    asyncio.run(_until_stopped(session.parts, lambda stop: run(session.parts, stop)))


def telegram(context: typer.Context) -> None:
    """Telegram polling, for PostgreSQL; without a token it waits and says so."""
    session = session_of(context)
    configure(session.settings.log_level)
    _only_postgresql(session)
    if session.settings.telegram_token is None:
        session.warn("process.no_telegram_token")
        # A process that ends would make its runner stop the others.
        asyncio.run(_until_stopped(session.parts, _idle))
        return
    from bot.channels.telegram import poll

    asyncio.run(_until_stopped(session.parts, lambda stop: poll(session.parts, stop)))


def _serve_everything(session: Session, port: int) -> None:
    from bot.serving import serve_all, serve_web

    parts = session.parts
    if parts.store.dialect == "postgresql":
        sockets = _open_port(session, port)
        asyncio.run(_until_stopped(parts, lambda stop: serve_web(parts, sockets, stop)))
        return
    with held(parts.store, "serve") as ours:
        if not ours:
            session.warn("process.second_serve", place=session.settings.database_place)
            raise typer.Exit(REFUSED)
        sockets = _open_port(session, port)
        asyncio.run(_until_stopped(parts, lambda stop: serve_all(parts, sockets, stop)))


def _open_port(session: Session, port: int) -> list[socket.socket]:
    """The sockets to serve on; ends the command with a sentence where there are none."""
    from bot.serving import open_port

    host, wanted = session.settings.host, port or session.settings.port
    try:
        return open_port(host, wanted)
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        session.warn(
            "process.port_taken" if taken else "process.port_closed", host=host, port=str(wanted)
        )
        raise typer.Exit(REFUSED) from None


def _only_postgresql(session: Session) -> None:
    if session.parts.store.dialect != "postgresql":
        session.warn("process.needs_postgresql")
        raise typer.Exit(REFUSED)


async def _until_stopped(parts: Parts, serving: Serving) -> None:
    """Serve until somebody says stop; connections are let go of when nobody sends any more."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in _STOPPED_BY:
        loop.add_signal_handler(number, stop.set)
    try:
        await serving(stop)
    finally:
        await parts.hang_up()


async def _idle(stop: asyncio.Event) -> None:
    await stop.wait()

"""`demo`, `serve`, `worker`, `telegram`: the processes.

On SQLite `serve` is everything in one process; on PostgreSQL web, worker and Telegram polling
are processes of their own, as many as wanted.
"""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from typing import Annotated, Final

import typer

from bot.cli.session import REFUSED, Session, session_of
from bot.logs import configure
from core.store.locks import held

PortOption = Annotated[int, typer.Option("--port", help="The port; CHITRA_PORT otherwise.")]
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
    from bot.demo import make_demo, tell_addresses

    session = session_of(context)
    if session.settings.is_production:
        session.warn("process.not_in_production")
        raise typer.Exit(REFUSED)
    configure(session.settings.log_level)
    made = make_demo(session, port)
    tell_addresses(session, made)
    _serve_everything(session, made.port)


def serve(context: typer.Context, port: PortOption = 0) -> None:
    """On SQLite everything; on PostgreSQL the web pages and hooks."""
    session = session_of(context)
    configure(session.settings.log_level)
    _serve_everything(session, port or session.settings.port)


def worker(context: typer.Context) -> None:
    """Sender and clocks, for PostgreSQL."""
    session = session_of(context)
    configure(session.settings.log_level)
    _only_postgresql(session)
    from bot.worker import run

    asyncio.run(_until_stopped(lambda stop: run(session.parts, stop)))


def telegram(context: typer.Context) -> None:
    """Telegram polling, for PostgreSQL; without a token it waits and says so."""
    session = session_of(context)
    configure(session.settings.log_level)
    _only_postgresql(session)
    if session.settings.telegram_token is None:
        session.warn("process.no_telegram_token")
        # A process that ends would make its runner stop the others.
        asyncio.run(_until_stopped(_idle))
        return
    from bot.channels.telegram import poll

    asyncio.run(_until_stopped(lambda stop: poll(session.parts, stop)))


def _serve_everything(session: Session, port: int) -> None:
    from bot.serving import serve_all, serve_web

    parts = session.parts
    if parts.store.dialect == "postgresql":
        asyncio.run(_until_stopped(lambda stop: serve_web(parts, port, stop)))
        return
    with held(parts.store, "serve") as ours:
        if not ours:
            session.warn("process.second_serve", place=session.settings.database_place)
            raise typer.Exit(REFUSED)
        asyncio.run(_until_stopped(lambda stop: serve_all(parts, port, stop)))


def _only_postgresql(session: Session) -> None:
    if session.parts.store.dialect != "postgresql":
        session.warn("process.needs_postgresql")
        raise typer.Exit(REFUSED)


async def _until_stopped(serving: Serving) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in _STOPPED_BY:
        loop.add_signal_handler(number, stop.set)
    await serving(stop)


async def _idle(stop: asyncio.Event) -> None:
    await stop.wait()

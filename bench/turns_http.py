"""The same turns over HTTP: Telegram's webhook with its secret, 32 connections, one web process.

The server is a process of its own, as in production; it answers a message after its turn is
durable, and sends the reply to a stand-in of Telegram that takes everything. Floor: a bare route
of the same server (`/healthz`), asked by the same client over the same connections.
`python -m bench turns_http`.
"""

import asyncio
import json
import multiprocessing
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from bench import district
from bench.ground import DAY, KEYS, PROGRAMME, Figure, Ground, at_share, middle, rounded
from bench.turns import TALK
from bot.compose import Parts
from bot.serving import open_port, serve_web
from core.clock import Clock, PlayClock
from core.programme import load
from core.settings import Secret, Settings, TelegramMode
from core.store.commit_points import CommitPoint
from core.store.contacts import ensure_contacts, link_new
from core.store.engine import Store, Tx, open_store
from core.store.tables.people import contact_person

TURNS: Final = 4_000
PEOPLE: Final = 2_000
CONNECTIONS: Final = 32
WARM: Final = 64
TARGETS: Final = {"sqlite": 800.0, "postgresql": 450.0}
_SECRET: Final = "bench-secret"
_TOKEN: Final = "1:bench"
_SLOWEST: Final = 90.0
_PATIENCE: Final = 30.0
_SENT: Final = (
    b'{"ok":true,"result":{"message_id":1,"date":1618452000,'
    b'"chat":{"id":1,"type":"private","first_name":"A"},"text":"a"}}'
)


def run(ground: Ground) -> list[Figure]:
    """Turns a second over HTTP, and the milliseconds that 99 % stay under."""
    return [figure for engine in ground.engines for figure in _measured(ground, engine)]


def _measured(ground: Ground, engine: str) -> list[Figure]:
    people, count = ground.size(PEOPLE), ground.size(TURNS)
    runs = [_once(ground, engine, people, count) for _ in range(ground.runs)]
    rate, bare = middle([one[0] for one in runs]), middle([one[1] for one in runs])
    return [
        Figure(
            f"turns over HTTP: {count:,} turns, {CONNECTIONS} connections",
            engine,
            rate,
            "turns/s",
            TARGETS[engine],
            bare,
            ratio=rounded(bare / rate),
            beside="floor: a bare route of the same server, same client",
            more_is_better=True,
        ),
        Figure(
            f"turns over HTTP: p99, {CONNECTIONS} connections",
            engine,
            middle([one[2] for one in runs]),
            "ms",
            _SLOWEST,
        ),
    ]


def _once(ground: Ground, engine: str, people: int, count: int) -> tuple[float, float, float]:
    """Turns a second, requests a second of the bare route, and the p99 of the turns in ms."""
    with ground.store(engine) as store:
        district.listed(ground, store, people)
        district.instructed(store)
        chats = _chats(store, ground.clock())
        address = store.engine.url.set(drivername=engine).render_as_string(hide_password=False)
        return asyncio.run(_played(ground, address, chats, count))


def _chats(store: Store, clock: Clock) -> list[int]:
    """A Telegram chat, linked by code, for everybody who has a phone."""

    def work(tx: Tx) -> list[int]:
        query = sa.select(contact_person.c.person_id).distinct()
        people = sorted(tx.connection.execute(query).scalars())
        ids = ensure_contacts(tx, "telegram", [str(9_000_000 + one) for one in people], clock.now())
        pairs = [(ids[str(9_000_000 + one)], one) for one in people]
        link_new(tx, pairs, level=2, how="code", now=clock.now())
        return [9_000_000 + one for one in people]

    return store.transact(work, CommitPoint.SIMULATE)


async def _played(
    ground: Ground, address: str, chats: Sequence[int], count: int
) -> tuple[float, float, float]:
    api = await asyncio.start_server(_takes_everything, "127.0.0.1", 0)
    port = _free_port()
    base = f"http://127.0.0.1:{api.sockets[0].getsockname()[1]}"
    with _serving(address, ground.folder, port, base):
        await _answers(port)
        # First: once turns have been taken, their replies leave beside whatever is asked.
        _, bare = await _asked(port, [_get("/healthz")] * count)
        bodies = [_update(number, chats) for number in range(-WARM, count)]
        await _asked(port, [_post(body) for body in bodies[:WARM]])
        times, took = await _asked(port, [_post(body) for body in bodies[WARM:]])
    api.close()
    return count / took, count / bare, at_share(times, 0.99)


def _update(number: int, chats: Sequence[int]) -> bytes:
    chat, step = chats[number % len(chats)], number // len(chats)
    who = {"id": chat, "first_name": "A", "is_bot": False}
    message = {
        "message_id": number + WARM + 1,
        "date": 1618452000,
        "chat": {"id": chat, "type": "private", "first_name": "A"},
        "from": who,
        "text": TALK[(step + number) % len(TALK)],
    }
    return json.dumps({"update_id": number + WARM + 1, "message": message}).encode()


def _post(body: bytes) -> bytes:
    head = (
        "POST /hooks/telegram HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"X-Telegram-Bot-Api-Secret-Token: {_SECRET}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()


async def _asked(port: int, requests: Sequence[bytes]) -> tuple[list[float], float]:
    """Milliseconds of each request over so many kept connections, and seconds of all."""
    waiting: Iterator[bytes] = iter(requests)
    times: list[float] = []

    async def connection() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for request in waiting:
            started = time.perf_counter()
            writer.write(request)
            status = await _answer(reader)
            times.append((time.perf_counter() - started) * 1000)
            assert status == b"200", status
        writer.close()

    started = time.perf_counter()
    await asyncio.gather(*(connection() for _ in range(CONNECTIONS)))
    return times, time.perf_counter() - started


async def _answer(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(
        (
            int(line.split(b":")[1])
            for line in head.lower().split(b"\r\n")
            if b"content-length" in line
        ),
        0,
    )
    await reader.readexactly(length)
    return head.split(b" ", 2)[1]


async def _takes_everything(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A Telegram that takes every message at once."""
    head = (
        f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(_SENT)}\r\n\r\n"
    )
    try:
        while True:
            asked = await reader.readuntil(b"\r\n\r\n")
            lines = asked.lower().split(b"\r\n")
            length = next((int(one.split(b":")[1]) for one in lines if b"content-length" in one), 0)
            await reader.readexactly(length)
            writer.write(head.encode() + _SENT)
    except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
        writer.close()


@contextmanager
def _serving(address: str, folder: Path, port: int, api: str) -> Iterator[None]:
    process = multiprocessing.get_context("spawn").Process(
        target=_serve, args=(address, folder, port, api), daemon=True
    )
    process.start()
    try:
        yield
    finally:
        process.terminate()
        process.join()


def _serve(address: str, folder: Path, port: int, api: str) -> None:
    """The web process: pages and hooks, with nothing of the bench in it."""
    settings = Settings(
        database_url=address,
        data_dir=folder,
        telegram_token=Secret(_TOKEN),
        telegram_webhook_secret=Secret(_SECRET),
        telegram_mode=TelegramMode.WEBHOOK,
        telegram_base_url=api,
        public_url="http://127.0.0.1",
    )
    parts = Parts(
        settings=settings,
        clock=PlayClock(DAY),
        store=open_store(address, KEYS),
        programme=load(PROGRAMME),
        programme_folder=PROGRAMME,
        is_demo=False,
    )
    asyncio.run(serve_web(parts, open_port(parts.settings.host, port), asyncio.Event()))


async def _answers(port: int) -> None:
    """Wait until the server is there."""
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.1)
            continue
        writer.close()
        return
    raise TimeoutError


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])

"""A process that cannot serve says why and touches nothing: taken ports, other addresses, locks."""

import asyncio
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.serving import open_port
from core.settings import Environment
from core.store.locks import held_beside
from tests.bot.parts import Office


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    made = Office(database_url, tmp_path / "var")
    yield made
    made.close()


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def earlier(tmp_path: Path) -> Path:
    """The database of a demo that somebody may be looking at."""
    folder = tmp_path / "var" / "demo"
    folder.mkdir(parents=True)
    (folder / "demo.db").write_text("a demo that runs")
    return folder / "demo.db"


def error(office: Office) -> str:
    assert office.out.getvalue() == ""
    (line,) = office.err.getvalue().splitlines()
    return line


def test_serve_says_that_the_port_is_taken(office: Office, taken: int) -> None:
    assert office.types("serve", "--port", str(taken)) == 2
    assert f"Cổng {taken}" in error(office)


def test_serve_says_that_an_address_cannot_be_opened(office: Office) -> None:
    office.session.given_settings = replace(office.session.settings, host="192.0.2.1")

    assert office.types("serve") == 2
    assert "192.0.2.1" in error(office)


def test_demo_on_a_taken_port_touches_nothing(office: Office, taken: int, earlier: Path) -> None:
    assert office.types("demo", "--port", str(taken)) == 2
    assert f"Cổng {taken}" in error(office)
    assert earlier.read_text() == "a demo that runs"


def test_demo_beside_a_running_demo_touches_nothing(office: Office, earlier: Path) -> None:
    with held_beside(earlier, "serve") as ours:
        assert ours
        assert office.types("demo", "--port", str(_free())) == 2

    assert str(earlier) in error(office)
    assert sorted(one.name for one in earlier.parent.iterdir()) == ["demo.db", "demo.db.serve.lock"]
    assert earlier.read_text() == "a demo that runs"


def test_demo_is_for_this_machine_only(office: Office, earlier: Path) -> None:
    office.session.given_settings = replace(office.session.settings, host="0.0.0.0")

    assert office.types("demo") == 2
    assert "CHITRA_HOST=0.0.0.0" in error(office)
    assert earlier.read_text() == "a demo that runs"


@pytest.mark.parametrize("words", [("demo",), ("play", "."), ("chat",)], ids=" ".join)
def test_a_rehearsal_names_the_reason_for_which_it_is_closed(
    office: Office, words: tuple[str, ...]
) -> None:
    office.session.given_settings = replace(office.session.settings, host="0.0.0.0")

    assert office.types(*words) == 2
    assert "CHITRA_HOST=0.0.0.0" in error(office)


def test_production_has_no_demo(office: Office, earlier: Path) -> None:
    office.session.given_settings = replace(
        office.session.settings, env=Environment.PRODUCTION, host="0.0.0.0"
    )

    assert office.types("demo") == 2
    assert "CHITRA_ENV=production" in error(office)
    assert earlier.read_text() == "a demo that runs"


def _free() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


async def test_an_answer_does_not_wait_for_the_last_ones_receipt() -> None:
    """Head and body of an answer leave as two pieces: held back, the second waits 40 ms."""
    held_back: list[bool] = []

    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ours = writer.get_extra_info("socket")
        held_back.append(not ours.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    (listening,) = open_port("127.0.0.1", 0)
    async with await asyncio.start_server(answer, sock=listening) as server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        await reader.read()
        writer.close()

    assert held_back == [False]

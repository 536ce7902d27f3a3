"""A served office with its worker, and a real Chromium in front of it."""

import asyncio
import shutil
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from bot.serving import open_port, serve_all
from tests.bot.parts import Office
from tests.bot.web import offices

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
_QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_ATTEMPTS = 100


@dataclass(frozen=True, slots=True)
class Site:
    """A running server. `office`: the process behind it."""

    url: str
    office: Office


@pytest.fixture(scope="session")
def filled(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("served")
    shutil.copyfile(sqlite_template, folder / "payday.db")
    offices.fill(f"sqlite:///{folder / 'payday.db'}", folder / "var", folder)
    return folder


@pytest.fixture
async def site(filled: Path, tmp_path: Path) -> AsyncIterator[Site]:
    shutil.copyfile(filled / "payday.db", tmp_path / "payday.db")
    office = offices.opened(f"sqlite:///{tmp_path / 'payday.db'}", filled / "var")
    port, stop = _free_port(), asyncio.Event()
    sockets = open_port("127.0.0.1", port)
    serving = asyncio.create_task(serve_all(office.session.parts, sockets, stop))
    url = f"http://127.0.0.1:{port}"
    await _answering(url, serving)
    yield Site(url, office)
    stop.set()
    await serving
    await office.session.parts.hang_up()
    office.close()


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("NO CHROMIUM ON THE PATH: the pages were NOT tested in a browser")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, headless=True, args=list(_QUIET)
        )
        yield browser
        await browser.close()


@pytest.fixture
async def windows(site: Site, chromium: Browser) -> AsyncIterator["Windows"]:
    made = Windows(site, chromium)
    yield made
    # Open streams would keep the server from stopping at once.
    await made.close()
    assert made.complaints == []


class Windows:
    """Windows of one browser; what their consoles complain about is kept."""

    def __init__(self, site: Site, browser: Browser) -> None:
        self.site, self._browser = site, browser
        self.complaints: list[str] = []
        self._contexts: list[BrowserContext] = []

    async def open(
        self, path: str, *, width: int = 1280, height: int = 800, scripts: bool = True
    ) -> Page:
        """A new visitor's window at a page."""
        context = await self._browser.new_context(
            base_url=self.site.url,
            viewport={"width": width, "height": height},
            java_script_enabled=scripts,
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
        )
        context.set_default_timeout(8000)
        self._contexts.append(context)
        page = await context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on(
            "console",
            lambda said: self.complaints.append(said.text) if said.type == "error" else None,
        )
        await page.goto(path)
        return page

    async def close(self) -> None:
        """Close every window."""
        for context in self._contexts:
            await context.close()


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


async def _answering(url: str, serving: "asyncio.Task[None]") -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        for _ in range(_ATTEMPTS):
            assert not serving.done(), "the server ended"
            try:
                await client.get(f"{url}/healthz")
            except httpx.TransportError:
                await asyncio.sleep(0.05)
            else:
                return
    pytest.fail("the server does not answer")

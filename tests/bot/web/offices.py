"""An office on its payday, officers in it, and a browser without JavaScript."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from bot.cli.session import Session
from bot.officers import add_officer
from bot.web import make_app
from core.refusals import Refusal
from core.store.commit_points import CommitPoint
from core.store.installation import keep_fact
from tests.bot.parts import Office
from tests.bot.test_payday import lists, to_instruction

AFTER = datetime(2021, 4, 9, 3, 0, tzinfo=UTC)
PEOPLE = {"HT000123": "paid", "HT000200": "failed", "PL000001": "guardian"}
PASSWORD = "mat-khau-thu-nghiem"
HOST = "http://127.0.0.1"
HERE, ELSEWHERE = "19960", "19975"


def fill(url: str, folder: Path, lists_folder: Path) -> None:
    """One month from list to results, with officers of two communes."""
    office = Office(url, folder, datetime(2021, 3, 20, 2, tzinfo=UTC))
    files = lists(lists_folder)
    to_instruction(office, files, lists_folder / "orders")
    for name in ("vietinbank", "post"):
        told = ("--cycle", "2021-04", "--provider", name, "--by", "an")
        # Some lines are put aside, which has an exit code of its own.
        done = office.types("import", "results", files[name], *told)
        assert done in {0, 3}, (done, office.err.getvalue(), office.out.getvalue())
    office.does([("notify", "release", "--cycle", "2021-04", "--by", "binh")])
    parts = office.session.parts
    for code, place in (("xa-here", HERE), ("xa-elsewhere", ELSEWHERE)):
        added = add_officer(parts, code, "commune", place, may_sign_in=True, password=PASSWORD)
        assert not isinstance(added, Refusal)
    parts.store.transact(
        lambda tx: keep_fact(tx, "demo_people", json.dumps(PEOPLE)), CommitPoint.INSTALL
    )
    office.close()


def opened(url: str, folder: Path, **settings: Any) -> Office:
    """The filled office, as a process with these settings."""
    office = Office(url, folder, AFTER)
    given = office.session.settings
    office.session = Session(
        clock=office.clock,
        out=office.out,
        err=office.err,
        given_settings=replace(given, **settings),
    )
    return office


def browser(office: Office, **options: Any) -> httpx.AsyncClient:
    """A browser at the pages of an office; faults are answered, as a server answers them."""
    return browser_at(make_app(office.session.parts), **options)


def browser_at(app: FastAPI, **options: Any) -> httpx.AsyncClient:
    """The same at an application that is served already."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url=HOST, **options)


async def said(page: httpx.AsyncClient, text: str, **fields: str) -> httpx.Response:
    """One message on the chat page, the way a form sends it."""
    return await page.post("/chat", data={"text": text, **fields})


async def acting(page: httpx.AsyncClient, code: str) -> None:
    """Act as somebody of the demo."""
    assert (await page.post("/chat/as", data={"code": code})).status_code == 303


async def in_trouble(page: httpx.AsyncClient) -> None:
    """A citizen whose question becomes a case of their commune."""
    await acting(page, "HT000123")
    for text in ("gặp cán bộ", "có"):
        assert (await said(page, text)).status_code == 303


async def signs_in(page: httpx.AsyncClient, code: str, password: str = PASSWORD) -> httpx.Response:
    """The answer of the sign-in page."""
    return await page.post("/officer/sign-in", data={"code": code, "password": password})


async def first_case(page: httpx.AsyncClient) -> str:
    """The address of the first case in the list."""
    shown = (await page.get("/officer")).text
    found = re.search(r'href="(/officer/case/\d+)"', shown)
    assert found, words(shown)
    return found.group(1)


def words(html: str) -> str:
    """What a person reads of a page."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def bubbles(html: str) -> list[str]:
    """The texts of a talk, in order."""
    found = re.findall(r'<p class="text">(.*?)</p>', html, re.DOTALL)
    bare = [re.sub(r"<[^>]+>", "", one) for one in found]
    return [unescape(one).replace("\u00a0", " ") for one in bare]


def hidden(html: str, name: str) -> str:
    """The value of the first hidden field with a name."""
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found, name
    return found.group(1)

"""Telegram by webhook: who may call, what an update becomes, and that it is taken once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from bot.link_codes import issue_link_code
from bot.web import make_app
from core.refusals import Refusal
from core.settings import Secret, TelegramMode
from core.store import contacts
from core.store.tables.everything import metadata
from tests.bot.parts import Office
from tests.bot.web.conftest import (
    Opening,
    opening,
    payday_file,
    payday_sqlite,
)
from tests.bot.web.offices import browser_at
from tests.stand_ins.bot_api import TOKEN, BotApi, Fault
from tests.stand_ins.telegram import (
    LAN,
    SECRET_HEADER,
    contact_shared,
    pressed,
    sticker,
    written,
)

__all__ = ["opening", "payday_file", "payday_sqlite"]
SECRET = "s" * 24


@dataclass(frozen=True)
class Telegram:
    """Our hook and Telegram's side of it."""

    office: Office
    api: BotApi
    app: FastAPI

    async def delivers(self, update: dict[str, Any], secret: str = SECRET) -> int:
        async with browser_at(self.app) as caller:
            answer = await caller.post(
                "/hooks/telegram", json=update, headers={SECRET_HEADER: secret}
            )
        return answer.status_code

    async def until_asked(self, presses: int) -> None:
        """Presses are acknowledged beside the answer to the webhook, at a stand-in in a thread."""
        async with asyncio.timeout(10):
            while len(self.api.presses) < presses:  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    def heard(self) -> int:
        table = metadata.tables["inbound"]
        query = sa.select(sa.func.count()).where(table.c.channel == "telegram")
        return self._scalar(query)

    def replies(self) -> int:
        table = metadata.tables["message"]
        return self._scalar(sa.select(sa.func.count()).where(table.c.channel == "telegram"))

    def states(self) -> list[str]:
        table = metadata.tables["message"]
        query = sa.select(table.c.state).where(table.c.channel == "telegram")
        read = self.office.session.parts.store.read
        return [str(one) for one in read(lambda tx: tx.connection.scalars(query).all())]

    def levels(self, chat: int = LAN) -> list[int]:
        def work(tx: Any) -> list[int]:
            found = contacts.contact_at(tx, "telegram", str(chat))
            return [] if found is None else [one.level for one in contacts.persons_at(tx, found.id)]

        return self.office.session.parts.store.read(work)

    def _scalar(self, query: Any) -> int:
        return int(self.office.session.parts.store.read(lambda tx: tx.connection.scalar(query)))


@asynccontextmanager
async def served_by(opening: Opening) -> AsyncIterator[Telegram]:
    """The hook as a process serves it: from the first update until all is let go of."""
    api = BotApi()
    with api.served() as served:
        office = opening(
            telegram_token=Secret(TOKEN),
            telegram_webhook_secret=Secret(SECRET),
            telegram_mode=TelegramMode.WEBHOOK,
            telegram_base_url=served.url,
        )
        app = make_app(office.session.parts)
        async with app.router.lifespan_context(app):
            yield Telegram(office, api, app)
        await office.session.parts.hang_up()


@pytest.fixture
async def telegram(opening: Opening) -> AsyncIterator[Telegram]:
    async with served_by(opening) as made:
        yield made


async def test_replies_under_way_leave_before_the_process_ends(opening: Opening) -> None:
    async with served_by(opening) as telegram:
        telegram.api.faults.append(Fault.TAKE_AND_STALL)
        assert await telegram.delivers(written(1, "menu")) == 200
        assert "calling" in telegram.states() or "queued" in telegram.states()
    assert set(telegram.states()) == {"sent"}


async def test_a_caller_without_the_secret_is_refused(telegram: Telegram) -> None:
    for wrong in ("", "x", SECRET[:-1], SECRET + "s"):
        assert await telegram.delivers(written(1, "xin chào"), wrong) == 403
    assert telegram.heard() == 0


async def test_an_update_delivered_twice_is_taken_once(telegram: Telegram) -> None:
    for _ in range(2):
        assert await telegram.delivers(written(1, "lịch chi trả")) == 200
    assert telegram.heard() == 1
    replies = telegram.replies()
    assert replies >= 1
    assert await telegram.delivers(written(2, "lịch chi trả")) == 200
    assert telegram.replies() > replies


async def test_a_press_of_a_button_is_heard(telegram: Telegram) -> None:
    await telegram.delivers(written(1, "menu"))
    assert await telegram.delivers(pressed(2, "1")) == 200
    assert telegram.heard() == 2


async def test_a_press_is_acknowledged_once(telegram: Telegram) -> None:
    await telegram.delivers(written(1, "menu"))
    for _ in range(2):
        assert await telegram.delivers(pressed(2, "1")) == 200
    await telegram.until_asked(2)
    assert telegram.api.acknowledged == ["press-2"]
    assert telegram.heard() == 2


async def test_a_press_too_old_to_acknowledge_is_answered_all_the_same(telegram: Telegram) -> None:
    telegram.api.too_old.add("press-2")
    await telegram.delivers(written(1, "menu"))
    assert await telegram.delivers(pressed(2, "1")) == 200
    await telegram.until_asked(1)
    assert telegram.api.acknowledged == []
    assert telegram.heard() == 2
    assert telegram.replies() >= 2


async def test_a_sticker_gets_an_answer(telegram: Telegram) -> None:
    assert await telegram.delivers(sticker(1)) == 200
    assert telegram.replies() >= 1


async def test_a_group_is_left_alone(telegram: Telegram) -> None:
    assert await telegram.delivers(written(1, "menu", chat=-5, kind="group")) == 200
    assert telegram.heard() == 0


async def test_ones_own_number_on_file_is_a_link_and_a_strangers_is_not(
    telegram: Telegram,
) -> None:
    phone = _phone_on_file(telegram.office)
    assert await telegram.delivers(contact_shared(1, phone, owner=None)) == 200
    assert await telegram.delivers(contact_shared(2, phone, owner=LAN + 1)) == 200
    assert telegram.levels() == []
    assert await telegram.delivers(contact_shared(3, phone, owner=LAN)) == 200
    assert set(telegram.levels()) == {1}


async def test_start_with_a_printed_code_links(telegram: Telegram) -> None:
    issued = issue_link_code(telegram.office.session.parts, "HT000123", "an")
    assert not isinstance(issued, Refusal)
    assert await telegram.delivers(written(1, f"/start {issued.code}")) == 200
    assert telegram.levels() == [2]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"1", b"{}", b'{"update_id": "x"}'])
async def test_what_is_no_update_does_no_harm(telegram: Telegram, content: bytes) -> None:
    async with browser_at(telegram.app) as caller:
        answer = await caller.post(
            "/hooks/telegram", content=content, headers={SECRET_HEADER: SECRET}
        )
    assert answer.status_code in {200, 400}


def _phone_on_file(office: Office) -> str:
    def work(tx: Any) -> str:
        table = metadata.tables["contact"]
        query = sa.select(table.c.id).where(table.c.channel == "sms").order_by(table.c.id)
        found = contacts.contact_by_id(tx, tx.connection.scalars(query).first())
        assert found is not None
        return found.address

    return office.session.parts.store.read(work)


async def test_the_hook_answers_a_stranger_with_html_nowhere(telegram: Telegram) -> None:
    async with browser_at(telegram.app) as caller:
        answer: httpx.Response = await caller.get("/hooks/telegram")
    assert answer.status_code == 405

"""Telegram: buttons, what they carry, and its way of refusing."""

import json

import pytest

from notifications.gateways.base import Kind, Outgoing, Refused, Sent
from notifications.gateways.telegram import TelegramGateway, button_data, pressed
from tests.stand_ins.bot_api import TOKEN, BotApi


async def sent(api: BotApi, **of: object) -> object:
    with api.served() as server:
        gateway = TelegramGateway(TOKEN, base_url=server.url, timeout=10.0)
        outcome = await gateway.send(Outgoing(id=1, address="77", text="Dạ chào bác", **of))  # type: ignore[arg-type]
        await gateway.close()
    return outcome


async def test_buttons_stand_under_the_text_and_carry_their_menu() -> None:
    api = BotApi()

    outcome = await sent(api, buttons=(("Đủ rồi", "1"), ("Thiếu", "2")), menu_token="abc")

    assert outcome == Sent("77:1")
    keyboard = json.loads(api.sent[0]["reply_markup"])["inline_keyboard"]
    assert [[b["text"] for b in row] for row in keyboard] == [["Đủ rồi"], ["Thiếu"]]
    assert pressed(keyboard[1][0]["callback_data"]) == ("abc", "2")


async def test_a_text_without_buttons_has_none() -> None:
    api = BotApi()

    await sent(api)

    assert "reply_markup" not in api.sent[0]


@pytest.mark.parametrize(
    ("status", "words", "kind"),
    [
        (403, "Forbidden: bot was blocked by the user", Kind.STOPPED),
        (403, "Forbidden: user is deactivated", Kind.ADDRESS),
        (403, "Forbidden: bot can't initiate conversation with a user", Kind.ADDRESS),
        (400, "Bad Request: chat not found", Kind.ADDRESS),
        (400, "Bad Request: message is too long", Kind.TEXT),
        (404, "Not Found", Kind.CONFIGURATION),
        (409, "Conflict: terminated by other getUpdates request", Kind.CONFIGURATION),
    ],
)
async def test_each_refusal_has_its_meaning(status: int, words: str, kind: Kind) -> None:
    outcome = await sent(BotApi(refused={"77": (status, words)}))

    assert isinstance(outcome, Refused)
    assert outcome.kind is kind


def test_what_a_button_carries_fits_sixty_four_bytes_and_comes_back() -> None:
    assert pressed(button_data("token", "đã nhận")) == ("token", "đã nhận")
    assert pressed(button_data(None, "1")) == (None, "1")
    assert len(button_data("token", "đ" * 60).encode()) <= 64

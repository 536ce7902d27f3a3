"""What every gateway keeps to: one call is at most one text, and the outcome is the truth."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import httpx
import pytest

from core.clock import PlayClock
from core.store import sandbox
from core.store.engine import Store
from notifications.gateways.base import Gateway, Kind, Outgoing, Refused, Sent, Unknown
from notifications.gateways.sandbox import Behaviour, SandboxGateway
from notifications.gateways.telegram import TelegramGateway
from notifications.gateways.twilio import TwilioGateway
from notifications.gateways.web import WebGateway
from tests.notifications.district import NOW
from tests.stand_ins import bot_api, twilio
from tests.stand_ins.bot_api import BotApi
from tests.stand_ins.twilio import Twilio

PHONE: Final = "0912345678"
CHAT: Final = "77"
TEXT: Final = "CHITRA: VietinBank bao da chuyen tien. Tra loi: 1 da nhan 3 chua nhan & <b> 100% +"
SHORT: Final = httpx.Timeout(0.3)


@dataclass
class Carried:
    """A gateway, its far side, and how to make that misbehave."""

    gateway: Gateway
    address: str
    texts: Callable[[], list[str]]
    refuse: Callable[[Kind], None] | None = None
    lose: Callable[[str], None] | None = None


@pytest.fixture(params=["sandbox", "web", "twilio", "telegram"])
async def carried(request: pytest.FixtureRequest, store: Store) -> AsyncIterator[Carried]:
    async with AsyncExitStack() as stack:
        made: Carried = MAKERS[request.param](stack, store)
        yield made
        await made.gateway.close()


def a_sandbox(stack: AsyncExitStack, store: Store) -> Carried:
    del stack
    behaviours: dict[str, Behaviour] = {}
    gateway = SandboxGateway(store, PlayClock(NOW), behaviours=behaviours)

    def texts() -> list[str]:
        index = store.sealer.index(PHONE, purpose="phone")
        return [t.text for t in store.read(lambda tx: sandbox.sandbox_texts(tx, index))]

    def refuse(kind: Kind) -> None:
        wait = timedelta(seconds=7) if kind is Kind.BUSY else None
        behaviours[PHONE] = Behaviour(refuses=Refused("told", kind, wait))

    def lose(how: str) -> None:
        behaviours[PHONE] = Behaviour(loses_answer=True)

    return Carried(gateway, PHONE, texts, refuse, lose)


def a_web(stack: AsyncExitStack, store: Store) -> Carried:
    del stack, store
    return Carried(WebGateway(), "visitor", lambda: [TEXT])


def a_twilio(stack: AsyncExitStack, store: Store) -> Carried:
    del store
    far = Twilio()
    server = stack.enter_context(far.served())
    gateway = TwilioGateway(
        account_sid=twilio.ACCOUNT,
        auth_token=twilio.TOKEN,
        sender=twilio.SENDER,
        public_url="https://chitra.example.vn",
        base_url=server.url,
        timeout=SHORT,
    )
    codes = {Kind.ADDRESS: 21211, Kind.STOPPED: 21610, Kind.TEXT: 21617}

    def refuse(kind: Kind) -> None:
        if kind is Kind.BUSY:
            far.faults.append(twilio.Fault.TOO_MANY)
        elif kind is Kind.CONFIGURATION:
            gateway.auth_token = "wrong"
        else:
            far.refused["+84912345678"] = codes[kind]

    return Carried(
        gateway,
        PHONE,
        lambda: [one.body for one in far.messages],
        refuse,
        lambda how: far.faults.append(twilio.Fault(how)),
    )


def a_telegram(stack: AsyncExitStack, store: Store) -> Carried:
    del store
    far = BotApi()
    server = stack.enter_context(far.served())
    gateway = TelegramGateway(bot_api.TOKEN, base_url=server.url, timeout=0.3)
    words = {
        Kind.ADDRESS: (400, "Bad Request: chat not found"),
        Kind.STOPPED: (403, "Forbidden: bot was blocked by the user"),
        Kind.TEXT: (400, "Bad Request: message text is empty"),
        Kind.CONFIGURATION: (401, "Unauthorized"),
    }

    def refuse(kind: Kind) -> None:
        if kind is Kind.BUSY:
            far.faults.append(bot_api.Fault.TOO_MANY)
        else:
            far.refused[CHAT] = words[kind]

    return Carried(
        gateway,
        CHAT,
        lambda: [one["text"] for one in far.sent],
        refuse,
        lambda how: far.faults.append(bot_api.Fault(how)),
    )


MAKERS: Final = {
    "sandbox": a_sandbox,
    "web": a_web,
    "twilio": a_twilio,
    "telegram": a_telegram,
}


def a_message(carried: Carried, number: int = 1) -> Outgoing:
    return Outgoing(id=number, address=carried.address, text=TEXT, segments=1)


async def test_a_text_arrives_whole_and_once(carried: Carried) -> None:
    outcome = await carried.gateway.send(a_message(carried))

    assert isinstance(outcome, Sent)
    assert carried.texts() == [TEXT]


async def test_two_messages_have_two_references(carried: Carried) -> None:
    first = await carried.gateway.send(a_message(carried, 1))
    second = await carried.gateway.send(a_message(carried, 2))

    assert isinstance(first, Sent)
    assert isinstance(second, Sent)
    assert first.ref != second.ref


@pytest.mark.parametrize(
    "kind", [Kind.ADDRESS, Kind.STOPPED, Kind.TEXT, Kind.BUSY, Kind.CONFIGURATION]
)
async def test_a_refusal_says_what_it_is_about_and_nothing_arrived(
    carried: Carried, kind: Kind
) -> None:
    if carried.refuse is None:
        assert carried.gateway.name == "web"
        return
    carried.refuse(kind)

    outcome = await carried.gateway.send(a_message(carried))

    assert isinstance(outcome, Refused)
    assert outcome.kind is kind
    assert outcome.retry_after == (timedelta(seconds=7) if kind is Kind.BUSY else None)
    assert carried.texts() == []


@pytest.mark.parametrize("how", ["take_and_cut", "take_and_503", "take_and_stall"])
async def test_a_lost_answer_is_a_doubt_and_one_text(carried: Carried, how: str) -> None:
    if carried.lose is None:
        assert carried.gateway.name == "web"
        return
    carried.lose(how)

    outcome = await carried.gateway.send(a_message(carried))

    assert isinstance(outcome, Unknown)
    assert carried.texts() == [TEXT]


async def test_a_gateway_may_be_closed_twice_and_used_again(carried: Carried) -> None:
    await carried.gateway.close()
    await carried.gateway.close()

    assert isinstance(await carried.gateway.send(a_message(carried)), Sent)


@pytest.mark.parametrize("name", ["twilio", "telegram"])
async def test_a_carrier_that_cannot_be_reached_surely_took_nothing(name: str) -> None:
    nobody = "http://127.0.0.1:9"
    gateway: Gateway = (
        TelegramGateway(bot_api.TOKEN, base_url=nobody, timeout=0.3)
        if name == "telegram"
        else TwilioGateway(
            twilio.ACCOUNT, twilio.TOKEN, twilio.SENDER, nobody, base_url=nobody, timeout=SHORT
        )
    )
    address = CHAT if name == "telegram" else PHONE

    outcome = await gateway.send(Outgoing(1, address, TEXT))
    await gateway.close()

    assert isinstance(outcome, Refused)
    assert outcome.kind is Kind.FAULT


def test_what_is_secret_or_personal_is_not_shown() -> None:
    gateway = TwilioGateway(twilio.ACCOUNT, "top-secret", twilio.SENDER, "https://x.vn")
    message = Outgoing(1, PHONE, TEXT)

    shown = repr(gateway) + repr(TelegramGateway("top-secret")) + repr(message)

    assert "top-secret" not in shown
    assert PHONE not in shown
    assert TEXT not in shown

"""Messages through the Telegram Bot API: text with buttons under it.

Only the transport of python-telegram-bot is used. Its own rate limiter stops every chat when one
is told to wait and is not durable, so rates are kept in our claim (`Terms`) instead.

What does not live here: updates that come in (`bot/channels/telegram.py`).
"""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

import httpx
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
)
from telegram.request import HTTPXRequest

from notifications.budget import Terms
from notifications.gateways.base import Finding, Kind, Outcome, Outgoing, Refused, Sent, Unknown

NAME: Final = "telegram"
HOST: Final = "https://api.telegram.org"
# One message a second to a chat, and under thirty a second in all.
TERMS: Final = Terms(per_second=25.0, spacing=timedelta(seconds=1))
_LONGEST: Final = 4096
_DATA_BYTES: Final = 64
_TOO_MANY: Final = 429
_NOT_LEFT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_BLOCKED: Final = "blocked by the user"
_GONE: Final = ("chat not found", "user is deactivated", "peer_id_invalid")


class _TooMany(TelegramError):
    def __init__(self, wait: timedelta | None) -> None:
        super().__init__("too many requests")
        self.wait = wait


class _Request(HTTPXRequest):
    """The library's transport, but "too many requests" is understood before it gets there.

    Its own exception for that says by a warning that it will change, and tells the wait in a type
    that depends on an environment variable.
    """

    async def do_request(self, *what: Any, **how: Any) -> tuple[int, bytes]:
        """Status and body of the answer."""
        status, body = await super().do_request(*what, **how)
        if status == _TOO_MANY:
            raise _TooMany(_wait(body))
        return status, body


@dataclass(slots=True)
class TelegramGateway:
    """Sends as one bot. An address is a chat id in digits."""

    token: str = field(repr=False)
    base_url: str = HOST
    terms: Terms = TERMS
    timeout: float = 10.0
    name: str = NAME
    channel: str = "telegram"
    finds: bool = False
    _bot: Bot | None = field(default=None, repr=False)

    async def send(self, message: Outgoing) -> Outcome:
        """What Telegram answered; without an answer, whether it can have got the request."""
        try:
            sent = await self._speaker().send_message(
                chat_id=int(message.address),
                text=message.text[:_LONGEST],
                reply_markup=_keyboard(message),
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        except TelegramError as error:
            return _outcome(error)
        return Sent(f"{message.address}:{sent.message_id}")

    async def find(self, message: Outgoing) -> Finding:
        """Telegram cannot be asked what a bot has sent."""
        del message
        return Unknown("cannot_be_looked_up")

    async def close(self) -> None:
        """Connections are let go of."""
        if self._bot is not None:
            await self._bot.request.shutdown()
        self._bot = None

    def _speaker(self) -> Bot:
        if self._bot is None:
            wait = self.timeout
            request = _Request(
                connection_pool_size=64,
                read_timeout=wait,
                write_timeout=wait,
                connect_timeout=min(wait, 5.0),
                pool_timeout=min(wait, 5.0),
                httpx_kwargs={"trust_env": False},
            )
            self._bot = Bot(self.token, base_url=f"{self.base_url}/bot", request=request)
        return self._bot


def button_data(menu_token: str | None, data: str) -> str:
    """What a button carries: the menu it belongs to, and its answer; at most 64 bytes."""
    joined = f"{menu_token or ''}|{data}".encode()[:_DATA_BYTES]
    return joined.decode("utf-8", "ignore")


def pressed(carried: str) -> tuple[str | None, str]:
    """The menu token and the answer that a pressed button carried."""
    menu_token, _, data = carried.partition("|")
    return menu_token or None, data


def _keyboard(message: Outgoing) -> InlineKeyboardMarkup | None:
    if not message.buttons:
        return None
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(label, callback_data=button_data(message.menu_token, data))]
            for label, data in message.buttons
        ]
    )


def _outcome(error: TelegramError) -> Outcome:
    """Order matters: BadRequest and TimedOut are kinds of NetworkError to the library."""
    words = error.message.lower()
    match error:
        case _TooMany():
            return Refused("429", Kind.BUSY, error.wait)
        case Forbidden():
            kind = Kind.STOPPED if _BLOCKED in words else Kind.ADDRESS
            return Refused("403", kind)
        case InvalidToken() | Conflict():
            return Refused(type(error).__name__, Kind.CONFIGURATION)
        case BadRequest():
            kind = Kind.ADDRESS if any(gone in words for gone in _GONE) else Kind.TEXT
            return Refused("400", kind)
        case NetworkError() if isinstance(error.__cause__, _NOT_LEFT):
            return Refused(type(error.__cause__).__name__, Kind.FAULT)
        case _:
            return Unknown(type(error).__name__)


def _wait(body: bytes) -> timedelta | None:
    """How long Telegram asks us to wait, when it says so."""
    try:
        seconds = json.loads(body)["parameters"]["retry_after"]
    except (ValueError, KeyError, TypeError):
        return None
    return timedelta(seconds=float(seconds))

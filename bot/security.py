"""What every answer of the web application carries, and which requests are let in at all.

What does not live here: who somebody is (`bot/chat/visitors.py`, `bot/console/sign_in.py`).
"""

from collections.abc import Awaitable, Callable
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.wording import text

HEADERS: Final = {
    "content-security-policy": (
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}
MAX_BODY: Final = 256 * 1024
# Signed webhooks come from elsewhere by design; their signature is their proof.
_HOOKS: Final = "/hooks/"
_SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN_SITES: Final = frozenset({"same-origin", "none"})

Refuser = Callable[[Scope, Receive, Send], Awaitable[None]]


class Guard:
    """Adds the headers, refuses writes that another site started, and bodies that are too long."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    own.setdefault(name, value)
                if not scope["path"].startswith("/static/"):
                    own.setdefault("cache-control", "no-store")
            await send(message)

        if not is_own_write(scope["method"], scope["path"], headers):
            refusal = PlainTextResponse(text("error.other_site", domain="web"), 403)
            await refusal(scope, receive, with_headers)
            return
        body = None if _declared_length(headers) > MAX_BODY else await _whole_body(receive)
        if body is None:
            refusal = PlainTextResponse(text("error.too_long", domain="web"), 413)
            await refusal(scope, receive, with_headers)
            return
        await self.app(scope, _again(body, receive), with_headers)


def is_own_write(method: str, path: str, headers: Headers) -> bool:
    """Whether a request may change something: it began on our own pages, or is a signed hook.

    Browsers say where a request began; old ones only name the origin.
    """
    if method in _SAFE_METHODS or path.startswith(_HOOKS):
        return True
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in _OWN_SITES
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host")


def _declared_length(headers: Headers) -> int:
    length = headers.get("content-length", "0")
    return int(length) if length.isascii() and length.isdecimal() else MAX_BODY + 1


async def _whole_body(receive: Receive) -> Message | None:
    """The body as one message, or None once it is too long: its length may be unsaid or wrong."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return message
        body += message.get("body", b"")
        if len(body) > MAX_BODY:
            return None
        if not message.get("more_body", False):
            return {"type": "http.request", "body": bytes(body), "more_body": False}


def _again(first: Message, receive: Receive) -> Receive:
    """Hand out a message that was read already, then whatever comes."""
    waiting = [first]

    async def next_message() -> Message:
        return waiting.pop() if waiting else await receive()

    return next_message

"""SMS through Twilio's Programmable Messaging.

Twilio has no idempotency key, so a call without an answer is a doubt: it is settled by the
status callback, whose signed address carries our id, or by looking the text up. Nothing is ever
sent again because time has passed.
Source: Twilio API 2010-04-01, Messages; error codes in `docs/channels/sms.md`.

What does not live here: the webhook itself (`bot/channels/sms.py`).
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

import httpx
from twilio.base.exceptions import TwilioException
from twilio.http import AsyncHttpClient
from twilio.http.response import Response
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from twilio.rest.api.v2010.account.message import MessageInstance

from core import phones
from notifications.budget import Terms
from notifications.gateways.base import (
    Absent,
    Finding,
    Kind,
    Outcome,
    Outgoing,
    Refused,
    Sent,
    Unknown,
)
from notifications.receipts import Receipt, Status

NAME: Final = "twilio"
HOST: Final = "https://api.twilio.com"
CALLBACK_PATH: Final = "/hooks/twilio/status"
TIMEOUT: Final = httpx.Timeout(15.0, connect=5.0, pool=5.0)
_LOOK_BACK: Final = timedelta(minutes=5)
_LISTED: Final = 100

_KINDS: Final = {
    Kind.ADDRESS: (21211, 21612, 21614, 30003, 30004, 30005, 30006),
    Kind.STOPPED: (21610,),
    Kind.TEXT: (21617, 30007),
    Kind.BUSY: (14107, 20429, 21611, 30001),
    Kind.CONFIGURATION: (
        *(20003, 20005, 20008, 20403, 21212, 21408, 21606, 21608, 21659, 21660, 21703),
        *(30002, 30018, 30024, 30034),
    ),
}
_KIND_OF: Final = {code: kind for kind, codes in _KINDS.items() for code in codes}
_STATUSES: Final = {
    "sent": Status.SENT,
    "delivered": Status.DELIVERED,
    "read": Status.DELIVERED,
    "undelivered": Status.FAILED,
    "failed": Status.FAILED,
    "canceled": Status.FAILED,
}
_TOO_MANY: Final = 429
_SERVER_FAULT: Final = 500
_UNAUTHORISED: Final = frozenset({401, 403})
# These say that no byte of the request was sent.
_NOT_LEFT: Final = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
)


class _TooMany(Exception):
    def __init__(self, wait: timedelta | None) -> None:
        super().__init__()
        self.wait = wait


@dataclass(slots=True)
class TwilioGateway:
    """Sends from one sender. `public_url`: where Twilio reaches us, without a path."""

    account_sid: str
    auth_token: str = field(repr=False)
    sender: str
    public_url: str
    terms: Terms = field(default_factory=Terms)
    base_url: str = HOST
    timeout: httpx.Timeout = field(default_factory=lambda: TIMEOUT)
    name: str = NAME
    channel: str = "sms"
    finds: bool = True
    _client: Client | None = field(default=None, repr=False)
    _http: "_Http | None" = field(default=None, repr=False)

    async def send(self, message: Outgoing) -> Outcome:
        """What Twilio answered; without an answer, whether it can have got the request."""
        try:
            made = await self._messages().create_async(
                to=phones.e164(message.address),
                **self._from(),
                body=message.text,
                status_callback=callback_url(self.public_url, message.id),
            )
        except (TwilioException, httpx.HTTPError, _TooMany, ValueError) as error:
            return _outcome(error)
        return _taken(made)

    async def find(self, message: Outgoing) -> Finding:
        """Whether Twilio has the same text to the same number that is no other message of ours."""
        try:
            listed = await self._messages().list_async(
                to=phones.e164(message.address), limit=_LISTED
            )
        except (TwilioException, httpx.HTTPError, _TooMany, ValueError) as error:
            return Unknown(_reason(error))
        same = [one for one in listed if _is_same(one, message)]
        if same:
            return Sent(same[-1].sid, delivered=_STATUSES.get(_word(same[-1])) is Status.DELIVERED)
        return Absent() if len(listed) < _LISTED else Unknown("too_many_to_look_through")

    async def close(self) -> None:
        """Connections are let go of."""
        if self._http is not None:
            await self._http.connection.aclose()
        self._client = self._http = None

    def _messages(self) -> Any:
        if self._client is None:
            self._http = _Http(self.base_url, self.timeout)
            self._client = Client(self.account_sid, self.auth_token, http_client=self._http)
        return self._client.messages

    def _from(self) -> dict[str, str]:
        """A messaging service is named by its id, any other sender by itself."""
        is_service = self.sender.startswith("MG")
        return {"messaging_service_sid" if is_service else "from_": self.sender}


def callback_url(public_url: str, message_id: int) -> str:
    """Where Twilio reports about a message; our id is part of what Twilio signs."""
    query = urlencode({"message": message_id})
    return f"{public_url.rstrip('/')}{CALLBACK_PATH}?{query}"


def is_signed(
    auth_token: str, url: str, form: Sequence[tuple[str, str]], signature: str | None
) -> bool:
    """Whether Twilio signed this form for this public address.

    `url`: as Twilio called it, query included, built from settings and never from the request.
    """
    if not signature:
        return False
    validator = RequestValidator(auth_token)
    return bool(validator.validate(url, _Form(form), signature))


def receipt_of(message_id: int | None, form: Mapping[str, str]) -> Receipt:
    """What a genuine status callback says. Fields we do not know are left alone."""
    error = form.get("ErrorCode") or None
    return Receipt(
        gateway=NAME,
        message_id=message_id,
        ref=form.get("MessageSid") or form.get("SmsSid"),
        status=_STATUSES.get(form.get("MessageStatus", "").lower(), Status.OTHER),
        error=error[:16] if error else None,
        stops=_KIND_OF.get(_number(error)) is Kind.STOPPED,
    )


class _Form(dict[str, list[str]]):
    """A form with repeated fields, as the validator asks for it."""

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        for name, value in pairs:
            self.setdefault(name, []).append(value)

    def getall(self, name: str) -> list[str]:
        return self[name]


class _Http(AsyncHttpClient):  # type: ignore[misc]  # the library carries no types
    """Twilio's transport on our HTTP client: real time limits, no retries, nothing logged."""

    def __init__(self, base_url: str, timeout: httpx.Timeout) -> None:
        super().__init__(logging.getLogger("chitra.twilio"), is_async=True)
        self.base_url = base_url.rstrip("/")
        limits = httpx.Limits(max_connections=200, max_keepalive_connections=50)
        self.connection = httpx.AsyncClient(timeout=timeout, limits=limits, trust_env=False)

    async def request(
        self,
        method: str,
        uri: str,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,  # noqa: ASYNC109  Twilio's signature; ours is set once
        allow_redirects: bool = False,  # noqa: FBT001, FBT002  Twilio's signature
    ) -> Response:
        """The answer of the server, whatever its status, unless it says "too many"."""
        del timeout, allow_redirects
        url = uri.replace(HOST, self.base_url, 1)
        answer = await self.connection.request(
            method, url, params=_texts(params), data=_texts(data), headers=headers, auth=auth
        )
        if answer.status_code == _TOO_MANY:
            raise _TooMany(_seconds(answer.headers.get("Retry-After")))
        return Response(answer.status_code, answer.text, answer.headers)


def _texts(values: dict[str, object] | None) -> dict[str, str] | None:
    return None if values is None else {name: str(value) for name, value in values.items()}


def _seconds(header: str | None) -> timedelta | None:
    return timedelta(seconds=int(header)) if header and header.isdigit() else None


def _taken(made: MessageInstance) -> Outcome:
    if _STATUSES.get(_word(made)) is Status.FAILED:
        code = int(made.error_code or 0)
        return Refused(str(code), _KIND_OF.get(code, Kind.TEXT))
    segments = int(made.num_segments) if str(made.num_segments or "").isdigit() else None
    return Sent(made.sid, segments=segments or None)


def _outcome(error: Exception) -> Outcome:
    if isinstance(error, _TooMany):
        return Refused("20429", Kind.BUSY, error.wait)
    if isinstance(error, _NOT_LEFT):
        return Refused(type(error).__name__, Kind.FAULT)
    status, code = _status(error)
    if status is None or status >= _SERVER_FAULT:
        return Unknown(_reason(error))
    if status in _UNAUTHORISED:
        return Refused(str(code), Kind.CONFIGURATION)
    return Refused(str(code), _KIND_OF.get(code, Kind.TEXT))


def _status(error: Exception) -> tuple[int | None, int]:
    """The HTTP status of an answer and Twilio's own code; no status where there was no answer."""
    status = getattr(error, "status", None)
    code = getattr(error, "code", None)
    return (status if isinstance(status, int) else None), _number(code)


def _reason(error: Exception) -> str:
    status, _ = _status(error)
    return f"http_{status}" if status else type(error).__name__[:48]


def _is_same(one: MessageInstance, message: Outgoing) -> bool:
    created = one.date_created
    recent = (
        message.since is None
        or not isinstance(created, datetime)
        or created >= message.since - _LOOK_BACK
    )
    return one.body == message.text and one.sid not in message.known_refs and recent


def _word(one: MessageInstance) -> str:
    """`queued`, whether the library gave a text or its own enumeration."""
    return str(getattr(one.status, "value", one.status) or "").lower()


def _number(code: object) -> int:
    text = str(code or "")
    return int(text) if text.isdigit() else 0

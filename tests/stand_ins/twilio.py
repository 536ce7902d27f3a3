"""Twilio as we meet it: it takes messages, remembers them, reports about them, and misbehaves.

Messages API 2010-04-01: create, list, fetch; errors in its own shape; signed status callbacks.
`faults` are used up one per request; `refused` names numbers with the code they are refused with.
"""

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from enum import StrEnum
from typing import Any

from tests.stand_ins.loopback import Answered, Asked, Loopback

ACCOUNT = "AC" + "0" * 32
TOKEN = "12345"
SENDER = "CHITRA"
# The numbers of Twilio's own test credentials.
MAGIC = {
    "+15005550001": 21211,
    "+15005550002": 21612,
    "+15005550003": 21408,
    "+15005550004": 21610,
    "+15005550009": 21614,
}
_TAKEN = 201


class Fault(StrEnum):
    """How one request goes wrong."""

    TAKE_AND_CUT = "take_and_cut"  # taken, then the line is cut
    TAKE_AND_503 = "take_and_503"  # taken, then a proxy gives up
    TAKE_AND_STALL = "take_and_stall"  # taken, and no answer for a while
    TAKE_AND_BABBLE = "take_and_babble"  # taken, and the answer is no JSON
    CUT = "cut"  # not taken, the line is cut
    REFUSE_503 = "refuse_503"  # not taken
    TOO_MANY = "too_many"  # not taken, with Retry-After
    MORE_SEGMENTS = "more_segments"  # taken, and counted as more than it is


@dataclass
class Taken:
    """One message that Twilio has."""

    sid: str
    to: str
    sender: str
    body: str
    callback: str | None
    status: str
    created: datetime
    segments: int
    error: int | None = None


@dataclass(frozen=True, slots=True)
class Callback:
    """One report as it would arrive: address, fields, signature."""

    url: str
    form: tuple[tuple[str, str], ...]
    signature: str


@dataclass
class Twilio:
    """The state behind the server. Use `served()` to open it on this machine."""

    messages: list[Taken] = field(default_factory=list)
    faults: deque[Fault] = field(default_factory=deque)
    refused: dict[str, int] = field(default_factory=dict)
    requests: list[Asked] = field(default_factory=list)
    stall: float = 1.0
    retry_after: int = 7

    def served(self) -> Loopback:
        return Loopback(self.answer)

    def answer(self, asked: Asked) -> Answered:
        self.requests.append(asked)
        if not self._is_ours(asked):
            return _error(401, 20003, "Authenticate")
        base = f"/2010-04-01/Accounts/{ACCOUNT}/Messages"
        if asked.method == "POST" and asked.path == f"{base}.json":
            return self._create(asked)
        if asked.method == "GET" and asked.path == f"{base}.json":
            return self._list(asked)
        return _error(404, 20404, "The requested resource was not found")

    def report(self, sid: str, status: str, *, error: int | None = None) -> Callback:
        """What Twilio would post about a message, and the state it is in from now on."""
        taken = next(one for one in self.messages if one.sid == sid)
        taken.status, taken.error = status, error
        form = [
            ("MessageSid", sid),
            ("SmsSid", sid),
            ("AccountSid", ACCOUNT),
            ("MessageStatus", status),
            ("SmsStatus", status),
            ("To", taken.to),
            ("From", taken.sender),
            ("ApiVersion", "2010-04-01"),
            ("RawDlrDoneDate", "2104150900"),
        ]
        if error is not None:
            form.append(("ErrorCode", str(error)))
        url = taken.callback or ""
        return Callback(url, tuple(form), signed(url, form))

    def _is_ours(self, asked: Asked) -> bool:
        given = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        authorization = {k.lower(): v for k, v in asked.headers.items()}.get("authorization")
        return authorization == f"Basic {given}"

    def _create(self, asked: Asked) -> Answered:
        fault = self.faults.popleft() if self.faults else None
        if fault is Fault.CUT:
            return Answered(0, "", cut=True)
        if fault is Fault.REFUSE_503:
            return _error(503, 20503, "Service unavailable")
        if fault is Fault.TOO_MANY:
            return _error(429, 20429, "Too many requests", {"Retry-After": str(self.retry_after)})
        wrong = self._wrong(asked)
        if wrong is not None:
            return wrong
        return self._after_taking(self._take(asked, fault), fault)

    def _wrong(self, asked: Asked) -> Answered | None:
        to, body = asked.field("To"), asked.field("Body")
        if not to:
            return _error(400, 21604, "A 'To' phone number is required.")
        if not (asked.field("From") or asked.field("MessagingServiceSid")):
            return _error(400, 21603, "A 'From' phone number is required.")
        if not body:
            return _error(400, 21602, "Message body is required.")
        if len(body) > 1600:
            return _error(400, 21617, "The concatenated message body exceeds the 1600 limit.")
        code = {**MAGIC, **self.refused}.get(to)
        return None if code is None else _error(400, code, "Refused")

    def _take(self, asked: Asked, fault: Fault | None) -> Taken:
        taken = Taken(
            sid="SM" + secrets.token_hex(16),
            to=asked.field("To") or "",
            sender=asked.field("From") or asked.field("MessagingServiceSid") or "",
            body=asked.field("Body") or "",
            callback=asked.field("StatusCallback"),
            status="queued",
            created=datetime.now(UTC).replace(microsecond=0),
            segments=3 if fault is Fault.MORE_SEGMENTS else 1,
        )
        self.messages.append(taken)
        return taken

    def _after_taking(self, taken: Taken, fault: Fault | None) -> Answered:
        if fault is Fault.TAKE_AND_CUT:
            return Answered(0, "", cut=True)
        if fault is Fault.TAKE_AND_503:
            return Answered(503, "<html>upstream</html>", {"Content-Type": "text/html"})
        if fault is Fault.TAKE_AND_BABBLE:
            return Answered(_TAKEN, '{"sid": "SM')
        if fault is Fault.TAKE_AND_STALL:
            time.sleep(self.stall)
        return Answered(_TAKEN, json.dumps(_resource(taken)))

    def _list(self, asked: Asked) -> Answered:
        size = int(asked.query.get("PageSize", "50"))
        to = asked.query.get("To")
        found = [one for one in reversed(self.messages) if to in {None, one.to}][:size]
        page = {
            "messages": [_resource(one) for one in found],
            "page": 0,
            "page_size": size,
            "start": 0,
            "end": max(len(found) - 1, 0),
            "first_page_uri": asked.path,
            "next_page_uri": None,
            "previous_page_uri": None,
            "uri": asked.path,
        }
        return Answered(200, json.dumps(page))


def signed(url: str, form: Sequence[tuple[str, str]], token: str = TOKEN) -> str:
    """The signature as Twilio documents it: address, then each name and value in name order."""
    text = url
    for name in sorted({name for name, _ in form}):
        for value in sorted({value for other, value in form if other == name}):
            text += name + value
    digest = hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def _resource(taken: Taken) -> dict[str, Any]:
    when = format_datetime(taken.created)
    path = f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{taken.sid}"
    is_service = taken.sender.startswith("MG")
    return {
        "sid": taken.sid,
        "account_sid": ACCOUNT,
        "messaging_service_sid": taken.sender if is_service else None,
        "to": taken.to,
        "from": None if is_service else taken.sender,
        "body": taken.body,
        "status": taken.status,
        "direction": "outbound-api",
        "num_segments": str(taken.segments),
        "num_media": "0",
        "price": None,
        "price_unit": "USD",
        "error_code": taken.error,
        "error_message": None,
        "api_version": "2010-04-01",
        "date_created": when,
        "date_updated": when,
        "date_sent": None,
        "uri": f"{path}.json",
        "subresource_uris": {"media": f"{path}/Media.json"},
    }


def _error(status: int, code: int, words: str, headers: dict[str, str] | None = None) -> Answered:
    body = {
        "code": code,
        "message": words,
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "status": status,
    }
    return Answered(status, json.dumps(body), headers or {})

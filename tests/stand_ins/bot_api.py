"""The Telegram Bot API as we meet it: sendMessage with its faults, answerCallbackQuery.

A press is acknowledged once, and not when it is old: then Telegram answers 400 (Bot API,
answerCallbackQuery; the error's words as bots report them).
"""

import json
import time
from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tests.stand_ins.loopback import Answered, Asked, Loopback

TOKEN = "123456:TEST"
_TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


class Fault(StrEnum):
    """How one call goes wrong."""

    TAKE_AND_CUT = "take_and_cut"
    TAKE_AND_503 = "take_and_503"
    TAKE_AND_STALL = "take_and_stall"
    CUT = "cut"
    TOO_MANY = "too_many"


@dataclass
class BotApi:
    """`refused`: chat id → (status, description).

    `presses`: all that we were asked to acknowledge; those `too_old` are refused.
    """

    sent: list[dict[str, Any]] = field(default_factory=list)
    faults: deque[Fault] = field(default_factory=deque)
    refused: dict[str, tuple[int, str]] = field(default_factory=dict)
    presses: list[str] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    too_old: set[str] = field(default_factory=set)
    stall: float = 1.0
    retry_after: int = 7

    def served(self) -> Loopback:
        return Loopback(self.answer)

    def answer(self, asked: Asked) -> Answered:
        if asked.path == f"/bot{TOKEN}/answerCallbackQuery":
            return self._acknowledge(asked.field("callback_query_id") or "")
        if asked.path != f"/bot{TOKEN}/sendMessage":
            return _refused(404, "Not Found")
        fault = self.faults.popleft() if self.faults else None
        if fault is Fault.CUT:
            return Answered(0, "", cut=True)
        if fault is Fault.TOO_MANY:
            words = f"Too Many Requests: retry after {self.retry_after}"
            return _refused(429, words, {"retry_after": self.retry_after})
        chat = asked.field("chat_id") or ""
        if chat in self.refused:
            return _refused(*self.refused[chat])
        self.sent.append(dict(asked.form))
        return self._after_taking(chat, asked.field("text") or "", fault)

    def _acknowledge(self, press: str) -> Answered:
        self.presses.append(press)
        if not press or press in self.too_old or press in self.acknowledged:
            return _refused(400, _TOO_OLD)
        self.acknowledged.append(press)
        return Answered(200, json.dumps({"ok": True, "result": True}))

    def _after_taking(self, chat: str, text: str, fault: Fault | None) -> Answered:
        if fault is Fault.TAKE_AND_CUT:
            return Answered(0, "", cut=True)
        if fault is Fault.TAKE_AND_503:
            return _refused(503, "Service Unavailable")
        if fault is Fault.TAKE_AND_STALL:
            time.sleep(self.stall)
        message = {
            "message_id": len(self.sent),
            "date": 1618452000,
            "chat": {"id": int(chat), "type": "private", "first_name": "Lan"},
            "text": text,
        }
        return Answered(200, json.dumps({"ok": True, "result": message}))


def _refused(status: int, words: str, parameters: dict[str, Any] | None = None) -> Answered:
    body = {"ok": False, "error_code": status, "description": words}
    return Answered(status, json.dumps(body | ({"parameters": parameters} if parameters else {})))

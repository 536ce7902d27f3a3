"""Putting messages into the outbox, inside the transaction of what causes them.

A message has one key for ever: the same key again yields the same message and writes nothing.
Its text is pinned here; whether it is still true is asked again just before sending.

What does not live here: who is told what (`triggers`, `recipients`), and the sending (`dispatch`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from core.store import outbox as rows
from core.store.engine import Tx
from notifications import sms_text
from notifications.lifecycle import State


class Purpose(StrEnum):
    """Why a message is sent. The first three answer somebody who waits."""

    REPLY = "reply"
    CODE = "code"
    ANSWER = "answer"
    SETTLED = "settled"
    READY_CASH = "ready_cash"
    COLLECTED = "collected"
    HANDED = "handed"
    DELAYED = "delayed"
    UNCLAIMED = "unclaimed"
    # A delivery at home, before there is anything to say of the money.
    HOME = "home"
    # Several payments at once, on a phone that several people share.
    RESULTS = "results"


# Not held by quiet hours, sent in order, and worth a second copy when the first is in doubt.
INTERACTIVE: Final = frozenset({Purpose.REPLY, Purpose.CODE, Purpose.ANSWER})

WEB: Final = "web"
SMS: Final = "sms"
TELEGRAM: Final = "telegram"


@dataclass(frozen=True, slots=True)
class NewMessage:
    """One message to be. Time: aware UTC; without `due_at` it may leave at once.

    `buttons`: (label, data) pairs, for channels that show them. `payments`: (payment id, event id)
    pairs that it speaks of. `facts`: ids of the ledger events that a reply was read from.
    `segments`: where they were counted already.
    `tells`: what must still be true when it leaves (`notifications/conditions.py`).
    """

    dedup_key: str
    purpose: str
    channel: str
    contact_id: int
    text: str = field(repr=False)
    person_id: int | None = None
    beneficiary_id: int | None = None
    in_reply_to: int | None = None
    buttons: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    menu_token: str | None = None
    due_at: datetime | None = None
    expires_at: datetime | None = None
    tells: str | None = None
    payments: tuple[tuple[int, int], ...] = ()
    facts: tuple[int, ...] = ()
    batch_id: int | None = None
    state: State = State.QUEUED
    segments: int | None = None


def reply_key(inbound_id: int, number: int) -> str:
    """The key of the n-th reply to an inbound message."""
    return f"reply:{inbound_id}:{number}"


def payment_key(payment_code: str, purpose: str, recipient: int, step: int = 1) -> str:
    """The key of what one person is told about one payment. `recipient`: person id."""
    return f"pay:{payment_code}:{purpose}:{recipient}:{step}"


def merge_key(cycle: str, cause: str, phone_index: str, step: int = 1) -> str:
    """The key of the one text that a shared phone gets for one cause: an import, or a purpose."""
    return f"merge:{cycle}:{cause}:{phone_index}:{step}"


def enqueue(tx: Tx, messages: Sequence[NewMessage], now: datetime) -> list[int]:
    """The ids of the messages, in order; a key that stands already yields its first message.

    A message for the web page is visible the moment this transaction commits: the page shows
    the row itself, so it is born `sent`.
    """
    written = rows.insert_messages(tx, [_row(message, now) for message in messages], now)
    return [written[message.dedup_key] for message in messages]


def _row(message: NewMessage, now: datetime) -> rows.NewRow:
    state = message.state
    if message.channel == WEB and state is State.QUEUED:
        state = State.SENT
    return rows.NewRow(
        dedup_key=message.dedup_key,
        batch_id=message.batch_id,
        purpose=message.purpose,
        channel=message.channel,
        contact_id=message.contact_id,
        person_id=message.person_id,
        beneficiary_id=message.beneficiary_id,
        in_reply_to=message.in_reply_to,
        text=message.text,
        buttons=message.buttons,
        menu_token=message.menu_token,
        segments=_segments(message),
        state=state,
        due_at=message.due_at or now,
        expires_at=message.expires_at,
        condition=message.tells,
        payments=message.payments,
        facts=message.facts,
    )


def _segments(message: NewMessage) -> int:
    if message.channel != SMS:
        return 0
    counted = message.segments
    return sms_text.measure(message.text).segments if counted is None else counted

"""One inbound message in one transaction: never answered twice, never left without an answer.

Unique key, lock on the contact, the conversation, its commands, its state and its replies are one
COMMIT, and nothing is acknowledged before that returns. A turn that faults is rolled back and the
message alone is kept, to be played again (`bot/turn_again.py`).
"""

import logging
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from bot.turn_again import FIRST_PAUSE, replay_unanswered, traced
from bot.turn_play import Played, caller_at, played, storable_text
from bot.turn_reply import MOST_PAGES, Replied, reply_sentence
from bot.turn_talk import Turn, TurnParts
from core.conversation.dialogue import Message, is_stop
from core.conversation.state import State, as_json, from_json
from core.store import inbound as rows
from core.store.commit_points import CommitPoint
from core.store.contacts import ensure_contact
from core.store.conversations import (
    Kept,
    LockedContact,
    conversation_of,
    lock_contact,
    pending_of,
    save_conversation,
)
from core.store.engine import Tx
from core.store.inbound import Standing
from core.store.outbox import message_ids, messages
from core.store.sealing import CannotUnseal
from notifications.outbox import reply_key
from notifications.render import Part

__all__ = ["Inbound", "TurnResult", "replay_unanswered", "take"]

_log: Final = logging.getLogger("chitra.turn")


@dataclass(frozen=True, slots=True)
class Inbound:
    """One message as a channel received it.

    `address` is canonical; `external_key` is the channel's own id of the message, or one made by
    whoever sent it. `menu_token`: of the button pressed. Not `is_text`: a picture, a voice, a
    sticker. `about`: the code of whom a rehearsal speaks of; no channel gives it. Time: aware UTC.
    """

    channel: str
    address: str = field(repr=False)
    external_key: str
    text: str = field(repr=False)
    received_at: datetime
    menu_token: str | None = None
    is_text: bool = True
    about: str = ""

    @property
    def key(self) -> str:
        """The key under which it is known for ever."""
        return f"{self.channel}:{self.external_key}"


@dataclass(frozen=True, slots=True)
class TurnResult:
    """What became of one message. `seen`: it had come before, and nothing new was done.

    `message_ids`: the replies, to be sent at once. `parts`: what they say, sentence by sentence.
    """

    inbound_id: int
    contact_id: int
    standing: Standing
    message_ids: tuple[int, ...] = ()
    parts: tuple[Part, ...] = field(default=(), repr=False)
    buttons: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    flow: str | None = None
    pending: str | None = None
    seen: bool = False


def take(parts: TurnParts, inbound: Inbound) -> "Future[TurnResult]":
    """The outcome of one message, once it is durable. Messages of a contact are taken in order.

    The future fails only if the message could not be kept either: then it must be sent again.
    """
    lanes = parts.talk.lanes
    inbound = replace(inbound, text=_encodable(inbound.text))

    def start() -> "Future[TurnResult]":
        first = parts.store.submit(lambda tx: _turn(tx, parts, inbound), CommitPoint.TURN)
        return lanes.after(first, lambda error: _kept(parts, inbound, error))

    return lanes.put((inbound.channel, inbound.address), start)


def _encodable(text: str) -> str:
    """The text without halves of letters, which no database takes."""
    return text.encode("utf-8", "replace").decode()


def _turn(tx: Tx, parts: TurnParts, inbound: Inbound) -> TurnResult:
    """The whole turn, in its transaction.

    Raises: Fault; then nothing of it was written.
    """
    now = parts.clock.now()
    contact = _contact(tx, inbound, now)
    kept = conversation_of(tx, contact.id)
    state = from_json(kept.state or {})
    standing = _standing(kept, inbound)
    text = storable_text(inbound.text, state)
    inbound_id = _written(tx, inbound, contact, text, standing, kept, now)
    if inbound_id is None:
        return _as_before(tx, inbound.key)
    if standing is Standing.UNANSWERED:
        return TurnResult(inbound_id, contact.id, standing)
    me = caller_at(tx, contact, inbound.channel, now, inbound.about)
    turn = Turn(tx, me, inbound_id, text, now)
    if standing is Standing.WITH_OFFICER and kept.held_by_case_id is not None:
        return _for_officer(turn, parts, kept, state, kept.held_by_case_id)
    message = Message(inbound.text, inbound.menu_token, inbound.is_text)
    return _result(turn, played(turn, parts.talk, state, kept.version, message))


def _contact(tx: Tx, inbound: Inbound, now: datetime) -> LockedContact:
    known = lock_contact(tx, inbound.channel, inbound.address)
    if known is not None:
        return known
    ensure_contact(tx, inbound.channel, inbound.address, now)
    made = lock_contact(tx, inbound.channel, inbound.address)
    assert made is not None  # noqa: S101  written a line above, in this transaction
    return made


def _standing(kept: Kept, inbound: Inbound) -> Standing:
    """Behind a message that waits, one waits; while an officer holds the talk, they answer."""
    if kept.oldest_waiting is not None:
        return Standing.UNANSWERED
    if kept.held_by_case_id is not None and not (inbound.is_text and is_stop(inbound.text)):
        return Standing.WITH_OFFICER
    return Standing.ANSWERED


def _written(
    tx: Tx,
    inbound: Inbound,
    contact: LockedContact,
    text: str,
    standing: Standing,
    kept: Kept,
    now: datetime,
) -> int | None:
    waits = standing is Standing.UNANSWERED
    return rows.insert_inbound(
        tx,
        key=inbound.key,
        contact_id=contact.id,
        channel=inbound.channel,
        text=text,
        menu_token=inbound.menu_token,
        state=standing,
        received_at=inbound.received_at,
        retry_at=now if waits else None,
        case_id=kept.held_by_case_id if standing is Standing.WITH_OFFICER else None,
    )


def _as_before(tx: Tx, key: str) -> TurnResult:
    """The outcome of a message that came before: the same replies, nothing new."""
    row = rows.inbound_with_key(tx, key)
    assert row is not None  # noqa: S101  its key was in the way a line above
    keys = [reply_key(row.id, number) for number in range(1, MOST_PAGES + 1)]
    ids = sorted(message_ids(tx, keys).values())
    parts = tuple(Part("", one.text) for one in messages(tx, ids))
    flow, pending = pending_of(tx, row.contact_id)
    standing = Standing(row.state)
    return TurnResult(
        row.id, row.contact_id, standing, tuple(ids), parts, (), flow, pending, seen=True
    )


def _for_officer(
    turn: Turn, parts: TurnParts, kept: Kept, state: State, case_id: int
) -> TurnResult:
    """The message joins the case; the person is told so once."""
    parts.talk.hear_for_officer(turn, case_id)
    replied = Replied()
    if state.told_case != case_id:
        replied = reply_sentence(turn, "engine.held")
        told = as_json(state) | {"told_case": case_id}
        save_conversation(turn.tx, turn.me.contact_id, told, version=kept.version + 1, now=turn.now)
    return _result(turn, Played(state, replied), Standing.WITH_OFFICER)


def _result(turn: Turn, done: Played, standing: Standing = Standing.ANSWERED) -> TurnResult:
    return TurnResult(
        inbound_id=turn.inbound_id,
        contact_id=turn.me.contact_id,
        standing=standing,
        message_ids=done.replied.message_ids,
        parts=done.replied.parts,
        buttons=done.replied.buttons,
        flow=done.state.running.flow if done.state.running else None,
        pending=done.state.pending,
    )


def _kept(parts: TurnParts, inbound: Inbound, error: BaseException) -> TurnResult:
    """The message alone, after its turn faulted; the worker plays it again.

    Raises: whatever keeps it from being written.
    """
    _log.error("A turn faulted; it is played again.", extra=traced(error))
    return parts.store.transact(lambda tx: _keep(tx, parts, inbound), CommitPoint.TURN_FAULT)


def _keep(tx: Tx, parts: TurnParts, inbound: Inbound) -> TurnResult:
    now = parts.clock.now()
    contact = _contact(tx, inbound, now)
    inbound_id = rows.insert_inbound(
        tx,
        key=inbound.key,
        contact_id=contact.id,
        channel=inbound.channel,
        text=storable_text(inbound.text, _readable_state(tx, contact.id)),
        menu_token=inbound.menu_token,
        state=Standing.UNANSWERED,
        received_at=inbound.received_at,
        retry_at=now + FIRST_PAUSE,
    )
    if inbound_id is None:
        return _as_before(tx, inbound.key)
    return TurnResult(inbound_id, contact.id, Standing.UNANSWERED)


def _readable_state(tx: Tx, contact_id: int) -> State:
    """The state, or a first one where the fault was that it cannot be read."""
    try:
        return from_json(conversation_of(tx, contact_id).state or {})
    except (CannotUnseal, ValueError, KeyError):
        return State()

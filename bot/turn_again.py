"""Messages whose turn faulted, played again in order; after three times people take them.

A message that waits keeps the ones after it waiting, so nobody is answered out of order.
"""

import logging
import traceback
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from bot.turn_play import caller_at, played
from bot.turn_reply import reply_sentence
from bot.turn_talk import Turn, TurnParts
from core.conversation.dialogue import Message
from core.conversation.state import State, as_json, from_json
from core.faults import Fault
from core.store import inbound as rows
from core.store.commit_points import CommitPoint
from core.store.conversations import (
    Kept,
    conversation_of,
    lock_contact_by_id,
    save_conversation,
)
from core.store.engine import Tx
from core.store.inbound import InboundRow, Standing

FIRST_PAUSE: Final = timedelta(seconds=10)
TRIES: Final = 3
TOGETHER: Final = 100
_PAUSES: Final = (FIRST_PAUSE, timedelta(seconds=30), timedelta(minutes=2))
# When not even a case can be opened, people are at work on it; nothing is lost meanwhile.
_LONG_PAUSE: Final = timedelta(minutes=10)

_log: Final = logging.getLogger("chitra.turn")


class InboundVanished(Fault):
    """A message that was to be played again is not there any more."""


def traced(error: BaseException) -> dict[str, str]:
    """Which fault it was and where it was raised: no message of it, which may name somebody."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return {"fault": type(error).__name__, "place": place}


def replay_unanswered(parts: TurnParts, limit: int = TOGETHER) -> tuple[int, ...]:
    """Ids of the replies that playing again wrote; it goes on until nothing is due."""
    written: list[int] = []
    tried: set[int] = set()
    while True:
        due = parts.store.read(lambda tx: rows.due_unanswered(tx, parts.clock.now(), limit))
        fresh = [inbound_id for inbound_id in due if inbound_id not in tried]
        if not fresh:
            return tuple(written)
        for inbound_id in fresh:
            tried.add(inbound_id)
            written += _again(parts, inbound_id)


def _again(parts: TurnParts, inbound_id: int) -> tuple[int, ...]:
    store = parts.store
    try:
        return store.transact(lambda tx: _replayed(tx, parts, inbound_id), CommitPoint.TURN)
    except Exception as error:  # noqa: BLE001  whatever it is, the next message must not suffer
        _log.error("A turn faulted again.", extra={"inbound": inbound_id, **traced(error)})
    left = store.transact(lambda tx: _tried(tx, parts, inbound_id), CommitPoint.TURN_FAULT)
    return () if left else _given_up(parts, inbound_id)


def _replayed(tx: Tx, parts: TurnParts, inbound_id: int) -> tuple[int, ...]:
    now = parts.clock.now()
    found = _waiting(tx, inbound_id, now)
    if found is None:
        return ()
    turn, row, kept = found
    state = from_json(kept.state or {})
    if kept.held_by_case_id is not None:
        parts.talk.hear_for_officer(turn, kept.held_by_case_id)
        rows.move_inbound(tx, row.id, Standing.WITH_OFFICER, case_id=kept.held_by_case_id)
        return ()
    done = played(turn, parts.talk, state, kept.version, Message(row.text, row.menu_token))
    rows.move_inbound(tx, row.id, Standing.ANSWERED)
    return done.replied.message_ids


def _tried(tx: Tx, parts: TurnParts, inbound_id: int) -> int:
    """How often the message may still be played again."""
    row = rows.inbound_by_id(tx, inbound_id)
    if row is None:
        raise InboundVanished
    tries = row.tries + 1
    pause = _PAUSES[min(tries, len(_PAUSES)) - 1]
    rows.note_try(tx, inbound_id, tries, parts.clock.now() + pause)
    return max(TRIES - tries, 0)


def _given_up(parts: TurnParts, inbound_id: int) -> tuple[int, ...]:
    store = parts.store
    try:
        return store.transact(lambda tx: _to_a_case(tx, parts, inbound_id), CommitPoint.CASE)
    except Exception as error:  # noqa: BLE001  it stays unanswered, and is taken up again
        _log.error(
            "A message could not become a case.",
            extra={"inbound": inbound_id, **traced(error)},
        )
    store.transact(lambda tx: _put_off(tx, parts, inbound_id), CommitPoint.TURN_FAULT)
    return ()


def _to_a_case(tx: Tx, parts: TurnParts, inbound_id: int) -> tuple[int, ...]:
    """People take the message, the person is told so, and the talk begins anew."""
    now = parts.clock.now()
    found = _waiting(tx, inbound_id, now)
    if found is None:
        return ()
    turn, row, kept = found
    case_id = parts.talk.give_up(turn)
    rows.move_inbound(tx, row.id, Standing.CASE, case_id=case_id)
    anew = as_json(State(turns=kept.version + 1))
    save_conversation(tx, row.contact_id, anew, version=kept.version + 1, now=now)
    return reply_sentence(turn, "engine.given_up").message_ids


def _put_off(tx: Tx, parts: TurnParts, inbound_id: int) -> None:
    row = rows.inbound_by_id(tx, inbound_id)
    if row is None:
        raise InboundVanished
    rows.note_try(tx, inbound_id, TRIES - 1, parts.clock.now() + _LONG_PAUSE)


def _waiting(tx: Tx, inbound_id: int, now: datetime) -> tuple[Turn, InboundRow, Kept] | None:
    """The message under its contact's lock; None if somebody else has played it meanwhile."""
    first = rows.inbound_by_id(tx, inbound_id)
    contact = None if first is None else lock_contact_by_id(tx, first.contact_id)
    row = rows.inbound_by_id(tx, inbound_id)
    if row is None or contact is None or row.state != Standing.UNANSWERED:
        return None
    me = caller_at(tx, contact, row.channel, now)
    return Turn(tx, me, row.id, row.text, now), row, conversation_of(tx, contact.id)

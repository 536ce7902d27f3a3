"""A message played through the conversation, inside its transaction.

What does not live here: what a message means (`core/conversation/dialogue.py`), and the keys and
locks around it (`turn.py`).
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from bot.turn_reply import Replied, reply
from bot.turn_talk import Talk, Turn
from core.calendar import local_day
from core.conversation.ask import Command, Query
from core.conversation.caller import Caller
from core.conversation.dialogue import Message, answer
from core.conversation.parsers import Private
from core.conversation.repairs import AllowNotices, Prefer, StopNotices
from core.conversation.scene import Outcome, World
from core.conversation.state import State, as_json
from core.privacy import storable
from core.shapes import Shape
from core.store import contacts
from core.store.callers import at_address
from core.store.conversations import LockedContact, save_conversation
from core.store.engine import Tx

MOST_KEPT: Final = 20_000
_ASKED: Final = {
    Private.NOTHING: frozenset[Shape](),
    Private.CODE: frozenset({Shape.CODE}),
    Private.ACCOUNT: frozenset({Shape.ACCOUNT, Shape.PHONE, Shape.CITIZEN_ID}),
}


@dataclass(frozen=True, slots=True)
class Played:
    """The state a message left behind, and what was written back."""

    state: State
    replied: Replied


def storable_text(text: str, state: State) -> str:
    """The text as it may be stored: secrets hidden, unless the pending question asks for them."""
    return storable(text[:MOST_KEPT], asked=_ASKED[state.private])


def caller_at(
    tx: Tx, contact: LockedContact, channel: str, now: datetime, about: str = ""
) -> Caller:
    """Who writes from this address now; `about`: whom a rehearsal speaks of."""
    today = local_day(now)
    here = at_address(tx, contact.id, today)
    return Caller(
        contact_id=contact.id,
        channel=channel,
        today=today,
        level=here.levels[0] if here.levels else 0,
        person_id=here.person_ids[0] if here.person_ids else None,
        person_ids=here.person_ids,
        levels=here.levels,
        wards=here.wards,
        language=contact.language,
        accents=contact.accents,
        birth_year=here.birth_year,
        about=about,
    )


def played(turn: Turn, talk: Talk, state: State, version: int, message: Message) -> Played:
    """Play one message, keep the state, and put the replies into the outbox.

    Raises: Fault.
    """
    hands = _Hands(turn, talk, {})
    world = World(
        book=talk.book,
        read=hands.read,
        act=hands.act,
        execute=hands.execute,
        caller=hands.caller,
        awaited=lambda heard, token: talk.awaited(hands.turn, heard, token),
        overtaken=lambda heard: talk.overtaken(hands.turn, heard),
    )
    found = answer(state, message, turn.me, world)
    me = found.me.contact_id
    save_conversation(turn.tx, me, as_json(found.state), version=version + 1, now=turn.now)
    return Played(found.state, reply(replace(turn, me=found.me), found))


@dataclass(slots=True)
class _Hands:
    """What the flows reach in this turn; equal questions are put to the books once."""

    turn: Turn
    talk: Talk
    known: dict[Query[Any], Any]

    def read(self, query: Query[Any]) -> Any:
        if query not in self.known:
            self.known[query] = self.talk.read(self.turn, query)
        return self.known[query]

    def act(self, command: Command) -> str:
        self.known.clear()
        return self.talk.act(self.turn, command)

    def execute(self, command: Command) -> Outcome:
        self.known.clear()
        tx, contact_id = self.turn.tx, self.turn.me.contact_id
        match command:
            case StopNotices():
                contacts.stop(tx, contact_id, self.turn.now)
                return self.talk.execute(self.turn, command)
            case AllowNotices():
                contacts.stop(tx, contact_id, None)
                return self.talk.execute(self.turn, command)
            case Prefer(language, accents):
                contacts.prefer(tx, contact_id, language=language, accents=accents)
            case _:
                return self.talk.execute(self.turn, command)
        return Outcome()

    def caller(self) -> Caller:
        """The caller as a command left them: perhaps linked, perhaps stopped."""
        me = self.turn.me
        contact = LockedContact(me.contact_id, me.language, me.accents)
        now = caller_at(self.turn.tx, contact, me.channel, self.turn.now, me.about)
        self.turn = replace(self.turn, me=now)
        return now

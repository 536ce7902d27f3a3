"""What a turn writes back: the answer of a conversation as messages in the outbox.

What does not live here: how it looks (`notifications/render.py`) and when it leaves (`dispatch`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.turn_talk import Turn
from core.conversation.caller import Caller
from core.conversation.menu import Menu
from core.conversation.scene import Answer
from core.conversation.sentences import Said
from notifications.capabilities import CAPABILITIES
from notifications.outbox import NewMessage, Purpose, enqueue, reply_key
from notifications.render import Part, Rendered, render

MOST_PAGES = 8


@dataclass(frozen=True, slots=True)
class Replied:
    """The messages written, and what they say."""

    message_ids: tuple[int, ...] = ()
    parts: tuple[Part, ...] = field(default=(), repr=False)
    buttons: tuple[tuple[str, str], ...] = field(default=(), repr=False)


def reply(turn: Turn, answer: Answer) -> Replied:
    """Put an answer into the outbox.

    Raises: MoneyWithoutFacts, and what is missing in a catalogue.
    """
    rendered = _rendered(answer.me, answer.said, answer.question, answer.menu)
    token = answer.state.token if answer.menu is not None else None
    return _written(turn, rendered, token)


def reply_sentence(turn: Turn, key: str) -> Replied:
    """Put one sentence of the engine into the outbox."""
    return _written(turn, _rendered(turn.me, [Said(key)], None, None), None)


def _rendered(
    me: Caller, said: Sequence[Said], question: Said | None, menu: Menu | None
) -> Rendered:
    return render(
        said,
        menu,
        CAPABILITIES[me.channel],
        question=question,
        language=me.language,
        accents=me.accents,
        form=me.form,
    )


def _written(turn: Turn, rendered: Rendered, token: str | None) -> Replied:
    last = len(rendered.pages)
    facts = tuple(dict.fromkeys(fact for part in rendered.parts for fact in part.facts))
    messages = [
        NewMessage(
            dedup_key=reply_key(turn.inbound_id, number),
            purpose=Purpose.REPLY,
            channel=turn.me.channel,
            contact_id=turn.me.contact_id,
            text=page,
            person_id=turn.me.person_id,
            in_reply_to=turn.inbound_id,
            buttons=rendered.buttons if number == last else (),
            menu_token=token if number == last else None,
            facts=facts,
        )
        for number, page in enumerate(rendered.pages, start=1)
    ]
    ids = enqueue(turn.tx, messages, turn.now)
    return Replied(tuple(ids), rendered.parts, rendered.buttons)

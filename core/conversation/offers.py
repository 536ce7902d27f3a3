"""Questions that the engine itself asks: which wish, a person after all, what to correct.

They are flows like all others; their names begin with `engine.`.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from core.conversation.ask import Command, Go, ask
from core.conversation.caller import Caller
from core.conversation.corrections import short_name
from core.conversation.flow import MENU, OFFICER, Flow
from core.conversation.parsers import Option, one_of, yes_no
from core.conversation.sentences import Words
from core.conversation.understanding.intents import Intent

OWN: Final = "engine."
PERSON: Final = "engine.person"
WISH: Final = "engine.wish"
SURE: Final = "engine.sure"
ALSO: Final = "engine.also"
CORRECT: Final = "engine.correct"
_OTHER: Final = "other"


@dataclass(frozen=True, slots=True)
class Begin(Command):
    """Go on with this wish, reading the message that it was guessed from."""

    intent: Intent


@dataclass(frozen=True, slots=True)
class Correct(Command):
    """Ask this question of the flow that was set aside again."""

    name: str


class Help(StrEnum):
    """What a person who was not understood three times may choose."""

    OFFICER = "officer"
    MENU = "menu"
    AGAIN = "again"


async def offer_person(me: Caller) -> Command | None:
    """After the third misunderstanding."""
    del me
    match await ask("engine.person.choice", one_of(Help)):
        case Help.OFFICER:
            return Go(OFFICER)
        case Help.MENU:
            return Go(MENU)
        case Help.AGAIN:
            return None


async def choose_wish(me: Caller) -> Command | None:
    """`Ý cô bác là: 1 … 2 … 3 …`; the subject names the intents."""
    options = [Option(name, name, wish_label(name)) for name in me.subject.split(",")]
    options.append(Option(_OTHER, _OTHER, Words("engine.wish.other")))
    wish = await ask("engine.wish.which", one_of(options))
    return Go(MENU) if wish == _OTHER else Begin(Intent(wish))


async def confirm_wish(me: Caller) -> Command | None:
    """`Cô bác hỏi về …, phải không?`; the subject is the intent."""
    sure = await ask("engine.sure.wish", yes_no, what=wish_label(me.subject))
    return Begin(Intent(me.subject)) if sure else Go(MENU)


async def offer_other(me: Caller) -> Command | None:
    """The second wish of a message; the subject is the intent."""
    sure = await ask("engine.also.sure", yes_no, what=wish_label(me.subject))
    return Begin(Intent(me.subject)) if sure else None


async def choose_correction(me: Caller) -> Command | None:
    """Which answer to give again; the subject lists `question=sentence` pairs."""
    pairs = [pair.partition("=") for pair in me.subject.split(",")]
    options = [
        Option(name, name, short_name(key, place))
        for place, (name, _, key) in enumerate(pairs, start=1)
    ]
    return Correct(await ask("engine.correct.which", one_of(options)))


def wish_label(intent: str) -> Words:
    """What a wish is called, as in `hỏi tiền đã về chưa`."""
    return Words(f"engine.wish.{intent}")


FLOWS: Final = (
    Flow(PERSON, offer_person),
    Flow(WISH, choose_wish),
    Flow(SURE, confirm_wish),
    Flow(ALSO, offer_other),
    Flow(CORRECT, choose_correction),
)

"""The words of a conversation: `say`, `ask`, `look`, `once`, `farewell`.

A flow is an `async def` that awaits these and nothing else. To await one is to wait for the
person, not for the network; `play` drives the flow and runs it from the top at every message, so
a flow may not write, may not read a clock, and may not draw lots: facts come through `look`.
How to write a flow: docs/conversation.md.
"""

from collections.abc import Callable, Coroutine, Generator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

from core.conversation.caller import Caller
from core.conversation.digest import digest
from core.conversation.menu import Menu
from core.conversation.parsers import Parser
from core.conversation.sentences import Facts, Said, Value
from core.refusals import Refusal

T = TypeVar("T")

# How many days after the day it was asked a bare answer still counts. Source: decision 0085.
OPEN_FOR: Final = 7
SURE_FOR: Final = 1


class Query(Generic[T]):
    """What a flow may look up; `T` is what it gets. Subclasses are frozen dataclasses.

    Equal queries are read once in a turn.
    """

    __slots__ = ()


class Command:
    """What a flow wishes to be done. Subclasses are frozen dataclasses; nothing is done by them."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Go(Command):
    """Go on in another flow, about `subject`, with some questions answered already.

    `answers` hold settled answers: the key of an option, `2021-04`, `yes`.
    """

    flow: str
    subject: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Say:
    """A sentence."""

    said: Said

    def __await__(self) -> Generator["Say", None, None]:
        yield self


@dataclass(frozen=True, slots=True)
class Farewell:
    """The last sentence: the flow must end after it, with nothing to be done."""

    said: Said

    def __await__(self) -> Generator["Farewell", None, Command | None]:
        yield self
        return None


@dataclass(frozen=True, slots=True)
class Ask(Generic[T]):
    """A question. `shown` is the digest of what a confirmation shows, else None.

    `days`: how long after its day it may still be answered without being asked again.
    """

    name: str
    parser: Parser[T]
    said: Said
    shown: str | None
    level: int
    days: int = OPEN_FOR

    def __await__(self) -> Generator["Ask[T]", T, T]:
        return (yield self)

    @property
    def menu(self) -> Menu | None:
        """The options, if the answer is one of some."""
        return self.parser.menu(self.said.key)


@dataclass(frozen=True, slots=True)
class Look(Generic[T]):
    """A question to the books."""

    query: Query[T]

    def __await__(self) -> Generator["Look[T]", T, T]:
        return (yield self)


@dataclass(frozen=True, slots=True)
class Once:
    """Something to be done now, in the middle of the flow, and not again when it is replayed."""

    name: str
    command: Command

    def __await__(self) -> Generator["Once", str, str]:
        return (yield self)


Step = Say | Farewell | Ask[Any] | Look[Any] | Once
Body = Callable[[Caller], Coroutine[Any, Any, Command | None]]


def say(key: str, /, facts: Facts = (), **values: Value) -> Say:
    """Say a sentence; one about money carries the ids of the ledger events behind it."""
    return Say(Said(key, values, facts))


def ask(
    name: str,
    parser: Parser[T],
    /,
    *,
    key: str | None = None,
    shows: object = None,
    facts: Facts = (),
    level: int = 0,
    days: int | None = None,
    **values: Value,
) -> Ask[T]:
    """The answer to a question, typed by its parser.

    `name` is where the answer is stored: recorded for ever (`question_names.txt`), used once in a
    flow. Its sentence is `key`, or the name itself. `shows`: what the person confirms; the answer
    holds only while that stays the same. `level`: the identity level the question needs. `days`:
    how long it stands open; what confirms something, or moves what is known of money, a day.
    """
    said = Said(key or name, values, facts)
    if days is None:
        days = OPEN_FOR if shows is None else SURE_FOR
    return Ask(name, parser, said, None if shows is None else digest(shows), level, days)


def look(query: Query[T]) -> Look[T]:
    """What the books say now: read afresh at every message."""
    return Look(query)


def once(name: str, command: Command) -> Once:
    """The outcome (a short word) of something done once, such as sending a code.

    Done again only if the command itself has changed, because an answer before it was corrected.
    """
    return Once(name, command)


def farewell(no: Refusal | str, /, facts: Facts = (), **values: Value) -> Farewell:
    """Last words, after which the flow returns; a refusal brings its own."""
    if isinstance(no, Refusal):
        return Farewell(refused(no))
    return Farewell(Said(no, values, facts))


def refused(no: Refusal) -> Said:
    """What a citizen is told of a refusal."""
    return Said(f"refusal.{no.code.value}", dict(no.details))

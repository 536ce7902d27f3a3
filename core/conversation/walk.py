"""Every path of a flow: each answer to each question, in a given world. For tests and diagrams."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from core.conversation.ask import Body, Command
from core.conversation.caller import Caller
from core.conversation.digest import digest
from core.conversation.play import Done, Read, Record, Waiting, play
from core.conversation.sentences import Said
from core.faults import Fault

MOST: Final = 20_000


class NoSamples(Fault):
    """The question “{name}” has neither options nor sample answers, so it cannot be walked."""


class TooManyPaths(Fault):
    """A flow has more than 20,000 paths in one world."""


@dataclass(frozen=True, slots=True)
class Stop:
    """One question on a path: what is said before it, and the answer the walker gave."""

    waiting: Waiting
    answer: str


@dataclass(frozen=True, slots=True)
class Path:
    """One way through a flow."""

    stops: tuple[Stop, ...]
    end: Done

    @property
    def answers(self) -> Mapping[str, str]:
        """The answers by question."""
        return {stop.waiting.question.name: stop.answer for stop in self.stops}

    @property
    def said(self) -> tuple[Said, ...]:
        """Everything that is said on the way, questions included."""
        before = [
            sentence
            for stop in self.stops
            for sentence in (*stop.waiting.said, stop.waiting.question.said)
        ]
        return (*before, *self.end.said)

    @property
    def command(self) -> Command | None:
        """What the flow wishes to be done at the end."""
        return self.end.command


Outcomes = Callable[[Command], tuple[str, ...]]


def always_done(command: Command) -> tuple[str, ...]:
    """The world in which whatever is done once goes well."""
    del command
    return ("done",)


def walk(flow: Body, me: Caller, read: Read, outcomes: Outcomes = always_done) -> Iterator[Path]:
    """Every path of a flow for one caller in one world.

    `outcomes`: what may come of something done once; each is tried.
    Raises: NoSamples, TooManyPaths, and whatever `play` raises.
    """
    waiting: list[tuple[Record, tuple[Stop, ...]]] = [(Record(), ())]
    found = 0
    while waiting:
        record, stops = waiting.pop()
        for result in _plays(flow, me, record, read, outcomes):
            if isinstance(result, Done):
                found += 1
                if found > MOST:
                    raise TooManyPaths
                yield Path(stops, result)
                continue
            waiting.extend(_onward(result, stops))


def _onward(at: Waiting, stops: tuple[Stop, ...]) -> Iterator[tuple[Record, tuple[Stop, ...]]]:
    possible = at.question.parser.possible()
    if not possible:
        raise NoSamples(name=at.question.name)
    for answer in reversed(possible):
        answers = {**at.record.answers, at.question.name: answer}
        yield replace(at.record, answers=answers), (*stops, Stop(at, answer))


class _Choosing(Exception):
    """A signal from a play to its walker: what comes of this command?"""

    def __init__(self, command: Command) -> None:
        super().__init__()
        self.command = command


def _plays(
    flow: Body, me: Caller, record: Record, read: Read, outcomes: Outcomes
) -> Iterator[Waiting | Done]:
    """The plays from here, one for each outcome of what is done on the way."""
    known: list[dict[str, str]] = [{}]
    while known:
        chosen = known.pop()

        def act(command: Command, chosen: dict[str, str] = chosen) -> str:
            if digest(command) not in chosen:
                raise _Choosing(command)
            return chosen[digest(command)]

        try:
            yield play(flow, me, record, read, act)
        except _Choosing as fork:
            name = digest(fork.command)
            known.extend({**chosen, name: one} for one in reversed(outcomes(fork.command)))

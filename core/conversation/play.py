"""Playing a flow: from the top, over named answers, to the next question or to its end.

outcome = f(flow, answers, books). Nothing is kept in memory, and no event loop is involved: a flow
is driven with `.send()`, and whatever it awaits besides `say`, `ask`, `look`, `once` is a fault.

What does not live here: what a message means for a question (`dialogue.py`), and every path of a
flow (`walk.py`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from core.conversation.ask import Ask, Body, Command, Farewell, Look, Once, Query, Say, refused
from core.conversation.caller import Caller
from core.conversation.digest import digest
from core.conversation.heard import Heard
from core.conversation.menu import Menu
from core.conversation.sentences import Said
from core.faults import Fault
from core.refusals import Code, Refusal

Read = Callable[[Query[Any]], Any]
Act = Callable[[Command], str]

LONGEST: Final = 200


class ForeignStep(Fault):
    """A flow may only say, ask, look and once; it awaited a {kind}."""


class AskedTwice(Fault):
    """A flow used the name “{name}” twice."""


class EndlessFlow(Fault):
    """A flow took more than 200 steps."""


class AfterFarewell(Fault):
    """A flow went on after its farewell."""


class NotNow(Fault):
    """A flow wants “{name}” to be done where nothing may be done."""


@dataclass(frozen=True, slots=True)
class Record:
    """What a conversation remembers of one flow.

    `answers`: settled answers by question, in the order in which they were given. `digests`: what
    was shown with a confirmation. `effects`: digest and outcome of what was done once.
    """

    answers: Mapping[str, str] = field(default_factory=dict, repr=False)
    digests: Mapping[str, str] = field(default_factory=dict)
    effects: Mapping[str, tuple[str, str]] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Waiting:
    """The flow waits for an answer to `question`. `changed`: it was answered, but no longer."""

    said: tuple[Said, ...]
    question: Ask[Any]
    menu: Menu | None
    record: Record
    answered: "Answered" = ()
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """The flow has ended, with something to be done or without."""

    said: tuple[Said, ...]
    command: Command | None
    record: Record
    answered: "Answered" = ()


Answered = tuple[tuple[Ask[Any], str], ...]
"""The questions on the way that have an answer, each with what is stored."""


def nothing_is_done(command: Command) -> str:
    """The `act` of tests and walks in which nothing may be done.

    Raises: NotNow.
    """
    raise NotNow(name=type(command).__name__)


def play(
    flow: Body,
    me: Caller,
    record: Record,
    read: Read,
    act: Act = nothing_is_done,
    *,
    passing: Heard | None = None,
) -> Waiting | Done:
    """Where the flow stands after all recorded answers.

    `passing`: this message; a question that finds its answer mentioned there is not asked.
    Raises: ForeignStep, AskedTwice, EndlessFlow, AfterFarewell, and whatever the flow raises.
    """
    return _Playing(me, record, read, act, passing).through(flow)


@dataclass(slots=True)
class _Playing:
    """One run of one flow."""

    me: Caller
    record: Record
    read: Read
    act: Act
    passing: Heard | None
    said: list[Said] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    answered: list[tuple[Ask[Any], str]] = field(default_factory=list)

    def through(self, flow: Body) -> Waiting | Done:
        coroutine = flow(self.me)
        reply: Any = None
        ended = False
        try:
            for _ in range(LONGEST):
                try:
                    step = coroutine.send(reply)
                except StopIteration as stop:
                    return self._done(stop.value)
                if ended:
                    raise AfterFarewell
                ended = isinstance(step, Farewell)
                reply = self._taken(step)
                if isinstance(reply, Waiting | Done):
                    return reply
        finally:
            coroutine.close()
        raise EndlessFlow

    def _taken(self, step: object) -> Any:
        match step:
            case Say() | Farewell():
                self.said.append(step.said)
                return None
            case Look():
                return self.read(step.query)
            case Ask():
                return self._asked(step)
            case Once():
                return self._done_once(step)
            case _:
                raise ForeignStep(kind=type(step).__name__)

    def _asked(self, question: Ask[Any]) -> Any:
        self._named(question.name)
        if question.level > self.me.level:
            self.said.append(refused(Refusal(Code.LEVEL_TOO_LOW)))
            return self._done(None)
        kept = self.record.answers.get(question.name)
        shown = self.record.digests.get(question.name)
        value = None if kept is None else question.parser.value(kept)
        if kept is not None and value is not None and question.shown in (None, shown):
            self.said.clear()  # it was said when this was asked
            self.answered.append((question, kept))
            return value
        found = self._mentioned(question) if kept is None else None
        if found is not None:
            self.answered.append((question, found))
            return question.parser.value(found)
        return self._waiting(question, changed=kept is not None)

    def _done(self, command: Command | None) -> Done:
        return Done(tuple(self.said), command, self.record, tuple(self.answered))

    def _mentioned(self, question: Ask[Any]) -> str | None:
        """The answer that this very message gives in passing; never to a confirmation."""
        if self.passing is None or question.shown is not None:
            return None
        found = question.parser.mention(self.passing)
        if found is None or question.parser.value(found) is None:
            return None
        answers = {**self.record.answers, question.name: found}
        self.record = replace(self.record, answers=answers)
        return found

    def _waiting(self, question: Ask[Any], *, changed: bool) -> Waiting:
        answers = {n: kept for n, kept in self.record.answers.items() if n != question.name}
        digests = {n: seen for n, seen in self.record.digests.items() if n != question.name}
        if question.shown is not None:
            digests[question.name] = question.shown
        record = replace(self.record, answers=answers, digests=digests)
        said, answered = tuple(self.said), tuple(self.answered)
        return Waiting(said, question, question.menu, record, answered, changed)

    def _done_once(self, step: Once) -> str:
        self._named(step.name)
        wanted = digest(step.command)
        before = self.record.effects.get(step.name)
        if before is not None and before[0] == wanted:
            return before[1]
        outcome = self.act(step.command)
        effects = {**self.record.effects, step.name: (wanted, outcome)}
        self.record = replace(self.record, effects=effects)
        return outcome

    def _named(self, name: str) -> None:
        if name in self.names:
            raise AskedTwice(name=name)
        self.names.add(name)

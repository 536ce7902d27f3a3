"""One message at work: the state it found, what is said in answer, and the moves between flows.

What does not live here: what the message means (`dialogue.py`), and the repairs (`repairs.py`).
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from core.conversation.ask import Command, Go
from core.conversation.caller import Caller
from core.conversation.flow import MENU, Book
from core.conversation.heard import Heard, heard
from core.conversation.menu import Menu
from core.conversation.offers import ALSO, OWN, Begin, Correct
from core.conversation.parsers import Private
from core.conversation.play import Act, Done, Read, Record, Waiting, play
from core.conversation.sentences import Said, Words
from core.conversation.state import DEEPEST, Frame, State
from core.conversation.understanding.intents import Intent
from core.faults import Fault

HOPS: Final = 8


class GoesInCircles(Fault):
    """Flows sent one message on to one another more than eight times."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a command: sentences, and where the talk goes on."""

    said: tuple[Said, ...] = ()
    then: Go | None = None


@dataclass(frozen=True, slots=True)
class World:
    """What a conversation can reach, given by the turn.

    `read` answers queries; `act` does something once; `execute` carries out the wish of a flow that
    has ended, after which `caller` says who is there now. `awaited` says what a message answers
    when no question is pending (a notice that was sent), given the token of a pressed button;
    `overtaken` what it answers although one is: a notice that came after that question.
    """

    book: Book
    read: Read
    act: Act
    execute: Callable[[Command], Outcome]
    caller: Callable[[], Caller]
    awaited: Callable[[Heard, str | None], Go | None]
    overtaken: Callable[[Heard], Go | None] = lambda _: None


@dataclass(frozen=True, slots=True)
class Answer:
    """What one message is answered with, the state it leaves behind, and who is spoken to."""

    state: State
    me: Caller
    said: tuple[Said, ...]
    question: Said | None
    menu: Menu | None


@dataclass(slots=True)
class Scene:
    """One message at work."""

    state: State
    me: Caller
    world: World
    heard: Heard
    said: list[Said] = field(default_factory=list)

    def say(self, key: str, **values: str | Words) -> None:
        """Say an engine's sentence."""
        self.said.append(Said(key, values))

    def title(self, name: str) -> Words:
        """What a flow is called."""
        return Words(self.world.book.flow(name).title)

    def played(self, frame: Frame, passing: Heard | None = None) -> Waiting | Done:
        """Where a flow stands now."""
        me = self.me
        if me.subject != frame.subject:
            me = replace(me, subject=frame.subject)
        body = self.world.book.flow(frame.flow).body
        return play(body, me, frame.record, self.world.read, self.world.act, passing=passing)


def begun(scene: Scene, go: Go, passing: Heard | None = None) -> Answer:
    """The answer that a flow begins with."""
    return advanced(scene, _frame(go), passing)


def wished(scene: Scene, intent: Intent, passing: Heard) -> Answer:
    """The answer to a wish: its flow begins, or the menu where no flow is for it."""
    return advanced(scene, _wish(scene, intent), passing)


def parked(scene: Scene, *, into: str) -> None:
    """Set the running flow aside for another one, to come back to it."""
    state, running = scene.state, scene.state.running
    replaced = (into, *scene.world.book.flow(into).replaces)
    kept = [frame for frame in state.parked if frame.flow not in replaced]
    if running is not None and running.flow not in replaced and _is_worth_keeping(running):
        kept = [running, *(frame for frame in kept if frame.flow != running.flow)]
    scene.state = replace(state, running=None, parked=tuple(kept[:DEEPEST]))


def advanced(scene: Scene, frame: Frame, passing: Heard | None = None) -> Answer:
    """Play on from here, through flows that send the talk on, to a question or to rest.

    Raises: GoesInCircles.
    """
    at: Frame | None = frame
    for _ in range(HOPS):
        if at is None:
            return rested(scene)
        result = scene.played(at, passing)
        if isinstance(result, Waiting) and result.changed and not scene.said:
            scene.say("engine.changed")
        scene.said.extend(result.said)
        at = replace(at, record=result.record)
        if isinstance(result, Waiting):
            return asked(scene, at, result)
        at, passing = _after(scene, at, result, passing)
    raise GoesInCircles


def asked(scene: Scene, frame: Frame, waiting: Waiting) -> Answer:
    """The answer that ends with a question."""
    state, question = scene.state, waiting.question
    shown = () if waiting.menu is None else waiting.menu.keys
    same = state.pending == question.name and state.shown == shown and state.token is not None
    scene.state = replace(
        state,
        running=frame,
        pending=question.name,
        shown=shown,
        token=state.token if same else _token(scene, question.name),
        private=question.parser.private,
        asked_on=scene.me.today,
    )
    return Answer(scene.state, scene.me, tuple(scene.said), question.said, waiting.menu)


def rested(scene: Scene) -> Answer:
    """The answer after which nothing is asked; never silence."""
    if not scene.said:
        scene.say("engine.ready")
    scene.state = replace(
        scene.state,
        running=None,
        pending=None,
        shown=(),
        token=None,
        private=Private.NOTHING,
        opening="",
        asked_on=None,
    )
    return Answer(scene.state, scene.me, tuple(scene.said), None, None)


def resumed(scene: Scene) -> Frame | None:
    """The flow that was set aside last, with a sentence that the talk goes back to it."""
    if not scene.state.parked:
        return None
    back, *rest = scene.state.parked
    scene.state = replace(scene.state, parked=tuple(rest))
    scene.say("engine.resumed", what=scene.title(back.flow))
    return back


def _after(
    scene: Scene, ended: Frame, done: Done, passing: Heard | None
) -> tuple[Frame | None, Heard | None]:
    """What is played after a flow has ended, and the message that it may find answers in."""
    scene.state = replace(scene.state, running=None)
    told: tuple[Said, ...] = ()
    match done.command:
        case Go() as go:
            return _frame(go), passing
        case Begin() as begin:
            return _wish(scene, begin.intent), heard(scene.state.opening)
        case Correct() as correct:
            return _taken_up(scene, without=correct.name), None
        case None:
            then = None
        case command:
            outcome = scene.world.execute(command)
            scene.me = scene.world.caller()
            scene.said.extend(outcome.said)
            then, told = outcome.then, outcome.said
    if not ended.flow.startswith(OWN):
        scene.state = replace(scene.state, ended=ended, told=told)
    return (resumed(scene) or _offered(scene) if then is None else _frame(then)), None


def _frame(go: Go) -> Frame:
    return Frame(go.flow, go.subject, Record(dict(go.answers)))


def _wish(scene: Scene, intent: Intent) -> Frame:
    flow = scene.world.book.begun_by(intent)
    return Frame(MENU) if flow is None else Frame(flow.name, intent.value)


def _taken_up(scene: Scene, *, without: str) -> Frame | None:
    """The flow that was set aside last, without one of its answers."""
    if not scene.state.parked:
        return None
    back, *rest = scene.state.parked
    scene.state = replace(scene.state, parked=tuple(rest))
    return replace(back, record=dropped(back.record, without))


def _offered(scene: Scene) -> Frame | None:
    """The second wish of a message, offered once the first is done with."""
    also = scene.state.also
    scene.state = replace(scene.state, also="")
    return Frame(ALSO, also) if also else None


def dropped(record: Record, name: str) -> Record:
    """The record without one answer, and without what was shown with it."""
    answers = {n: kept for n, kept in record.answers.items() if n != name}
    digests = {n: seen for n, seen in record.digests.items() if n != name}
    return replace(record, answers=answers, digests=digests)


def _is_worth_keeping(frame: Frame) -> bool:
    return frame.flow != MENU and not frame.flow.startswith(OWN)


def _token(scene: Scene, name: str) -> str:
    """A name for this asking of a question; another asking has another."""
    written = f"{scene.me.contact_id}/{scene.state.turns}/{name}"
    return hashlib.blake2b(written.encode(), digest_size=6).hexdigest()

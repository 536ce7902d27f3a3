"""What mends a conversation, once for all flows and channels.

Back, cancel, correct, repeat, help, why, switch and resume, start over, a person, stop; and what
is said when a message is no answer, empty, or no text at all.

What does not live here: which message asks for which repair (`keywords.py`, `dialogue.py`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from core import wording
from core.conversation.ask import Command, Go
from core.conversation.corrections import MOST, Correction
from core.conversation.flow import MENU, OFFICER
from core.conversation.keywords import Keyword
from core.conversation.offers import CORRECT, PERSON
from core.conversation.play import Record, Waiting
from core.conversation.scene import (
    Answer,
    Scene,
    advanced,
    asked,
    begun,
    dropped,
    parked,
    rested,
    resumed,
)
from core.conversation.sentences import domain
from core.conversation.state import Frame, State

PATIENCE: Final = 3


@dataclass(frozen=True, slots=True)
class StopNotices(Command):
    """No more messages to this address, unless it writes first."""


@dataclass(frozen=True, slots=True)
class AllowNotices(Command):
    """Messages may come to this address again."""


@dataclass(frozen=True, slots=True)
class Prefer(Command):
    """The language an address wishes, and whether its letters have marks."""

    language: str
    accents: bool | None


def again(scene: Scene) -> Answer:
    """The question that waits, asked again without what led to it; rest where nothing waits."""
    running = scene.state.running
    if running is None:
        return rested(scene)
    result = scene.played(running)
    frame = replace(running, record=result.record)
    if isinstance(result, Waiting) and result.question.name == scene.state.pending:
        return asked(scene, frame, result)
    return advanced(scene, frame)


def back(scene: Scene, waiting: Waiting | None) -> Answer:
    """The question before, asked again."""
    running = scene.state.running
    if running is None or waiting is None:
        scene.say("engine.back.nothing")
        return _menu_or_rest(scene)
    given = [question.name for question, _ in waiting.answered]
    if not given:
        scene.say("engine.back.first")
        return again(scene)
    scene.say("engine.back.done")
    return advanced(scene, replace(running, record=dropped(waiting.record, given[-1])))


def cancel(scene: Scene, waiting: Waiting | None) -> Answer:
    """The running flow is dropped; nothing of it was done."""
    del waiting
    running = scene.state.running
    if running is None:
        scene.say("engine.cancel.nothing")
        return rested(scene)
    scene.say("engine.cancel.done")
    scene.state = replace(scene.state, running=None, also="", misses=0)
    frame = resumed(scene)
    return rested(scene) if frame is None else advanced(scene, frame)


def corrected(scene: Scene, running: Frame, waiting: Waiting, change: Correction) -> Answer:
    """One earlier answer is changed, or asked again; the later ones stay."""
    if change.answer is None:
        return advanced(scene, replace(running, record=dropped(waiting.record, change.name)))
    scene.say("engine.correct.done")
    answers = {**waiting.record.answers, change.name: change.answer}
    return advanced(scene, replace(running, record=replace(waiting.record, answers=answers)))


def correct(scene: Scene, waiting: Waiting | None) -> Answer:
    """Which answer is to be given again: the only one at once, one of several by a question."""
    running = scene.state.running
    if running is None or waiting is None or not waiting.answered:
        return back(scene, waiting)
    questions = [question for question, _ in waiting.answered][-MOST:]
    if len(questions) == 1:
        return corrected(scene, running, waiting, Correction(questions[0].name, None))
    pairs = ",".join(f"{q.name}={q.said.key}" for q in questions)
    parked(scene, into=CORRECT)
    return begun(scene, Go(CORRECT, pairs))


def repeat(scene: Scene, waiting: Waiting | None) -> Answer:
    """The question with all that led to it, or what the last flow said, read afresh."""
    del waiting
    ended = scene.state.ended
    running = scene.state.running
    if running is not None:
        return advanced(scene, running)
    result = None if ended is None else scene.played(ended)
    said = () if isinstance(result, Waiting | None) else (*result.said, *scene.state.told)
    if not said:
        return begun(scene, Go(MENU))
    scene.said.extend(said)
    return rested(scene)


def help_(scene: Scene, waiting: Waiting | None) -> Answer:
    """How to answer, and the words that always work."""
    if waiting is None:
        scene.say("engine.help.words")
        return begun(scene, Go(MENU))
    own = f"{waiting.question.said.key}.help"
    if wording.has(own, "vi", domain(own)):
        scene.say(own)
    else:
        scene.say("engine.help.menu" if waiting.menu else "engine.help.open")
    scene.say("engine.help.words")
    return again(scene)


def why(scene: Scene, waiting: Waiting | None) -> Answer:
    """Why we ask."""
    if waiting is None:
        scene.say("engine.why.nothing")
        return _menu_or_rest(scene)
    own = f"{waiting.question.said.key}.why"
    scene.say(own if wording.has(own, "vi", domain(own)) else "engine.why.general")
    return again(scene)


def start_over(scene: Scene, waiting: Waiting | None) -> Answer:
    """The running flow from its first question; what was done once stays done."""
    running = scene.state.running
    if running is None or waiting is None:
        return begun(scene, Go(MENU))
    scene.say("engine.start_over")
    return advanced(scene, replace(running, record=Record(effects=waiting.record.effects)))


def person(scene: Scene, waiting: Waiting | None) -> Answer:
    """The way to an officer; what was running is come back to."""
    del waiting
    running = scene.state.running
    if running is not None and running.flow == OFFICER:
        return again(scene)
    parked(scene, into=OFFICER)
    return begun(scene, Go(OFFICER))


def menu(scene: Scene, waiting: Waiting | None) -> Answer:
    """What can be done here."""
    del waiting
    parked(scene, into=MENU)
    return begun(scene, Go(MENU))


def stop(scene: Scene, waiting: Waiting | None) -> Answer:
    """No more notices, at once and without a question; what was running is dropped."""
    del waiting
    scene.world.execute(StopNotices())
    scene.say("engine.stop.done")
    scene.state = State(turns=scene.state.turns, told_case=scene.state.told_case)
    return rested(scene)


def allow(scene: Scene, waiting: Waiting | None) -> Answer:
    """Notices may come again."""
    del waiting
    scene.world.execute(AllowNotices())
    scene.say("engine.stop.undone")
    return again(scene)


def _prefer(scene: Scene, wish: Prefer, key: str) -> Answer:
    scene.world.execute(wish)
    scene.me = replace(scene.me, language=wish.language, accents=wish.accents)
    scene.say(key)
    return again(scene)


def vietnamese(scene: Scene, waiting: Waiting | None) -> Answer:
    """From now on in Vietnamese."""
    del waiting
    return _prefer(scene, Prefer("vi", scene.me.accents), "engine.language")


def english(scene: Scene, waiting: Waiting | None) -> Answer:
    """From now on in English."""
    del waiting
    return _prefer(scene, Prefer("en", scene.me.accents), "engine.language")


def without_marks(scene: Scene, waiting: Waiting | None) -> Answer:
    """From now on without marks, for phones that cannot show them."""
    del waiting
    return _prefer(scene, Prefer(scene.me.language, accents=False), "engine.marks.without")


def with_marks(scene: Scene, waiting: Waiting | None) -> Answer:
    """From now on with marks."""
    del waiting
    return _prefer(scene, Prefer(scene.me.language, accents=True), "engine.marks.with")


Repair = Callable[[Scene, Waiting | None], Answer]

REPAIRS: Final[Mapping[Keyword, Repair]] = MappingProxyType(
    {
        Keyword.BACK: back,
        Keyword.CANCEL: cancel,
        Keyword.CORRECT: correct,
        Keyword.REPEAT: repeat,
        Keyword.HELP: help_,
        Keyword.WHY: why,
        Keyword.START_OVER: start_over,
        Keyword.PERSON: person,
        Keyword.STOP: stop,
        Keyword.MENU: menu,
        Keyword.NOTICES: allow,
        Keyword.VIETNAMESE: vietnamese,
        Keyword.ENGLISH: english,
        Keyword.WITHOUT_MARKS: without_marks,
        Keyword.WITH_MARKS: with_marks,
    }
)


def missed(scene: Scene, waiting: Waiting | None, key: str) -> Answer:
    """The message was no answer: said politely, asked again; the third time a person is offered."""
    misses = scene.state.misses + 1
    if misses >= PATIENCE:
        return _offer_person(scene)
    scene.state = replace(scene.state, misses=misses)
    scene.say(key)
    if waiting is None:
        return begun(scene, Go(MENU))
    return again(scene)


def _offer_person(scene: Scene) -> Answer:
    """A person is offered; where even the offer is not understood, the way leads to one."""
    running = scene.state.running
    flow = OFFICER if running is not None and running.flow == PERSON else PERSON
    scene.state = replace(scene.state, misses=0)
    parked(scene, into=flow)
    return begun(scene, Go(flow))


def unreadable(scene: Scene, key: str) -> Answer:
    """Nothing that could be read came in: said politely, and what was asked is asked again."""
    scene.say(key)
    return again(scene)


def _menu_or_rest(scene: Scene) -> Answer:
    return begun(scene, Go(MENU)) if scene.state.running is None else again(scene)

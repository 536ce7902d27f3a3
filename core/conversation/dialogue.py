"""One message of one person: what it means where the talk stands, and what it is answered with.

Pure: a state, a message and a world in; a state and sentences out. The order in which a message
is read is the order of the functions below; nothing irreversible hangs on a guess.

What does not live here: the transaction around it (`bot/turn.py`).
"""

from dataclasses import dataclass, field, replace
from typing import Final

from core.conversation import repairs
from core.conversation.ask import Go
from core.conversation.caller import Caller
from core.conversation.choices import exactly
from core.conversation.corrections import correction, takes_back
from core.conversation.flow import DEATH, MENU
from core.conversation.heard import heard
from core.conversation.keywords import Keyword, keyword
from core.conversation.menu import Choice, Menu
from core.conversation.offers import OWN, SURE, WISH
from core.conversation.parsers import Asked, Private
from core.conversation.play import Waiting
from core.conversation.scene import Answer, Scene, World, advanced, begun, parked, rested, wished
from core.conversation.state import Frame, State
from core.conversation.understanding.deaths import tells_of_a_death
from core.conversation.understanding.decide import Decision, Understanding, understand
from core.conversation.understanding.intents import REPLIES, SOCIAL, Intent

LONGEST: Final = 500
_CHOICES: Final = 3
_BRIEF: Final = 4
_NOT_OURS: Final = 0.99
_LINK: Final = "/start "  # what opening a deep link sends
_SMALL_TALK: Final = {
    Intent.GREETING: "engine.greeting",
    Intent.THANKS: "engine.thanks",
    Intent.GOODBYE: "engine.goodbye",
    Intent.LANGUAGE_SWITCH: "engine.language.how",
}
_ASKS_BACK: Final = frozenset({Keyword.REPEAT, Keyword.HELP, Keyword.WHY})
# Wishes that are still heard beside the news of a death: none is answered with somebody's money.
_BESIDE_A_DEATH: Final = frozenset(
    {Intent.STOP_NOTIFICATIONS, Intent.FRAUD_REPORT, Intent.TALK_TO_HUMAN, Intent.WHO_CAN_COLLECT}
)
_KEYWORDS: Final = {
    Intent.BACK: Keyword.BACK,
    Intent.CANCEL: Keyword.CANCEL,
    Intent.HELP: Keyword.HELP,
    Intent.TALK_TO_HUMAN: Keyword.PERSON,
    Intent.STOP_NOTIFICATIONS: Keyword.STOP,
}


@dataclass(frozen=True, slots=True)
class Message:
    """What came in. `token`: of the menu whose button was pressed. Not `is_text`: a picture …"""

    text: str = field(repr=False)
    token: str | None = None
    is_text: bool = True


def answer(state: State, message: Message, me: Caller, world: World) -> Answer:
    """The answer to one message; there always is one.

    Raises: Fault, from a flow or from what it reads.
    """
    said = heard(message.text)
    scene = Scene(replace(state, turns=state.turns + 1), me, world, said)
    _forget_unknown_flows(scene)
    if message.token is not None and message.token != state.token:
        return _to_an_old_menu(scene, message.token)
    if not message.is_text:
        return repairs.unreadable(scene, "engine.only_text")
    if not said.line:
        return repairs.unreadable(scene, "engine.empty")
    if _is_of_a_death(scene):
        return _after_a_death(scene)
    if scene.state.running is None:
        return _at_rest(scene)
    if said.line.startswith(_LINK):
        return _from_a_link(scene, scene.state.running)
    return _in_a_flow(scene, scene.state.running)


def is_stop(text: str) -> bool:
    """Whether a message asks for silence: that works even while an officer holds the talk."""
    return keyword(heard(text)) is Keyword.STOP


def _forget_unknown_flows(scene: Scene) -> None:
    """A flow that this release does not have any more is given up, and that is said."""
    known = scene.world.book.flows
    state = scene.state
    begun_once = (state.running, state.ended, *state.parked)
    if all(frame is None or frame.flow in known for frame in begun_once):
        return
    kept = tuple(frame for frame in state.parked if frame.flow in known)
    ended = state.ended if state.ended and state.ended.flow in known else None
    running = state.running
    if running is not None and running.flow not in known:
        scene.say("engine.restarted")
        running = None
    scene.state = replace(state, running=running, parked=kept, ended=ended)


def _to_an_old_menu(scene: Scene, token: str) -> Answer:
    """A button of a menu that is not open: of a notice, or of the past, which changes nothing."""
    go = scene.world.awaited(scene.heard, token)
    if go is not None:
        parked(scene, into=go.flow)
        return begun(scene, go)
    if scene.state.running is not None:
        scene.say("engine.old_menu.open")
        return repairs.again(scene)
    scene.say("engine.old_menu.closed")
    return begun(scene, Go(MENU))


def _is_of_a_death(scene: Scene) -> bool:
    """Whether to condole: not in the middle of words for an officer, and not twice over."""
    running, flows = scene.state.running, scene.world.book.flows
    if DEATH not in flows or (running is not None and running.flow == DEATH):
        return False
    return tells_of_a_death(scene.heard.text, [ward.name for ward in scene.me.wards])


def _after_a_death(scene: Scene) -> Answer:
    """Nobody is asked to go on with what was running, and nothing about money is said."""
    running = scene.state.running
    if running is not None:
        before = scene.played(running)
        if isinstance(before, Waiting) and before.question.parser.is_open:
            scene.say("death.condolence")
            done = replace(running.record, effects=before.record.effects)
            return _in_a_flow(scene, replace(running, record=done))
    understood = understand(scene.heard.raw)
    scene.state = replace(_at_rest_again(scene.state), parked=())
    if understood.decision is Decision.ACT and understood.intent in _BESIDE_A_DEATH:
        scene.say("death.condolence")
        return _acted(scene, understood)
    return begun(scene, Go(DEATH, scene.heard.line[:LONGEST]))


def _from_a_link(scene: Scene, running: Frame) -> Answer:
    """A link that was opened means what it says, whatever is being asked."""
    go = scene.world.awaited(scene.heard, None)
    if go is None:
        return _in_a_flow(scene, running)
    parked(scene, into=go.flow)
    return begun(scene, go)


def _at_rest(scene: Scene) -> Answer:
    """Nothing is asked: a notice may be answered, else a keyword, else a wish."""
    word = keyword(scene.heard)
    if word is Keyword.STOP:
        return repairs.stop(scene, None)
    go = scene.world.awaited(scene.heard, None)
    if go is not None:
        return begun(scene, go)
    if word is not None:
        return repairs.REPAIRS[word](scene, None)
    return _wish(scene, understand(scene.heard.raw))


def _wish(scene: Scene, understood: Understanding) -> Answer:
    """What somebody wants who was not asked anything."""
    intent = understood.intent
    if intent in _SMALL_TALK:
        return _small_talk(scene, intent)
    if understood.decision is Decision.ACT:
        return _acted(scene, understood)
    if understood.decision is Decision.CONFIRM and _has_flow(scene, intent):
        return _guessed(scene, SURE, [intent])
    if understood.decision is Decision.CHOOSE:
        likely = [one for one, _ in understood.top if _has_flow(scene, one)][:_CHOICES]
        if likely:
            return _guessed(scene, WISH, likely)
    if _is_surely_not_ours(scene, understood):
        return wished(scene, intent, scene.heard)
    return repairs.missed(scene, None, "engine.not_understood")


def _is_surely_not_ours(scene: Scene, understood: Understanding) -> bool:
    """Whether to say what this is not for, instead of not having understood."""
    if understood.intent is not Intent.OUT_OF_SCOPE or not _has_flow(scene, understood.intent):
        return False
    return understood.top[0][1] >= _NOT_OURS and len(scene.heard.text.words) > _CHOICES


def _acted(scene: Scene, understood: Understanding) -> Answer:
    scene.state = replace(scene.state, misses=0)
    word = _KEYWORDS.get(understood.intent)
    if word is not None and scene.world.book.begun_by(understood.intent) is None:
        return repairs.REPAIRS[word](scene, None)
    if not _has_flow(scene, understood.intent):
        return repairs.missed(scene, None, "engine.not_understood")
    also = understood.also
    if also is not None and _has_flow(scene, also):
        scene.state = replace(scene.state, also=also.value)
    return wished(scene, understood.intent, scene.heard)


def _guessed(scene: Scene, flow: str, intents: list[Intent]) -> Answer:
    scene.state = replace(scene.state, opening=scene.heard.raw)
    return begun(scene, Go(flow, ",".join(intents)))


def _has_flow(scene: Scene, intent: Intent) -> bool:
    return scene.world.book.begun_by(intent) is not None


def _small_talk(scene: Scene, intent: Intent) -> Answer:
    scene.say(_SMALL_TALK[intent])
    scene.state = replace(scene.state, misses=0)
    return begun(scene, Go(MENU)) if intent is Intent.GREETING else rested(scene)


def _in_a_flow(scene: Scene, running: Frame) -> Answer:
    """Something is asked: the message is a keyword, a correction, an answer, or another wish."""
    newer = scene.world.overtaken(scene.heard)
    if newer is not None:
        # Whoever answers in numbers answers what they read last.
        parked(scene, into=newer.flow)
        return begun(scene, newer)
    before = scene.played(running)
    # What was done on the way is done: no later play of this turn may do it again.
    done = replace(running.record, effects=before.record.effects)
    running = replace(running, record=done)
    scene.state = replace(scene.state, running=running)
    if not isinstance(before, Waiting) or not _still_stands(scene, running, before):
        return _moved_on(scene, running)
    word = keyword(scene.heard)
    if word is not None and (word is Keyword.STOP or not _is_a_line(scene, before)):
        return _repaired(scene, before, word)
    if _is_stale(scene, before):
        return _too_late(scene, running, before)
    changed = _correction(scene, running, before)
    if changed is not None:
        return changed
    settled = _settled(scene, before)
    if settled is None or _wants_another_thing(scene, running, before):
        return _no_answer(scene, running, before)
    scene.state = replace(scene.state, misses=0)
    answers = {**before.record.answers, before.question.name: settled}
    record = replace(before.record, answers=answers)
    return advanced(scene, replace(running, record=record), scene.heard)


def _still_stands(scene: Scene, running: Frame, waiting: Waiting) -> bool:
    """Whether what is asked now is what was asked, and shows what was shown."""
    name, shown = waiting.question.name, waiting.question.shown
    return name == scene.state.pending and running.record.digests.get(name) == shown


def _moved_on(scene: Scene, running: Frame) -> Answer:
    """The books have changed since the question was asked: nobody may answer what is not asked."""
    scene.say("engine.changed")
    return advanced(scene, running)


def _is_stale(scene: Scene, waiting: Waiting) -> bool:
    """Whether so many days have gone by that an answer may be meant for something else."""
    asked_on = scene.state.asked_on
    return asked_on is not None and (scene.me.today - asked_on).days > waiting.question.days


def _too_late(scene: Scene, running: Frame, waiting: Waiting) -> Answer:
    """An answer after days settles nothing: what was asked is said and asked again, from today."""
    answers_it = _settled(scene, waiting) is not None and not _is_a_wish(scene)
    go = scene.world.awaited(scene.heard, None)
    if go is not None or not answers_it:
        scene.state = _at_rest_again(scene.state)
        return begun(scene, go) if go is not None else _wish(scene, understand(scene.heard.raw))
    if running.flow == MENU or running.flow.startswith(OWN):
        scene.say("engine.expired.menu")
    else:
        scene.say("engine.expired", what=scene.title(running.flow))
    scene.state = replace(scene.state, misses=0)
    return advanced(scene, running)


def _is_a_wish(scene: Scene) -> bool:
    """Whether the words want something by themselves, whatever was asked."""
    understood = understand(scene.heard.raw)
    return understood.decision is Decision.ACT and _has_flow(scene, understood.intent)


def _at_rest_again(state: State) -> State:
    return replace(
        state,
        running=None,
        pending=None,
        shown=(),
        token=None,
        private=Private.NOTHING,
        misses=0,
        asked_on=None,
    )


def _repaired(scene: Scene, waiting: Waiting, word: Keyword) -> Answer:
    """Who asks back again and again is not helped by one more time, but by a person."""
    misses = scene.state.misses + 1 if word in _ASKS_BACK else 0
    if misses >= repairs.PATIENCE:
        return repairs.missed(scene, waiting, "engine.no_answer")
    scene.state = replace(scene.state, misses=misses)
    return repairs.REPAIRS[word](scene, waiting)


def _shown(scene: Scene, waiting: Waiting) -> Menu | None:
    """The menu as the person saw it: its numbers count, even of lines that are gone."""
    if waiting.menu is None or waiting.menu.keys == scene.state.shown:
        return waiting.menu
    now = {choice.key: choice for choice in waiting.menu.choices}
    return Menu(tuple(now.get(key, Choice(key, key)) for key in scene.state.shown))


def _is_a_line(scene: Scene, waiting: Waiting) -> bool:
    """Whether a word that could be a keyword answers the question outright."""
    if waiting.question.parser.is_open or _settled(scene, waiting) is None:
        return False
    if waiting.menu is None or scene.heard.line.isdigit():
        return True
    return exactly(scene.heard, waiting.menu) is not None


def _correction(scene: Scene, running: Frame, waiting: Waiting) -> Answer | None:
    taken = takes_back(scene.heard)
    if taken is None or not waiting.answered:
        return None
    rest, outright = taken
    asked, parser = Asked(waiting.menu), waiting.question.parser
    if not (outright or parser.is_open) and parser.settle(rest, asked) is not None:
        return None  # "không, tháng 5" may answer the very question that waits
    change = correction(rest, waiting.answered)
    return None if change is None else repairs.corrected(scene, running, waiting, change)


def _settled(scene: Scene, waiting: Waiting) -> str | None:
    """The answer to the question that waits; a number counts only against the menu shown."""
    question = waiting.question
    asked = Asked(_shown(scene, waiting), confirms=question.shown is not None)
    settled = question.parser.settle(scene.heard, asked)
    if settled is None or question.parser.value(settled) is None:
        return None
    return settled


def _wants_another_thing(scene: Scene, running: Frame, waiting: Waiting) -> bool:
    """Whether an answer is only mentioned in what clearly is another wish: `lịch phát tháng 5`."""
    if waiting.question.parser.is_open or len(scene.heard.text.words) <= _BRIEF:
        return False
    understood = understand(scene.heard.raw, pending=waiting.question.name)
    flow = scene.world.book.begun_by(understood.intent)
    return understood.decision is Decision.ACT and flow is not None and flow.name != running.flow


def _no_answer(scene: Scene, running: Frame, waiting: Waiting) -> Answer:
    """Not an answer here: perhaps to a notice, perhaps another wish, else asked again."""
    go = scene.world.awaited(scene.heard, None)
    if go is not None and go.flow != running.flow:
        parked(scene, into=go.flow)
        return begun(scene, go)
    if waiting.question.parser.is_open and len(scene.heard.line) > LONGEST:
        return repairs.missed(scene, waiting, "engine.too_long")
    understood = understand(scene.heard.raw, pending=waiting.question.name)
    if understood.intent in SOCIAL and understood.decision is Decision.ACT:
        scene.say(_SMALL_TALK[understood.intent])
        return repairs.again(scene)
    if understood.decision is Decision.ACT and understood.intent not in REPLIES:
        switched = _switched(scene, running, waiting, understood)
        if switched is not None:
            return switched
    if not scene.heard.text.words:
        return repairs.missed(scene, waiting, "engine.only_signs")
    if "dung" in scene.heard.text.words and len(scene.heard.text.words) <= _CHOICES:
        return repairs.missed(scene, waiting, "engine.dung")
    return repairs.missed(scene, waiting, "engine.no_answer")


def _switched(
    scene: Scene, running: Frame, waiting: Waiting, understood: Understanding
) -> Answer | None:
    """Another wish in the middle: its flow begins, and what was running is come back to."""
    word = _KEYWORDS.get(understood.intent)
    flow = scene.world.book.begun_by(understood.intent)
    scene.state = replace(scene.state, misses=0)
    if flow is None:
        return None if word is None else repairs.REPAIRS[word](scene, waiting)
    parked(scene, into=flow.name)
    if scene.state.parked and scene.state.parked[0].flow == running.flow:
        scene.say("engine.switched", what=scene.title(running.flow))
    return wished(scene, understood.intent, scene.heard)

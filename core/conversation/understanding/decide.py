"""What a message wants, and how sure that is: act on it, confirm, let the person choose, or none.

A share of the scores alone is a weak gate, so a decision also asks how far the second best is
behind, whether anything out of scope is near, and how many of the words were ever seen. What could
cost money needs more than what only opens an answer, and one bare word never acts on such a wish.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from core.conversation.understanding import classifier, features, normalise, rules, slots
from core.conversation.understanding.classifier import Scores, Weights
from core.conversation.understanding.features import Reading
from core.conversation.understanding.intents import GRAVITY, REPLIES, RISK, SOCIAL, Intent, Risk
from core.conversation.understanding.slots import Slots


class Decision(StrEnum):
    """What may be done with a guess."""

    ACT = "act"  # begin: whatever is irreversible is still asked there
    CONFIRM = "confirm"  # "is it this?"
    CHOOSE = "choose"  # "is it 1, 2 or 3?"
    NONE = "none"  # nothing in it that we know


@dataclass(frozen=True, slots=True)
class Understanding:
    """One message, understood. `intent` is the first of `top`; `also` is a second wish in it."""

    intent: Intent
    top: tuple[tuple[Intent, float], ...]
    decision: Decision
    slots: Slots
    also: Intent | None = None

    def as_json(self) -> dict[str, object]:
        """The three facts that `understand --json` prints."""
        return {
            "intent": self.intent.value,
            "top": [[intent.value, round(share, 4)] for intent, share in self.top],
            "decision": self.decision.value,
        }


TOP: Final = 5
_ACT: Final = {Risk.LOW: 0.65, Risk.MEDIUM: 0.8, Risk.HIGH: 0.85}
_MARGIN: Final = 0.4
_STRANGE: Final = 0.02  # so much share out of scope is too near to act on
_TOO_STRANGE: Final = 0.08  # and so much too near to suggest one thing
_CONFIRM: Final = 0.45
_CHOICE: Final = 0.6  # the first three together
_KNOWN: Final = 0.4
_SURE: Final = 8.0
_LONG: Final = 20
_TAIL_WORDS: Final = 4
_TAIL_SHARE: Final = 0.35
_WISH: Final = 0.85
_WISH_WORDS: Final = 3
_AT_ONCE: Final = frozenset({Intent.FRAUD_REPORT, Intent.TALK_TO_HUMAN, Intent.STOP_NOTIFICATIONS})
"""Nobody is harmed by acting on these too early."""


def understand(text: str, *, pending: str | None = None) -> Understanding:
    """What the message wants. `pending` names the question that waits for an answer, if one does.

    Never fails and takes bounded time, whatever the text. A yes, a no or a number means nothing
    unless a question is pending; the question's own parser reads it before this does.
    """
    return judged(text, classifier.weights(), pending=pending)


def judged(text: str, trained: Weights, *, pending: str | None = None) -> Understanding:
    """As `understand`, with the weights given."""
    normal = normalise.normalise(text)
    found = slots.slots(normal)
    reply = rules.whole_reply(normal)
    if reply == rules.UNCLEAR:
        return _unclear(found)
    if isinstance(reply, Intent):
        return _replied(reply, found, pending=pending)
    if not normal.words:
        return Understanding(
            Intent.OUT_OF_SCOPE, ((Intent.OUT_OF_SCOPE, 1.0),), Decision.NONE, found
        )
    reading = features.read(normal)
    boosts = rules.boosts(reading)
    scored, also = _scored(reading, boosts, trained)
    ranked = scored.ranked()
    settled = boosts.get(ranked[0][0], 0.0) >= rules.SETTLES
    decision = _decision(ranked, reading, trained, settled=settled)
    return Understanding(ranked[0][0], tuple(ranked[:TOP]), decision, found, also)


def _unclear(found: Slots) -> Understanding:
    """`dung` may be yes, don't, stop or use: the person is asked."""
    top = ((Intent.YES, 0.34), (Intent.NO, 0.33), (Intent.CANCEL, 0.33))
    return Understanding(Intent.YES, top, Decision.CHOOSE, found)


def _replied(reply: Intent, found: Slots, *, pending: str | None) -> Understanding:
    top: tuple[tuple[Intent, float], ...] = ((reply, 1.0),)
    if reply in REPLIES and pending is None:
        return Understanding(reply, top, Decision.NONE, found)
    if reply is Intent.CANCEL and pending is None:
        top = ((Intent.CANCEL, 0.6), (Intent.STOP_NOTIFICATIONS, 0.4))
        return Understanding(reply, top, Decision.CHOOSE, found)
    return Understanding(reply, top, Decision.ACT, found)


def _scored(
    reading: Reading, boosts: dict[Intent, float], trained: Weights
) -> tuple[Scores, Intent | None]:
    """The scores of the whole, weighed with its last clause or parted into two wishes."""
    whole = classifier.scores(reading, trained).plus(boosts)
    if not reading.clauses:
        return whole, None
    if len(reading.kinds) > _LONG:
        return _leaning_on_the_end(whole, reading, trained), None
    parts = [
        features.part(reading, (start, end))
        for start, end in features.spans(reading)
        if end - start > 1
    ]
    scored = [(part, _with_rules(part, trained)) for part in parts]
    return _two_wishes(_without_politeness(whole, scored), scored)


def _with_rules(reading: Reading, trained: Weights) -> Scores:
    return classifier.scores(reading, trained).plus(rules.boosts(reading))


def _leaning_on_the_end(whole: Scores, reading: Reading, trained: Weights) -> Scores:
    """In a long story the wish is mostly in the last clause that is a clause."""
    ends = [(start, end) for start, end in features.spans(reading) if end - start >= _TAIL_WORDS]
    if not ends:
        return whole
    tail = _with_rules(features.part(reading, ends[-1]), trained)
    mixed = tuple(
        (1 - _TAIL_SHARE) * all_of_it + _TAIL_SHARE * end
        for all_of_it, end in zip(whole.logits, tail.logits, strict=True)
    )
    return Scores(whole.intents, mixed)


def _without_politeness(whole: Scores, parts: list[tuple[Reading, Scores]]) -> Scores:
    """A greeting beside a question is the question."""
    if whole.best() not in SOCIAL:
        return whole
    for _, scored in parts:
        intent, share = scored.ranked()[0]
        if intent not in SOCIAL | REPLIES | {Intent.OUT_OF_SCOPE} and share >= _WISH:
            return scored
    return whole


def _two_wishes(whole: Scores, parts: list[tuple[Reading, Scores]]) -> tuple[Scores, Intent | None]:
    """Of two clear wishes the graver comes first, and the other is kept."""
    wishes: list[Intent] = []
    for part, scored in parts:
        intent = scored.best()
        if len(part.kinds) < _WISH_WORDS or intent not in GRAVITY or intent in wishes:
            continue
        if scored.ranked()[0][1] >= _WISH:
            wishes.append(intent)
    first = whole.best()
    if len(wishes) != 2 or first not in wishes:  # noqa: PLR2004 - two wishes
        return whole, None
    graver, other = sorted(wishes, key=GRAVITY.index)
    return whole.plus({graver: _SURE} if first is not graver else {}), other


def _decision(
    ranked: list[tuple[Intent, float]], reading: Reading, trained: Weights, *, settled: bool
) -> Decision:
    (first, share), (_, second) = ranked[:2]
    if first is Intent.OUT_OF_SCOPE or first in REPLIES:
        return Decision.NONE
    if first in _AT_ONCE and settled and share >= _CONFIRM:
        return Decision.ACT
    strange = next(part for intent, part in ranked if intent is Intent.OUT_OF_SCOPE)
    if classifier.known_share(reading, trained) < _KNOWN:
        return Decision.CHOOSE if share >= _ACT[Risk.HIGH] else Decision.NONE
    bare = len(reading.kinds) == 1 and RISK[first] is not Risk.LOW
    sure = share >= _ACT[RISK[first]] and share - second >= _MARGIN and strange < _STRANGE
    if sure and not bare:
        return Decision.ACT
    if share >= _CONFIRM and strange < _TOO_STRANGE:
        return Decision.CONFIRM
    if sum(part for _, part in ranked[:3]) >= _CHOICE:
        return Decision.CHOOSE
    return Decision.NONE

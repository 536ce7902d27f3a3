"""Phrase rules for the wishes that must not be missed, and messages that are one reply.

The trained scorer is good with what it has seen; a rule stands where one sentence too few in
training would cost somebody money, such as fraud, stopping messages or asking for a person.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from core import vietnamese
from core.conversation.understanding import tables
from core.conversation.understanding.features import Reading
from core.conversation.understanding.intents import Intent
from core.conversation.understanding.normalise import Text, folded_words, phrase

SETTLES: Final = 4.0
"""A rule that raises its intent this much or more speaks for itself."""

UNCLEAR: Final = "unclear"
_BEFORE: Final = frozenset({"da", "vang", "thua", "a"})
_AFTER: Final = frozenset(
    "a ad admin nhe nha nghe ha he hi vay di luon do day roi voi em anh chi co chu bac o no".split()
)


@dataclass(frozen=True, slots=True)
class Rule:
    """Raises one intent where certain ideas meet."""

    intent: Intent
    raises: float
    needs: tuple[frozenset[str], ...]
    without: frozenset[str]
    example: str

    def holds(self, ideas: frozenset[str]) -> bool:
        """Whether all that it needs is there, and nothing that forbids it."""
        for some in self.needs:
            if some.isdisjoint(ideas):
                return False
        return self.without.isdisjoint(ideas)


def boosts(reading: Reading) -> dict[Intent, float]:
    """By how much the rules raise each intent; of several for one intent the strongest counts."""
    ideas = frozenset(reading.ideas)
    raised: dict[Intent, float] = {}
    by_idea = _rules_by_idea()
    for idea in ideas & by_idea.keys():
        for rule in by_idea[idea]:
            if raised.get(rule.intent, 0.0) < rule.raises and rule.holds(ideas):
                raised[rule.intent] = rule.raises
    return raised


def whole_reply(text: Text) -> Intent | str | None:
    """What a message that is nothing but a known reply says; `UNCLEAR` if it may mean opposites.

    Words with marks are compared with their marks: `đúng` is yes, `đừng` is not, `dung` is unclear.
    """
    known = _replies()
    if not text.words:
        return known.get(vietnamese.clean(text.raw[:8]).strip())
    for start, end in _cores(text.words):
        marked = " ".join(text.marked[start:end])
        if marked in known:
            return known[marked]
    return None


@cache
def rules() -> tuple[Rule, ...]:
    """The rules in the order of their table."""
    return tuple(
        Rule(
            Intent(row["intent"]),
            float(row["raises"]),
            tuple(frozenset(some.split("|")) for some in row["needs"].split()),
            frozenset(row["without"].split()),
            row["example"],
        )
        for row in tables.rows("rules.tsv")
    )


@cache
def _rules_by_idea() -> Mapping[str, tuple[Rule, ...]]:
    """The rules by the ideas that their first need can be met with."""
    found: dict[str, list[Rule]] = {}
    for rule in rules():
        for idea in rule.needs[0]:
            found.setdefault(idea, []).append(rule)
    return {idea: tuple(some) for idea, some in found.items()}


def _cores(words: tuple[str, ...]) -> list[tuple[int, int]]:
    """The message itself, then with more and more of the softeners at its ends left off."""
    start, end = 0, len(words)
    cores = [(start, end)]
    while start < end - 1 and words[start] in _BEFORE:
        start += 1
        cores.append((start, end))
    while end > start + 1 and words[end - 1] in _AFTER:
        end -= 1
        cores.append((start, end))
    return cores


@cache
def _replies() -> Mapping[str, Intent | str]:
    """By marked words, and by bare words where all readings of those agree."""
    exact: dict[str, Intent | str] = {}
    bare: dict[str, set[Intent | str]] = {}
    for row in tables.rows("replies.tsv"):
        says = UNCLEAR if row["says"] == UNCLEAR else Intent(row["says"])
        exact[row["words"]] = says
        bare.setdefault(" ".join(folded_words(row["words"].split())), set()).add(says)
        bare.setdefault(" ".join(phrase(row["words"])), set()).add(says)
    agreed = {words: next(iter(says)) for words, says in bare.items() if len(says) == 1}
    return {**agreed, **exact}

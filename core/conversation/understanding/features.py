"""What the classifier counts in a message: words, letters of words, and ideas.

Training and run time both read messages through this file, so they cannot drift apart.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final

from core.conversation.understanding.abstract import abstracted
from core.conversation.understanding.concepts import concepts
from core.conversation.understanding.normalise import Text

SHORTEST: Final = 2
LONGEST: Final = 5


class Block(StrEnum):
    """A family of features; each is scaled by itself, so that long words do not drown ideas."""

    WORDS = "words"
    LETTERS = "letters"
    IDEAS = "ideas"


@dataclass(frozen=True, slots=True)
class Reading:
    """A message as the classifier and the phrase rules see it."""

    text: Text
    kinds: tuple[str, ...]
    ideas: tuple[str, ...]
    clauses: tuple[int, ...] = ()  # places in `kinds` at which a clause after the first begins


def read(text: Text) -> Reading:
    """The message with its numbers abstracted and its ideas found."""
    kinds, begins = abstracted(text.words, text.clauses)
    return Reading(text, tuple(kinds), tuple(concepts(text, kinds)), tuple(begins))


def spans(reading: Reading) -> list[tuple[int, int]]:
    """Where each clause begins and ends in `kinds`; none in a message of one clause."""
    if not reading.clauses:
        return []
    cuts = [0, *reading.clauses, len(reading.kinds)]
    return [(start, end) for start, end in pairwise(cuts) if end > start]


def part(reading: Reading, span: tuple[int, int]) -> Reading:
    """Some words of a message, read by themselves."""
    kinds = reading.kinds[slice(*span)]
    return Reading(reading.text, kinds, tuple(concepts(reading.text, kinds)))


def word_features(kinds: Sequence[str]) -> list[str]:
    """Words, and each two that stand together; the ends of the message count as words."""
    if not kinds:
        return []
    pairs = [f"{one} {two}" for one, two in pairwise(kinds)]
    return [*kinds, *pairs, f"< {kinds[0]}", f"{kinds[-1]} >"]


def letter_features(word: str) -> Iterator[str]:
    """Two to five letters in a row, the edges of the word included; none of an abstract word."""
    if word.startswith("0"):
        return
    edged = f" {word} "
    for length in range(SHORTEST, min(LONGEST, len(edged)) + 1):
        for start in range(len(edged) - length + 1):
            yield edged[start : start + length]


def idea_features(ideas: Sequence[str]) -> list[str]:
    """Ideas, each two in order, and each two at all."""
    single = sorted(set(ideas))
    spoken = [idea for idea in ideas if not idea.startswith("_")]
    ordered = [f"{one}>{two}" for one, two in pairwise(["<", *spoken, ">"])]
    together = [f"{one}+{two}" for place, one in enumerate(single) for two in single[place + 1 :]]
    return [*single, *ordered, *together]

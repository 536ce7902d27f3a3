"""The ideas in a message: which phrases of `concepts.tsv` stand in it, and in what order.

Many wordings of one wish share their ideas, so these generalise where single words do not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from core.conversation.understanding import tables
from core.conversation.understanding.normalise import Text, phrase

_SOFTENERS: Final = frozenset(
    "a ad admin vay oi o co can bo di nhi hi he nhe nha ha the da voi nghe ban em anh chi".split()
)
_FEW: Final = 4
_MANY: Final = 20


@dataclass(frozen=True, slots=True)
class _Phrase:
    words: tuple[str, ...]
    concepts: tuple[str, ...]
    marked: str  # what must stand in a message that has marks; empty: anything


def concepts(text: Text, kinds: Sequence[str]) -> list[str]:
    """The ideas in the order they begin, then what the shape of the message says.

    `kinds` are the abstracted words of `text`. Shapes begin with `_`.
    """
    known = _phrases()
    found: list[str] = []
    for place, word in enumerate(kinds):
        for candidate in known.get(word, ()):
            if _stands(candidate, place, text, kinds):
                found.extend(candidate.concepts)
                break
    return found + _shapes(text, kinds)


def _stands(candidate: _Phrase, place: int, text: Text, kinds: Sequence[str]) -> bool:
    length = len(candidate.words)
    if length > 1 and tuple(kinds[place : place + length]) != candidate.words:
        return False
    return not (candidate.marked and text.has_marks) or candidate.marked in " ".join(text.marked)


def _shapes(text: Text, kinds: Sequence[str]) -> list[str]:
    shapes = []
    if "?" in text.raw:
        shapes.append("_asked")
    if len(kinds) <= _FEW:
        shapes.append("_short")
    if len(kinds) > _MANY:
        shapes.append("_long")
    core = list(kinds)
    while core and core[-1] in _SOFTENERS:
        core.pop()
    if core and core[-1] in {"chua", "khong"}:
        shapes.append("_yet" if core[-1] == "chua" else "_whether")
    return shapes


@cache
def _phrases() -> Mapping[str, tuple[_Phrase, ...]]:
    """By first word, the longest first. A phrase may carry several ideas."""
    carried: dict[tuple[tuple[str, ...], str], list[str]] = {}
    for row in tables.rows("concepts.tsv"):
        for written in map(str.strip, row["phrases"].split("|")):
            marked = written[1:] if written.startswith("=") else ""
            key = (phrase(written.lstrip("=")), marked)
            names = carried.setdefault(key, [])
            if row["concept"] not in names:
                names.append(row["concept"])
    found: dict[str, list[_Phrase]] = {}
    for (words, marked), names in carried.items():
        found.setdefault(words[0], []).append(_Phrase(words, tuple(names), marked))
    return {
        first: tuple(sorted(some, key=lambda one: (-len(one.words), not one.marked)))
        for first, some in found.items()
    }

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
_GAP: Final = 6


@dataclass(frozen=True, slots=True)
class _Phrase:
    words: tuple[str, ...]
    then: tuple[str, ...]  # words that stand a little later; none for a phrase without a gap
    concepts: tuple[str, ...]
    marked: str  # what must stand in a message that has marks; empty: anything


@dataclass(frozen=True, slots=True)
class _Starts:
    """The phrases that begin with one word: those with a gap, and the others by second word."""

    gapped: tuple[_Phrase, ...]
    by_second: Mapping[str, tuple[_Phrase, ...]]  # the longest first, single words last
    alone: tuple[_Phrase, ...]


def concepts(text: Text, kinds: Sequence[str]) -> list[str]:
    """The ideas in the order they begin, then what the shape of the message says.

    `kinds` are the abstracted words of `text`. Shapes begin with `_`.
    """
    known = _phrases()
    found: list[str] = []
    following = [*kinds[1:], ""]
    for place, word in enumerate(kinds):
        starts = known.get(word)
        if starts is None:
            continue
        for gapped in starts.gapped:
            if _stands(gapped, place, text, kinds):
                found.extend(gapped.concepts)
        for candidate in starts.by_second.get(following[place], starts.alone):
            if _stands(candidate, place, text, kinds):
                found.extend(candidate.concepts)
                break
    return found + _shapes(text, kinds)


def _stands(candidate: _Phrase, place: int, text: Text, kinds: Sequence[str]) -> bool:
    end = place + len(candidate.words)
    if len(candidate.words) > 1 and tuple(kinds[place:end]) != candidate.words:
        return False
    if candidate.then and not _follows(candidate.then, kinds[end : end + _GAP]):
        return False
    return not (candidate.marked and text.has_marks) or candidate.marked in " ".join(text.marked)


def _follows(words: tuple[str, ...], near: Sequence[str]) -> bool:
    length = len(words)
    return any(tuple(near[at : at + length]) == words for at in range(len(near) - length + 1))


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
def _phrases() -> Mapping[str, _Starts]:
    """The phrases by their first word. A phrase may carry several ideas."""
    carried: dict[tuple[tuple[str, ...], tuple[str, ...], str], list[str]] = {}
    for row in tables.rows("concepts.tsv"):
        for written in map(str.strip, row["phrases"].split("|")):
            marked = written[1:] if written.startswith("=") else ""
            words, _, then = written.lstrip("=").partition("*")
            names = carried.setdefault((phrase(words), phrase(then), marked), [])
            if row["concept"] not in names:
                names.append(row["concept"])
    by_first: dict[str, list[_Phrase]] = {}
    for (first, later, marked), names in carried.items():
        by_first.setdefault(first[0], []).append(_Phrase(first, later, tuple(names), marked))
    return {first: _starts(some) for first, some in by_first.items()}


def _starts(some: Sequence[_Phrase]) -> _Starts:
    whole = sorted(
        (one for one in some if not one.then), key=lambda one: (-len(one.words), not one.marked)
    )
    alone = tuple(one for one in whole if len(one.words) == 1)
    seconds = {one.words[1] for one in whole if len(one.words) > 1}
    by_second = {
        second: (*(one for one in whole if one.words[1:2] == (second,)), *alone)
        for second in seconds
    }
    return _Starts(tuple(one for one in some if one.then), by_second, alone)

"""One message, put into the words that the rest of understanding reads.

The order: cleaned (`core/vietnamese.py`), cut into words, letters of an input method that was off
decoded, short forms and Huế words spelt out by their neighbours, marks folded away, slips of the
finger mended. The raw text is kept beside it.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from core import vietnamese
from core.conversation.understanding import keyboard, tables
from core.conversation.understanding.keyboard import Keyboard
from core.conversation.understanding.mending import mended, squeezed

HEAD: Final = 400
TAIL: Final = 800
"""Of a very long message the first and the last letters are read: the wish stands at the end."""

# A number keeps its separators (`540.000`, `4/2021`); elsewhere punctuation parts words, and
# what ends a clause is kept to know where the clauses begin.
_PIECE: Final = re.compile(r"[^\W_]+(?:(?<=\d)[.,/:-](?=\d)[^\W_]+)*|[.,;:!?\n…]+")
# There is nothing to clean in plain composed text; looking costs a tenth of cleaning.
_PLAIN: Final = re.compile(r"[\n -~ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝàáâãèéêìíòóôõùúýĂăĐđĨĩŨũƠơƯưẠ-ỹ]*")
_WORDS_KEPT: Final = 8192


@dataclass(frozen=True, slots=True)
class Text:
    """A message in words. `words` are folded; `marked` are the same words with their marks."""

    raw: str
    words: tuple[str, ...]
    marked: tuple[str, ...]
    has_marks: bool
    keyboard: Keyboard | None
    clauses: tuple[int, ...] = ()  # places at which a clause after the first begins

    @property
    def folded(self) -> str:
        """The words in one line, without marks."""
        return " ".join(self.words)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a spelling stands: the folded words, its first place, and the first after it."""

    folded: Sequence[str]
    start: int
    end: int
    has_marks: bool

    @property
    def before(self) -> str:
        return self.folded[self.start - 1] if self.start else ""

    @property
    def after(self) -> str:
        return self.folded[self.end] if self.end < len(self.folded) else ""


_Condition = Callable[[_Place, frozenset[str]], bool]
_CONDITIONS: Final[Mapping[str, _Condition]] = {
    "after": lambda place, words: place.before in words,
    "before": lambda place, words: place.after in words,
    "notafter": lambda place, words: place.before not in words,
    "notbefore": lambda place, words: place.after not in words,
    "afternumber": lambda place, _: place.before[-1:].isdecimal(),
    "notafternumber": lambda place, _: not place.before[-1:].isdecimal(),
    "first": lambda place, _: not place.before,
    "last": lambda place, _: not place.after,
    "alone": lambda place, _: not place.before and not place.after,
    "marked": lambda place, _: place.has_marks,
}


@dataclass(frozen=True, slots=True)
class _Spelling:
    written: tuple[str, ...]  # with marks
    folded: tuple[str, ...]
    means: tuple[str, ...]  # with marks
    when: tuple[tuple[_Condition, frozenset[str]], ...]


def normalise(text: str) -> Text:
    """The message in words. Never fails; a very long one is cut in its middle."""
    surfaces, breaks = _pieces(_cleaned(shortened(text)).lower())
    method = keyboard.residue(surfaces)
    if method is not None:
        surfaces = [keyboard.decoded(word, method) for word in surfaces]
    folded = folded_words(surfaces)
    has_marks = folded != surfaces
    words, marked, clauses = _spelt_out(folded, surfaces, breaks, has_marks=has_marks)
    return Text(text, tuple(words), tuple(marked), has_marks, method, tuple(clauses))


def shortened(text: str) -> str:
    """The text, or the first and last part of one that is too long to be read whole."""
    return text if len(text) <= HEAD + TAIL else f"{text[:HEAD]} {text[-TAIL:]}"


def folded_words(surfaces: Sequence[str]) -> list[str]:
    """The words without marks, one for one."""
    return [_folded(word) for word in surfaces]


def phrase(words: str) -> tuple[str, ...]:
    """A phrase of a table as the words of a message would be: folded and squeezed."""
    return tuple(squeezed(word) for word in folded_words(words.lower().split()))


def _cleaned(text: str) -> str:
    if _PLAIN.fullmatch(text):
        return text
    return "\n".join(map(vietnamese.clean, text.split("\n")))


def _pieces(text: str) -> tuple[list[str], set[int]]:
    """The words, and the places of those that begin a clause."""
    surfaces: list[str] = []
    breaks: set[int] = set()
    for piece in _PIECE.findall(text):
        if piece[0].isalnum():
            surfaces.append(piece)
        else:
            breaks.add(len(surfaces))
    return surfaces, breaks


@lru_cache(maxsize=_WORDS_KEPT)
def _folded(word: str) -> str:
    return vietnamese.fold(word) or word


def _spelt_out(
    folded: Sequence[str], surfaces: Sequence[str], breaks: set[int], *, has_marks: bool
) -> tuple[list[str], list[str], list[int]]:
    known = _spellings()
    words: list[str] = []
    marked: list[str] = []
    clauses: list[int] = []
    place = 0
    while place < len(folded):
        if place in breaks and words:
            clauses.append(len(words))
        found = None
        if folded[place] in known:
            found = _spelling_at(place, folded, surfaces, has_marks=has_marks)
        if found is None:
            words.append(mended(squeezed(folded[place])))
            marked.append(surfaces[place])
            place += 1
            continue
        marked.extend(found.means)
        words.extend(folded_words(found.means))
        place += len(found.written)
    return words, marked, clauses


def _spelling_at(
    place: int, folded: Sequence[str], surfaces: Sequence[str], *, has_marks: bool
) -> _Spelling | None:
    for spelling in _spellings()[folded[place]]:
        end = place + len(spelling.folded)
        if tuple(folded[place:end]) != spelling.folded:
            continue
        if has_marks and tuple(surfaces[place:end]) != spelling.written:
            continue
        where = _Place(folded, place, end, has_marks)
        if all(holds(where, words) for holds, words in spelling.when):
            return spelling
    return None


def _conditions(when: str) -> tuple[tuple[_Condition, frozenset[str]], ...]:
    conditions = [part.partition(":") for part in when.split() if part != "any"]
    return tuple((_CONDITIONS[kind], frozenset(words.split("|"))) for kind, _, words in conditions)


@cache
def _spellings() -> Mapping[str, tuple[_Spelling, ...]]:
    """By first word; the longest and then the earlier row wins."""
    found: dict[str, list[_Spelling]] = {}
    for name in ("abbreviations.tsv", "hue.tsv"):
        for row in tables.rows(name):
            written = tuple(row["written"].split())
            folded = tuple(folded_words(written))
            spelling = _Spelling(
                written, folded, tuple(row["means"].split()), _conditions(row["when"])
            )
            found.setdefault(folded[0], []).append(spelling)
    return {
        first: tuple(sorted(spellings, key=lambda spelling: -len(spelling.written)))
        for first, spellings in found.items()
    }

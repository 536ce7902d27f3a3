"""Slips of the finger, put right: a word that no Vietnamese syllable is spelt like.

`khog`, `ngaan` and `nhsan` are no syllables; if a word of our tables differs from one of them by a
letter left out, added, swapped or replaced, that word was meant. A word that could be a syllable
is left alone: it may be a name.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import Final

from core.conversation.understanding import tables
from core.conversation.understanding.keyboard import is_syllable

_DOUBLED: Final = re.compile(r"([a-z])\1+")
_SHORTEST: Final = 4
_LONGEST: Final = 10
_WORDS_KEPT: Final = 8192
_FOREIGN: Final = frozenset("change down from iphone online shop smart video".split())


@lru_cache(maxsize=_WORDS_KEPT)
def squeezed(word: str) -> str:
    """Doubled letters made single: `chaoo` is `chao`, and a stray Telex `oo` is an `o`."""
    return _DOUBLED.sub(r"\1", word)


@lru_cache(maxsize=_WORDS_KEPT)
def mended(word: str) -> str:
    """The word that was meant, or the word itself. Words are folded and squeezed."""
    if not _SHORTEST <= len(word) <= _LONGEST or not word.isascii() or not word.isalpha():
        return word
    if word in _vocabulary() or word in _FOREIGN or is_syllable(word):
        return word
    known = _by_deletion()
    found: dict[str, int] = {}
    for key in (word, *_deletions(word)):
        for candidate in known.get(key, ()):
            if _one_slip(word, candidate):
                found[candidate] = _vocabulary()[candidate]
    if not found:
        return word
    return max(found, key=lambda candidate: (found[candidate], candidate))


def _one_slip(word: str, candidate: str) -> bool:
    """Whether one letter was left out, added, replaced, or two neighbours swapped."""
    if abs(len(word) - len(candidate)) > 1:
        return False
    if len(word) != len(candidate):
        longer, shorter = sorted((word, candidate), key=len, reverse=True)
        return shorter in set(_deletions(longer))
    differing = [place for place in range(len(word)) if word[place] != candidate[place]]
    if len(differing) == 1:
        return True
    if len(differing) != 2 or differing[1] != differing[0] + 1:  # noqa: PLR2004 - two swapped
        return False
    first, second = differing
    return word[first] == candidate[second] and word[second] == candidate[first]


def _deletions(word: str) -> Iterator[str]:
    for place in range(len(word)):
        yield word[:place] + word[place + 1 :]


@cache
def _vocabulary() -> Mapping[str, int]:
    """The words of our tables and how many phrases they stand in."""
    counts: dict[str, int] = {}
    for row in tables.rows("concepts.tsv"):
        for word in row["phrases"].replace("|", " ").replace("=", " ").split():
            if word.isascii() and word.isalpha():
                plain = squeezed(word)
                counts[plain] = counts.get(plain, 0) + 1
    return counts


@cache
def _by_deletion() -> Mapping[str, tuple[str, ...]]:
    """Each word under itself and under itself with one letter left out."""
    found: dict[str, list[str]] = {}
    for word in _vocabulary():
        if len(word) >= _SHORTEST - 1:
            for key in {word, *_deletions(word)}:
                found.setdefault(key, []).append(word)
    return {key: tuple(words) for key, words in found.items()}

"""Whose payment is meant, among the few people that a person may ask for.

Only given names are compared; nothing is looked up, so a stranger's name finds nobody.
"""

from collections.abc import Sequence
from typing import Final

from core import vietnamese
from core.conversation.understanding.mending import mended, squeezed
from core.conversation.understanding.normalise import Text, folded_words

_TITLES: Final = frozenset(
    "ba ong chau be em con me cu anh chi co bac chu di mu o cau mo thim ten bo cha vo chong noi "
    "ngoai cho cua".split()
)


def ward_named(text: Text, names: Sequence[str]) -> int | None:
    """The place in `names` of the one person named; None if nobody or more than one fits."""
    found = wards_named(text, names)
    return found[0] if len(found) == 1 else None


def wards_named(text: Text, names: Sequence[str]) -> list[int]:
    """The places in `names` of all who may be meant.

    A full name may stand without marks. A given name alone counts when it is the whole message,
    follows a title (`bà Hoa`), or is written with a capital after the first word, because many
    given names are common words too.
    """
    for fits in (_whole_name_stands, _given_name_stands):
        found = [place for place, name in enumerate(names) if fits(text, _words(name))]
        if len(found) > 1 and text.has_marks:
            found = [place for place in found if _marks_agree(text, names[place])]
        if found:
            return found
    return []


def _words(name: str) -> tuple[str, ...]:
    folded = folded_words(vietnamese.clean(name).lower().split())
    return tuple(mended(squeezed(word)) for word in folded)


def _whole_name_stands(text: Text, name: tuple[str, ...]) -> bool:
    length = len(name)
    if length < 2:  # noqa: PLR2004 - one word is a given name
        return False
    ends = range(length, len(text.words) + 1)
    return any(text.words[end - length : end] == name for end in ends)


def _given_name_stands(text: Text, name: tuple[str, ...]) -> bool:
    if not name:
        return False
    given = name[-1]
    if text.words in {(given,), name[-2:]}:
        return True
    places = [place for place, word in enumerate(text.words) if word == given]
    return any(
        place and (text.words[place - 1] in _TITLES or is_capital(text, text.marked[place]))
        for place in places
    )


def is_capital(text: Text, marked: str) -> bool:
    """Whether a word is written as a name is, after the first of the message."""
    return not text.raw.isupper() and f" {marked.capitalize()}" in vietnamese.clean(text.raw)


def _marks_agree(text: Text, name: str) -> bool:
    return vietnamese.clean(name).lower().split()[-1] in text.marked

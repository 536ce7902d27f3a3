"""A message that takes back an earlier answer: "không, tháng 5", "sửa tháng 3", "nhầm, cho mẹ".

What does not live here: what happens then (`repairs.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from core import wording
from core.conversation.ask import Ask
from core.conversation.choices import chosen
from core.conversation.heard import Heard, heard
from core.conversation.menu import Choice, Menu
from core.conversation.parsers import Asked
from core.conversation.sentences import Words, domain
from core.vietnamese import fold

MOST: Final = 9
# Longest first: "khong phai thang 4" speaks of what it is not, so only the comma form is read.
_PLAIN: Final = ("sua lai la", "sua lai", "sua thanh", "sua", "doi lai la", "doi lai", "correct")
_DENYING: Final = (
    *("a nham", "da nham", "nham roi", "nham", "khong phai", "sai roi", "khong", "da khong", "no"),
)


@dataclass(frozen=True, slots=True)
class Correction:
    """`name` is to be answered again; with `answer`, it is answered at once."""

    name: str
    answer: str | None


def takes_back(said: Heard) -> tuple[Heard, bool] | None:
    """The rest of a message that takes something back, and whether it asks outright for that."""
    folded = fold(said.line)
    if len(folded) != len(said.line):
        return None
    for opening in _PLAIN:
        if folded.startswith(f"{opening} "):
            return heard(said.line[len(opening) :].strip(" ,.:")), True
    for opening in _DENYING:
        if folded.startswith((f"{opening},", f"{opening}.")):
            return heard(said.line[len(opening) :].strip(" ,.:")), False
    return None


def correction(rest: Heard, answered: Sequence[tuple[Ask[Any], str]]) -> Correction | None:
    """Which earlier answer the words change: the latest one that they answer otherwise."""
    for question, before in reversed(answered):
        if question.shown is not None or question.parser.is_open:
            continue
        after = question.parser.settle(rest, Asked(question.menu))
        if after is not None and after != before:
            return Correction(question.name, after)
    name = chosen(rest, names_menu([q for q, _ in answered])) if answered else None
    return None if name is None else Correction(name, None)


def names_menu(questions: Sequence[Ask[Any]]) -> Menu:
    """The questions by their short names: what may be corrected."""
    return Menu(
        tuple(
            Choice(question.name, short_name(question.said.key, place))
            for place, question in enumerate(questions[-MOST:], start=1)
        )
    )


def short_name(key: str, place: int) -> Words:
    """The question in two or three words; one that has none is named by its place."""
    own = f"{key}.name"
    if wording.has(own, "vi", domain(own)):
        return Words(own)
    return Words("engine.correct.answer", {"number": place})

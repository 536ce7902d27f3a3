"""A choice, before anybody sees it: options with names and labels, no buttons and no numbers yet.

An option is remembered by its key, never by its place, so a menu may change its order between
two messages.

What does not live here: how a menu looks (`notifications/render.py`), and how an answer to it is
read (`choices.py`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from core.conversation.sentences import Label
from core.faults import Fault

LONGEST: Final = 9


class BadMenu(Fault):
    """A menu has no options, more than nine, or two with the same key."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a menu: the key that is stored, and the label that is read.

    `words`: other ways to say it, folded, such as `("du", "nhan du")`.
    """

    key: str
    label: Label
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Menu:
    """The lines of a choice, in the order in which they are numbered from 1.

    Raises: BadMenu.
    """

    choices: tuple[Choice, ...]

    def __post_init__(self) -> None:
        if not 0 < len(self.choices) <= LONGEST or len(set(self.keys)) != len(self.choices):
            raise BadMenu

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys, in order."""
        return tuple(choice.key for choice in self.choices)


def menu(choices: Iterable[Choice]) -> Menu:
    """The menu of these lines.

    Raises: BadMenu.
    """
    return Menu(tuple(choices))

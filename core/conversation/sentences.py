"""What is said, before it is put into a language: keys and typed values, with the facts behind.

A key whose first word is `engine` stands in the catalogue `engine`; all others in `bot`.

What does not live here: the sentences (`locales/`), and how they look on a channel
(`notifications/render.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from core.calendar import Cycle

Facts = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Money:
    """An amount to be said with its unit. Money: whole đồng."""

    amount: int


@dataclass(frozen=True, slots=True)
class Words:
    """A piece of a sentence that stands in the catalogue itself, such as the name of a desk."""

    key: str
    values: Mapping[str, "Value"] = field(default_factory=dict)


Value = str | int | Money | date | Cycle | Words
Label = str | Words


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence that the person hears. `facts`: ids of the ledger events it was read from."""

    key: str
    values: Mapping[str, Value] = field(default_factory=dict)
    facts: Facts = ()


_ENGINE: Final = "engine"
_BOT: Final = "bot"


def domain(key: str) -> str:
    """The catalogue in which a key stands."""
    return _ENGINE if key.split(".", 1)[0] == _ENGINE else _BOT

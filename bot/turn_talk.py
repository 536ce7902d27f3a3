"""What a turn is given to work with: the flows, and hands to read, write and hand over.

Filled in by `bot/compose.py`; what stands behind each function lives in `bot/commands.py` and
beside it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from bot.turn_lanes import Lanes
from core.clock import Clock
from core.conversation.ask import Command, Go, Query
from core.conversation.caller import Caller
from core.conversation.flow import Book
from core.conversation.heard import Heard
from core.conversation.scene import Outcome
from core.store.engine import Store, Tx


@dataclass(frozen=True, slots=True)
class Turn:
    """One message in its transaction. `text`: as it may be stored. Time: aware UTC."""

    tx: Tx
    me: Caller
    inbound_id: int
    text: str = field(repr=False)
    now: datetime


@dataclass(frozen=True, slots=True)
class Talk:
    """The hands of a conversation; each works inside the transaction of its turn.

    `read`: what a flow looks up. `act`: done once, in the middle; a short word says what came of
    it. `execute`: the wish of a flow that has ended. `awaited`: what a message answers though no
    question is pending; `overtaken`: what it answers though an older one is. `hear_for_officer`:
    the message joins the case that holds the talk. `give_up`: the message becomes a case, whose
    id it yields.
    """

    book: Book
    read: Callable[[Turn, Query[Any]], Any]
    act: Callable[[Turn, Command], str]
    execute: Callable[[Turn, Command], Outcome]
    awaited: Callable[[Turn, Heard, str | None], Go | None]
    hear_for_officer: Callable[[Turn, int], None]
    give_up: Callable[[Turn], int]
    overtaken: Callable[[Turn, Heard], Go | None] = lambda *_: None
    lanes: Lanes = field(default_factory=Lanes)


class TurnParts(Protocol):
    """What a turn needs of a process."""

    @property
    def store(self) -> Store:
        """The open database."""
        ...

    @property
    def clock(self) -> Clock:
        """The time."""
        ...

    @property
    def talk(self) -> Talk:
        """The flows and their hands."""
        ...

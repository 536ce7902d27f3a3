"""A process with the demo flows, on a real database: what tests of turns talk to."""

import itertools
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.turn import Inbound, TurnResult, take
from bot.turn_talk import Talk, Turn
from core.clock import Clock, PlayClock
from core.conversation.ask import Command, Go, Query
from core.conversation.heard import Heard
from core.conversation.scene import Outcome
from core.conversation.sentences import Said
from core.store.engine import Store, Tx
from core.store.tables.everything import metadata
from tests.core.conversation.demo import BOOK, FreeSeats

START = datetime(2021, 4, 20, 2, 0, tzinfo=UTC)
PHONE = "0912345678"


def never(text: str) -> bool:
    return False


def nothing_awaited(turn: Turn, heard: Heard, token: str | None) -> Go | None:
    return None


class Broken(Exception):
    """Something in a turn that must not happen."""


@dataclass
class Parts:
    """The parts of a process that a turn needs."""

    store: Store
    clock: Clock
    talk: Talk


@dataclass
class Process:
    """One process: what it did, and what goes wrong in it."""

    store: Store
    play_clock: PlayClock = field(default_factory=lambda: PlayClock(START))
    executed: list[Command] = field(default_factory=list)
    heard_for_officer: list[tuple[int, str]] = field(default_factory=list)
    given_up: list[str] = field(default_factory=list)
    breaks: Callable[[str], bool] = never
    refuses_cases: bool = False
    awaited: Callable[[Turn, Heard, str | None], Go | None] = nothing_awaited
    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        self.parts = Parts(self.store, self.play_clock, self._talk())

    def begin(self, text: str, **changes: Any) -> "Future[TurnResult]":
        key = changes.pop("key", f"m{next(self.numbers)}")
        channel = changes.pop("channel", "sms")
        address = changes.pop("address", PHONE if channel == "sms" else "visitor-1")
        now = self.play_clock.now()
        return take(self.parts, Inbound(channel, address, key, text, now, **changes))

    def hears(self, text: str, **changes: Any) -> TurnResult:
        return self.begin(text, **changes).result(20)

    def later(self, seconds: float) -> None:
        self.play_clock.move_to(self.play_clock.now() + timedelta(seconds=seconds))

    def rows(self, table: str) -> list[dict[str, Any]]:
        picked = metadata.tables[table]
        query = sa.select(picked).order_by(*picked.primary_key.columns)
        return self.store.read(
            lambda tx: [dict(row) for row in tx.connection.execute(query).mappings()]
        )

    def counts(self) -> dict[str, int]:
        return {name: len(self.rows(name)) for name in ("inbound", "message", "contact")}

    def texts(self) -> list[str]:
        """What was written to people, in the order of writing."""
        return self.store.read(self._texts)

    def _texts(self, tx: Tx) -> list[str]:
        message = metadata.tables["message"]
        query = sa.select(message.c.dedup_key, message.c.text).order_by(message.c.id)
        return [
            tx.sealer.unseal(row.text, column="message.text", row=row.dedup_key)
            for row in tx.connection.execute(query)
        ]

    def _talk(self) -> Talk:
        return Talk(
            book=BOOK,
            read=self._read,
            act=self._act,
            execute=self._execute,
            awaited=self._awaited,
            hear_for_officer=self._hear_for_officer,
            give_up=self._give_up,
        )

    def _act(self, turn: Turn, command: Command) -> str:
        assert turn.inbound_id
        self.executed.append(command)
        return "ding"

    def _awaited(self, turn: Turn, heard: Heard, token: str | None) -> Go | None:
        return self.awaited(turn, heard, token)

    def _read(self, turn: Turn, query: Query[Any]) -> Any:
        assert isinstance(query, FreeSeats)
        if self.breaks(turn.text):
            raise Broken
        return 3

    def _execute(self, turn: Turn, command: Command) -> Outcome:
        self.executed.append(command)
        if self.breaks(turn.text):
            raise Broken
        return Outcome((Said("engine.month", {"month": "xong"}),))

    def _hear_for_officer(self, turn: Turn, case_id: int) -> None:
        self.heard_for_officer.append((case_id, turn.text))

    def _give_up(self, turn: Turn) -> int:
        if self.refuses_cases:
            raise Broken
        self.given_up.append(turn.text)
        return 41

"""What a gateway is: it carries one message and says what became of it, as a value.

A gateway decides nothing and stores nothing about messages; it never sends one text twice for
one call, and it never lets a transport error escape as an exception.

What does not live here: when and how often to try (`retry`), and what is done with the outcome
(`dispatch`).
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from notifications.budget import Terms


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message on its way out. `id` is ours: it goes into callback addresses and references.

    `since`: it cannot have been called earlier. `known_refs`: references of other messages to this
    address, which a look-up must not mistake for this one. Time: aware UTC.
    """

    id: int
    address: str = field(repr=False)
    text: str = field(repr=False)
    buttons: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    menu_token: str | None = None
    segments: int = 0
    attempt: int = 1
    since: datetime | None = None
    known_refs: frozenset[str] = frozenset()


class Kind(StrEnum):
    """What a refusal of a gateway is about, and so what may help."""

    ADDRESS = "address"  # this address cannot be reached: never again
    STOPPED = "stopped"  # the person told the gateway to stop: never again, on this channel
    TEXT = "text"  # this text is not taken: never again
    BUSY = "busy"  # too much at once: later, and it is nobody's fault
    LATE = "late"  # we did not call at all, it had become too late to: now again
    FAULT = "fault"  # the gateway is unwell and did not take it: later
    CONFIGURATION = "configuration"  # our account, sender or credit: a person must act


@dataclass(frozen=True, slots=True)
class Sent:
    """The gateway took it. `segments`: as the gateway counts, when it says so."""

    ref: str | None
    delivered: bool = False
    segments: int | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """The gateway certainly did not take it."""

    code: str
    kind: Kind
    retry_after: timedelta | None = None

    @property
    def retryable(self) -> bool:
        """Whether the same text may be tried again."""
        return self.kind in {Kind.BUSY, Kind.LATE, Kind.FAULT, Kind.CONFIGURATION}


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may have left or not; `reason` is a short code, never a text of the message."""

    reason: str


@dataclass(frozen=True, slots=True)
class Absent:
    """A look-up says that the gateway never took it."""


Outcome = Sent | Refused | Unknown
Finding = Sent | Absent | Unknown


class Gateway(Protocol):
    """One carrier for one channel."""

    @property
    def name(self) -> str:
        """The name under which its state and budget are kept."""
        ...

    @property
    def channel(self) -> str:
        """The channel whose messages it carries."""
        ...

    @property
    def terms(self) -> Terms:
        """What a segment costs and how fast they may leave."""
        ...

    @property
    def finds(self) -> bool:
        """Whether a look-up can settle a doubt."""
        ...

    async def send(self, message: Outgoing) -> Outcome:
        """What became of one call; it ends within the gateway's own time limit."""
        ...

    async def find(self, message: Outgoing) -> Finding:
        """What the gateway knows of a message that was sent without an answer."""
        ...

    async def close(self) -> None:
        """Connections are let go of."""
        ...

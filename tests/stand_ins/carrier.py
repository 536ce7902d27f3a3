"""A gateway in this process that can be slow, lose, refuse and lie, and remembers every call."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from notifications.budget import Terms
from notifications.gateways.base import Absent, Finding, Outcome, Outgoing, Sent

Script = Callable[[Outgoing], Outcome | None]


def always_taken(message: Outgoing) -> Outcome | None:
    return Sent(f"ref-{message.id}-{message.attempt}")


def saying(outcome: Outcome) -> Script:
    """The same outcome for every call."""
    return lambda _: outcome


@dataclass(slots=True)
class Carrier:
    """`script` says what became of a call; None never answers until `hang` is set."""

    script: Script = always_taken
    delay: float = 0.0
    terms: Terms = field(default_factory=Terms)
    name: str = "carrier"
    channel: str = "sms"
    finds: bool = False
    calls: list[Outgoing] = field(default_factory=list)
    called_at: list[float] = field(default_factory=list)
    knows: dict[int, Finding] = field(default_factory=dict)
    hang: asyncio.Event = field(default_factory=asyncio.Event)
    late: Outcome | None = None
    called: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, message: Outgoing) -> Outcome:
        self.calls.append(message)
        self.called_at.append(asyncio.get_running_loop().time())
        self.called.set()
        if self.delay:
            await asyncio.sleep(self.delay)
        outcome = self.script(message)
        if outcome is None:
            await self.hang.wait()
            outcome = self.late or Sent(f"ref-{message.id}-{message.attempt}")
        return outcome

    async def find(self, message: Outgoing) -> Finding:
        return self.knows.get(message.id, Absent())

    async def until_called(self, times: int) -> None:
        """Wait until that many calls were made."""
        while len(self.calls) < times:
            self.called.clear()
            await self.called.wait()

    def answer_with(self, outcome: Outcome) -> None:
        """Let the calls that hang end so."""
        self.late = outcome
        self.hang.set()

    async def close(self) -> None:
        self.hang.set()

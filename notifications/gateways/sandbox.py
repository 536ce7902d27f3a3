"""The gateway of rehearsals: an SMS lands on a page of phones, and costs nothing.

A number can be told to refuse, to lose the answer or to be slow, so that a demonstration and a
test see what a real carrier does.

What does not live here: the page (`bot`), and the rows (`core/store/sandbox.py`).
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from core.clock import Clock
from core.store import sandbox
from core.store.commit_points import CommitPoint
from core.store.engine import Store, Tx
from notifications.budget import Terms
from notifications.gateways.base import Absent, Finding, Outcome, Outgoing, Refused, Sent, Unknown

NAME: Final = "sandbox"


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How a number behaves: seconds of delay, a refusal, an answer that gets lost."""

    delay: float = 0.0
    refuses: Refused | None = None
    loses_answer: bool = False
    loses_text: bool = False


@dataclass(slots=True)
class SandboxGateway:
    """Writes each SMS to the page of phones. `behaviours`: by canonical number."""

    store: Store
    clock: Clock
    terms: Terms = field(default_factory=Terms)
    behaviours: Mapping[str, Behaviour] = field(default_factory=dict)
    name: str = NAME
    channel: str = "sms"
    finds: bool = True

    async def send(self, message: Outgoing) -> Outcome:
        """The text is on the phone's page, unless the number behaves otherwise."""
        behaves = self.behaviours.get(message.address, Behaviour())
        if behaves.delay:
            await asyncio.sleep(behaves.delay)
        if behaves.refuses is not None:
            return behaves.refuses
        ref = None if behaves.loses_text else await self._arrive(message)
        if behaves.loses_answer or ref is None:
            return Unknown("no_answer")
        return Sent(f"sandbox-{ref}", delivered=True, segments=message.segments)

    async def find(self, message: Outgoing) -> Finding:
        """What is on the page tells whether a text arrived."""

        def work(tx: Tx) -> int | None:
            return sandbox.sandbox_text_of(tx, message.id)

        ref = await asyncio.to_thread(self.store.read, work)
        return Absent() if ref is None else Sent(f"sandbox-{ref}", delivered=True)

    async def close(self) -> None:
        """Nothing is held open."""

    async def _arrive(self, message: Outgoing) -> int:
        def work(tx: Tx) -> int:
            return sandbox.insert_sandbox_text(
                tx,
                message_id=message.id,
                address=message.address,
                text=message.text,
                at=self.clock.now(),
            )

        return await asyncio.wrap_future(self.store.submit(work, CommitPoint.SANDBOX))

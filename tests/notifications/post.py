"""An outbox with a few phones, and what a test wants to know of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa

from core.clock import PlayClock
from core.store import budget as spending
from core.store import contacts, gateways
from core.store import outbox as rows
from core.store.commit_points import CommitPoint
from core.store.engine import Store, Tx
from core.store.tables.messages import message
from core.terms import Programme
from notifications import dispatch
from notifications.gateways.base import Gateway
from notifications.outbox import SMS, NewMessage, enqueue
from notifications.second_step import SecondStep
from tests.notifications.district import NOW

T = TypeVar("T")


@dataclass
class Post:
    store: Store
    clock: PlayClock
    programme: Programme

    def do(self, work: Callable[[Tx], T]) -> T:
        return self.store.transact(work, CommitPoint.SIMULATE)

    def phone(self, number: int = 1, channel: str = SMS) -> int:
        address = f"09{number:08}"
        return self.do(lambda tx: contacts.ensure_contact(tx, channel, address, NOW).id)

    def queue(self, *messages: NewMessage) -> list[int]:
        return self.do(lambda tx: enqueue(tx, messages, self.clock.now()))

    def notices(self, count: int, **values: Any) -> list[int]:
        """Free-standing notices, each to its own phone."""
        phones = self.do(
            lambda tx: contacts.ensure_contacts(
                tx, SMS, [f"09{n:08}" for n in range(1, count + 1)], NOW
            )
        )
        return self.queue(
            *(
                NewMessage(
                    **{
                        "dedup_key": f"pay:{number}:settled:1:1",
                        "purpose": "settled",
                        "channel": SMS,
                        "contact_id": contact,
                        "text": "CHITRA: bao tin",
                        **values,
                    }
                )
                for number, contact in sorted(phones.items())
            )
        )

    def replies(self, count: int, contact: int) -> list[int]:
        """Several replies to one inbound message of one contact."""
        return self.queue(
            *(
                NewMessage(f"reply:1:{n}", "reply", SMS, contact, f"CHITRA: {n}")
                for n in range(count)
            )
        )

    def states(self, ids: Sequence[int] | None = None) -> list[str]:
        query = sa.select(message.c.state).order_by(message.c.id)
        if ids is not None:
            query = query.where(message.c.id.in_(ids))
        return self.store.read(lambda tx: list(tx.connection.execute(query).scalars()))

    def state(self, message_id: int) -> str:
        return self.states([message_id])[0]

    def row(self, message_id: int) -> rows.MessageRow:
        return self.store.read(lambda tx: rows.messages(tx, [message_id])[0])

    def breaker(self, name: str = "carrier") -> str:
        return self.do(lambda tx: gateways.locked_gateway(tx, name, self.clock.now()).state)

    def used(self, name: str = "carrier", month: str = "2021-04") -> int:
        found = self.store.read(lambda tx: spending.budget_of(tx, name, month))
        return found.segments_used if found else 0

    async def drain(self, *gateways: Gateway, second: SecondStep | None = None) -> int:
        return await dispatch.drain(self.store, gateways, self.clock, self.programme, second)

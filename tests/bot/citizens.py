"""One citizen at one address: what they write, what they hear, what is kept of it."""

import itertools
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

import sqlalchemy as sa

from bot.compose import Parts
from bot.turn import Inbound, TurnResult, take
from core.clock import PlayClock
from core.ledger.reads import payment_with_code
from core.people import Purpose
from core.store import contacts, outbox
from core.store.commit_points import CommitPoint
from core.store.people import person_ids
from core.store.tables.everything import metadata
from notifications.outbox import NewMessage, enqueue

_NUMBERS: Final = itertools.count(1)


@dataclass
class Citizen:
    """Somebody at an address of their own."""

    town: Parts
    channel: str = "web"
    address: str = ""
    result: TurnResult | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        number = next(_NUMBERS)
        self.address = self.address or (
            f"09{number:08}" if self.channel == "sms" else f"visitor-{number}"
        )

    def is_(self, key: str, level: int) -> "Citizen":
        """This address belongs to somebody of the town."""

        def work(tx: Any) -> None:
            now = self.town.clock.now()
            contact = contacts.ensure_contact(tx, self.channel, self.address, now)
            person = person_ids(tx, [key])[key]
            contacts.link(tx, [(contact.id, person)], level=level, how="test", now=now)

        self.town.store.transact(work, CommitPoint.VISIT)
        return self

    def writes(self, *texts: str, token: str | None = None) -> tuple[str, ...]:
        """The names of the sentences that answer the last text."""
        for text in texts:
            key = f"{self.address}:{next(_NUMBERS)}"
            now = self.town.clock.now()
            inbound = Inbound(self.channel, self.address, key, text, now, token)
            self.result = take(self.town, inbound).result(20)
        assert self.result is not None
        return tuple(part.key for part in self.result.parts)

    @property
    def heard(self) -> str:
        """What was answered last."""
        assert self.result is not None
        return " ".join(part.text for part in self.result.parts)


def later(town: Parts, **by: float) -> None:
    assert isinstance(town.clock, PlayClock)
    town.clock.move_to(town.clock.now() + timedelta(**by))


def rows(town: Parts, table: str) -> list[dict[str, Any]]:
    picked = metadata.tables[table]
    query = sa.select(picked).order_by(*picked.primary_key.columns)
    return town.store.read(
        lambda tx: [dict(row) for row in tx.connection.execute(query).mappings()]
    )


def texts_to(town: Parts, address: str) -> list[str]:
    """What was written to a phone."""

    def work(tx: Any) -> list[str]:
        ids = [row["id"] for row in rows_in(tx, "message")]
        return [one.text for one in outbox.messages(tx, ids) if one.address == address]

    return town.store.read(work)


def rows_in(tx: Any, table: str) -> list[dict[str, Any]]:
    query = sa.select(metadata.tables[table])
    return [dict(row) for row in tx.connection.execute(query).mappings()]


def is_told(town: Parts, citizen: Citizen, payment_code: str, token: str) -> None:
    """A notice that asks about a payment has reached this citizen."""

    def work(tx: Any) -> None:
        now = town.clock.now()
        contact = contacts.ensure_contact(tx, citizen.channel, citizen.address, now)
        payment = payment_with_code(tx, payment_code)
        assert payment is not None
        about = ((payment.id, payment.event_ids[-1]),)
        new = NewMessage(
            f"notice:{payment_code}:{contact.id}",
            "settled",
            citizen.channel,
            contact.id,
            "tin",
            menu_token=token,
            payments=about,
        )
        ids = enqueue(tx, [new], now)
        outbox.move(tx, ids, sources=["queued"], target="sent", sent_at=now)

    town.store.transact(work, CommitPoint.VISIT)


def consents(town: Parts) -> set[tuple[int, str]]:
    own = {Purpose.NOTICE.value, Purpose.AMOUNT.value}
    found = rows(town, "consent")
    return {(row["beneficiary_id"], row["purpose"]) for row in found if row["purpose"] in own}

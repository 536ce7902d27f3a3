"""Families with a payment, and the ledger events that are told to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import sqlalchemy as sa

from core.ledger.events import EventType, NewEvent, Recorded
from core.people import Purpose
from core.store import outbox as rows
from core.store.engine import Tx
from core.store.tables.messages import message
from core.terms import Release
from notifications import triggers
from tests.notifications import district
from tests.notifications.district import NOW
from tests.notifications.post import Post

_ids = count(1)


@dataclass
class Family:
    """One beneficiary with a settled payment, and whoever the test puts beside."""

    beneficiary_id: int
    person_id: int
    payment_id: int


def a_family(tx: Tx, code: str = "HT000001", name: str = "Nguyễn Thị Lan", **of: Any) -> Family:
    beneficiary_id, person_id = district.a_beneficiary(tx, code, name)
    payment_id = district.a_payment(tx, beneficiary_id, f"2104-{code}-M-1", **of)
    return Family(beneficiary_id, person_id, payment_id)


def happened(
    payment_id: int,
    kind: EventType = EventType.SETTLED,
    *,
    file: int | str | None = None,
    by: str = "ANH",
) -> Recorded:
    number = next(_ids)
    body = {} if file is None else {"file": file}
    event = NewEvent(
        type=kind,
        source=f"test:{number}",
        actor=by,
        effective_at=NOW,
        cycle=district.CYCLE,
        payment_id=payment_id,
        body=body,
    )
    return Recorded(number, event)


def tell(
    post: Post, events: Sequence[Recorded], *, release: Release | None = None, answered: bool = True
) -> list[rows.MessageRow]:
    """All messages that exist once these events have been told."""
    react = triggers.reactor(post.programme, post.clock, release, answered=answered)
    post.do(lambda tx: react(tx, events))
    return outbox(post)


def outbox(post: Post) -> list[rows.MessageRow]:
    def work(tx: Tx) -> list[rows.MessageRow]:
        return rows.messages(tx, tx.connection.execute(sa.select(message.c.id)).scalars())

    return post.store.read(work)


def a_told_family(tx: Tx, number: int = 1) -> Family:
    family = a_family(tx, f"HT{number:06}")
    district.a_phone(tx, family.person_id, f"09{number:08}")
    district.agrees(tx, family.beneficiary_id, family.person_id, Purpose.NOTICE)
    return family

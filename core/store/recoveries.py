"""What was paid, or ordered, for months in which somebody was no longer entitled, and its end.

What does not live here: when it becomes due, and who may repay it (`core/ledger/recovery.py`)
or forgive it (`core/ledger/forgiving.py`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from core.ledger.events import RECOVERIES, EventType, Value, body_of
from core.ledger.states import Money
from core.store.engine import Tx
from core.store.rows import among
from core.store.tables.ledger import event, payment, payment_status

_WORDS = (EventType.RECOVERY_PROPOSED, EventType.RECOVERY_FORGIVEN)
# Ordered, and not ended in a way that leaves the money with the Treasury or with another payment.
_ORDERED = (
    *(Money.INSTRUCTED, Money.ACCEPTED, Money.READY_CASH, Money.HOME_PENDING, Money.SETTLED),
    *(Money.FAILED, Money.RETURNED, Money.UNCLAIMED),
)


@dataclass(frozen=True, slots=True)
class Ordered:
    """A payment whose order cannot be taken back. Money: whole đồng.

    `month` is the one that the money is of: of the first payment, where this one replaces it.
    """

    id: int
    code: str
    beneficiary_id: int
    month: str
    amount: int
    monthly: int


@dataclass(frozen=True, slots=True)
class Wish:
    """What the first of two people said: the rest is forgiven. `by` is an actor of the ledger."""

    by: str
    body: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Due:
    """What is to come back of a payment, and what did. Money: whole đồng.

    `wish` waits for a second person; `words` counts what people said of forgiving it.
    """

    payment_id: int
    code: str
    month: str
    commune: str
    money: Money
    due: int
    repaid: int
    forgiven: int = 0
    wish: Wish | None = None
    words: int = 0

    @property
    def left(self) -> int:
        """What is still to come back: nothing once the provider gave the whole payment back."""
        if self.money is Money.REFUNDED:
            return 0
        return self.due - self.repaid - self.forgiven


def ordered_of(tx: Tx, tenant: str, beneficiary_ids: Iterable[int]) -> list[Ordered]:
    """The ordered payments of these people, in the order of the months that they are of."""
    first = payment.alias("first")
    month = sa.func.coalesce(first.c.cycle, payment.c.cycle)
    query = (
        sa.select(
            payment.c.id,
            payment.c.code,
            payment.c.beneficiary_id,
            month,
            payment.c.amount,
            payment.c.monthly,
        )
        .join_from(payment, payment_status, payment_status.c.payment_id == payment.c.id)
        .outerjoin(first, first.c.id == payment.c.parent_id)
        .where(
            payment.c.tenant == tenant,
            among(tx, payment.c.beneficiary_id, set(beneficiary_ids)),
            payment_status.c.money.in_([one.value for one in _ORDERED]),
        )
        .order_by(month, payment.c.id)
    )
    return [Ordered(*row) for row in tx.connection.execute(query)]


def dues(tx: Tx, payment_ids: Sequence[int]) -> dict[int, Due]:
    """What is to come back of each of these payments, by its id; only where something is."""
    if not payment_ids:
        return {}
    return _dues(tx, _events().where(among(tx, event.c.payment_id, payment_ids)))


def all_dues(tx: Tx, tenant: str) -> list[Due]:
    """Everything that was ever to come back, in the order of payments."""
    found = _dues(tx, _events().where(event.c.tenant == tenant))
    return [found[number] for number in sorted(found)]


def _events() -> sa.Select[Any]:
    return (
        sa.select(
            event.c.payment_id,
            event.c.type,
            event.c.body,
            event.c.actor,
            payment.c.code,
            payment.c.cycle,
            payment.c.commune,
            payment_status.c.money,
        )
        .join_from(event, payment, payment.c.id == event.c.payment_id)
        .join(payment_status, payment_status.c.payment_id == payment.c.id)
        .where(event.c.type.in_([one.value for one in RECOVERIES]))
        .order_by(event.c.id)
    )


def _dues(tx: Tx, query: sa.Select[Any]) -> dict[int, Due]:
    rows: dict[int, list[Any]] = {}
    for row in tx.connection.execute(query):
        rows.setdefault(row.payment_id, []).append(row)
    return {number: _due(number, of_one) for number, of_one in rows.items()}


def _due(number: int, rows: Sequence[Any]) -> Due:
    def total(kind: EventType) -> int:
        return sum(int(body_of(row.body)["amount"]) for row in rows if row.type == kind.value)

    first = rows[0]
    words = [row for row in rows if row.type in {one.value for one in _WORDS}]
    last = words[-1] if words else None
    is_open = last is not None and last.type == EventType.RECOVERY_PROPOSED.value
    return Due(
        payment_id=number,
        code=first.code,
        month=first.cycle,
        commune=first.commune,
        money=Money(first.money),
        due=total(EventType.RECOVERY_DUE),
        repaid=total(EventType.RECOVERED),
        forgiven=total(EventType.RECOVERY_FORGIVEN),
        wish=Wish(last.actor, body_of(last.body)) if last is not None and is_open else None,
        words=len(words),
    )

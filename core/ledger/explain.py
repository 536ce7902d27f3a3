"""The story of one payment, from the list to the last word about it: as data, for officers.

What does not live here: its wording (`bot/cli`, `bot/console`).
"""

from dataclasses import dataclass, field
from datetime import datetime

from core.ledger.events import Posting, Value, body_of
from core.ledger.facts import PaymentFacts
from core.ledger.projection import event_of
from core.ledger.states import Money, PaymentStatus, Receipt, moved
from core.refusals import Refusal
from core.store import chain, payments, recoveries
from core.store.engine import Tx
from core.store.events import EventRow, events_of_payment
from core.store.recoveries import Due


@dataclass(frozen=True, slots=True)
class Step:
    """One event of the story. Time: aware UTC. `block` is None while the event is unsealed."""

    id: int
    type: str
    effective_at: datetime
    recorded_at: datetime
    actor: str
    source: str
    body: dict[str, Value]
    money: Money | None
    receipt: Receipt | None
    postings: tuple[Posting, ...]
    fingerprint: str
    block: int | None

    def as_json(self) -> dict[str, object]:
        """The step for machines."""
        return {
            "id": self.id,
            "type": self.type,
            "effective_at": self.effective_at.isoformat(),
            "recorded_at": self.recorded_at.isoformat(),
            "actor": self.actor,
            "source": self.source,
            "body": self.body,
            "money": self.money.value if self.money else None,
            "receipt": self.receipt.value if self.receipt else None,
            "postings": [
                {"account": one.account, "amount": one.amount, "provider": one.provider}
                for one in self.postings
            ],
            "hash": self.fingerprint,
            "block": self.block,
        }


@dataclass(frozen=True, slots=True)
class Story:
    """A payment, all its events in order, and the payments it came from or went on as."""

    payment: PaymentFacts
    steps: tuple[Step, ...]
    parent: str | None = None
    children: tuple[str, ...] = field(default=())
    recovery: Due | None = None

    def as_json(self) -> dict[str, object]:
        """The story for machines."""
        one, due = self.payment, self.recovery
        return {
            "payment": one.code,
            "cycle": one.cycle,
            "amount": one.amount,
            "monthly": one.monthly,
            "arrears": one.arrears,
            "state": one.money.value,
            "receipt": one.receipt.value,
            "method": one.method,
            "provider": one.provider,
            "pay_point": one.pay_point,
            "reason": one.reason,
            "effective_on": one.effective_on.isoformat() if one.effective_on else None,
            "parent": self.parent,
            "children": list(self.children),
            "recovery": _due(due) if due else None,
            "events": [step.as_json() for step in self.steps],
        }


def _due(due: Due) -> dict[str, object]:
    return {
        "due": due.due,
        "repaid": due.repaid,
        "forgiven": due.forgiven,
        "left": due.left,
    }


def explain(tx: Tx, code: str) -> Story | None:
    """The story of the payment with this transaction code; None if there is no such payment."""
    found = payments.payments_with(tx, codes=[code])
    if not found:
        return None
    payment = found[0]
    rows = events_of_payment(tx, payment.id)
    sealed = chain.blocks_of(tx, [row.id for row in rows])
    steps = []
    status: PaymentStatus | None = None
    for row in rows:
        after = moved(status, event_of(row), row.id, row.recorded)
        status = status if isinstance(after, Refusal) else after
        steps.append(_step(row, status, sealed.get(row.id)))
    parent, children = payments.family(tx, payment.id)
    due = recoveries.dues(tx, [payment.id]).get(payment.id)
    return Story(payment, tuple(steps), parent, children, due)


def _step(row: EventRow, status: PaymentStatus | None, block: int | None) -> Step:
    return Step(
        id=row.id,
        type=row.type,
        effective_at=row.effective,
        recorded_at=row.recorded,
        actor=row.actor,
        source=row.source,
        body=body_of(row.body),
        money=status.money if status is not None else None,
        receipt=status.receipt if status is not None else None,
        postings=tuple(
            Posting(account, amount, cycle, provider, commune, payment)
            for _, account, amount, cycle, provider, commune, payment in row.postings
        ),
        fingerprint=row.hash,
        block=block,
    )

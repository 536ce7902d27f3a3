"""What is read from the ledger to answer and to show: values only, each with its events.

`event_ids` are the ids of the events behind a fact; a sentence about money cites them.

What does not live here: reading them (`reads.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from core.ledger.states import Money, Receipt


class CycleState(StrEnum):
    """Where a payment cycle stands (kỳ chi trả)."""

    IMPORTING = "IMPORTING"
    FROZEN = "FROZEN"
    APPROVED = "APPROVED"
    FUNDED_PARTLY = "FUNDED_PARTLY"
    FUNDED = "FUNDED"
    PAYING = "PAYING"
    RECONCILING = "RECONCILING"
    CLOSED = "CLOSED"


@dataclass(frozen=True, slots=True)
class PaymentFacts:
    """One payment as it stands. Money: whole đồng. Time: aware UTC, days in Asia/Ho_Chi_Minh.

    `effective_on` is the day the provider says it happened, `reported_at` when it told us,
    `changed_at` since when the money is where it is. `cycle` is a month like 2021-04.
    """

    id: int
    code: str
    cycle: str
    beneficiary_id: int
    kind: str
    amount: int
    monthly: int
    arrears: int
    commune: str
    money: Money
    receipt: Receipt
    method: str | None
    provider: str | None
    pay_point: str | None
    reason: str | None
    effective_on: date | None
    reported_at: datetime | None
    changed_at: datetime
    event_ids: tuple[int, ...] = ()
    # The month that the money belongs to; an earlier one than `cycle` where it is paid again.
    first_cycle: str = ""

    @property
    def is_reissue(self) -> bool:
        """Whether an earlier payment of the same money failed."""
        return self.first_cycle not in {"", self.cycle}


@dataclass(frozen=True, slots=True)
class ProviderFacts:
    """One provider's part of a cycle. Money: whole đồng. Time: aware UTC.

    `carried_amount`: what it held already from closed months, for payments issued again.
    """

    approved_heads: int = 0
    approved_amount: int = 0
    funded_amount: int = 0
    funded_at: datetime | None = None
    instructed_at: datetime | None = None
    order_sha256: str | None = None
    carried_amount: int = 0

    @property
    def is_funded(self) -> bool:
        """Whether the provider holds all that was approved."""
        return 0 < self.approved_amount <= self.funded_amount + self.carried_amount

    def as_words(self) -> dict[str, int | str | bool]:
        """The values that a sentence about this provider needs."""
        return {
            "heads": self.approved_heads,
            "approved": self.approved_amount,
            "funded": self.funded_amount,
            "carried": self.carried_amount,
            "is_funded": self.is_funded,
            "is_instructed": self.instructed_at is not None,
        }


@dataclass(frozen=True, slots=True)
class CycleFacts:
    """A payment cycle as it stands. Time: aware UTC."""

    cycle: str
    state: CycleState
    changed_at: datetime
    frozen_at: datetime | None
    approved_at: datetime | None
    providers: Mapping[str, ProviderFacts] = field(default_factory=dict)
    event_ids: tuple[int, ...] = ()

    def as_json(self) -> dict[str, object]:
        """The cycle for machines."""
        return {
            "cycle": self.cycle,
            "state": self.state.value,
            "frozen_at": _iso(self.frozen_at),
            "approved_at": _iso(self.approved_at),
            "providers": {
                name: {
                    **one.as_words(),
                    "funded_at": _iso(one.funded_at),
                    "instructed_at": _iso(one.instructed_at),
                    "order_sha256": one.order_sha256,
                }
                for name, one in self.providers.items()
            },
        }


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()

"""The chart of accounts, and which postings each event makes.

A memorandum ledger: the money is not ours, we keep what is owed to whom and who holds it, so
that "funded = paid + returned + still held" is a sum and not a report.
Debit is positive, credit negative; every event sums to zero.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from core.ledger.events import Posting
from core.ledger.states import EventType

TREASURY: Final = "A100"
HELD_BY_PROVIDER: Final = "A110"
IN_TRANSIT: Final = "A120"
WITH_OFFICER: Final = "A130"
PAYABLE: Final = "L200"
CARRIED_OVER: Final = "L210"
ON_HOLD: Final = "L220"
DUE_TO_TREASURY: Final = "L230"
BENEFIT: Final = "E300"
BACK_PAY: Final = "E310"
RECOVERY: Final = "E320"
SUSPENSE: Final = "C400"

# (debit, credit) of the whole amount; `approved` splits its debit into benefit and back-pay.
_PAYMENT_MOVES: Final[Mapping[EventType, tuple[str, str]]] = MappingProxyType(
    {
        EventType.INSTRUCTED: (IN_TRANSIT, HELD_BY_PROVIDER),
        EventType.SETTLED: (PAYABLE, IN_TRANSIT),
        EventType.COLLECTED: (PAYABLE, IN_TRANSIT),
        EventType.HANDED: (PAYABLE, IN_TRANSIT),
        EventType.FAILED: (HELD_BY_PROVIDER, IN_TRANSIT),
        EventType.RETURNED: (HELD_BY_PROVIDER, PAYABLE),
        EventType.UNCLAIMED: (HELD_BY_PROVIDER, IN_TRANSIT),
        EventType.REISSUED: (PAYABLE, CARRIED_OVER),
        EventType.REFUNDED: (PAYABLE, DUE_TO_TREASURY),
    }
)
# Before approval nothing is owed yet, so these post only for a payment that was approved.
_APPROVED_MOVES: Final[Mapping[EventType, tuple[str, str]]] = MappingProxyType(
    {
        EventType.HELD: (PAYABLE, ON_HOLD),
        EventType.RELEASED: (ON_HOLD, PAYABLE),
        EventType.CANCELLED: (PAYABLE, RECOVERY),
    }
)


@dataclass(frozen=True, slots=True)
class Sum:
    """What a payment is made of. Money: whole đồng; amount = monthly + arrears."""

    payment_id: int
    cycle: str
    commune: str
    amount: int
    monthly: int
    arrears: int


def postings_for(
    event: EventType, what: Sum, provider: str | None, *, was_approved: bool
) -> tuple[Posting, ...]:
    """The postings an event makes for one payment; none where no money is owed or moves."""
    if event is EventType.APPROVED:
        debits = [(BENEFIT, what.monthly), (BACK_PAY, what.arrears)]
        lines = [*debits, (PAYABLE, -what.amount)]
        return tuple(_posting(account, sum_, what, provider) for account, sum_ in lines if sum_)
    pair = _PAYMENT_MOVES.get(event) or (_APPROVED_MOVES.get(event) if was_approved else None)
    if pair is None:
        return ()
    debit, credit = pair
    return (
        _posting(debit, what.amount, what, provider),
        _posting(credit, -what.amount, what, provider),
    )


def funding(cycle: str, provider: str, amount: int) -> tuple[Posting, ...]:
    """The Treasury's advice: the provider holds the money now."""
    return (
        Posting(HELD_BY_PROVIDER, amount, cycle, provider),
        Posting(TREASURY, -amount, cycle, provider),
    )


def into_suspense(cycle: str, provider: str, amount: int) -> tuple[Posting, ...]:
    """The provider says it paid something we know nothing of."""
    return (
        Posting(SUSPENSE, amount, cycle, provider),
        Posting(HELD_BY_PROVIDER, -amount, cycle, provider),
    )


def _posting(account: str, amount: int, what: Sum, provider: str | None) -> Posting:
    return Posting(account, amount, what.cycle, provider, what.commune, what.payment_id)

"""Questions put to the ledger, each answered in at most two statements.

What does not live here: the facts themselves (`facts.py`), where the money is now
(`whereabouts.py`), the SQL (`core/store/payments.py`, `core/store/cycles.py`).
"""

from collections.abc import Sequence

from core.ledger.facts import CycleFacts, CycleState, PaymentFacts, ProviderFacts
from core.ledger.states import Money
from core.store import cycles, payments, reissues
from core.store.engine import Tx

__all__ = [
    "CycleFacts",
    "CycleState",
    "PaymentFacts",
    "ProviderFacts",
    "cycle_facts",
    "issued_again",
    "payment_with_code",
    "payments_in",
    "payments_of",
    "payments_with_codes",
    "payments_with_ids",
]


def payments_of(tx: Tx, beneficiary_id: int, *, limit: int = 6) -> tuple[PaymentFacts, ...]:
    """The latest payments of a beneficiary, the newest cycle first."""
    return payments.payments_of(tx, beneficiary_id, limit=limit)


def payments_in(tx: Tx, beneficiary_id: int, cycle: str) -> tuple[PaymentFacts, ...]:
    """The payments of a beneficiary in one cycle, in the order in which they were listed."""
    return payments.payments_of(tx, beneficiary_id, cycle=cycle)


def issued_again(tx: Tx, ended: Sequence[PaymentFacts]) -> tuple[PaymentFacts, ...]:
    """The newest payments that those of `ended` that were issued again go on as."""
    ids = [one.id for one in ended if one.money is Money.REISSUED]
    return payments.payments_with(tx, ids=reissues.newest_after(tx, ids)) if ids else ()


def payments_with_ids(tx: Tx, ids: Sequence[int]) -> tuple[PaymentFacts, ...]:
    """The payments with these ids, in the order of ids; unknown ids are left out."""
    return payments.payments_with(tx, ids=ids)


def payments_with_codes(tx: Tx, codes: Sequence[str]) -> tuple[PaymentFacts, ...]:
    """The payments with these transaction codes, in the order of ids; unknown ones are left out."""
    return payments.payments_with(tx, codes=codes)


def payment_with_code(tx: Tx, code: str) -> PaymentFacts | None:
    """The payment with this transaction code."""
    found = payments.payments_with(tx, codes=[code])
    return found[0] if found else None


def cycle_facts(tx: Tx, tenant: str, cycle: str) -> CycleFacts | None:
    """A cycle as it stands; None before its first list came in."""
    return cycles.cycle_facts(tx, tenant, cycle)

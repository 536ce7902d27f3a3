"""Money that a provider gave back to the Treasury (hoàn trả): for a payment, or what was left over.

A payment that came back and will not be paid again ends as refunded. Anything else is surplus, and
only what is owed to nobody can be that. Neither opens a closed month: nothing is reported about it.
Source: docs/decisions/0117.
"""

from datetime import datetime

from core.ledger import journal
from core.ledger.cycles import Moved, locked_facts
from core.ledger.events import EventType, NewEvent, Value
from core.ledger.facts import PaymentFacts
from core.ledger.journal import Account
from core.ledger.reads import payment_with_code
from core.ledger.record import Ledger
from core.refusals import Code, Refusal
from core.store import sums
from core.store.engine import Tx

_OWED = (Account.PAYABLE, Account.CARRIED_OVER, Account.ON_HOLD)
_MOVING = (Account.IN_TRANSIT, Account.WITH_OFFICER)


def give_back(
    tx: Tx,
    ledger: Ledger,
    *,
    cycle: str,
    provider: str,
    amount: int,
    day: datetime,
    source: str,
    actor: str,
    payment: str = "",
    file: str | int | None = None,
) -> Moved | Refusal:
    """The Treasury has this money of the month again. `payment`: whose it was, if somebody's.

    `day`: when, as its paper says. Time: aware UTC.
    Refuses: CYCLE_UNKNOWN, PROVIDER_UNKNOWN, REFUND_TOO_MUCH, RESULT_…, PAYMENT_ILLEGAL_MOVE,
    ROW_CONFLICT.
    """
    facts = locked_facts(tx, ledger, cycle)
    if isinstance(facts, Refusal):
        return facts
    if provider not in facts.providers:
        return Refusal(Code.PROVIDER_UNKNOWN, {"provider": provider, "cycle": cycle})
    body: dict[str, Value | None] = {"provider": str(provider), "amount": amount, "file": file}
    held, free = _at_provider(tx, ledger.tenant, cycle, provider)
    limit = held if payment else min(held, free)
    if payment:
        known = payment_with_code(tx, payment)
        if known is None:
            return Refusal(Code.RESULT_UNKNOWN_PAYMENT)
        refusal = _not_its_money(known, cycle, provider, amount)
        if refusal is not None:
            return refusal
        event = NewEvent(
            EventType.REFUNDED, source, actor, day, cycle, known.id, known.beneficiary_id, body
        )
    else:
        event = NewEvent(
            EventType.SURPLUS_RETURNED,
            source,
            actor,
            day,
            cycle,
            body=body,
            postings=journal.surplus(cycle, str(provider), amount),
        )
    if amount > limit:
        return Refusal(Code.REFUND_TOO_MUCH, {"provider": provider, "held": max(0, limit)})
    (done,) = ledger.record(tx, [event])
    if isinstance(done, Refusal):
        return done
    return Moved("given_back", cycle, facts.state, 0, amount, provider, changed=done.is_new)


def _not_its_money(payment: PaymentFacts, cycle: str, provider: str, amount: int) -> Refusal | None:
    if payment.cycle != cycle:
        return Refusal(Code.RESULT_WRONG_CYCLE, {"cycle": payment.cycle})
    if payment.provider != provider:
        return Refusal(Code.RESULT_WRONG_PROVIDER)
    if payment.amount != amount:
        return Refusal(Code.RESULT_WRONG_AMOUNT, {"ordered": payment.amount})
    return None


def _at_provider(tx: Tx, tenant: str, cycle: str, provider: str) -> tuple[int, int]:
    """What a provider holds of a month, and how much of all it was sent is owed to nobody."""
    accounts = sums.by_account(tx, tenant, cycle)

    def stands(*wanted: Account) -> int:
        return sum(accounts.get((provider, one.value), 0) for one in wanted)

    held = stands(Account.AT_PROVIDER)
    # What is owed stands as a credit: below zero.
    return held, held + stands(*_MOVING) + stands(*_OWED)

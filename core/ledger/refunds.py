"""Money that a provider gave back to the Treasury (hoàn trả): for a payment, or what was left over.

A payment that came back and will not be paid again ends as refunded. Anything else is surplus, and
only what is owed to nobody can be that. Neither opens a closed month: nothing is reported about it.
Source: docs/decisions/0117.
"""

from core.ledger import journal
from core.ledger.advices import Advice
from core.ledger.cycles import Moved, locked_facts
from core.ledger.events import EventType, NewEvent
from core.ledger.journal import Account
from core.ledger.mismatches import mismatch
from core.ledger.reads import payment_with_code
from core.ledger.record import Ledger
from core.refusals import Code, Refusal
from core.store import sums
from core.store.engine import Tx

_OWED = (Account.PAYABLE, Account.CARRIED_OVER, Account.ON_HOLD)
_MOVING = (Account.IN_TRANSIT, Account.WITH_OFFICER)


def give_back(tx: Tx, ledger: Ledger, advice: Advice) -> Moved | Refusal:
    """The Treasury has this money of the month again: of the payment that is named, or a surplus.

    Refuses: CYCLE_UNKNOWN, PROVIDER_UNKNOWN, REFUND_TOO_MUCH, RESULT_…, PAYMENT_ILLEGAL_MOVE,
    ROW_CONFLICT.
    """
    cycle, provider, amount = advice.cycle, advice.provider, advice.amount
    facts = locked_facts(tx, ledger, cycle)
    if isinstance(facts, Refusal):
        return facts
    if provider not in facts.providers:
        return Refusal(Code.PROVIDER_UNKNOWN, {"provider": provider, "cycle": cycle})
    event = _of_payment(tx, advice) if advice.payment else _surplus(advice)
    if isinstance(event, Refusal):
        return event
    held, free = at_provider(tx, ledger.tenant, cycle, provider)
    limit = held if advice.payment else min(held, free)
    if amount > limit:
        return Refusal(Code.REFUND_TOO_MUCH, {"provider": provider, "held": max(0, limit)})
    (done,) = ledger.record(tx, [event])
    if isinstance(done, Refusal):
        return done
    return Moved("given_back", cycle, facts.state, 0, amount, provider, changed=done.is_new)


def _of_payment(tx: Tx, advice: Advice) -> NewEvent | Refusal:
    known = payment_with_code(tx, advice.payment)
    if known is None:
        return Refusal(Code.RESULT_UNKNOWN_PAYMENT)
    wrong = mismatch(known, advice.cycle, advice.provider, advice.amount)
    if wrong is not None:
        return wrong
    return NewEvent(
        EventType.REFUNDED,
        advice.source,
        advice.actor,
        advice.day,
        advice.cycle,
        known.id,
        known.beneficiary_id,
        advice.body,
    )


def _surplus(advice: Advice) -> NewEvent:
    return NewEvent(
        EventType.SURPLUS_RETURNED,
        advice.source,
        advice.actor,
        advice.day,
        advice.cycle,
        body=advice.body,
        postings=journal.surplus(advice.cycle, str(advice.provider), advice.amount),
    )


def at_provider(tx: Tx, tenant: str, cycle: str, provider: str) -> tuple[int, int]:
    """What a provider holds of a month, and how much of all it was sent is owed to nobody."""
    accounts = sums.by_account(tx, tenant, cycle)

    def stands(*wanted: Account) -> int:
        return sum(accounts.get((provider, one.value), 0) for one in wanted)

    held = stands(Account.AT_PROVIDER)
    # What is owed stands as a credit: below zero.
    return held, held + stands(*_MOVING) + stands(*_OWED)

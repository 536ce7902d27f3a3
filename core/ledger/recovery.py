"""Recovery (thu hồi): money ordered for months in which somebody was no longer entitled.

A decrease stops what no provider was told to pay. What was ordered before it came is due back:
where the provider still has it, it is given back by its code as of any payment that failed; where
it was paid, the person or the family repays it to the Treasury, at once or in parts.
Source: docs/decisions/0123.

What does not live here: stopping payments (`comparison.py`), refunds of providers (`refunds.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from core.ledger.advices import Advice
from core.ledger.cycles import Moved, locked_facts
from core.ledger.events import EventType, NewEvent, Value
from core.ledger.reads import payment_with_code
from core.ledger.record import Ledger
from core.ledger.states import Money
from core.refusals import Code, Refusal
from core.store import recoveries
from core.store.engine import Tx


@dataclass(frozen=True, slots=True)
class Stop:
    """What a list says of somebody who stops. Money: whole đồng.

    `since`: the first month without entitlement, YYYY-MM. `recover`: what the office asks back; 0
    where it named no sum, then it is the monthly part of every month from then on.
    """

    since: str
    reason: str
    recover: int


def note_due(
    tx: Tx,
    ledger: Ledger,
    stops: Mapping[int, Stop],
    *,
    cycle: str,
    file: Value,
    actor: str,
) -> int:
    """How many payments are due back because of a month's list; `stops` by beneficiary id.

    A sum that the office named falls on the oldest month first, and on no payment more than it is.
    """
    left = {number: stop.recover for number, stop in stops.items()}
    events = []
    for one in recoveries.ordered_of(tx, ledger.tenant, stops):
        stop = stops[one.beneficiary_id]
        if one.month < stop.since:
            continue
        amount = min(left[one.beneficiary_id], one.amount) if stop.recover else one.monthly
        left[one.beneficiary_id] -= amount
        if not amount:
            continue
        body: dict[str, Value | None] = {"amount": amount, "reason": stop.reason, "file": file}
        events.append(
            NewEvent(
                EventType.RECOVERY_DUE,
                f"recovery:{cycle}:{one.code}",
                actor,
                ledger.clock.now(),
                payment_id=one.id,
                beneficiary_id=one.beneficiary_id,
                body=body,
            )
        )
    done = ledger.record(tx, events)
    return sum(not isinstance(one, Refusal) and one.is_new for one in done)


def take_back(tx: Tx, ledger: Ledger, advice: Advice) -> Moved | Refusal:
    """The Treasury has this money again, from whoever was paid: all that is due of it, or a part.

    Refuses: CYCLE_UNKNOWN, RESULT_UNKNOWN_PAYMENT, RESULT_WRONG_CYCLE, RECOVERY_NOT_PAID,
    RECOVERY_TOO_MUCH, ROW_CONFLICT.
    """
    facts = locked_facts(tx, ledger, advice.cycle)
    if isinstance(facts, Refusal):
        return facts
    known = payment_with_code(tx, advice.payment)
    if known is None:
        return Refusal(Code.RESULT_UNKNOWN_PAYMENT)
    if known.cycle != advice.cycle:
        return Refusal(Code.RESULT_WRONG_CYCLE, {"cycle": known.cycle})
    if known.money is not Money.SETTLED:
        return Refusal(Code.RECOVERY_NOT_PAID, {"state": known.money.value})
    due = recoveries.dues(tx, [known.id]).get(known.id)
    left = due.left if due is not None else 0
    if advice.amount > left:
        return Refusal(Code.RECOVERY_TOO_MUCH, {"left": left})
    event = NewEvent(
        EventType.RECOVERED,
        advice.source,
        advice.actor,
        advice.day,
        advice.cycle,
        known.id,
        known.beneficiary_id,
        {"amount": advice.amount, "file": advice.file},
    )
    (done,) = ledger.record(tx, [event])
    if isinstance(done, Refusal):
        return done
    return Moved("taken_back", advice.cycle, facts.state, 0, advice.amount, changed=done.is_new)

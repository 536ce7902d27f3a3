"""Paying again (chi lại): what closed months left unpaid goes into the month that is frozen now.

Each such payment becomes a new one, with the first payment as its parent, and is then approved,
ordered and reported like any other. The old one ends with that; so none is issued again twice.
Source: docs/decisions/0115.

What does not live here: what it posts (`journal.py`), carrying over (`closing.py`).
"""

from collections.abc import Mapping, Sequence
from typing import Final

from core.failures import failure
from core.ledger.codes import Kind
from core.ledger.events import EventType, NewEvent
from core.ledger.listing import NewPayment, list_payments
from core.ledger.record import Ledger
from core.ledger.routing import router
from core.refusals import Refusal
from core.store import recoveries, reissues
from core.store.engine import Tx
from core.store.methods import MethodVersion
from core.store.reissues import Left, Try
from core.terms import Method, Programme, Retry

_BY_NUMBER: Final = frozenset({Method.ACCOUNT, Method.WALLET})


def reissue(tx: Tx, ledger: Ledger, programme: Programme, *, cycle: str, by: str) -> int:
    """How many payments of earlier months are listed in this one now.

    Left where they are: payments of people who died, and those whose failure says that only a
    person may decide; they are given back to the Treasury, or wait. So are those that are due
    back because the entitlement had ended, and those of people whose commune left the programme.
    """
    left = _due(tx, ledger.tenant, programme, cycle)
    new = _numbered(cycle, left, reissues.newest_numbers(tx, ledger.tenant, cycle))
    now, actor = ledger.clock.now(), f"staff:{by}"
    ended = ledger.record(
        tx,
        [
            NewEvent(
                EventType.REISSUED,
                f"reissued:{one.code}",
                actor,
                now,
                payment_id=one.id,
                beneficiary_id=one.beneficiary_id,
                body={"as": again.code},
            )
            for one, again in zip(left, new, strict=True)
        ],
    )
    # Only what has ended is owed anew: refunded in the same moment, it is not.
    taken = [again for again, done in zip(new, ended, strict=True) if not isinstance(done, Refusal)]
    list_payments(ledger, tx, taken, actor=actor)
    return len(taken)


def cash_only(
    tx: Tx, programme: Programme, ids: Sequence[int], versions: Mapping[int, MethodVersion]
) -> frozenset[int]:
    """Those of these payments that must come in cash: the account in force has failed them before.

    `versions`: the method in force of each payment, by payment id. A newer account may be tried;
    so may an old one that did nothing wrong (the provider's limit, its funds).
    """
    return frozenset(
        number
        for number, tries in reissues.tries_of(tx, ids).items()
        if any(_has_failed(programme, one, versions.get(number)) for one in tries)
    )


def _due(tx: Tx, tenant: str, programme: Programme, cycle: str) -> list[Left]:
    def is_stopped(one: Left) -> bool:
        known = failure(programme, one.reason or "")
        return one.died_on is not None or (known is not None and known.retry is Retry.STOP)

    way_of = router(programme, cycle)
    left = [
        one
        for one in reissues.carried_before(tx, tenant, cycle)
        if not is_stopped(one) and way_of(one.commune, None) is not None
    ]
    due_back = recoveries.dues(tx, [one.id for one in left])
    return [one for one in left if one.id not in due_back]


def _numbered(cycle: str, left: Sequence[Left], newest: Mapping[int, int]) -> list[NewPayment]:
    """The new payments: the oldest of a person first, whatever number the last one had."""
    numbers = dict(newest)
    found = []
    for one in left:
        numbers[one.beneficiary_id] = numbers.get(one.beneficiary_id, 0) + 1
        found.append(
            NewPayment(
                cycle=cycle,
                beneficiary_id=one.beneficiary_id,
                beneficiary_code=one.beneficiary_code,
                commune=one.commune,
                monthly=one.monthly,
                arrears=one.arrears,
                kind=Kind.REISSUE,
                seq=numbers[one.beneficiary_id],
                parent_id=one.first_id,
            )
        )
    return found


def _has_failed(programme: Programme, one: Try, version: MethodVersion | None) -> bool:
    if one.method not in _BY_NUMBER or version is None or one.version_id != version.id:
        return False
    known = failure(programme, one.reason or "")
    return known is None or not known.retryable

"""The way that each payment of a month goes, written down when the month is frozen.

What does not live here: which ways there are (`routing.py`), when a month is frozen (`cycles.py`).
"""

from collections.abc import Sequence

from core.ledger.events import EventType, NewEvent
from core.ledger.record import Ledger
from core.ledger.reissue import cash_only
from core.ledger.routing import router
from core.store import methods
from core.store.cycles import PaymentInCycle
from core.store.engine import Tx
from core.terms import Programme


def route(
    tx: Tx,
    ledger: Ledger,
    programme: Programme,
    payments: Sequence[PaymentInCycle],
    *,
    cycle: str,
    actor: str,
) -> None:
    """Give these payments their ways; those without one stay so, and block the approval."""
    if not payments:
        return
    in_force = methods.methods_in_force(tx, [one.beneficiary_id for one in payments], cycle)
    versions = {
        one.id: in_force[one.beneficiary_id] for one in payments if one.beneficiary_id in in_force
    }
    again = [one.id for one in payments if one.is_reissue]
    in_cash = cash_only(tx, programme, again, versions)
    way_of, now = router(programme, cycle), ledger.clock.now()
    events = []
    for one in payments:
        found = way_of(one.commune, None if one.id in in_cash else versions.get(one.id))
        if found is None:
            continue
        events.append(
            NewEvent(
                EventType.ROUTED,
                f"{EventType.ROUTED.value}:{one.code}",
                actor,
                now,
                cycle,
                one.id,
                one.beneficiary_id,
                {
                    "method": found.method,
                    "provider": found.provider,
                    "version": found.version_id,
                    "pay_point": found.pay_point,
                },
            )
        )
    ledger.record(tx, events)

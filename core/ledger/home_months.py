"""What the freeze of a month does for deliveries at home.

Whoever was brought one month's money is paid in cash again; every payment that goes home has a
delivery, of the request that is waiting for it or of a standing order.
Source: docs/decisions/0136.

What does not live here: the freeze (`cycles.py`), who is paid at home (`delivering.py`).
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from core import offers, places
from core.calendar import Cycle
from core.ledger.deliveries import Criterion, DeliveryState, review_day
from core.ledger.delivery_steps import SOURCE, Asked, Desk, after_event, event_of, new_row
from core.ledger.events import EventType, Recorded
from core.ledger.record import Ledger
from core.refusals import Refusal
from core.store import deliveries
from core.store.deliveries import DeliveryRow, HomePayment
from core.store.engine import Tx
from core.store.methods import MethodVersion, NewMethod, insert_methods, with_sources
from core.store.people import beneficiaries_with_ids
from core.terms import Method, Programme

_S = DeliveryState
# Asked for and not accepted, or ended before anybody came: nothing of it goes on.
_NOTHING_CAME: Final = frozenset({_S.REQUESTED, _S.ASSESSED, _S.DECLINED, _S.WITHDRAWN})


def end_what_passed(tx: Tx, ledger: Ledger, programme: Programme, *, cycle: str) -> int:
    """How many people are paid in cash again, from this month on: their one delivery is over."""
    versions = with_sources(tx, SOURCE, Method.HOME.value, cycle)
    rows = {one.id: one for one in deliveries.deliveries_of(tx, versions)}
    passed = [one for one in versions.values() if _has_passed(rows.get(_number(one)), cycle)]
    people = beneficiaries_with_ids(tx, [one.beneficiary_id for one in passed])
    day = Cycle.parse(cycle).first_day
    methods = []
    for one in passed:
        area = places.area_of(programme, people[one.beneficiary_id].commune, day)
        if area is None or not area.paid:
            continue
        leg = offers.leg_for(programme, area.code, Method.CASH, day)
        methods.append(
            NewMethod(
                key=secrets.token_hex(12),
                beneficiary_id=one.beneficiary_id,
                method=leg.method.value,
                provider=leg.provider.value,
                from_cycle=cycle,
                source=f"{one.source}:passed",
            )
        )
    insert_methods(tx, methods, ledger.clock.now())
    return len(methods)


def open_deliveries(tx: Tx, ledger: Ledger, programme: Programme, *, cycle: str, by: str) -> int:
    """How many payments of this month that go home got their delivery now."""
    paid = deliveries.payments_at_home(tx, ledger.tenant, cycle)
    known = deliveries.deliveries_of_payments(tx, [one.payment_id for one in paid])
    fresh = [one for one in paid if one.payment_id not in known]
    if not fresh:
        return 0
    desk = Desk(tx, ledger, programme, f"staff:{by}")
    before: dict[int, list[DeliveryRow]] = {}
    for row in deliveries.deliveries_of(tx, [one.beneficiary_id for one in fresh]):
        before.setdefault(row.beneficiary_id, []).append(row)
    rows = _rows(desk, fresh, before, cycle)
    now = ledger.clock.now()
    done = ledger.record(
        tx, [event_of(row, EventType.DELIVERY_DUE, desk.actor, now, {}) for row in rows]
    )
    ids = [one.id for one in done if isinstance(one, Recorded)]
    rows = [replace(row, last_event_id=id_) for row, id_ in zip(rows, ids, strict=True)]
    new = [row for row in rows if row.version == 1]
    deliveries.insert_deliveries(tx, ledger.tenant, new, now)
    deliveries.update_deliveries(tx, [row for row in rows if row.version > 1], now)
    return len(rows)


def _rows(
    desk: Desk,
    fresh: Sequence[HomePayment],
    before: Mapping[int, list[DeliveryRow]],
    cycle: str,
) -> list[DeliveryRow]:
    numbers = iter(deliveries.new_numbers(desk.tx, len(fresh)))
    taken: set[int] = set()
    rows = []
    for one in fresh:
        own = before.get(one.beneficiary_id, [])
        waits = next((row for row in own if row.id not in taken and _waits(row)), None)
        row = waits or _another(desk, next(numbers), one.beneficiary_id, own)
        taken.add(row.id)
        row = replace(row, payment_id=one.payment_id, provider=one.provider, cycle=cycle)
        after = after_event(row, EventType.DELIVERY_DUE)
        if not isinstance(after, Refusal):
            rows.append(after)
    return rows


def _another(
    desk: Desk, number: int, beneficiary_id: int, own: Sequence[DeliveryRow]
) -> DeliveryRow:
    """The next delivery of a standing order: as the last one, or of a registration."""
    last = next((row for row in reversed(own) if row.state not in _NOTHING_CAME), None)
    if last is None:
        asked = Asked(Criterion.OTHER, is_standing=True)
        return replace(
            new_row(desk, number, beneficiary_id, asked), review_on=review_day(desk.today)
        )
    asked = Asked(Criterion(last.reason), last.place or "", last.door or "", last.is_standing)
    row = new_row(desk, number, beneficiary_id, asked)
    return replace(row, criterion=last.criterion, review_on=last.review_on)


def _waits(row: DeliveryRow) -> bool:
    return row.state == _S.ACCEPTED and row.payment_id is None


def _number(version: MethodVersion) -> int:
    number = version.source.removeprefix(SOURCE)
    return int(number) if number.isdecimal() else 0


def _has_passed(row: DeliveryRow | None, cycle: str) -> bool:
    if row is None or row.is_standing or _waits(row):
        return False
    return row.state == _S.WITHDRAWN or (row.cycle or "") < cycle

"""Who is paid at home: asked for, judged, accepted or declined, and ended again.

Each step is one event and the row that follows, in the caller's transaction. An accepted request
is a way to be paid, from the next month whose cut-off has not passed.
Source: docs/decisions/0136.

What does not live here: which moves are possible (`deliveries.py`), the visit (`visiting.py`), what
a freeze does (`home_months.py`).
"""

import secrets
from dataclasses import replace

from core import offers, places
from core.ledger.deliveries import (
    RUNNING,
    Criterion,
    Decline,
    DeliveryState,
    may_decide,
    may_request,
    review_day,
)
from core.ledger.delivery_steps import SOURCE, Asked, Desk, found, moved, new_row, written
from core.ledger.events import EventType, Value
from core.pay_days import next_cycle_for_change
from core.refusals import Code, Refusal
from core.store import deliveries
from core.store.deliveries import DeliveryRow
from core.store.engine import Tx
from core.store.methods import MethodVersion, NewMethod, insert_methods, newest_methods
from core.store.people import BeneficiaryRow, beneficiary_with_id
from core.terms import Method, Provider

_E = EventType


def may_ask(desk: Desk, beneficiary: BeneficiaryRow) -> Refusal | None:
    """None when somebody may ask to be paid at home now.

    Refuses: DELIVERY_ASKED_ALREADY, DELIVERY_STANDING, DELIVERY_NOT_CASH, DELIVERY_NOT_PAID_THERE.
    """
    running = running_of(desk.tx, beneficiary.id)
    state = DeliveryState(running.state) if running is not None else None
    refusal = may_request(state, _method_for_good(desk.tx, beneficiary.id))
    if refusal is not None:
        return refusal
    provider = _provider(desk, beneficiary.commune)
    return provider if isinstance(provider, Refusal) else None


def running_of(tx: Tx, beneficiary_id: int) -> DeliveryRow | None:
    """The newest delivery of somebody that is under way, locked."""
    return next(reversed(deliveries.deliveries_of(tx, [beneficiary_id], RUNNING)), None)


def request(desk: Desk, beneficiary: BeneficiaryRow, asked: Asked) -> DeliveryRow | Refusal:
    """Somebody asks to be paid at home; an officer decides.

    Refuses: DELIVERY_ASKED_ALREADY, DELIVERY_STANDING, DELIVERY_NOT_CASH, DELIVERY_NOT_PAID_THERE.
    """
    refusal = may_ask(desk, beneficiary)
    if refusal is not None:
        return refusal
    row = new_row(desk, deliveries.new_numbers(desk.tx, 1)[0], beneficiary.id, asked)
    body: dict[str, Value | None] = {"reason": row.reason, "standing": int(row.is_standing)}
    return written(desk, row, _E.DELIVERY_REQUESTED, body)


def assess(desk: Desk, number: int, criterion: Criterion, note: str) -> DeliveryRow | Refusal:
    """An officer found by which criterion of the plan somebody is paid at home.

    Refuses: DELIVERY_UNKNOWN, DELIVERY_WRONG_STATE.
    """
    changes = {"criterion": criterion.value, "note": note or None}
    return moved(desk, number, _E.DELIVERY_ASSESSED, {"criterion": criterion.value}, **changes)


def accept(desk: Desk, number: int, *, is_standing: bool) -> DeliveryRow | Refusal:
    """Paid at home from the next month whose cut-off has not passed; a standing one for good.

    Refuses: DELIVERY_UNKNOWN, DELIVERY_WRONG_STATE, DELIVERY_SAME_PERSON, DELIVERY_NOT_CASH,
    DELIVERY_NOT_PAID_THERE.
    """
    row = found(desk, number)
    if isinstance(row, Refusal):
        return row
    beneficiary = beneficiary_with_id(desk.tx, row.beneficiary_id)
    provider = _provider(desk, beneficiary.commune if beneficiary else "")
    fit = may_request(None, _method_for_good(desk.tx, row.beneficiary_id))
    refusal = may_decide(desk.by, _decliner(row)) or (
        fit if fit is not None and fit.code is Code.DELIVERY_NOT_CASH else None
    )
    if refusal is not None:
        return refusal
    if isinstance(provider, Refusal):
        return provider
    first = str(next_cycle_for_change(desk.programme, desk.today))
    after = replace(
        row,
        is_standing=is_standing,
        provider=provider.value,
        cycle=first,
        declined=None,
        decided_by=desk.by,
        review_on=review_day(desk.today) if is_standing else None,
    )
    body = {"from": first, "provider": provider.value, "standing": int(is_standing)}
    done = written(desk, after, _E.DELIVERY_ACCEPTED, body)
    if isinstance(done, DeliveryRow):
        pay_by(desk, done.beneficiary_id, Method.HOME, provider, f"{SOURCE}{done.id}")
    return done


def decline(desk: Desk, number: int, why: Decline, note: str) -> DeliveryRow | Refusal:
    """Declined, with the reason that the person is told; they may ask for another look.

    Refuses: DELIVERY_UNKNOWN, DELIVERY_WRONG_STATE, DELIVERY_SAME_PERSON.
    """
    row = found(desk, number)
    refusal = row if isinstance(row, Refusal) else may_decide(desk.by, _decliner(row))
    if refusal is not None:
        return refusal
    changes = {"declined": why.value, "decided_by": desk.by, "note": note or None}
    return moved(desk, number, _E.DELIVERY_DECLINED, {"why": why.value}, **changes)


def appeal(desk: Desk, number: int) -> DeliveryRow | Refusal:
    """The person asks another officer to look again.

    Refuses: DELIVERY_UNKNOWN, DELIVERY_WRONG_STATE.
    """
    return moved(desk, number, _E.DELIVERY_APPEALED, {})


def withdraw(desk: Desk, number: int, note: str = "") -> DeliveryRow | Refusal:
    """Not wanted any more, before it is on its way: in cash again from the next open month.

    Refuses: DELIVERY_UNKNOWN, DELIVERY_WRONG_STATE.
    """
    changes = {"note": note} if note else {}
    done = moved(desk, number, _E.DELIVERY_WITHDRAWN, {}, is_standing=False, **changes)
    if isinstance(done, DeliveryRow) and done.provider is not None:
        _back_to_cash(desk, done)
    return done


def review(desk: Desk, number: int) -> DeliveryRow | Refusal:
    """A standing order was looked at, and goes on for another year.

    Refuses: DELIVERY_UNKNOWN, DELIVERY_WRONG_STATE.
    """
    refusal = _not_standing(desk, number)
    if refusal is not None:
        return refusal
    then = review_day(desk.today)
    body: dict[str, Value | None] = {"review": then.isoformat()}
    return moved(desk, number, _E.DELIVERY_REVIEWED, body, review_on=then)


def stop(desk: Desk, number: int, note: str) -> DeliveryRow | Refusal:
    """A standing order ends: in cash again from the next open month. This visit stays as it is.

    Refuses: DELIVERY_UNKNOWN, DELIVERY_WRONG_STATE.
    """
    refusal = _not_standing(desk, number)
    if refusal is not None:
        return refusal
    changes = {"is_standing": False, "review_on": None, "note": note or None}
    done = moved(desk, number, _E.DELIVERY_STOPPED, {}, **changes)
    if isinstance(done, DeliveryRow):
        _back_to_cash(desk, done)
    return done


def pay_by(
    desk: Desk, beneficiary_id: int, method: Method, provider: Provider, source: str
) -> None:
    """From the next open month on somebody is paid so."""
    first = str(next_cycle_for_change(desk.programme, desk.today))
    newest = newest_methods(desk.tx, [beneficiary_id]).get(beneficiary_id)
    version = NewMethod(
        key=secrets.token_hex(12),
        beneficiary_id=beneficiary_id,
        method=method.value,
        provider=provider.value,
        from_cycle=max(first, newest.from_cycle) if newest is not None else first,
        source=source,
    )
    insert_methods(desk.tx, [version], desk.ledger.clock.now())


def _back_to_cash(desk: Desk, row: DeliveryRow) -> None:
    version = newest_methods(desk.tx, [row.beneficiary_id]).get(row.beneficiary_id)
    # Whatever they chose since stays.
    if version is None or version.method != Method.HOME:
        return
    beneficiary = beneficiary_with_id(desk.tx, row.beneficiary_id)
    area = places.area_of(desk.programme, beneficiary.commune if beneficiary else "", desk.today)
    if area is None or not area.paid:
        return
    leg = offers.leg_for(desk.programme, area.code, Method.CASH, desk.today)
    pay_by(desk, row.beneficiary_id, leg.method, leg.provider, f"{SOURCE}{row.id}:ended")


def _method_for_good(tx: Tx, beneficiary_id: int) -> Method | None:
    """How somebody is paid from now on; whoever is brought one month's money is paid in cash."""
    version = newest_methods(tx, [beneficiary_id]).get(beneficiary_id)
    if version is None:
        return None
    return Method.CASH if _is_for_once(tx, version) else Method(version.method)


def _is_for_once(tx: Tx, version: MethodVersion) -> bool:
    number = version.source.removeprefix(SOURCE)
    if version.method != Method.HOME or not version.source.startswith(SOURCE):
        return False
    own = deliveries.deliveries_of(tx, [version.beneficiary_id])
    return any(str(one.id) == number and not one.is_standing for one in own)


def _not_standing(desk: Desk, number: int) -> Refusal | None:
    """None for the newest delivery of a standing order: what is decided is decided of that one."""
    row = found(desk, number)
    if isinstance(row, Refusal):
        return row
    newest = deliveries.deliveries_of(desk.tx, [row.beneficiary_id])[-1]
    if row.is_standing and newest.id == row.id:
        return None
    return Refusal(Code.DELIVERY_WRONG_STATE, {"state": row.state})


def _provider(desk: Desk, commune: str) -> Provider | Refusal:
    area = places.area_of(desk.programme, commune, desk.today)
    code = area.code if area is not None else ""
    found = offers.provider_for(desk.programme, code, Method.HOME, desk.today)
    return found or Refusal(Code.DELIVERY_NOT_PAID_THERE)


def _decliner(row: DeliveryRow) -> str | None:
    return row.decided_by if row.declined is not None else None

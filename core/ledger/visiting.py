"""The visit itself: arranged, on its way, and what happened at the door.

What happens at the door is first a fact about the money; the delivery follows it (`following.py`).

What does not live here: who is visited at all (`delivering.py`), what providers report
(`core/exchange/at_the_door.py`).
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from core.calendar import Cycle
from core.ledger.deliveries import (
    DELIVERABLE,
    DeliveryState,
    Proof,
    Window,
    delivery_moved,
    may_schedule,
)
from core.ledger.delivery_steps import Desk, found, moved, written
from core.ledger.events import EventType, NewEvent, Recorded, Value, is_code
from core.ledger.facts import PaymentFacts
from core.ledger.reads import payments_of, payments_with_ids
from core.ledger.states import Money
from core.pay_days import pay_rule, pays_on
from core.refusals import Code, Refusal
from core.store import deliveries
from core.store.deliveries import DeliveryRow
from core.store.engine import Tx
from core.terms import Method, Programme

_E = EventType
_NOT_MET: Final = "KHONG_GAP"
_IN_HAND: Final = frozenset({Method.CASH.value, Method.HOME.value})


def schedule(
    desk: Desk, number: int, day: date, window: Window, visitor: str
) -> DeliveryRow | Refusal:
    """Somebody comes on a day, in the morning or the afternoon; also a second or third try.

    `visitor`: the provider's code of whom it sends. Refuses: DELIVERY_UNKNOWN,
    DELIVERY_WRONG_STATE, DELIVERY_VISITOR, DELIVERY_NO_MONEY, DELIVERY_TRIES, DELIVERY_DAY_….
    """
    row = found(desk, number)
    if isinstance(row, Refusal):
        return row
    target = delivery_moved(DeliveryState(row.state), _E.DELIVERY_SCHEDULED)
    if isinstance(target, Refusal):
        return target
    if not is_code(visitor):
        return Refusal(Code.DELIVERY_VISITOR)
    payment = _payment_for(desk.tx, row)
    refusal = may_schedule(
        payment.money if payment is not None else None,
        day,
        desk.today,
        tries=row.tries,
        is_open=_is_open(desk.programme, payment, day),
    )
    if refusal is not None or payment is None:
        return refusal or Refusal(Code.DELIVERY_NO_MONEY)
    after = replace(
        row,
        payment_id=payment.id,
        cycle=payment.cycle,
        day=day,
        half=window.value,
        visitor=visitor,
    )
    body = {"day": day.isoformat(), "window": window.value, "visitor": visitor}
    return written(desk, after, _E.DELIVERY_SCHEDULED, body | {"try": row.tries + 1})


def set_off(desk: Desk, number: int) -> DeliveryRow | Refusal:
    """The visitor took the money and is on the way.

    Refuses: DELIVERY_UNKNOWN, DELIVERY_WRONG_STATE, DELIVERY_NOT_YET, PAYMENT_ILLEGAL_MOVE.
    """
    row = found(desk, number)
    if isinstance(row, Refusal):
        return row
    target = delivery_moved(DeliveryState(row.state), _E.DELIVERY_SET_OFF)
    if isinstance(target, Refusal):
        return target
    if row.day is not None and desk.today < row.day:
        return Refusal(Code.DELIVERY_NOT_YET, {"day": f"{row.day:%d/%m/%Y}"})
    return on_the_way(desk, row)


def on_the_way(desk: Desk, row: DeliveryRow) -> DeliveryRow | Refusal:
    """The money of a delivery is with whoever visits, and so is the delivery.

    Refuses: DELIVERY_WRONG_STATE, PAYMENT_ILLEGAL_MOVE.
    """
    payment = _payment_for(desk.tx, row)
    if payment is None:
        return Refusal(Code.DELIVERY_NO_MONEY)
    if payment.money is not Money.HOME_PENDING:
        body = {"delivery": row.id}
        taken = _of_money(desk, payment, _E.HOME_OPENED, f"home_opened:{payment.code}", body)
        if isinstance(taken, Refusal):
            return taken
    return written(desk, row, _E.DELIVERY_SET_OFF, {"visitor": row.visitor})


def hand_over(desk: Desk, number: int, proof: Proof, signer: str) -> DeliveryRow | Refusal:
    """The money was handed over today, with what proves it. `signer`: who signed, sealed.

    Refuses: DELIVERY_UNKNOWN, DELIVERY_WRONG_STATE.
    """
    body: dict[str, Value | None] = {"proof": proof.value}
    done = _at_the_door(desk, number, _E.DELIVERY_HANDED_OVER, _E.HANDED, body)
    if isinstance(done, Refusal) or not signer.strip():
        return done
    after = replace(done, signer=signer.strip())
    deliveries.update_deliveries(desk.tx, [after], desk.ledger.clock.now())
    return after


def miss(desk: Desk, number: int) -> DeliveryRow | Refusal:
    """Nobody was met today; the visit is tried again at most twice.

    Refuses: DELIVERY_UNKNOWN, DELIVERY_WRONG_STATE.
    """
    body: dict[str, Value | None] = {"reason": _NOT_MET}
    return _at_the_door(desk, number, _E.DELIVERY_MISSED, _E.HOME_MISSED, body)


def refuse(desk: Desk, number: int, note: str) -> DeliveryRow | Refusal:
    """The person did not take the money; it stays with the provider until that gives it up.

    Refuses: DELIVERY_UNKNOWN, DELIVERY_WRONG_STATE.
    """
    return moved(desk, number, _E.DELIVERY_REFUSED, {}, note=note or None)


def _payment_for(tx: Tx, row: DeliveryRow) -> PaymentFacts | None:
    """The payment of a delivery; without one yet, cash of theirs that can be brought now."""
    if row.payment_id is not None:
        return payments_with_ids(tx, [row.payment_id])[0]
    ready = [
        one
        for one in payments_of(tx, row.beneficiary_id)
        if one.money in DELIVERABLE and one.provider == row.provider and one.method in _IN_HAND
    ]
    taken = deliveries.deliveries_of_payments(tx, [one.id for one in ready])
    return next((one for one in ready if one.id not in taken), None)


def _is_open(programme: Programme, payment: PaymentFacts | None, day: date) -> bool:
    if payment is None:
        return False
    rule = pay_rule(programme, Cycle.parse(payment.cycle), Method.HOME)
    return rule is not None and pays_on(programme, rule, day)


def _at_the_door(
    desk: Desk, number: int, event: EventType, money: EventType, body: Mapping[str, Value | None]
) -> DeliveryRow | Refusal:
    """What happened at the door: a fact about the money, which the delivery follows."""
    row = found(desk, number)
    if isinstance(row, Refusal):
        return row
    target = delivery_moved(DeliveryState(row.state), event)
    payment = _payment_for(desk.tx, row)
    if isinstance(target, Refusal):
        return target
    if payment is None or payment.money is not Money.HOME_PENDING:
        return Refusal(Code.DELIVERY_WRONG_STATE, {"state": row.state})
    source = f"{money}:{payment.code}"
    if money is _E.HOME_MISSED:
        source = f"{source}:{row.tries + 1}"
    done = _of_money(desk, payment, money, source, {"delivery": row.id, **body})
    return done if isinstance(done, Refusal) else found(desk, number)


def _of_money(
    desk: Desk,
    payment: PaymentFacts,
    kind: EventType,
    source: str,
    body: Mapping[str, Value | None],
) -> Recorded | Refusal:
    (done,) = desk.ledger.record(
        desk.tx,
        [
            NewEvent(
                kind,
                source,
                desk.actor,
                desk.ledger.clock.now(),
                payment.cycle,
                payment.id,
                payment.beneficiary_id,
                body,
            )
        ],
    )
    return done

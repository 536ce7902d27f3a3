"""What a provider reports of a payment that it brought to somebody's home.

A report proves that the visit had set off; what the page said of the same visit already is not
said twice. Source: docs/decisions/0137.

What does not live here: what a delivery does then (`core/ledger/following.py`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from core.exchange.intake import Desk as ImportDesk
from core.exchange.result_lines import ResultLine
from core.ledger.deliveries import DeliveryState
from core.ledger.delivery_steps import Desk
from core.ledger.events import EventType, Value
from core.ledger.facts import PaymentFacts
from core.ledger.following import AT_DOOR, REFUSED
from core.ledger.states import Money
from core.ledger.visiting import on_the_way
from core.store import deliveries
from core.store.deliveries import DeliveryRow
from core.store.engine import Tx
from core.store.events import causes_known
from core.terms import Method

_NOT_MET: Final = "KHONG_GAP"
_HANDED: Final = frozenset(
    {DeliveryState.HANDED_OVER, DeliveryState.CONFIRMED, DeliveryState.DISPUTED}
)
_NEVER_CARRIED: Final = frozenset({Method.ACCOUNT.value, Method.WALLET.value})


class AtDoor(StrEnum):
    """What happened at the door, as a provider says."""

    HANDED = "handed"
    MISSED = "missed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Doors:
    """The deliveries that a file may be about, by payment id; `handed`: by an officer already."""

    rows: Mapping[int, DeliveryRow]
    handed: frozenset[int]


def doors_of(tx: Tx, payments: Sequence[PaymentFacts]) -> Doors:
    """The deliveries of these payments, locked."""
    carried = {one.id: one for one in payments if one.method not in _NEVER_CARRIED}
    rows = deliveries.deliveries_of_payments(tx, carried) if carried else {}
    sources = {f"handed:{carried[number].code}": number for number in rows}
    known = causes_known(tx, list(sources))
    return Doors(rows, frozenset(sources[source] for source in known))


def is_known(line: ResultLine, payment: PaymentFacts, doors: Doors) -> bool:
    """Whether an officer noted the same visit before, or a later one that is over."""
    row = doors.rows.get(payment.id)
    if row is None:
        return False
    said = said_of(line)
    if said is AtDoor.HANDED:
        return payment.id in doors.handed and DeliveryState(row.state) in _HANDED
    if said is not AtDoor.MISSED:
        return False
    over = row.handed_on is not None and line.day < row.handed_on
    return over or (row.missed_on is not None and line.day <= row.missed_on)


def set_off(
    tx: Tx, desk: ImportDesk, pairs: Sequence[tuple[ResultLine, PaymentFacts]], doors: Doors
) -> dict[int, PaymentFacts]:
    """The payments that the lines prove to have been on their way, as they stand then, by id."""
    moved: dict[int, PaymentFacts] = {}
    for line, payment in pairs:
        row = doors.rows.get(payment.id)
        arranged = row is not None and row.state == DeliveryState.SCHEDULED
        if row is None or not arranged or said_of(line) is None or payment.id in moved:
            continue
        step = Desk(tx, desk.ledger, desk.programme, f"provider:{line.provider}")
        if isinstance(on_the_way(step, row), DeliveryRow):
            moved[payment.id] = replace(payment, money=Money.HOME_PENDING)
    return moved


def event_type(line: ResultLine) -> EventType | None:
    """What the line is for a payment whose money is with a visitor; None where it is no matter."""
    said = said_of(line)
    if said is AtDoor.MISSED:
        return EventType.HOME_MISSED
    # Whatever else went wrong, the visitor brought the money back.
    return EventType.UNCLAIMED if line.status == "failed" else None


def body_of(line: ResultLine, kind: EventType) -> dict[str, Value | None]:
    """What a delivery reads of the report."""
    if kind is EventType.HANDED:
        return {"proof": line.proof}
    is_refused = kind is EventType.UNCLAIMED and said_of(line) is AtDoor.REFUSED
    return {AT_DOOR: REFUSED} if is_refused else {}


def keep_signers(
    tx: Tx, desk: ImportDesk, handed: Sequence[tuple[ResultLine, PaymentFacts]]
) -> None:
    """Who signed, as the provider wrote it, sealed with the delivery."""
    names = {payment.id: line.signed_by for line, payment in handed if line.signed_by}
    rows = deliveries.deliveries_of_payments(tx, names) if names else {}
    signed = [replace(row, signer=names[number]) for number, row in rows.items()]
    deliveries.update_deliveries(tx, signed, desk.ledger.clock.now())


def said_of(line: ResultLine) -> AtDoor | None:
    """What happened at the door, if the line says so."""
    if line.status == "settled":
        return AtDoor.HANDED
    if line.is_refused:
        return AtDoor.REFUSED
    not_met = line.status == "not_home" or (line.status, line.reason) == ("failed", _NOT_MET)
    return AtDoor.MISSED if not_met else None

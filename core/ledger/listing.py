"""Listing payments (lập danh sách): what somebody is owed for a month enters the ledger.

A transaction code is listed once for ever. Listed again with the same sums nothing happens; with
others it is a conflict for a person, and what stands is never overwritten.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.ledger.codes import Kind, payment_code
from core.ledger.events import EventType, NewEvent, Recorded, body_text
from core.ledger.record import Ledger, event_row
from core.ledger.states import listed
from core.refusals import Code, Refusal
from core.store import payments
from core.store.engine import Tx
from core.store.events import EventRow, event_numbers, insert_events
from core.store.payments import PaymentRow
from core.store.tables.base import micros


@dataclass(frozen=True, slots=True)
class NewPayment:
    """A payment to be listed. Money: whole đồng; what is paid is `monthly + arrears`.

    `cycle` is a month like 2021-04. `file` names the list it came with. `parent_id` is the
    first payment of this money, if it is a re-issue.
    """

    cycle: str
    beneficiary_id: int
    beneficiary_code: str
    commune: str
    monthly: int
    arrears: int = 0
    kind: Kind = Kind.MONTHLY
    seq: int = 1
    parent_id: int | None = None
    file: int | str | None = None

    @property
    def code(self) -> str:
        """The transaction code."""
        return payment_code(self.cycle, self.beneficiary_code, self.kind, self.seq)

    @property
    def amount(self) -> int:
        """What is paid. Money: whole đồng."""
        return self.monthly + self.arrears


def list_payments(
    ledger: Ledger, tx: Tx, new: Sequence[NewPayment], *, actor: str
) -> list[Recorded | Refusal]:
    """Each payment's `listed` event, in the order given; `event.payment_id` is the payment's id.

    A payment that is listed already with the same sums yields the event of then (`is_new` False).
    Refuses: ROW_CONFLICT, when it is listed with other sums.
    """
    if not new:
        return []
    now = ledger.clock.now()
    codes = [one.code for one in new]
    known = payments.payments_known(tx, codes)
    fresh: dict[str, NewPayment] = {}
    for code, one in zip(codes, new, strict=True):
        if code not in known:
            fresh.setdefault(code, one)
    ids = payments.payment_numbers(tx, len(fresh))
    rows = {
        code: _row(ledger.tenant, one, number, code, now)
        for number, (code, one) in zip(ids, fresh.items(), strict=True)
    }
    recorded = _write(ledger, tx, rows, fresh, actor=actor, now=now)
    ledger.tell(tx, list(recorded.values()))
    events = payments.listed_events(tx, [row.id for row in known.values()])
    told: set[str] = set()
    found: list[Recorded | Refusal] = []
    for code, one in zip(codes, new, strict=True):
        row = known.get(code) or rows[code]
        if not _same(row, one):
            found.append(Refusal(Code.ROW_CONFLICT, {"payment": code, "amount": row.amount}))
        elif code in recorded and code not in told:
            found.append(recorded[code])
        else:
            number = recorded[code].id if code in recorded else events[row.id]
            found.append(_known(row, number, actor, now))
        told.add(code)
    return found


def _write(
    ledger: Ledger,
    tx: Tx,
    rows: dict[str, PaymentRow],
    fresh: dict[str, NewPayment],
    *,
    actor: str,
    now: datetime,
) -> dict[str, Recorded]:
    numbers = event_numbers(tx, len(rows))
    recorded: dict[str, Recorded] = {}
    events: list[EventRow] = []
    statuses = []
    for number, (code, row) in zip(numbers, rows.items(), strict=True):
        event = _event(row, actor, now, fresh[code].file)
        status = listed(number, now)
        events.append(
            event_row(ledger.tenant, event, number=number, body=body_text(event), now=now)
        )
        statuses.append(
            payments.status_tuple(row.id, ledger.tenant, row.cycle, row.beneficiary_id, status)
        )
        recorded[code] = Recorded(number, event, None, status)
    payments.insert_payments(tx, list(rows.values()))
    insert_events(tx, events)
    payments.insert_statuses(tx, statuses)
    return recorded


def _row(tenant: str, one: NewPayment, number: int, code: str, now: datetime) -> PaymentRow:
    return PaymentRow(
        id=number,
        tenant=tenant,
        cycle=one.cycle,
        code=code,
        beneficiary_id=one.beneficiary_id,
        kind=one.kind.value,
        seq=one.seq,
        commune=one.commune,
        amount=one.amount,
        monthly=one.monthly,
        arrears=one.arrears,
        parent_id=one.parent_id,
        listed_at=micros(now),
    )


def listed_body(row: PaymentRow) -> dict[str, int | str | None]:
    """What the event says of the payment: enough to find any change of its row."""
    return {
        "code": row.code,
        "kind": row.kind,
        "seq": row.seq,
        "commune": row.commune,
        "monthly": row.monthly,
        "arrears": row.arrears,
        "parent": row.parent_id,
    }


def _event(row: PaymentRow, actor: str, now: datetime, file: int | str | None) -> NewEvent:
    return NewEvent(
        type=EventType.LISTED,
        source=f"listed:{row.code}",
        actor=actor,
        effective_at=now,
        cycle=row.cycle,
        payment_id=row.id,
        beneficiary_id=row.beneficiary_id,
        body=listed_body(row) | {"file": file},
    )


def _same(row: PaymentRow, one: NewPayment) -> bool:
    return (row.monthly, row.arrears, row.commune, row.parent_id) == (
        one.monthly,
        one.arrears,
        one.commune,
        one.parent_id,
    )


def _known(row: PaymentRow, number: int, actor: str, now: datetime) -> Recorded:
    return Recorded(number, _event(row, actor, now, None), is_new=False)

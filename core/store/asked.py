"""Payments whose notice asked whether the money is there, by what the person has said since.

What does not live here: what asking and silence mean (`bot/asking.py`, `core/ledger/states.py`).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from core.ledger.states import Money, Receipt
from core.store.engine import Tx
from core.store.tables.ledger import payment, payment_status
from core.store.tables.messages import message, message_payment

# Written out as the index has it: a placeholder would keep the planner from using it.
_ASKS: Final = sa.text("message.menu_token IN ('receipt:full', 'receipt:state')")
_ARRIVED: Final = ("sent", "delivered")


@dataclass(frozen=True, slots=True)
class Asked:
    """A payment that was asked about. `at`: when the first such notice was sent, in UTC."""

    payment_id: int
    code: str
    cycle: str
    beneficiary_id: int
    at: datetime


def asked(
    tx: Tx,
    *,
    since: datetime,
    until: datetime,
    receipt: Receipt,
    money: Collection[Money],
    limit: int,
) -> list[Asked]:
    """Payments asked about between two instants that stand so on both axes, by id."""
    first = sa.func.min(message.c.sent_at)
    query = (
        sa.select(
            payment.c.id,
            payment.c.code,
            payment.c.cycle,
            payment.c.beneficiary_id,
            sa.type_coerce(first, message.c.sent_at.type),
        )
        .join_from(message, message_payment, message_payment.c.message_id == message.c.id)
        .join(payment, payment.c.id == message_payment.c.payment_id)
        .join(payment_status, payment_status.c.payment_id == payment.c.id)
        .where(
            _ASKS,
            message.c.sent_at >= since,
            message.c.sent_at <= until,
            message.c.state.in_(_ARRIVED),
            payment_status.c.receipt == receipt.value,
            payment_status.c.money.in_(sorted(money)),
        )
        .group_by(payment.c.id, payment.c.code, payment.c.cycle, payment.c.beneficiary_id)
        .order_by(payment.c.id)
        .limit(limit)
    )
    return [Asked(*tuple(row)) for row in tx.connection.execute(query)]

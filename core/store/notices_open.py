"""The notice that somebody may be answering: the last one that asked, while it is still fresh."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from core.store.engine import Tx
from core.store.tables.ledger import payment
from core.store.tables.messages import message, message_payment

FRESH_FOR: Final = timedelta(days=10)
_ASKS: Final = "receipt:%"
_LEFT: Final = ("sent", "delivered", "unknown")


@dataclass(frozen=True, slots=True)
class OpenNotice:
    """A notice that asked whether the money is there, and the payment it spoke of."""

    message_id: int
    menu_token: str
    payment_code: str


def open_notice(
    tx: Tx, contact_id: int, now: datetime, *, token: str | None = None
) -> OpenNotice | None:
    """The newest such notice to an address; with `token`, only one that carried that token."""
    query = (
        sa.select(message.c.id, message.c.menu_token, payment.c.code)
        .join(message_payment, message_payment.c.message_id == message.c.id)
        .join(payment, payment.c.id == message_payment.c.payment_id)
        .where(
            message.c.contact_id == contact_id,
            message.c.menu_token.like(_ASKS) if token is None else message.c.menu_token == token,
            message.c.state.in_(_LEFT),
            message.c.created_at >= now - FRESH_FOR,
        )
        .order_by(message.c.id.desc(), payment.c.id.desc())
        .limit(1)
    )
    row = tx.connection.execute(query).first()
    return None if row is None else OpenNotice(*row)

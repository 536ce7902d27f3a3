"""The notice that somebody may be answering: the last one that asked, while it is still fresh."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from core.store.engine import Tx
from core.store.prepared import Prepared
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


def _newest(wanted: sa.ColumnElement[bool]) -> Prepared:
    return Prepared(
        sa.select(message.c.id, message.c.menu_token, payment.c.code)
        .join(message_payment, message_payment.c.message_id == message.c.id)
        .join(payment, payment.c.id == message_payment.c.payment_id)
        .where(
            message.c.contact_id == sa.bindparam("contact"),
            wanted,
            sa.or_(*(message.c.state == state for state in _LEFT)),
            message.c.created_at >= sa.bindparam("since", type_=message.c.created_at.type),
        )
        .order_by(message.c.id.desc(), payment.c.id.desc())
        .limit(1)
    )


# Built once: most turns ask one of these, and building it cost more than the answer.
_ANY: Final = _newest(message.c.menu_token.like(_ASKS))
_THAT: Final = _newest(message.c.menu_token == sa.bindparam("token"))


def open_notice(
    tx: Tx, contact_id: int, now: datetime, *, token: str | None = None
) -> OpenNotice | None:
    """The newest such notice to an address; with `token`, only one that carried that token."""
    given: dict[str, object] = {"contact": contact_id, "since": now - FRESH_FOR}
    query = _ANY
    if token is not None:
        query, given["token"] = _THAT, token
    row = query.first(tx, given)
    return None if row is None else OpenNotice(*row)


def came_last(tx: Tx, contact_id: int, notice: OpenNotice) -> bool:
    """Whether nothing was said to this address after the notice was sent."""
    sent = sa.select(message.c.sent_at).where(message.c.id == notice.message_id).scalar_subquery()
    later = sa.select(message.c.id).where(
        message.c.contact_id == contact_id,
        message.c.id != notice.message_id,
        message.c.created_at > sent,
    )
    return tx.connection.execute(later.limit(1)).first() is None

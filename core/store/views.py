"""What officers look at beside a case: messages about payments, and whether anything is new."""

from collections.abc import Iterable

import sqlalchemy as sa

from core.store.bulk import among
from core.store.engine import Tx
from core.store.tables.messages import message, message_payment, sandbox_sms
from core.store.tables.talk import case_entry

_ON_ITS_WAY = ("queued", "claimed", "calling", "unknown")


def notices_about(tx: Tx, payment_ids: Iterable[int], *, limit: int = 10) -> list[int]:
    """Ids of the newest messages about these payments, newest first."""
    query = (
        sa.select(message_payment.c.message_id)
        .where(among(tx, message_payment.c.payment_id, list(set(payment_ids))))
        .distinct()
        .order_by(message_payment.c.message_id.desc())
        .limit(limit)
    )
    return list(tx.connection.execute(query).scalars())


def leaving_to(tx: Tx, contact_id: int) -> int:
    """How many messages to a contact are on their way."""
    query = sa.select(sa.func.count()).where(
        message.c.contact_id == contact_id, message.c.state.in_(_ON_ITS_WAY)
    )
    return tx.connection.execute(query).scalar_one()


def cases_mark(tx: Tx) -> str:
    """Changes whenever something happens in a case."""
    last: int | None = tx.connection.scalar(sa.select(sa.func.max(case_entry.c.id)))
    return f"{last or 0}"


def sandbox_mark(tx: Tx) -> str:
    """Changes whenever a text arrives on a phone of the sandbox."""
    last: int | None = tx.connection.scalar(sa.select(sa.func.max(sandbox_sms.c.id)))
    return f"{last or 0}"

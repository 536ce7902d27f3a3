"""The phones of the sandbox gateway: what each one received, for the page that shows them.

What does not live here: the gateway (`notifications/gateways/sandbox.py`).
"""

from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from core.store.engine import Tx
from core.store.tables.messages import sandbox_sms


@dataclass(frozen=True, slots=True)
class SandboxPhone:
    """One phone that received something. Time: aware UTC."""

    address_index: str
    address: str = field(repr=False)
    texts: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class SandboxText:
    """One text on a phone. Time: aware UTC."""

    id: int
    message_id: int
    address: str = field(repr=False)
    text: str = field(repr=False)
    at: datetime


def insert_sandbox_text(tx: Tx, *, message_id: int, address: str, text: str, at: datetime) -> int:
    """The id of a text that arrived on a phone; the same message twice is two texts there."""
    index = tx.sealer.index(address, purpose="phone")
    row = f"{message_id}"
    statement = (
        sa.insert(sandbox_sms)
        .values(
            message_id=message_id,
            address_index=index,
            address=tx.sealer.seal(address, column="sandbox_sms.address", row=row),
            text=tx.sealer.seal(text, column="sandbox_sms.text", row=row),
            at=at,
        )
        .returning(sandbox_sms.c.id)
    )
    return int(tx.connection.execute(statement).scalar_one())


def sandbox_phones(tx: Tx, limit: int = 100) -> tuple[SandboxPhone, ...]:
    """Phones with their number of texts, those that received something last first."""
    last = sa.func.max(sandbox_sms.c.id).label("last")
    grouped = (
        sa.select(last, sa.func.count().label("texts"))
        .group_by(sandbox_sms.c.address_index)
        .order_by(last.desc())
        .limit(limit)
        .subquery()
    )
    query = (
        sa.select(sandbox_sms, grouped.c.texts)
        .join(grouped, grouped.c.last == sandbox_sms.c.id)
        .order_by(sandbox_sms.c.id.desc())
    )
    return tuple(
        SandboxPhone(row.address_index, _clear(tx, row, "address"), row.texts, row.at)
        for row in tx.connection.execute(query)
    )


def sandbox_texts(
    tx: Tx, address_index: str, *, after: int = 0, limit: int = 100
) -> tuple[SandboxText, ...]:
    """The newest texts of a phone with ids above `after`, oldest first."""
    query = (
        sa.select(sandbox_sms)
        .where(sandbox_sms.c.address_index == address_index, sandbox_sms.c.id > after)
        .order_by(sandbox_sms.c.id.desc())
        .limit(limit)
    )
    newest_first = [
        SandboxText(
            row.id, row.message_id, _clear(tx, row, "address"), _clear(tx, row, "text"), row.at
        )
        for row in tx.connection.execute(query)
    ]
    return tuple(reversed(newest_first))


def sandbox_latest(tx: Tx, *, limit: int = 300) -> tuple[SandboxText, ...]:
    """The newest texts of all phones, newest first."""
    query = sa.select(sandbox_sms).order_by(sandbox_sms.c.id.desc()).limit(limit)
    return tuple(
        SandboxText(
            row.id, row.message_id, _clear(tx, row, "address"), _clear(tx, row, "text"), row.at
        )
        for row in tx.connection.execute(query)
    )


def sandbox_text_of(tx: Tx, message_id: int) -> int | None:
    """The id of the first text that a message became, or None."""
    query = sa.select(sa.func.min(sandbox_sms.c.id)).where(sandbox_sms.c.message_id == message_id)
    found: int | None = tx.connection.execute(query).scalar_one()
    return found


def _clear(tx: Tx, row: sa.Row[tuple[object, ...]], name: str) -> str:
    sealed: bytes = getattr(row, name)
    return tx.sealer.unseal(sealed, column=f"sandbox_sms.{name}", row=f"{row.message_id}")

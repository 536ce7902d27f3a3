"""What people wrote: each message once for ever, by the channel's own id of it.

The text is sealed; what design forbids to keep is hidden before it comes here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from core.store.engine import Tx
from core.store.prepared import Prepared
from core.store.tables.messages import message
from core.store.tables.talk import inbound


class Standing(StrEnum):
    """What became of a message."""

    ANSWERED = "answered"
    UNANSWERED = "unanswered"  # to be played again, in order
    WITH_OFFICER = "with_officer"
    CASE = "case"  # given up by the bot, taken by people


@dataclass(frozen=True, slots=True)
class InboundRow:
    """A message as it came. Time: aware UTC."""

    id: int
    key: str
    contact_id: int
    channel: str
    text: str = field(repr=False)
    menu_token: str | None
    state: str
    tries: int
    case_id: int | None
    received_at: datetime


_GIVEN: Final = ("key", "contact_id", "channel", "text", "menu_token", "state", "tries")
_INSERT: Final = Prepared(
    {
        "sqlite": sqlite.insert(inbound).on_conflict_do_nothing().returning(inbound.c.id),
        "postgresql": postgresql.insert(inbound).on_conflict_do_nothing().returning(inbound.c.id),
    },
    (*_GIVEN, "retry_at", "case_id", "received_at"),
)


def insert_inbound(
    tx: Tx,
    *,
    key: str,
    contact_id: int,
    channel: str,
    text: str,
    menu_token: str | None,
    state: Standing,
    received_at: datetime,
    retry_at: datetime | None = None,
    case_id: int | None = None,
) -> int | None:
    """The id of a message just written; None if its key stands already and nothing was."""
    values = {
        "key": key,
        "contact_id": contact_id,
        "channel": channel,
        "text": tx.sealer.seal(text, column="inbound.text", row=key),
        "menu_token": menu_token,
        "state": state.value,
        "tries": 0,
        "retry_at": retry_at,
        "case_id": case_id,
        "received_at": received_at,
    }
    written = _INSERT.first(tx, values)
    return None if written is None else written.id


def inbound_with_key(tx: Tx, key: str) -> InboundRow | None:
    """The message with this key."""
    return _one(tx, inbound.c.key == key)


def inbound_by_id(tx: Tx, inbound_id: int) -> InboundRow | None:
    """The message with this id."""
    return _one(tx, inbound.c.id == inbound_id)


def inbounds_of(tx: Tx, contact_id: int, *, limit: int = 100) -> tuple[InboundRow, ...]:
    """The newest messages of a contact, oldest first."""
    query = _selected().where(inbound.c.contact_id == contact_id)
    rows = tx.connection.execute(query.order_by(inbound.c.id.desc()).limit(limit)).all()
    return tuple(_row(tx, row) for row in reversed(rows))


def move_inbound(tx: Tx, inbound_id: int, state: Standing, *, case_id: int | None = None) -> None:
    """From now on the message stands so, and is not played again unless it is unanswered."""
    tx.connection.execute(
        sa.update(inbound)
        .where(inbound.c.id == inbound_id)
        .values(state=state.value, case_id=case_id, retry_at=None)
    )


def note_try(tx: Tx, inbound_id: int, tries: int, retry_at: datetime) -> None:
    """The message was played again in vain, and is played again at `retry_at`."""
    tx.connection.execute(
        sa.update(inbound).where(inbound.c.id == inbound_id).values(tries=tries, retry_at=retry_at)
    )


def due_unanswered(tx: Tx, now: datetime, limit: int) -> Sequence[int]:
    """Ids of messages to be played again: of each contact only the first that waits."""
    first = (
        sa.select(sa.func.min(inbound.c.id).label("id"))
        .where(inbound.c.state == Standing.UNANSWERED.value)
        .group_by(inbound.c.contact_id)
        .subquery()
    )
    query = (
        sa.select(inbound.c.id)
        .join(first, first.c.id == inbound.c.id)
        .where(inbound.c.retry_at <= now)
        .order_by(inbound.c.id)
        .limit(limit)
    )
    return list(tx.connection.execute(query).scalars())


def silent(tx: Tx) -> Sequence[int]:
    """Messages that count as answered though nothing was written back: there must be none."""
    replied = sa.exists().where(message.c.in_reply_to == inbound.c.id)
    query = sa.select(inbound.c.id).where(inbound.c.state == Standing.ANSWERED.value, ~replied)
    return list(tx.connection.execute(query.order_by(inbound.c.id)).scalars())


def _selected() -> sa.Select[Any]:
    return sa.select(*(inbound.c[name] for name in InboundRow.__slots__))


def _one(tx: Tx, where: sa.ColumnElement[bool]) -> InboundRow | None:
    row = tx.connection.execute(_selected().where(where)).first()
    return None if row is None else _row(tx, row)


def _row(tx: Tx, row: Any) -> InboundRow:
    values = {name: getattr(row, name) for name in InboundRow.__slots__}
    values["text"] = tx.sealer.unseal(row.text, column="inbound.text", row=row.key)
    return InboundRow(**values)

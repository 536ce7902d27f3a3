"""What was written between one address and us, in the order in which it was written."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from core.store.engine import Tx
from core.store.inbound import inbounds_of
from core.store.outbox import messages_of
from core.store.tables.messages import message
from core.store.tables.talk import inbound

_SHOWN: Final = frozenset({"sent", "delivered"})
_LEAVING: Final = frozenset({"queued", "claimed", "calling", "unknown"})


@dataclass(frozen=True, slots=True)
class Line:
    """One thing written. `ours`: by the bot or an officer. Time: aware UTC.

    `purpose`: why we wrote it; empty for what a person wrote. `state`: of the message.
    """

    key: str
    ours: bool
    text: str = field(repr=False)
    at: datetime
    purpose: str = ""
    state: str = ""
    buttons: tuple[tuple[str, str], ...] = ()
    menu_token: str | None = None


def transcript(
    tx: Tx, contact_id: int, *, limit: int = 60, with_lost: bool = False
) -> tuple[Line, ...]:
    """The last lines with an address, oldest first: what the person can see.

    `with_lost`: also what we wrote and they never saw.
    """
    theirs = [
        (
            row.received_at,
            row.id,
            0,
            Line(f"i{row.id}", ours=False, text=row.text, at=row.received_at),
        )
        for row in inbounds_of(tx, contact_id, limit=limit)
    ]
    own = [
        (
            row.created_at,
            row.id,
            1,
            Line(
                f"m{row.id}",
                ours=True,
                text=row.text,
                at=row.created_at,
                purpose=row.purpose,
                state=row.state,
                buttons=row.buttons,
                menu_token=row.menu_token,
            ),
        )
        for row in messages_of(tx, contact_id, limit=limit)
        if with_lost or row.state in _SHOWN or row.state in _LEAVING
    ]
    # What was written at one instant: the person first, then the answer.
    merged = sorted([*theirs, *own], key=lambda one: (one[0], one[2], one[1]))
    return tuple(line for *_, line in merged)[-limit:]


def newest_mark(tx: Tx, contact_id: int) -> str:
    """Changes whenever something is written with an address: cheap enough to ask every second."""
    last_in = tx.connection.scalar(
        sa.select(sa.func.max(inbound.c.id)).where(inbound.c.contact_id == contact_id)
    )
    last_out = tx.connection.scalar(
        sa.select(sa.func.max(message.c.id)).where(message.c.contact_id == contact_id)
    )
    return f"{last_in or 0}-{last_out or 0}"

"""The conversation of a contact: read under the contact's lock, written once at the turn's end.

The statements are built once; a turn runs few of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from core.store.contacts import address_index
from core.store.engine import Tx
from core.store.prepared import Prepared
from core.store.tables.people import contact
from core.store.tables.talk import conversation, inbound

UNANSWERED: Final = "unanswered"


@dataclass(frozen=True, slots=True)
class LockedContact:
    """The address a turn is about; nobody else takes a turn with it until this one commits."""

    id: int
    language: str
    accents: bool | None


@dataclass(frozen=True, slots=True)
class Kept:
    """A conversation as it stands. `state`: JSON, None before the first turn.

    `oldest_waiting`: the id of the first message of this contact that was not answered yet.
    """

    state: Mapping[str, Any] | None = field(repr=False)
    version: int
    held_by_case_id: int | None
    oldest_waiting: int | None


_CONTACT: Final = sa.select(contact.c.id, contact.c.language, contact.c.accents).where(
    contact.c.channel == sa.bindparam("channel"),
    contact.c.address_index == sa.bindparam("index"),
)
_CONTACT_BY_ID: Final = sa.select(contact.c.id, contact.c.language, contact.c.accents).where(
    contact.c.id == sa.bindparam("of_id")
)
# Two statements, not a join: what a waiting lock lets through must be read after it.
_LOCKED, _LOCKED_BY_ID = (
    Prepared({"sqlite": query, "postgresql": query.with_for_update(key_share=True)})
    for query in (_CONTACT, _CONTACT_BY_ID)
)
_WAITING: Final = (
    sa.select(sa.func.min(inbound.c.id))
    .where(inbound.c.contact_id == sa.bindparam("contact_id"), inbound.c.state == UNANSWERED)
    .scalar_subquery()
)
_KEPT: Final = Prepared(
    sa.select(
        conversation.c.state,
        conversation.c.version,
        conversation.c.held_by_case_id,
        _WAITING.label("oldest_waiting"),
    ).select_from(
        sa.select(sa.literal(1).label("one"))
        .subquery()
        .outerjoin(conversation, conversation.c.contact_id == sa.bindparam("contact_id"))
    )
)
_SAVED: Final = ("state", "flow", "pending", "menu_token", "misses", "version", "updated_at")


def _upsert(dialect: Any) -> Any:
    statement = dialect.insert(conversation)
    return statement.on_conflict_do_update(
        index_elements=["contact_id"], set_={name: statement.excluded[name] for name in _SAVED}
    )


_SAVE: Final = Prepared(
    {"sqlite": _upsert(sqlite), "postgresql": _upsert(postgresql)}, ("contact_id", *_SAVED)
)


def lock_contact(tx: Tx, channel: str, address: str) -> LockedContact | None:
    """The contact at an address, locked until the transaction ends; None if it is new."""
    values = {"channel": channel, "index": address_index(tx, channel, address)}
    row = _LOCKED.first(tx, values)
    return None if row is None else LockedContact(*row)


def lock_contact_by_id(tx: Tx, contact_id: int) -> LockedContact | None:
    """The contact, locked until the transaction ends."""
    row = _LOCKED_BY_ID.first(tx, {"of_id": contact_id})
    return None if row is None else LockedContact(*row)


def conversation_of(tx: Tx, contact_id: int) -> Kept:
    """The conversation of a contact; its first values before the first turn."""
    (row,) = _KEPT.all(tx, {"contact_id": contact_id})
    if row.state is None:
        return Kept(None, 0, row.held_by_case_id, row.oldest_waiting)
    state = tx.sealer.unseal_json(row.state, column="conversation.state", row=str(contact_id))
    return Kept(state, row.version, row.held_by_case_id, row.oldest_waiting)


def save_conversation(
    tx: Tx, contact_id: int, state: Mapping[str, Any], *, version: int, now: datetime
) -> None:
    """Write the state a turn leaves behind; who holds the conversation is left as it is."""
    running = state.get("run") or {}
    values = {
        "contact_id": contact_id,
        "state": tx.sealer.seal_json(state, column="conversation.state", row=str(contact_id)),
        "flow": running.get("flow"),
        "pending": state.get("pending"),
        "menu_token": state.get("token"),
        "misses": state.get("misses", 0),
        "version": version,
        "updated_at": now,
    }
    _SAVE.run(tx, values)


def hold_conversation(tx: Tx, contact_id: int, case_id: int, now: datetime) -> None:
    """From now on an officer holds the talk: the bot is silent, what is asked waits."""
    _set_holder(tx, contact_id, case_id, now)


def free_conversation(tx: Tx, contact_id: int, now: datetime) -> None:
    """The bot answers again, from where it was."""
    _set_holder(tx, contact_id, None, now)


def forget_talk(tx: Tx, contact_id: int, now: datetime) -> None:
    """Begin a rehearsal with nothing pending."""
    kept = conversation_of(tx, contact_id)
    if kept.state:
        save_conversation(tx, contact_id, {}, version=kept.version + 1, now=now)


def pending_of(tx: Tx, contact_id: int) -> tuple[str | None, str | None]:
    """The running flow and the question that waits: for pages and `chat --json`."""
    row = tx.connection.execute(
        sa.select(conversation.c.flow, conversation.c.pending).where(
            conversation.c.contact_id == contact_id
        )
    ).first()
    return (None, None) if row is None else (row.flow, row.pending)


def _set_holder(tx: Tx, contact_id: int, case_id: int | None, now: datetime) -> None:
    changed = tx.connection.execute(
        sa.update(conversation)
        .where(conversation.c.contact_id == contact_id)
        .values(held_by_case_id=case_id, updated_at=now)
    )
    if changed.rowcount == 0 and case_id is not None:
        save_conversation(tx, contact_id, {}, version=0, now=now)
        _set_holder(tx, contact_id, case_id, now)

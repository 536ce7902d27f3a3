"""The outbox: messages written, moved and read in sets.

What does not live here: which moves are possible (`notifications/lifecycle.py`), and claiming
(`core/store/claims.py`).
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.store.bulk import among, insert_new
from core.store.engine import Tx
from core.store.people import chunked
from core.store.tables.messages import message, message_fact, message_payment
from core.store.tables.people import contact

_PART = 1000


@dataclass(frozen=True, slots=True)
class NewRow:
    """A message to be written. `condition` is a word, `payments` pairs (payment id, event id)."""

    dedup_key: str
    batch_id: int | None
    purpose: str
    channel: str
    contact_id: int
    person_id: int | None
    beneficiary_id: int | None
    in_reply_to: int | None
    text: str = field(repr=False)
    buttons: Sequence[tuple[str, str]] = field(repr=False)
    menu_token: str | None
    segments: int
    state: str
    due_at: datetime
    expires_at: datetime | None
    condition: str | None
    payments: Sequence[tuple[int, int]]
    facts: Sequence[int]


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message as a gateway, a page or a rule needs it. Time: aware UTC."""

    id: int
    dedup_key: str
    batch_id: int | None
    purpose: str
    channel: str
    contact_id: int
    person_id: int | None
    beneficiary_id: int | None
    address: str = field(repr=False)
    text: str = field(repr=False)
    buttons: tuple[tuple[str, str], ...] = field(repr=False)
    menu_token: str | None
    segments: int
    state: str
    reason: str | None
    attempts: int
    due_at: datetime
    expires_at: datetime | None
    condition: str | None
    gateway: str | None
    gateway_ref: str | None
    created_at: datetime
    sent_at: datetime | None
    stopped_at: datetime | None


def insert_messages(tx: Tx, rows: Sequence[NewRow], now: datetime) -> dict[str, int]:
    """Message ids by dedup key. A key that stands already is left as it is, its links are added."""
    ids: dict[str, int] = {}
    unique = {row.dedup_key: row for row in rows}
    for part in chunked(list(unique.values()), _PART):
        ids |= _inserted(tx, part, now)
        ids |= message_ids(tx, [row.dedup_key for row in part if row.dedup_key not in ids])
    _link(tx, rows, ids)
    return ids


def message_ids(tx: Tx, keys: Sequence[str]) -> dict[str, int]:
    """Ids by dedup key; keys that were never written are absent."""
    found: dict[str, int] = {}
    for part in chunked(keys, _PART):
        query = sa.select(message.c.dedup_key, message.c.id).where(
            among(tx, message.c.dedup_key, part)
        )
        found |= {row.dedup_key: row.id for row in tx.connection.execute(query)}
    return found


def move(
    tx: Tx, ids: Iterable[int], *, sources: Iterable[str], target: str, **values: Any
) -> list[int]:
    """Ids of the messages that stood in one of `sources` and now stand in `target`.

    `values` are further columns to set. A message that stands elsewhere is not touched.
    """
    moved: list[int] = []
    for part in chunked(sorted(set(ids)), _PART):
        statement = (
            sa.update(message)
            .where(among(tx, message.c.id, part), message.c.state.in_(sorted(sources)))
            .values(state=target, **values)
            .returning(message.c.id)
        )
        moved += tx.connection.execute(statement).scalars()
    return moved


def note(tx: Tx, ids: Iterable[int], **values: Any) -> None:
    """Set columns that are not the state, whatever the state is."""
    for part in chunked(sorted(set(ids)), _PART):
        tx.connection.execute(
            sa.update(message).where(among(tx, message.c.id, part)).values(**values)
        )


def note_each(tx: Tx, rows: Sequence[tuple[int, str]]) -> None:
    """Set the gateway's reference of each message: (message id, reference) pairs."""
    if rows:
        statement = (
            sa.update(message)
            .where(message.c.id == sa.bindparam("of_id"))
            .values(gateway_ref=sa.bindparam("ref"))
        )
        tx.connection.execute(statement, [{"of_id": i, "ref": ref} for i, ref in rows])


def messages(tx: Tx, ids: Iterable[int]) -> list[MessageRow]:
    """Messages with text and address, by id."""
    found: list[MessageRow] = []
    for part in chunked(sorted(set(ids)), _PART):
        found += _read(tx, _selected().where(among(tx, message.c.id, part)).order_by(message.c.id))
    return found


def messages_of(
    tx: Tx, contact_id: int, *, after: int = 0, limit: int = 100
) -> tuple[MessageRow, ...]:
    """The newest messages of a contact with ids above `after`, oldest first."""
    query = (
        _selected()
        .where(message.c.contact_id == contact_id, message.c.id > after)
        .order_by(message.c.id.desc())
        .limit(limit)
    )
    return tuple(reversed(_read(tx, query)))


def doubtful(tx: Tx, limit: int = 200) -> list[MessageRow]:
    """Messages of which nobody knows whether they left: the list that a person sees."""
    query = _selected().where(message.c.state == "unknown").order_by(message.c.due_at)
    return _read(tx, query.limit(limit))


def refs_of_contacts(tx: Tx, gateway: str, contact_ids: Iterable[int]) -> dict[int, frozenset[str]]:
    """The gateway's references of the messages we know it took, by contact id."""
    found: dict[int, set[str]] = {}
    for part in chunked(sorted(set(contact_ids)), _PART):
        query = sa.select(message.c.contact_id, message.c.gateway_ref).where(
            among(tx, message.c.contact_id, part),
            message.c.gateway == gateway,
            message.c.gateway_ref.is_not(None),
        )
        for contact_id, ref in tx.connection.execute(query):
            found.setdefault(contact_id, set()).add(ref)
    return {contact_id: frozenset(refs) for contact_id, refs in found.items()}


def texts_since(tx: Tx, contact_ids: Iterable[int], since: datetime) -> list[tuple[int, int, str]]:
    """(contact id, message id, text) of what was called for these contacts since an instant."""
    found: list[tuple[int, int, str]] = []
    columns = (message.c.contact_id, message.c.id, message.c.dedup_key, message.c.text)
    for part in chunked(sorted(set(contact_ids)), _PART):
        query = sa.select(*columns).where(
            among(tx, message.c.contact_id, part),
            message.c.created_at >= since,
            message.c.state.in_(["calling", "unknown", "sent", "delivered"]),
        )
        for contact_id, message_id, key, sealed in tx.connection.execute(query):
            text = tx.sealer.unseal(sealed, column="message.text", row=key)
            found.append((contact_id, message_id, text))
    return found


def payments_of_messages(tx: Tx, ids: Iterable[int]) -> dict[int, list[int]]:
    """Payment ids by message id."""
    found: dict[int, list[int]] = {}
    for part in chunked(sorted(set(ids)), _PART):
        query = sa.select(message_payment.c.message_id, message_payment.c.payment_id).where(
            among(tx, message_payment.c.message_id, part)
        )
        for row in tx.connection.execute(query):
            found.setdefault(row.message_id, []).append(row.payment_id)
    return found


def facts_of(tx: Tx, ids: Sequence[int]) -> dict[int, list[int]]:
    """Ledger event ids by message id: what it was read from, or what set it off."""
    found: dict[int, list[int]] = {}
    links = (
        (message_fact.c.message_id, message_fact.c.event_id),
        (message_payment.c.message_id, message_payment.c.event_id),
    )
    for part in chunked(ids, _PART):
        for of, event in links:
            query = sa.select(of, event).where(among(tx, of, part)).order_by(event)
            for message_id, event_id in tx.connection.execute(query):
                found.setdefault(message_id, []).append(event_id)
    return found


def states(tx: Tx) -> dict[tuple[str, str], int]:
    """How many messages stand in each (channel, state)."""
    query = sa.select(message.c.channel, message.c.state, sa.func.count()).group_by(
        message.c.channel, message.c.state
    )
    return {(channel, state): count for channel, state, count in tx.connection.execute(query)}


def _inserted(tx: Tx, rows: Sequence[NewRow], now: datetime) -> dict[str, int]:
    values = [_values(tx, row, now) for row in rows]
    written = insert_new(tx, message, values, message.c.dedup_key, message.c.id)
    return {row.dedup_key: row.id for row in written}


def _values(tx: Tx, row: NewRow, now: datetime) -> dict[str, Any]:
    key, seen = row.dedup_key, row.state == "sent"
    seal = tx.sealer.seal
    return {
        "dedup_key": key,
        "batch_id": row.batch_id,
        "purpose": row.purpose,
        "channel": row.channel,
        "contact_id": row.contact_id,
        "person_id": row.person_id,
        "beneficiary_id": row.beneficiary_id,
        "in_reply_to": row.in_reply_to,
        "text": seal(row.text, column="message.text", row=key),
        "buttons": _sealed_buttons(tx, row),
        "menu_token": row.menu_token,
        "segments": row.segments,
        "cost": 0,
        "state": row.state,
        "attempts": 0,
        "due_at": row.due_at,
        "expires_at": row.expires_at,
        "condition": row.condition,
        "created_at": now,
        "sent_at": now if seen else None,
        "final_at": now if seen else None,
    }


def _sealed_buttons(tx: Tx, row: NewRow) -> bytes | None:
    if not row.buttons:
        return None
    return tx.sealer.seal_json(row.buttons, column="message.buttons", row=row.dedup_key)


def _link(tx: Tx, rows: Sequence[NewRow], ids: dict[str, int]) -> None:
    payments = [
        {"message_id": ids[row.dedup_key], "payment_id": payment, "event_id": event}
        for row in rows
        for payment, event in row.payments
    ]
    facts = [
        {"message_id": ids[row.dedup_key], "event_id": event} for row in rows for event in row.facts
    ]
    insert_new(tx, message_payment, payments, message_payment.c.message_id)
    insert_new(tx, message_fact, facts, message_fact.c.message_id)


def _selected() -> sa.Select[Any]:
    names = [name for name in MessageRow.__slots__ if name in message.c and name != "address"]
    return sa.select(
        *(message.c[name] for name in names),
        contact.c.address,
        contact.c.address_index,
        contact.c.stopped_at,
    ).join(contact, contact.c.id == message.c.contact_id)


def _read(tx: Tx, query: sa.Select[Any]) -> list[MessageRow]:
    return [_message(tx, row) for row in tx.connection.execute(query)]


def _message(tx: Tx, row: Any) -> MessageRow:
    unseal, key = tx.sealer.unseal, row.dedup_key
    values = {name: getattr(row, name) for name in MessageRow.__slots__}
    values["address"] = unseal(
        row.address, column="contact.address", row=f"{row.channel}:{row.address_index}"
    )
    values["text"] = unseal(row.text, column="message.text", row=key)
    values["buttons"] = _buttons(tx, row)
    return MessageRow(**values)


def _buttons(tx: Tx, row: Any) -> tuple[tuple[str, str], ...]:
    if row.buttons is None:
        return ()
    found = tx.sealer.unseal(row.buttons, column="message.buttons", row=row.dedup_key)
    return tuple((label, data) for label, data in json.loads(found))

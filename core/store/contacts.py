"""Addresses (a phone, a chat), whom they belong to, and what was agreed to.

An address is sealed; it is found by its blind index. `address` here is canonical: a phone as
`0912345678`, a Telegram chat id or a web visitor's id as text.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from core.store.engine import Tx
from core.store.rows import among, insert_named, insert_named_or_ignore
from core.store.tables.people import consent, contact, contact_person

# Which family of index a channel's addresses belong to: one phone, many channels.
_PURPOSE: Final = {"sms": "phone", "zalo": "zalo", "telegram": "telegram", "web": "web"}


@dataclass(frozen=True, slots=True)
class Contact:
    """An address somebody writes from or is told at."""

    id: int
    channel: str
    address: str
    language: str
    accents: bool | None
    stopped_at: datetime | None


@dataclass(frozen=True, slots=True)
class LinkedPerson:
    """A person at an address, and how sure that is (1: number on file, 2: linked by code)."""

    person_id: int
    level: int
    how: str
    linked_at: datetime


def address_index(tx: Tx, channel: str, address: str) -> str:
    """The blind index of a canonical address."""
    return tx.sealer.index(address, purpose=_PURPOSE[channel])


def contact_at(tx: Tx, channel: str, address: str) -> Contact | None:
    """The contact at an address, or None when nobody was ever there."""
    query = sa.select(contact).where(
        contact.c.channel == channel,
        contact.c.address_index == address_index(tx, channel, address),
    )
    row = tx.connection.execute(query).first()
    return None if row is None else _contact(tx, row)


def contact_by_id(tx: Tx, contact_id: int) -> Contact | None:
    """The contact, or None."""
    row = tx.connection.execute(sa.select(contact).where(contact.c.id == contact_id)).first()
    return None if row is None else _contact(tx, row)


def ensure_contact(tx: Tx, channel: str, address: str, now: datetime) -> Contact:
    """The contact at an address, made if it was not there."""
    found = contact_at(tx, channel, address)
    if found is not None:
        return found
    ensure_contacts(tx, channel, [address], now)
    made = contact_at(tx, channel, address)
    assert made is not None  # noqa: S101  written a line above, in this transaction
    return made


def ensure_contacts(
    tx: Tx, channel: str, addresses: Sequence[str], now: datetime
) -> dict[str, int]:
    """Contact ids by address, made where they were not there."""
    indexes = {address: address_index(tx, channel, address) for address in set(addresses)}
    known = contact_ids(tx, channel, indexes)
    rows = [
        {
            "channel": channel,
            "address": _seal(tx, channel, address, index),
            "address_index": index,
            "created_at": now,
        }
        for address, index in indexes.items()
        if address not in known
    ]
    insert_named_or_ignore(tx, contact, rows)
    return known | contact_ids(tx, channel, indexes) if rows else known


def contact_ids(tx: Tx, channel: str, indexes: Mapping[str, str]) -> dict[str, int]:
    """Contact ids by address, for addresses given with their index."""
    by_index = {index: address for address, index in indexes.items()}
    query = sa.select(contact.c.address_index, contact.c.id).where(contact.c.channel == channel)
    wanted = query.where(among(tx, contact.c.address_index, by_index))
    return {by_index[row.address_index]: row.id for row in tx.connection.execute(wanted)}


def persons_at(tx: Tx, contact_id: int) -> tuple[LinkedPerson, ...]:
    """The people this address belongs to now, surest first."""
    query = (
        sa.select(contact_person)
        .where(contact_person.c.contact_id == contact_id, contact_person.c.unlinked_at.is_(None))
        .order_by(contact_person.c.level.desc(), contact_person.c.id)
    )
    return tuple(
        LinkedPerson(row.person_id, row.level, row.how, row.linked_at)
        for row in tx.connection.execute(query)
    )


def contacts_of(tx: Tx, person_ids: Iterable[int]) -> dict[int, list[tuple[int, str, int]]]:
    """(contact id, channel, level) by person id, for links in force."""
    found: dict[int, list[tuple[int, str, int]]] = {}
    query = (
        sa.select(
            contact_person.c.person_id,
            contact_person.c.contact_id,
            contact.c.channel,
            contact_person.c.level,
        )
        .join(contact, contact.c.id == contact_person.c.contact_id)
        .where(
            contact_person.c.unlinked_at.is_(None),
            among(tx, contact_person.c.person_id, set(person_ids)),
        )
        .order_by(contact_person.c.id)
    )
    for row in tx.connection.execute(query):
        found.setdefault(row.person_id, []).append((row.contact_id, row.channel, row.level))
    return found


def link(tx: Tx, links: Sequence[tuple[int, int]], *, level: int, how: str, now: datetime) -> None:
    """Link (contact id, person id) pairs at a level; a weaker link in force is ended first."""
    for contact_id, person_id in links:
        stronger = any(
            one.person_id == person_id and one.level >= level for one in persons_at(tx, contact_id)
        )
        if not stronger:
            unlink(tx, contact_id, person_id, now)
            tx.connection.execute(
                sa.insert(contact_person).values(
                    contact_id=contact_id,
                    person_id=person_id,
                    level=level,
                    how=how,
                    linked_at=now,
                )
            )


def link_new(
    tx: Tx, links: Sequence[tuple[int, int]], *, level: int, how: str, now: datetime
) -> None:
    """Link pairs that are known not to be linked yet (imports), in one statement."""
    rows = [
        {"contact_id": c, "person_id": p, "level": level, "how": how, "linked_at": now}
        for c, p in links
    ]
    insert_named(tx, contact_person, rows)


def unlink(tx: Tx, contact_id: int, person_id: int, now: datetime) -> None:
    """End the link between an address and a person."""
    tx.connection.execute(
        sa.update(contact_person)
        .where(
            contact_person.c.contact_id == contact_id,
            contact_person.c.person_id == person_id,
            contact_person.c.unlinked_at.is_(None),
        )
        .values(unlinked_at=now)
    )


def stop(tx: Tx, contact_id: int, now: datetime | None) -> None:
    """No notices to this address from `now` on; None lets them flow again."""
    tx.connection.execute(
        sa.update(contact).where(contact.c.id == contact_id).values(stopped_at=now)
    )


def prefer(tx: Tx, contact_id: int, *, language: str, accents: bool | None) -> None:
    """Keep the language and the wish about accents of an address."""
    tx.connection.execute(
        sa.update(contact)
        .where(contact.c.id == contact_id)
        .values(language=language, accents=accents)
    )


def insert_consents(tx: Tx, rows: Sequence[Mapping[str, object]]) -> None:
    """Write consents as given: who agreed, to what, under which text version, when."""
    insert_named(tx, consent, rows)


def _seal(tx: Tx, channel: str, address: str, index: str) -> bytes:
    return tx.sealer.seal(address, column="contact.address", row=f"{channel}:{index}")


def _contact(tx: Tx, row: sa.Row[Any]) -> Contact:
    address = tx.sealer.unseal(
        row.address, column="contact.address", row=f"{row.channel}:{row.address_index}"
    )
    return Contact(row.id, row.channel, address, row.language, row.accents, row.stopped_at)

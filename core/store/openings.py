"""Accounts that are being opened for people: one row for each beneficiary."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from core.ledger.events import EventType
from core.store.engine import Tx
from core.store.rows import among, insert_named
from core.store.tables.enrolment import account_opening
from core.store.tables.ledger import event
from core.store.tables.people import beneficiary, contact, contact_person, person

_CHANGES = tuple(
    "person_id role method provider state missing due_on reason account account_index holder"
    " changed_at last_event_id version".split()
)


@dataclass(frozen=True, slots=True)
class OpeningRow:
    """An opening as it stands. `missing`: codes of papers; `account` and `holder` in the clear.

    `version` counts its events; `due_on` is a day in Asia/Ho_Chi_Minh.
    """

    key: str
    beneficiary_id: int
    person_id: int
    role: str
    method: str
    provider: str
    state: str
    missing: tuple[str, ...] = ()
    due_on: date | None = None
    reason: str | None = None
    account: str | None = field(default=None, repr=False)
    holder: str | None = field(default=None, repr=False)
    last_event_id: int = 0
    version: int = 0


@dataclass(frozen=True, slots=True)
class OpeningPerson:
    """An opening with whom it is about: the beneficiary, and who is to hold the account."""

    row: OpeningRow
    code: str
    beneficiary_name: str = field(repr=False)
    commune: str
    hamlet: str = field(repr=False)
    name: str = field(repr=False)
    birth: str = field(repr=False)
    citizen_id: str = field(repr=False)
    phone: str = field(repr=False)
    changed_at: datetime


def openings_for_update(tx: Tx, beneficiary_ids: Iterable[int]) -> dict[int, OpeningRow]:
    """The openings of these beneficiaries, by id, locked until the end of the transaction."""
    query = (
        sa.select(account_opening)
        .where(among(tx, account_opening.c.beneficiary_id, sorted(set(beneficiary_ids))))
        .order_by(account_opening.c.id)
        .with_for_update()
    )
    return {row.beneficiary_id: _row(tx, row) for row in tx.connection.execute(query)}


def insert_openings(tx: Tx, tenant: str, rows: Sequence[OpeningRow], now: datetime) -> None:
    """Write openings of beneficiaries who had none."""
    insert_named(
        tx,
        account_opening,
        [
            {"key": one.key, "tenant": tenant, "beneficiary_id": one.beneficiary_id}
            | _values(tx, one, now)
            for one in rows
        ],
    )


def update_openings(tx: Tx, rows: Sequence[OpeningRow], now: datetime) -> None:
    """Write how openings stand now."""
    if not rows:
        return
    statement = (
        sa.update(account_opening)
        .where(account_opening.c.key == sa.bindparam("of_key"))
        .values({name: sa.bindparam(f"new_{name}") for name in _CHANGES})
    )
    changes = []
    for one in rows:
        values = _values(tx, one, now)
        changes.append({f"new_{name}": values[name] for name in _CHANGES} | {"of_key": one.key})
    tx.connection.execute(statement, changes)


def openings_in(
    tx: Tx,
    tenant: str,
    states: Iterable[str],
    *,
    communes: Sequence[str] | None = None,
    provider: str | None = None,
    limit: int = -1,
) -> list[OpeningPerson]:
    """The openings that stand in these states, by commune and beneficiary code.

    `communes`: None for all of them. `limit`: at most so many; below 0, all.
    """
    holder = person.alias("account_holder")
    query = (
        sa.select(
            *account_opening.c,
            beneficiary.c.code,
            beneficiary.c.commune,
            beneficiary.c.hamlet,
            person.c.key.label("own_key"),
            person.c.name.label("own_name"),
            holder.c.key.label("holder_key"),
            holder.c.name.label("holder_name"),
            holder.c.birth,
            holder.c.birth_year,
            holder.c.citizen_id,
        )
        .join(beneficiary, beneficiary.c.id == account_opening.c.beneficiary_id)
        .join(person, person.c.id == beneficiary.c.person_id)
        .join(holder, holder.c.id == account_opening.c.person_id)
        .where(
            account_opening.c.tenant == tenant,
            account_opening.c.state.in_(sorted(states)),
            person.c.died_on.is_(None),
            holder.c.died_on.is_(None),
        )
        .order_by(beneficiary.c.commune, beneficiary.c.code)
    )
    if communes is not None:
        query = query.where(beneficiary.c.commune.in_(list(communes)))
    if provider is not None:
        query = query.where(account_opening.c.provider == provider)
    if limit >= 0:
        query = query.limit(limit)
    rows: list[sa.Row[Any]] = list(tx.connection.execute(query))
    phones = _phones(tx, {row.person_id for row in rows})
    return [_person(tx, row, phones.get(row.person_id, "")) for row in rows]


@dataclass(frozen=True, slots=True)
class Lacking:
    """An opening that lacks papers. `event_id`: the event that says so; `due`: the last day."""

    beneficiary_id: int
    event_id: int
    due: date | None


def lacking_papers(tx: Tx, tenant: str) -> list[Lacking]:
    """The openings of the living that lack papers, by beneficiary."""
    query = (
        sa.select(
            account_opening.c.beneficiary_id,
            account_opening.c.last_event_id,
            account_opening.c.due_on,
        )
        .join(beneficiary, beneficiary.c.id == account_opening.c.beneficiary_id)
        .join(person, person.c.id == beneficiary.c.person_id)
        .where(
            account_opening.c.tenant == tenant,
            account_opening.c.state == "MISSING",
            person.c.died_on.is_(None),
        )
        .order_by(account_opening.c.beneficiary_id)
    )
    return [Lacking(*row) for row in tx.connection.execute(query)]


def opening_states(tx: Tx, beneficiary_ids: Iterable[int]) -> dict[int, str]:
    """Where the opening of each of these beneficiaries stands, by id."""
    query = sa.select(account_opening.c.beneficiary_id, account_opening.c.state).where(
        among(tx, account_opening.c.beneficiary_id, sorted(set(beneficiary_ids)))
    )
    return {row.beneficiary_id: row.state for row in tx.connection.execute(query)}


def opened_for(tx: Tx, accounts: Iterable[str]) -> dict[str, set[int]]:
    """Ids of the beneficiaries for whom an account was opened, by account."""
    wanted = {tx.sealer.index(one, purpose="account"): one for one in set(accounts)}
    query = sa.select(account_opening.c.account_index, account_opening.c.beneficiary_id).where(
        among(tx, account_opening.c.account_index, sorted(wanted))
    )
    found: dict[str, set[int]] = {}
    for index, id_ in tx.connection.execute(query):
        found.setdefault(wanted[index], set()).add(id_)
    return found


def reviewed_at(tx: Tx, beneficiary_ids: Iterable[int]) -> dict[int, int]:
    """The event by which each of these people was last found to have all papers."""
    query = (
        sa.select(event.c.beneficiary_id, sa.func.max(event.c.id))
        .where(
            event.c.type == EventType.OPENING_ELIGIBLE.value,
            among(tx, event.c.beneficiary_id, sorted(set(beneficiary_ids))),
        )
        .group_by(event.c.beneficiary_id)
    )
    return {row[0]: row[1] for row in tx.connection.execute(query)}


def _phones(tx: Tx, person_ids: Iterable[int]) -> dict[int, str]:
    """The newest telephone on file of each person."""
    query = (
        sa.select(contact_person.c.person_id, contact.c.address, contact.c.address_index)
        .join(contact, contact.c.id == contact_person.c.contact_id)
        .where(
            contact.c.channel == "sms",
            contact_person.c.unlinked_at.is_(None),
            among(tx, contact_person.c.person_id, sorted(person_ids)),
        )
        .order_by(contact_person.c.id)
    )
    return {
        row.person_id: tx.sealer.unseal(
            row.address, column="contact.address", row=f"sms:{row.address_index}"
        )
        for row in tx.connection.execute(query)
    }


def _person(tx: Tx, row: sa.Row[Any], phone: str) -> OpeningPerson:
    birth = _opened(tx, row.birth, "person.birth", row.holder_key)
    return OpeningPerson(
        row=_row(tx, row),
        code=row.code,
        beneficiary_name=_opened(tx, row.own_name, "person.name", row.own_key),
        commune=row.commune,
        hamlet=_opened(tx, row.hamlet, "beneficiary.hamlet", row.code),
        name=_opened(tx, row.holder_name, "person.name", row.holder_key),
        birth=birth or (str(row.birth_year) if row.birth_year else ""),
        citizen_id=_opened(tx, row.citizen_id, "person.citizen_id", row.holder_key),
        phone=phone,
        changed_at=row.changed_at,
    )


def _values(tx: Tx, one: OpeningRow, now: datetime) -> dict[str, Any]:
    def sealed(value: str | None, column: str) -> bytes | None:
        if value is None:
            return None
        return tx.sealer.seal(value, column=f"account_opening.{column}", row=one.key)

    return {
        "person_id": one.person_id,
        "role": one.role,
        "method": one.method,
        "provider": one.provider,
        "state": one.state,
        "missing": ".".join(one.missing),
        "due_on": one.due_on,
        "reason": one.reason,
        "account": sealed(one.account, "account"),
        "account_index": tx.sealer.index(one.account, purpose="account") if one.account else None,
        "holder": sealed(one.holder, "holder"),
        "changed_at": now,
        "last_event_id": one.last_event_id,
        "version": one.version,
    }


def _row(tx: Tx, row: sa.Row[Any]) -> OpeningRow:
    return OpeningRow(
        key=row.key,
        beneficiary_id=row.beneficiary_id,
        person_id=row.person_id,
        role=row.role,
        method=row.method,
        provider=row.provider,
        state=row.state,
        missing=tuple(row.missing.split(".")) if row.missing else (),
        due_on=row.due_on,
        reason=row.reason,
        account=_opened(tx, row.account, "account_opening.account", row.key) or None,
        holder=_opened(tx, row.holder, "account_opening.holder", row.key) or None,
        last_event_id=row.last_event_id,
        version=row.version,
    )


def _opened(tx: Tx, sealed: bytes | None, column: str, key: str) -> str:
    return tx.sealer.unseal(sealed, column=column, row=key) if sealed else ""

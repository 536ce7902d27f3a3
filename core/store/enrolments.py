"""Wishes to be paid in another way: one row each, with what is sealed in the clear on reading."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from core.store.engine import Tx
from core.store.rows import among, fresh_ids
from core.store.tables.enrolment import enrolment
from core.store.tables.people import beneficiary, person

_SEALED = ("account", "holder", "note")


@dataclass(frozen=True, slots=True)
class EnrolmentRow:
    """A wish as it stands. `account`, `holder` and `note` in the clear; `version` counts events."""

    id: int
    key: str
    beneficiary_id: int
    person_id: int
    role: str
    method: str
    provider: str
    state: str
    is_change: bool
    drafted_by: str
    created_at: datetime
    account: str | None = field(default=None, repr=False)
    holder: str | None = field(default=None, repr=False)
    confirmed: str | None = None
    missing: tuple[str, ...] = ()
    note: str | None = field(default=None, repr=False)
    from_cycle: str | None = None
    checked_by: str | None = None
    approved_by: str | None = None
    approved_on: date | None = None
    changed_at: datetime | None = None
    last_event_id: int = 0
    version: int = 0


@dataclass(frozen=True, slots=True)
class EnrolmentPerson:
    """A wish with whose it is."""

    row: EnrolmentRow
    code: str
    commune: str
    name: str = field(repr=False)


def new_number(tx: Tx) -> int:
    """The number of a wish that is written next."""
    return fresh_ids(tx, enrolment, 1)[0]


def insert_enrolment(tx: Tx, tenant: str, row: EnrolmentRow, now: datetime) -> None:
    """Write a new wish."""
    values = _values(tx, row, now) | {
        "id": row.id,
        "key": row.key,
        "tenant": tenant,
        "beneficiary_id": row.beneficiary_id,
        "drafted_by": row.drafted_by,
        "created_at": row.created_at,
    }
    tx.connection.execute(sa.insert(enrolment).values(values))


def update_enrolment(tx: Tx, row: EnrolmentRow, now: datetime) -> None:
    """Write how a wish stands now."""
    tx.connection.execute(
        sa.update(enrolment).where(enrolment.c.id == row.id).values(_values(tx, row, now))
    )


def enrolment_for_update(tx: Tx, tenant: str, number: int) -> EnrolmentRow | None:
    """The wish with this number, locked until the end of the transaction; None if there is none."""
    query = sa.select(enrolment).where(enrolment.c.tenant == tenant, enrolment.c.id == number)
    row = tx.connection.execute(query.with_for_update()).first()
    return None if row is None else _row(tx, row)


def enrolments_of(
    tx: Tx, beneficiary_ids: Iterable[int], states: Iterable[str]
) -> list[EnrolmentRow]:
    """The wishes of these people in these states, locked, the oldest first."""
    query = (
        sa.select(enrolment)
        .where(
            among(tx, enrolment.c.beneficiary_id, sorted(set(beneficiary_ids))),
            enrolment.c.state.in_(sorted(states)),
        )
        .order_by(enrolment.c.id)
        .with_for_update()
    )
    return [_row(tx, row) for row in tx.connection.execute(query)]


def enrolments_numbered(tx: Tx, numbers: Iterable[int]) -> dict[int, EnrolmentRow]:
    """The wishes with these numbers, by number."""
    query = sa.select(enrolment).where(among(tx, enrolment.c.id, sorted(set(numbers))))
    return {row.id: _row(tx, row) for row in tx.connection.execute(query)}


def cooling_for(tx: Tx, tenant: str, state: str, cycle: str) -> list[EnrolmentRow]:
    """The wishes in this state that are for a cycle or an earlier one, locked."""
    query = (
        sa.select(enrolment)
        .where(
            enrolment.c.tenant == tenant,
            enrolment.c.state == state,
            enrolment.c.from_cycle <= cycle,
        )
        .order_by(enrolment.c.id)
        .with_for_update()
    )
    return [_row(tx, row) for row in tx.connection.execute(query)]


def enrolments_in(
    tx: Tx,
    tenant: str,
    states: Iterable[str],
    *,
    communes: Sequence[str] | None = None,
    limit: int = 200,
) -> list[EnrolmentPerson]:
    """The wishes in these states, the newest first. `communes`: None for all of them."""
    query = (
        sa.select(
            *enrolment.c,
            beneficiary.c.code,
            beneficiary.c.commune,
            person.c.key.label("person_key"),
            person.c.name,
        )
        .join(beneficiary, beneficiary.c.id == enrolment.c.beneficiary_id)
        .join(person, person.c.id == beneficiary.c.person_id)
        .where(enrolment.c.tenant == tenant, enrolment.c.state.in_(sorted(states)))
        .order_by(enrolment.c.id.desc())
        .limit(limit)
    )
    if communes is not None:
        query = query.where(beneficiary.c.commune.in_(list(communes)))
    rows: list[sa.Row[Any]] = list(tx.connection.execute(query))
    return [
        EnrolmentPerson(
            row=_row(tx, row),
            code=row.code,
            commune=row.commune,
            name=tx.sealer.unseal(row.name, column="person.name", row=row.person_key),
        )
        for row in rows
    ]


def wished_for(tx: Tx, accounts: Iterable[str], states: Iterable[str]) -> dict[str, set[int]]:
    """Ids of the beneficiaries who ask to be paid into an account, by account."""
    wanted = {tx.sealer.index(one, purpose="account"): one for one in set(accounts)}
    query = sa.select(enrolment.c.account_index, enrolment.c.beneficiary_id).where(
        among(tx, enrolment.c.account_index, sorted(wanted)),
        enrolment.c.state.in_(sorted(states)),
    )
    found: dict[str, set[int]] = {}
    for index, id_ in tx.connection.execute(query):
        found.setdefault(wanted[index], set()).add(id_)
    return found


def entered_around(tx: Tx, staff: str, at: datetime, within: timedelta) -> int:
    """How many wishes somebody has entered in the time before and after an instant."""
    query = sa.select(sa.func.count()).where(
        enrolment.c.drafted_by == staff,
        enrolment.c.created_at.between(at - within, at + within),
    )
    return int(tx.connection.execute(query).scalar_one())


def entered_between(
    tx: Tx, staff: Iterable[str], first: datetime, last: datetime
) -> dict[str, list[datetime]]:
    """When each of these people entered wishes between two instants, both included, in order."""
    query = (
        sa.select(enrolment.c.drafted_by, enrolment.c.created_at)
        .where(
            among(tx, enrolment.c.drafted_by, sorted(staff)),
            enrolment.c.created_at.between(first, last),
        )
        .order_by(enrolment.c.created_at)
    )
    found: dict[str, list[datetime]] = {}
    for row in tx.connection.execute(query):
        found.setdefault(row.drafted_by, []).append(row.created_at)
    return found


def dead_among(tx: Tx, person_ids: Iterable[int]) -> frozenset[int]:
    """Those of these people who died."""
    query = sa.select(person.c.id).where(
        person.c.died_on.is_not(None), among(tx, person.c.id, sorted(set(person_ids)))
    )
    return frozenset(tx.connection.execute(query).scalars())


def _values(tx: Tx, one: EnrolmentRow, now: datetime) -> dict[str, Any]:
    sealed = {
        name: tx.sealer.seal(getattr(one, name), column=f"enrolment.{name}", row=one.key)
        if getattr(one, name) is not None
        else None
        for name in _SEALED
    }
    return sealed | {
        "person_id": one.person_id,
        "role": one.role,
        "method": one.method,
        "provider": one.provider,
        "account_index": tx.sealer.index(one.account, purpose="account") if one.account else None,
        "state": one.state,
        "is_change": one.is_change,
        "confirmed": one.confirmed,
        "missing": ".".join(one.missing),
        "from_cycle": one.from_cycle,
        "checked_by": one.checked_by,
        "approved_by": one.approved_by,
        "approved_on": one.approved_on,
        "changed_at": now,
        "last_event_id": one.last_event_id,
        "version": one.version,
    }


def _row(tx: Tx, row: sa.Row[Any]) -> EnrolmentRow:
    def opened(name: str) -> str | None:
        sealed = getattr(row, name)
        if sealed is None:
            return None
        return tx.sealer.unseal(sealed, column=f"enrolment.{name}", row=row.key)

    return EnrolmentRow(
        id=row.id,
        key=row.key,
        beneficiary_id=row.beneficiary_id,
        person_id=row.person_id,
        role=row.role,
        method=row.method,
        provider=row.provider,
        state=row.state,
        is_change=row.is_change,
        drafted_by=row.drafted_by,
        created_at=row.created_at,
        account=opened("account"),
        holder=opened("holder"),
        confirmed=row.confirmed,
        missing=tuple(row.missing.split(".")) if row.missing else (),
        note=opened("note"),
        from_cycle=row.from_cycle,
        checked_by=row.checked_by,
        approved_by=row.approved_by,
        approved_on=row.approved_on,
        changed_at=row.changed_at,
        last_event_id=row.last_event_id,
        version=row.version,
    )

"""Deliveries at home: one row for each payment that is brought, what is sealed in the clear."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from core.ledger.states import Money
from core.store.engine import Tx
from core.store.rows import among, fresh_ids, insert_named
from core.store.tables.delivery import home_delivery
from core.store.tables.ledger import payment, payment_status
from core.store.tables.people import beneficiary, person
from core.terms import Method

_SEALED = ("place", "door", "note", "signer")


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """A delivery as it stands; `version` counts its events. Time: days in Asia/Ho_Chi_Minh.

    `place`, `door`, `note`, `signer` in the clear; `tries`: visits missed; `provider`: once
    accepted; `cycle`: the month whose money it is, or the first it may be.
    """

    id: int
    key: str
    beneficiary_id: int
    state: str
    reason: str
    is_standing: bool
    requested_by: str
    created_at: datetime
    cycle: str | None = None
    payment_id: int | None = None
    provider: str | None = None
    criterion: str | None = None
    place: str | None = field(default=None, repr=False)
    door: str | None = field(default=None, repr=False)
    note: str | None = field(default=None, repr=False)
    signer: str | None = field(default=None, repr=False)
    declined: str | None = None
    review_on: date | None = None
    day: date | None = None
    half: str | None = None
    visitor: str | None = None
    tries: int = 0
    missed_on: date | None = None
    proof: str | None = None
    handed_on: date | None = None
    decided_by: str | None = None
    last_event_id: int = 0
    version: int = 0


@dataclass(frozen=True, slots=True)
class DeliveryPerson:
    """A delivery with whose it is, and where its payment stands. Money: whole đồng."""

    row: DeliveryRow
    code: str
    commune: str
    name: str = field(repr=False)
    hamlet: str = field(repr=False)
    citizen_id: str = field(repr=False)
    payment: str | None
    amount: int
    money: Money | None


@dataclass(frozen=True, slots=True)
class HomePayment:
    """A payment that goes home."""

    payment_id: int
    beneficiary_id: int
    provider: str


def payments_at_home(tx: Tx, tenant: str, cycle: str) -> list[HomePayment]:
    """The payments of a cycle that are listed, and routed to people's homes, by id."""
    query = (
        sa.select(
            payment_status.c.payment_id, payment_status.c.beneficiary_id, payment_status.c.provider
        )
        .where(
            payment_status.c.tenant == tenant,
            payment_status.c.cycle == cycle,
            payment_status.c.method == Method.HOME.value,
            payment_status.c.money == Money.LISTED.value,
        )
        .order_by(payment_status.c.payment_id)
    )
    return [HomePayment(*row) for row in tx.connection.execute(query)]


def new_numbers(tx: Tx, count: int) -> Sequence[int]:
    """The numbers of deliveries that are written next."""
    return fresh_ids(tx, home_delivery, count)


def insert_deliveries(tx: Tx, tenant: str, rows: Sequence[DeliveryRow], now: datetime) -> None:
    """Write new deliveries."""
    insert_named(tx, home_delivery, [_fixed(one, tenant) | _values(tx, one, now) for one in rows])


def update_deliveries(tx: Tx, rows: Sequence[DeliveryRow], now: datetime) -> None:
    """Write how deliveries stand now."""
    if not rows:
        return
    values = [_values(tx, one, now) for one in rows]
    statement = (
        sa.update(home_delivery)
        .where(home_delivery.c.id == sa.bindparam("of_id"))
        .values({name: sa.bindparam(f"new_{name}") for name in values[0]})
    )
    changes = [
        {f"new_{name}": value for name, value in new.items()} | {"of_id": one.id}
        for one, new in zip(rows, values, strict=True)
    ]
    tx.connection.execute(statement, changes)


def delivery_for_update(tx: Tx, tenant: str, number: int) -> DeliveryRow | None:
    """The delivery with this number, locked until the transaction ends; None if there is none."""
    query = sa.select(home_delivery).where(
        home_delivery.c.tenant == tenant, home_delivery.c.id == number
    )
    row = tx.connection.execute(query.with_for_update()).first()
    return None if row is None else _row(tx, row)


def deliveries_of_payments(tx: Tx, payment_ids: Iterable[int]) -> dict[int, DeliveryRow]:
    """The deliveries of these payments, by payment id, locked."""
    query = (
        sa.select(home_delivery)
        .where(among(tx, home_delivery.c.payment_id, sorted(set(payment_ids))))
        .order_by(home_delivery.c.id)
        .with_for_update()
    )
    return {row.payment_id: _row(tx, row) for row in tx.connection.execute(query)}


def deliveries_of(
    tx: Tx, beneficiary_ids: Iterable[int], states: Iterable[str] | None = None
) -> list[DeliveryRow]:
    """The deliveries of these people, the oldest first, locked. `states`: None for all of them."""
    query = (
        sa.select(home_delivery)
        .where(among(tx, home_delivery.c.beneficiary_id, sorted(set(beneficiary_ids))))
        .order_by(home_delivery.c.id)
        .with_for_update()
    )
    if states is not None:
        query = query.where(home_delivery.c.state.in_(sorted(states)))
    return [_row(tx, row) for row in tx.connection.execute(query)]


def deliveries_in(
    tx: Tx,
    tenant: str,
    states: Iterable[str],
    *,
    communes: Sequence[str] | None = None,
    provider: str | None = None,
    cycle: str | None = None,
    day: date | None = None,
    limit: int = -1,
    newest_first: bool = False,
) -> list[DeliveryPerson]:
    """The deliveries in these states, by commune, day and code, of people who live.

    `communes`, `provider`, `cycle`, `day`: None for all of them; `limit`: below 0, all;
    `newest_first`: by when they last changed instead.
    """
    query = (
        sa.select(
            home_delivery,
            beneficiary.c.code,
            beneficiary.c.commune,
            beneficiary.c.hamlet,
            person.c.key.label("person_key"),
            person.c.name,
            person.c.citizen_id,
            payment.c.code.label("payment_code"),
            payment.c.amount,
            payment_status.c.money,
        )
        .join(beneficiary, beneficiary.c.id == home_delivery.c.beneficiary_id)
        .join(person, person.c.id == beneficiary.c.person_id)
        .outerjoin(payment, payment.c.id == home_delivery.c.payment_id)
        .outerjoin(payment_status, payment_status.c.payment_id == home_delivery.c.payment_id)
        .where(
            home_delivery.c.tenant == tenant,
            home_delivery.c.state.in_(sorted(states)),
            person.c.died_on.is_(None),
        )
    )
    if newest_first:
        query = query.order_by(home_delivery.c.changed_at.desc(), home_delivery.c.id.desc())
    else:
        query = query.order_by(beneficiary.c.commune, home_delivery.c.day, beneficiary.c.code)
    if communes is not None:
        query = query.where(beneficiary.c.commune.in_(list(communes)))
    if provider is not None:
        query = query.where(home_delivery.c.provider == provider)
    if cycle is not None:
        query = query.where(home_delivery.c.cycle == cycle)
    if day is not None:
        query = query.where(home_delivery.c.day == day)
    if limit >= 0:
        query = query.limit(limit)
    return [_person(tx, row) for row in tx.connection.execute(query)]


def living(tx: Tx, beneficiary_ids: Iterable[int]) -> dict[int, str]:
    """The names of those of these beneficiaries who live, by id."""
    query = (
        sa.select(beneficiary.c.id, person.c.key, person.c.name)
        .join(person, person.c.id == beneficiary.c.person_id)
        .where(
            person.c.died_on.is_(None), among(tx, beneficiary.c.id, sorted(set(beneficiary_ids)))
        )
    )
    return {
        row.id: tx.sealer.unseal(row.name, column="person.name", row=row.key)
        for row in tx.connection.execute(query)
    }


def versions(tx: Tx, numbers: Iterable[int]) -> dict[int, int]:
    """How many events each of these deliveries has, of people who live."""
    query = (
        sa.select(home_delivery.c.id, home_delivery.c.version)
        .join(beneficiary, beneficiary.c.id == home_delivery.c.beneficiary_id)
        .join(person, person.c.id == beneficiary.c.person_id)
        .where(person.c.died_on.is_(None), among(tx, home_delivery.c.id, sorted(set(numbers))))
    )
    return {row.id: row.version for row in tx.connection.execute(query)}


def _person(tx: Tx, row: sa.Row[Any]) -> DeliveryPerson:
    def opened(sealed: bytes | None, column: str, key: str) -> str:
        return tx.sealer.unseal(sealed, column=column, row=key) if sealed else ""

    return DeliveryPerson(
        row=_row(tx, row),
        code=row.code,
        commune=row.commune,
        name=opened(row.name, "person.name", row.person_key),
        hamlet=opened(row.hamlet, "beneficiary.hamlet", row.code),
        citizen_id=opened(row.citizen_id, "person.citizen_id", row.person_key),
        payment=row.payment_code,
        amount=row.amount or 0,
        money=Money(row.money) if row.money else None,
    )


def _fixed(one: DeliveryRow, tenant: str) -> dict[str, Any]:
    return {
        "id": one.id,
        "key": one.key,
        "tenant": tenant,
        "beneficiary_id": one.beneficiary_id,
        "requested_by": one.requested_by,
        "created_at": one.created_at,
    }


_PLAIN = (
    *("cycle", "payment_id", "provider", "state", "reason", "criterion", "declined"),
    *("is_standing", "review_on", "day", "half", "visitor", "tries", "missed_on", "proof"),
    *("handed_on", "decided_by", "last_event_id", "version"),
)


def _values(tx: Tx, one: DeliveryRow, now: datetime) -> dict[str, Any]:
    sealed = {
        name: tx.sealer.seal(getattr(one, name), column=f"home_delivery.{name}", row=one.key)
        if getattr(one, name) is not None
        else None
        for name in _SEALED
    }
    return {name: getattr(one, name) for name in _PLAIN} | sealed | {"changed_at": now}


def _row(tx: Tx, row: sa.Row[Any]) -> DeliveryRow:
    sealed: dict[str, Any] = {
        name: tx.sealer.unseal(value, column=f"home_delivery.{name}", row=row.key)
        if (value := getattr(row, name)) is not None
        else None
        for name in _SEALED
    }
    return DeliveryRow(
        id=row.id,
        key=row.key,
        beneficiary_id=row.beneficiary_id,
        requested_by=row.requested_by,
        created_at=row.created_at,
        **{name: getattr(row, name) for name in _PLAIN},
        **sealed,
    )

"""People, beneficiaries and standings: written by imports and officers, read by everybody.

Batch forms throughout: a set in, a mapping out.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, TypeVar

import sqlalchemy as sa

from core.people import Basis, Role, Scope, Standing, Ward
from core.store.engine import Tx
from core.store.rows import among, fresh_ids, insert_named, update_named
from core.store.tables.ledger import payment
from core.store.tables.people import beneficiary, method_version, person, standing

T = TypeVar("T")
_ENTITLEMENT: Final = "beneficiary.entitlement"


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person as an import or a page writes one; `key` is new for each person."""

    key: str
    name: str
    name_key: str
    birth: date | None = None
    birth_year: int | None = None
    sex: str | None = None
    citizen_id: str | None = None


@dataclass(frozen=True, slots=True)
class BeneficiaryRow:
    """A beneficiary as read back, without what is sealed."""

    id: int
    code: str
    person_id: int
    person_key: str
    commune: str
    state: str


def insert_people(tx: Tx, people: Sequence[PersonRow], now: datetime) -> dict[str, int]:
    """The id of each person just written, by key."""
    if not people:
        return {}
    ids = fresh_ids(tx, person, len(people))
    insert_named(
        tx,
        person,
        [{"id": id_} | _sealed_person(tx, one, now) for id_, one in zip(ids, people, strict=True)],
    )
    return {one.key: id_ for id_, one in zip(ids, people, strict=True)}


def update_people(tx: Tx, people: Sequence[PersonRow]) -> None:
    """Take over names, birth days and numbers of people known by key."""
    if not people:
        return
    columns = ("name", "name_index", "birth", "birth_year", "sex", "citizen_id", "citizen_id_index")
    statement = (
        sa.update(person)
        .where(person.c.key == sa.bindparam("of_key"))
        .values({name: sa.bindparam(f"new_{name}") for name in columns})
    )
    rows = []
    for one in people:
        sealed = _sealed_person(tx, one, None)
        rows.append({f"new_{name}": sealed[name] for name in columns} | {"of_key": one.key})
    tx.connection.execute(statement, rows)


def give_citizen_ids(tx: Tx, numbers: Mapping[int, str]) -> None:
    """Write the number of a new identity card, by person id."""
    if not numbers:
        return
    query = sa.select(person.c.id, person.c.key).where(among(tx, person.c.id, sorted(numbers)))
    keys = {row.id: row.key for row in tx.connection.execute(query)}
    statement = (
        sa.update(person)
        .where(person.c.id == sa.bindparam("of_id"))
        .values(citizen_id=sa.bindparam("new_number"), citizen_id_index=sa.bindparam("new_index"))
    )
    rows = [
        {
            "of_id": id_,
            "new_number": tx.sealer.seal(number, column="person.citizen_id", row=keys[id_]),
            "new_index": tx.sealer.index(number, purpose="citizen_id"),
        }
        for id_, number in numbers.items()
    ]
    tx.connection.execute(statement, rows)


def person_ids(tx: Tx, keys: Sequence[str]) -> dict[str, int]:
    """Ids by key."""
    query = sa.select(person.c.key, person.c.id).where(among(tx, person.c.key, keys))
    return {row.key: row.id for row in tx.connection.execute(query)}


def people_by_citizen_id(tx: Tx, numbers: Iterable[str]) -> dict[str, list[int]]:
    """Person ids by citizen id number; several when a list gave two people one number."""
    wanted = {tx.sealer.index(number, purpose="citizen_id"): number for number in set(numbers)}
    found: dict[str, list[int]] = {}
    query = sa.select(person.c.citizen_id_index, person.c.id).where(
        among(tx, person.c.citizen_id_index, wanted)
    )
    for row in tx.connection.execute(query.order_by(person.c.id)):
        found.setdefault(wanted[row.citizen_id_index], []).append(row.id)
    return found


def people_named(tx: Tx, name_keys: Iterable[str]) -> dict[str, list[int]]:
    """Person ids by folded name. Never enough to identify anybody: villages share names."""
    wanted = {tx.sealer.index(key, purpose="name"): key for key in set(name_keys)}
    found: dict[str, list[int]] = {}
    query = sa.select(person.c.name_index, person.c.id).where(
        among(tx, person.c.name_index, wanted)
    )
    for row in tx.connection.execute(query.order_by(person.c.id)):
        found.setdefault(wanted[row.name_index], []).append(row.id)
    return found


def names_of(tx: Tx, person_ids_: Iterable[int]) -> dict[int, str]:
    """Full names by person id."""
    return {
        row.id: tx.sealer.unseal(row.name, column="person.name", row=row.key)
        for part in chunked(list(set(person_ids_)))
        for row in tx.connection.execute(
            sa.select(person.c.id, person.c.key, person.c.name).where(person.c.id.in_(part))
        )
    }


def insert_beneficiaries(tx: Tx, rows: Sequence[Mapping[str, object]]) -> None:
    """Write beneficiaries whose codes are new; `entitlement` and `hamlet` come sealed."""
    insert_named(tx, beneficiary, rows)


def beneficiaries_by_code(tx: Tx, codes: Sequence[str]) -> dict[str, BeneficiaryRow]:
    """Beneficiaries by code; unknown codes are absent."""
    query = sa.select(
        beneficiary.c.id,
        beneficiary.c.code,
        beneficiary.c.person_id,
        person.c.key.label("person_key"),
        beneficiary.c.commune,
        beneficiary.c.state,
    ).join_from(beneficiary, person)
    wanted = query.where(among(tx, beneficiary.c.code, codes))
    return {row.code: BeneficiaryRow(*row) for row in tx.connection.execute(wanted)}


def beneficiaries_with_ids(tx: Tx, ids: Iterable[int]) -> dict[int, BeneficiaryRow]:
    """Beneficiaries by id; unknown ids are absent."""
    query = sa.select(beneficiary.c.code).where(among(tx, beneficiary.c.id, sorted(set(ids))))
    codes = list(tx.connection.execute(query).scalars())
    return {row.id: row for row in beneficiaries_by_code(tx, codes).values()}


def beneficiary_with_id(tx: Tx, beneficiary_id: int) -> BeneficiaryRow | None:
    """The beneficiary, or None."""
    query = sa.select(beneficiary.c.code).where(beneficiary.c.id == beneficiary_id)
    code = tx.connection.execute(query).scalar_one_or_none()
    return beneficiaries_by_code(tx, [code])[code] if code is not None else None


def keep_entitlements(tx: Tx, entitlements: Mapping[str, str], now: datetime) -> None:
    """Take over the newest entitlement (category, coefficient, decision) by beneficiary code.

    Most stay as they are from month to month, and only what changed is written.
    """
    if not entitlements:
        return
    query = sa.select(beneficiary.c.id, beneficiary.c.code, beneficiary.c.entitlement).where(
        among(tx, beneficiary.c.code, entitlements)
    )
    fresh = [
        (row.id, row.code)
        for row in tx.connection.execute(query)
        if row.entitlement is None
        or tx.sealer.unseal(row.entitlement, column=_ENTITLEMENT, row=row.code)
        != entitlements[row.code]
    ]
    rows = [
        {"id": id_, "entitlement": sealed_entitlement(tx, code, entitlements[code])}
        for id_, code in fresh
    ]
    update_named(tx, beneficiary, [row | {"updated_at": now} for row in rows])


def move_beneficiaries(
    tx: Tx, places: Mapping[int, tuple[str, bytes | None]], *, month: str, now: datetime
) -> None:
    """Take over where people live, by beneficiary id, from the list of a month.

    A place is a commune and a hamlet, which comes sealed. A list of an older month moves nobody
    who is on a later one, or who registered for a later one: months of years ago are loaded while
    people register.
    """
    if not places:
        return
    listed, version = payment.c, method_version.c
    later = sa.union(
        sa.select(listed.beneficiary_id).where(
            among(tx, listed.beneficiary_id, places), listed.cycle > month
        ),
        sa.select(version.beneficiary_id)
        .where(among(tx, version.beneficiary_id, places))
        .group_by(version.beneficiary_id)
        .having(sa.func.min(version.from_cycle) > month),
    )
    settled = set(tx.connection.execute(later).scalars())
    rows = [
        {"id": id_, "commune": commune, "hamlet": hamlet, "updated_at": now}
        for id_, (commune, hamlet) in places.items()
        if id_ not in settled
    ]
    update_named(tx, beneficiary, rows)


def sealed_entitlement(tx: Tx, code: str, entitlement: str) -> bytes:
    """An entitlement as it is stored for the beneficiary with this code."""
    return tx.sealer.seal(entitlement, column=_ENTITLEMENT, row=code)


def insert_standings(tx: Tx, rows: Sequence[Mapping[str, object]]) -> None:
    """Write standings; the same person, role and first day twice is an error of the caller."""
    insert_named(tx, standing, rows)


def standings_beside(tx: Tx, beneficiary_ids: Iterable[int]) -> dict[int, list[Standing]]:
    """All standings, past and present, by beneficiary id, oldest first."""
    found: dict[int, list[Standing]] = {}
    query = sa.select(standing).where(among(tx, standing.c.beneficiary_id, set(beneficiary_ids)))
    for row in tx.connection.execute(query.order_by(standing.c.id)):
        found.setdefault(row.beneficiary_id, []).append(_standing(row))
    return found


def wards_of(tx: Tx, person_ids_: Sequence[int], day: date) -> tuple[Ward, ...]:
    """Those whom any of these people stands beside on `day`, oneself first, then by code."""
    if not person_ids_:
        return ()
    query = (
        sa.select(
            standing,
            beneficiary.c.code,
            beneficiary.c.commune,
            beneficiary.c.frozen_self_service,
            person.c.key.label("person_key"),
            person.c.name,
            person.c.birth_year,
        )
        .join(beneficiary, beneficiary.c.id == standing.c.beneficiary_id)
        .join(person, person.c.id == beneficiary.c.person_id)
        .where(standing.c.person_id.in_(list(person_ids_)))
    )
    wards = [_ward(tx, row) for row in tx.connection.execute(query)]
    in_force = [ward for ward in wards if ward.standing.is_in_force(day)]
    return tuple(sorted(in_force, key=lambda w: (w.standing.role is not Role.SELF, w.code)))


def birth_years_of(tx: Tx, person_ids_: Iterable[int]) -> dict[int, int | None]:
    """Birth years by person id."""
    query = sa.select(person.c.id, person.c.birth_year)
    return {
        row.id: row.birth_year
        for part in chunked(list(set(person_ids_)))
        for row in tx.connection.execute(query.where(person.c.id.in_(part)))
    }


def chunked(values: Sequence[T], size: int = 500) -> Iterator[Sequence[T]]:
    """`values` in parts small enough for one IN list."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def _sealed_person(tx: Tx, one: PersonRow, now: datetime | None) -> dict[str, object]:
    seal, index = tx.sealer.seal, tx.sealer.index
    number = one.citizen_id
    birth = one.birth.isoformat() if one.birth else None
    return {
        "key": one.key,
        "name": seal(one.name, column="person.name", row=one.key),
        "name_index": index(one.name_key, purpose="name"),
        "birth": seal(birth, column="person.birth", row=one.key) if birth else None,
        "birth_year": one.birth_year,
        "sex": one.sex,
        "citizen_id": (seal(number, column="person.citizen_id", row=one.key) if number else None),
        "citizen_id_index": index(number, purpose="citizen_id") if number else None,
        "created_at": now,
    }


def _standing(row: sa.Row[Any]) -> Standing:
    return Standing(
        id=row.id,
        beneficiary_id=row.beneficiary_id,
        person_id=row.person_id,
        role=Role(row.role),
        relation=row.relation,
        basis=Basis(row.basis),
        scope=Scope(row.scope),
        is_payee=row.is_payee,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )


def _ward(tx: Tx, row: sa.Row[Any]) -> Ward:
    return Ward(
        beneficiary_id=row.beneficiary_id,
        code=row.code,
        name=tx.sealer.unseal(row.name, column="person.name", row=row.person_key),
        birth_year=row.birth_year,
        commune=row.commune,
        is_frozen=row.frozen_self_service,
        standing=_standing(row),
    )

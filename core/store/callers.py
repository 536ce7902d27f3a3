"""Who is at an address: the people it belongs to, and whom they stand beside, in one statement."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from core.people import Basis, Role, Scope, Standing, Ward
from core.store.engine import Tx
from core.store.prepared import Prepared
from core.store.tables.people import beneficiary, contact_person, person, standing


@dataclass(frozen=True, slots=True)
class AtAddress:
    """People at an address, surest first, with their levels; and all their wards."""

    person_ids: tuple[int, ...]
    levels: tuple[int, ...]
    birth_year: int | None
    wards: tuple[Ward, ...]


NOBODY: Final = AtAddress((), (), None, ())

_BESIDE: Final = person.alias("beside")
_QUERY: Final = Prepared(
    sa.select(
        contact_person.c.person_id.label("at_id"),
        contact_person.c.level,
        person.c.birth_year.label("own_birth_year"),
        standing,
        beneficiary.c.code,
        beneficiary.c.commune,
        beneficiary.c.frozen_self_service,
        _BESIDE.c.key.label("ward_key"),
        _BESIDE.c.name.label("ward_name"),
        _BESIDE.c.birth_year.label("ward_birth_year"),
    )
    .select_from(contact_person)
    .join(person, person.c.id == contact_person.c.person_id)
    .outerjoin(standing, standing.c.person_id == contact_person.c.person_id)
    .outerjoin(beneficiary, beneficiary.c.id == standing.c.beneficiary_id)
    .outerjoin(_BESIDE, _BESIDE.c.id == beneficiary.c.person_id)
    .where(
        contact_person.c.contact_id == sa.bindparam("contact_id"),
        contact_person.c.unlinked_at.is_(None),
    )
    .order_by(contact_person.c.level.desc(), contact_person.c.id)
)


def at_address(tx: Tx, contact_id: int, day: date) -> AtAddress:
    """Who is at a contact on `day`. Wards: oneself first, then by code, each once."""
    rows = _QUERY.all(tx, {"contact_id": contact_id})
    if not rows:
        return NOBODY
    levels = {row.at_id: row.level for row in reversed(rows)}
    ids = tuple(dict.fromkeys(row.at_id for row in rows))
    wards = _in_order(_wards(tx, rows, day))
    return AtAddress(ids, tuple(levels[one] for one in ids), rows[0].own_birth_year, wards)


def _wards(tx: Tx, rows: Iterable[Any], day: date) -> Iterator[Ward]:
    for row in rows:
        if row.beneficiary_id is None:
            continue
        held = _standing(row)
        if held.is_in_force(day):
            name = tx.sealer.unseal(row.ward_name, column="person.name", row=row.ward_key)
            yield Ward(
                row.beneficiary_id,
                row.code,
                name,
                row.ward_birth_year,
                row.commune,
                row.frozen_self_service,
                held,
            )


def _in_order(wards: Iterable[Ward]) -> tuple[Ward, ...]:
    """The strongest standing beside each; the surest person comes first in the rows."""
    order = list(Role)
    best: dict[int, Ward] = {}
    for ward in wards:
        known = best.get(ward.beneficiary_id)
        if known is None or order.index(ward.standing.role) < order.index(known.standing.role):
            best[ward.beneficiary_id] = ward
    return tuple(sorted(best.values(), key=lambda w: (w.standing.role is not Role.SELF, w.code)))


def _standing(row: Any) -> Standing:
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

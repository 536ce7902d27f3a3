"""Who could be told about payments: what stands in the register, read in sets.

Category, coefficient and decision number are not read here, so no text can give them away.

What does not live here: who may be told what (`notifications/recipients.py`).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

import sqlalchemy as sa

from core.people import Basis, Role
from core.store.bulk import among
from core.store.engine import Tx
from core.store.people import chunked
from core.store.tables.ledger import payment, payment_status
from core.store.tables.messages import message
from core.store.tables.people import (
    beneficiary,
    consent,
    contact,
    contact_person,
    person,
    standing,
)

_PART = 1000


@dataclass(frozen=True, slots=True)
class Subject:
    """A payment, and the beneficiary it is for. Money: whole đồng."""

    payment_id: int
    code: str
    cycle: str
    amount: int
    money: str
    provider: str | None
    reason: str | None
    effective_on: date | None
    beneficiary_id: int
    name: str = field(repr=False)
    died_on: date | None
    # The month that the money belongs to; earlier than `cycle` where it is paid again.
    first_cycle: str


@dataclass(frozen=True, slots=True)
class Place:
    """One person beside one beneficiary, at one address that is linked and not stopped."""

    beneficiary_id: int
    person_id: int
    role: Role
    basis: Basis
    is_payee: bool
    valid_from: date
    valid_to: date | None
    died_on: date | None
    contact_id: int
    channel: str
    address_index: str
    language: str
    accents: bool | None
    level: int
    linked_at: datetime

    def is_in_force(self, day: date) -> bool:
        """Whether the standing holds on `day` and the person lives."""
        begun = self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)
        return begun and self.died_on is None


@dataclass(frozen=True, slots=True)
class Consent:
    """What was agreed to and not taken back. `agreed_by`: a person id."""

    beneficiary_id: int
    person_id: int
    purpose: str
    agreed_by: int


def subjects(tx: Tx, payment_ids: Iterable[int]) -> dict[int, Subject]:
    """Payments as they stand now, by id."""
    first = payment.alias("first")
    columns = (
        payment.c.id,
        payment.c.code,
        payment.c.cycle,
        payment.c.amount,
        payment_status.c.money,
        payment_status.c.provider,
        payment_status.c.reason,
        payment_status.c.effective_on,
        payment.c.beneficiary_id,
        person.c.key,
        person.c.name,
        person.c.died_on,
        sa.func.coalesce(first.c.cycle, payment.c.cycle).label("first_cycle"),
    )
    joined = (
        payment.join(payment_status, payment_status.c.payment_id == payment.c.id)
        .outerjoin(first, first.c.id == payment.c.parent_id)
        .join(beneficiary, beneficiary.c.id == payment.c.beneficiary_id)
        .join(person, person.c.id == beneficiary.c.person_id)
    )
    found: dict[int, Subject] = {}
    for part in chunked(sorted(set(payment_ids)), _PART):
        query = sa.select(*columns).select_from(joined).where(among(tx, payment.c.id, part))
        for row in tx.connection.execute(query):
            name = tx.sealer.unseal(row.name, column="person.name", row=row.key)
            found[row.id] = Subject(*row[:9], name, row.died_on, row.first_cycle)
    return found


def places_beside(tx: Tx, beneficiary_ids: Iterable[int]) -> list[Place]:
    """Every way in which somebody beside these beneficiaries can be reached."""
    columns = (
        standing.c.beneficiary_id,
        standing.c.person_id,
        standing.c.role,
        standing.c.basis,
        standing.c.is_payee,
        standing.c.valid_from,
        standing.c.valid_to,
        person.c.died_on,
        contact.c.id,
        contact.c.channel,
        contact.c.address_index,
        contact.c.language,
        contact.c.accents,
        contact_person.c.level,
        contact_person.c.linked_at,
    )
    joined = (
        standing.join(person, person.c.id == standing.c.person_id)
        .join(contact_person, contact_person.c.person_id == standing.c.person_id)
        .join(contact, contact.c.id == contact_person.c.contact_id)
    )
    reachable = (contact_person.c.unlinked_at.is_(None), contact.c.stopped_at.is_(None))
    found: list[Place] = []
    for part in chunked(sorted(set(beneficiary_ids)), _PART):
        query = sa.select(*columns).select_from(joined)
        for row in tx.connection.execute(
            query.where(among(tx, standing.c.beneficiary_id, part), *reachable)
        ):
            beneficiary_id, person_id, role, basis, *rest = row
            found.append(Place(beneficiary_id, person_id, Role(role), Basis(basis), *rest))
    return found


def consents_of(tx: Tx, beneficiary_ids: Iterable[int]) -> list[Consent]:
    """Consents that were given and not taken back."""
    found: list[Consent] = []
    for part in chunked(sorted(set(beneficiary_ids)), _PART):
        query = sa.select(
            consent.c.beneficiary_id, consent.c.person_id, consent.c.purpose, consent.c.agreed_by
        ).where(among(tx, consent.c.beneficiary_id, part), consent.c.withdrawn_at.is_(None))
        found += [Consent(*row) for row in tx.connection.execute(query)]
    return found


def sharing(
    tx: Tx, contact_ids: Iterable[int], known: Collection[int], *, tenant: str, cycle: str
) -> set[int]:
    """Beneficiaries beyond `known` with a payment in `cycle` and somebody at these addresses."""
    # Two steps: joined with the payments, SQLite would walk all payments of the month each time.
    beside: set[int] = set()
    joined = contact_person.join(standing, standing.c.person_id == contact_person.c.person_id)
    for part in chunked(sorted(set(contact_ids)), _PART):
        query = (
            sa.select(standing.c.beneficiary_id)
            .select_from(joined)
            .where(
                among(tx, contact_person.c.contact_id, part), contact_person.c.unlinked_at.is_(None)
            )
        )
        beside |= set(tx.connection.execute(query).scalars())
    found: set[int] = set()
    for part in chunked(sorted(beside - set(known)), _PART):
        query = sa.select(payment.c.beneficiary_id).where(
            among(tx, payment.c.beneficiary_id, part),
            payment.c.cycle == cycle,
            payment.c.tenant == tenant,
        )
        found |= set(tx.connection.execute(query).scalars())
    return found


def told_before(
    tx: Tx, contact_ids: Iterable[int], conditions: Collection[str]
) -> set[tuple[int, int]]:
    """(contact id, beneficiary id) pairs to which a text under one of `conditions` exists."""
    found: set[tuple[int, int]] = set()
    for part in chunked(sorted(set(contact_ids)), _PART):
        query = (
            sa.select(message.c.contact_id, message.c.beneficiary_id)
            .where(
                among(tx, message.c.contact_id, part),
                message.c.condition.in_(conditions),
                message.c.beneficiary_id.is_not(None),
                message.c.state.not_in(["suppressed", "stopped", "expired", "failed"]),
            )
            .distinct()
        )
        found |= {(c, b) for c, b in tx.connection.execute(query)}
    return found

"""Payments that nobody received and that are paid again: what is left, and what replaces what.

Payments of one person that follow one another carry the first one as their parent; each replaces
the one before it.

What does not live here: who is paid again, and how (`core/ledger/reissue.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.ledger.codes import Kind
from core.ledger.journal import Source
from core.ledger.states import Money
from core.store.engine import Tx
from core.store.rows import among
from core.store.tables.ledger import payment, payment_status, provider_cycle
from core.store.tables.people import beneficiary, person

# Approved: it was held when its month was closed over it, and released since.
_LEFT = (Money.FAILED, Money.RETURNED, Money.UNCLAIMED, Money.APPROVED)


@dataclass(frozen=True, slots=True)
class Left:
    """A payment that was carried over and is still owed. Money: whole đồng.

    `commune` is where the person's newest payment is of, `first_id` the payment that this one goes
    back to.
    """

    id: int
    code: str
    beneficiary_id: int
    beneficiary_code: str
    commune: str
    monthly: int
    arrears: int
    reason: str | None
    died_on: date | None
    first_id: int


@dataclass(frozen=True, slots=True)
class Try:
    """One earlier attempt at a payment: how, with which version of the method, why not."""

    method: str | None
    version_id: int | None
    reason: str | None


def carried_before(tx: Tx, tenant: str, month: str) -> list[Left]:
    """What closed months before this one left unpaid, in the order of ids."""
    # Spelled out so that the index on (tenant, cycle, provider, money) finds the few of many.
    parts = tx.connection.execute(
        sa.select(provider_cycle.c.cycle, provider_cycle.c.provider).where(
            provider_cycle.c.tenant == tenant, provider_cycle.c.cycle < month
        )
    ).all()
    if not parts:
        return []
    newest, later = payment.alias("newest"), payment.alias("later")
    last = (
        sa.select(sa.func.max(later.c.id))
        .where(later.c.beneficiary_id == payment.c.beneficiary_id)
        .scalar_subquery()
    )
    query = (
        sa.select(
            payment.c.id,
            payment.c.code,
            payment.c.beneficiary_id,
            beneficiary.c.code,
            newest.c.commune,
            payment.c.monthly,
            payment.c.arrears,
            payment_status.c.reason,
            person.c.died_on,
            sa.func.coalesce(payment.c.parent_id, payment.c.id),
        )
        .join_from(payment_status, payment, payment.c.id == payment_status.c.payment_id)
        .join(beneficiary, beneficiary.c.id == payment.c.beneficiary_id)
        .join(person, person.c.id == beneficiary.c.person_id)
        .join(newest, newest.c.id == last)
        .where(
            payment_status.c.tenant == tenant,
            payment_status.c.cycle.in_(sorted({row.cycle for row in parts})),
            payment_status.c.provider.in_(sorted({row.provider for row in parts})),
            payment_status.c.money.in_([one.value for one in _LEFT]),
            payment_status.c.carried_event_id.is_not(None),
        )
        .order_by(payment.c.id)
    )
    rows: Sequence[Any] = tx.connection.execute(query).all()
    return [Left(*row) for row in rows]


def newest_numbers(tx: Tx, tenant: str, month: str) -> dict[int, int]:
    """The highest sequence number of a re-issue in a month, by beneficiary id."""
    query = (
        sa.select(payment.c.beneficiary_id, sa.func.max(payment.c.seq))
        .where(
            payment.c.tenant == tenant,
            payment.c.cycle == month,
            payment.c.kind == Kind.REISSUE.value,
        )
        .group_by(payment.c.beneficiary_id)
    )
    return {row[0]: row[1] for row in tx.connection.execute(query)}


def sources_of(tx: Tx, ids: Sequence[int]) -> dict[int, Source]:
    """What each of these payments replaces, by its id; those that replace none are left out."""
    if not ids:
        return {}
    before, replaced = payment.alias("before"), payment.alias("replaced")
    previous = (
        sa.select(sa.func.max(before.c.id))
        .where(before.c.parent_id == payment.c.parent_id, before.c.id < payment.c.id)
        .scalar_subquery()
    )
    query = (
        sa.select(
            payment.c.id,
            replaced.c.id,
            replaced.c.cycle,
            replaced.c.commune,
            payment_status.c.provider,
        )
        .join_from(
            payment, replaced, replaced.c.id == sa.func.coalesce(previous, payment.c.parent_id)
        )
        .join(payment_status, payment_status.c.payment_id == replaced.c.id)
        .where(among(tx, payment.c.id, ids), payment.c.parent_id.is_not(None))
    )
    return {row[0]: Source(*row[1:]) for row in tx.connection.execute(query)}


def newest_after(tx: Tx, ids: Sequence[int]) -> list[int]:
    """The newest payment of the same money as each of these, rising; a payment may stand last."""
    if not ids:
        return []
    first = sa.select(sa.func.coalesce(payment.c.parent_id, payment.c.id)).where(
        among(tx, payment.c.id, ids)
    )
    later = payment.alias("later")
    query = (
        sa.select(sa.func.max(later.c.id))
        .where(later.c.parent_id.in_(first))
        .group_by(later.c.parent_id)
    )
    return sorted(tx.connection.execute(query).scalars())


def tries_of(tx: Tx, ids: Sequence[int]) -> dict[int, list[Try]]:
    """The earlier attempts behind each of these payments, by its id; only where there are any."""
    if not ids:
        return {}
    earlier = payment.alias("earlier")
    query = (
        sa.select(
            payment.c.id,
            payment_status.c.method,
            payment_status.c.method_version_id,
            payment_status.c.reason,
        )
        .join_from(
            payment,
            earlier,
            sa.or_(
                earlier.c.id == payment.c.parent_id,
                sa.and_(earlier.c.parent_id == payment.c.parent_id, earlier.c.id < payment.c.id),
            ),
        )
        .join(payment_status, payment_status.c.payment_id == earlier.c.id)
        .where(among(tx, payment.c.id, ids), payment.c.parent_id.is_not(None))
    )
    found: dict[int, list[Try]] = {}
    rows: Sequence[Any] = tx.connection.execute(query).all()
    for row in rows:
        found.setdefault(row[0], []).append(Try(*row[1:]))
    return found

"""What a payment order needs of each payment: one statement for a provider's whole cycle."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from core.store.engine import Tx
from core.store.tables.ledger import payment, payment_status
from core.store.tables.people import beneficiary, method_version, person, standing


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One payment to be ordered, in the clear. Money: whole đồng."""

    code: str
    amount: int
    beneficiary_code: str
    name: str
    citizen_id: str
    commune: str
    hamlet: str
    method: str
    pay_point: str
    account: str
    holder: str
    payee: str
    # The month that the money belongs to; an earlier one where it is paid again.
    first_cycle: str


def orders_for(
    tx: Tx, tenant: str, cycle: str, provider: str, *, states: Sequence[str]
) -> list[OrderRow]:
    """The payments of a provider in a cycle that stand in one of `states`, by payment code."""
    first = payment.alias("first")
    query = (
        sa.select(
            payment.c.code,
            payment.c.amount,
            payment.c.commune,
            payment.c.beneficiary_id,
            beneficiary.c.code.label("beneficiary_code"),
            beneficiary.c.hamlet,
            person.c.key.label("person_key"),
            person.c.name,
            person.c.citizen_id,
            payment_status.c.method,
            payment_status.c.pay_point,
            method_version.c.key.label("method_key"),
            method_version.c.account,
            method_version.c.holder,
            sa.func.coalesce(first.c.cycle, payment.c.cycle).label("first_cycle"),
        )
        .join(payment_status, payment_status.c.payment_id == payment.c.id)
        .join(beneficiary, beneficiary.c.id == payment.c.beneficiary_id)
        .join(person, person.c.id == beneficiary.c.person_id)
        .outerjoin(first, first.c.id == payment.c.parent_id)
        .outerjoin(method_version, method_version.c.id == payment_status.c.method_version_id)
        .where(
            payment_status.c.tenant == tenant,
            payment_status.c.cycle == cycle,
            payment_status.c.provider == provider,
            payment_status.c.money.in_(list(states)),
        )
        .order_by(payment.c.code)
    )
    payees = _payees(tx, tenant, cycle, provider)
    return [_order(tx, row, payees) for row in tx.connection.execute(query)]


def _payees(tx: Tx, tenant: str, cycle: str, provider: str) -> dict[int, str]:
    """The name of whoever collects in somebody's place, by beneficiary id."""
    query = (
        sa.select(standing.c.beneficiary_id, person.c.key, person.c.name)
        .join(person, person.c.id == standing.c.person_id)
        .join(payment_status, payment_status.c.beneficiary_id == standing.c.beneficiary_id)
        .where(
            standing.c.is_payee,
            standing.c.role != "self",
            payment_status.c.tenant == tenant,
            payment_status.c.cycle == cycle,
            payment_status.c.provider == provider,
        )
        .order_by(standing.c.id)
    )
    return {
        row.beneficiary_id: tx.sealer.unseal(row.name, column="person.name", row=row.key)
        for row in tx.connection.execute(query)
    }


def _order(tx: Tx, row: Any, payees: dict[int, str]) -> OrderRow:
    def opened(sealed: bytes | None, column: str, key: str) -> str:
        return tx.sealer.unseal(sealed, column=column, row=key) if sealed else ""

    return OrderRow(
        code=row.code,
        amount=row.amount,
        beneficiary_code=row.beneficiary_code,
        name=opened(row.name, "person.name", row.person_key),
        citizen_id=opened(row.citizen_id, "person.citizen_id", row.person_key),
        commune=row.commune,
        hamlet=opened(row.hamlet, "beneficiary.hamlet", row.beneficiary_code),
        method=row.method or "",
        pay_point=row.pay_point or "",
        account=opened(row.account, "method_version.account", row.method_key),
        holder=opened(row.holder, "method_version.holder", row.method_key),
        payee=payees.get(row.beneficiary_id, ""),
        first_cycle=row.first_cycle,
    )

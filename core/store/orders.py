"""What a payment order needs of each payment: one statement for a provider's whole cycle."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.store.cycles import LEFT_ITS_MONTH
from core.store.engine import Tx
from core.store.tables.ledger import payment, payment_status
from core.store.tables.people import beneficiary, method_version, person, standing


@dataclass(frozen=True, slots=True)
class Payee:
    """Who may collect in somebody's place. Time: days in Asia/Ho_Chi_Minh."""

    name: str
    citizen_id: str
    valid_from: date
    valid_to: date | None

    def may_collect(self, day: date) -> bool:
        """Whether the authority holds on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


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
    payees: Sequence[Payee]
    # The month that the money belongs to; an earlier one where it is paid again.
    first_cycle: str

    def payee_on(self, day: date) -> Payee | None:
        """Who collects in the person's place on a day: the latest whose authority holds then."""
        return next((one for one in reversed(self.payees) if one.may_collect(day)), None)


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
            sa.not_(LEFT_ITS_MONTH),
        )
        .order_by(payment.c.code)
    )
    payees = payees_in(tx, tenant, cycle, provider)
    return [_order(tx, row, payees) for row in tx.connection.execute(query)]


def payees_in(tx: Tx, tenant: str, cycle: str, provider: str) -> dict[int, list[Payee]]:
    """Whoever may collect in somebody's place, the latest last, by beneficiary id."""
    paid_here = sa.select(payment_status.c.beneficiary_id).where(
        payment_status.c.tenant == tenant,
        payment_status.c.cycle == cycle,
        payment_status.c.provider == provider,
    )
    query = (
        sa.select(
            standing.c.beneficiary_id,
            person.c.key,
            person.c.name,
            person.c.citizen_id,
            standing.c.valid_from,
            standing.c.valid_to,
        )
        .join(person, person.c.id == standing.c.person_id)
        .where(
            standing.c.is_payee,
            standing.c.role != "self",
            person.c.died_on.is_(None),
            standing.c.beneficiary_id.in_(paid_here),
        )
        .order_by(standing.c.id)
    )
    found: dict[int, list[Payee]] = {}
    for row in tx.connection.execute(query):
        payee = Payee(
            _opened(tx, row.name, "person.name", row.key),
            _opened(tx, row.citizen_id, "person.citizen_id", row.key),
            row.valid_from,
            row.valid_to,
        )
        found.setdefault(row.beneficiary_id, []).append(payee)
    return found


def _opened(tx: Tx, sealed: bytes | None, column: str, key: str) -> str:
    return tx.sealer.unseal(sealed, column=column, row=key) if sealed else ""


def _order(tx: Tx, row: Any, payees: dict[int, list[Payee]]) -> OrderRow:
    return OrderRow(
        code=row.code,
        amount=row.amount,
        beneficiary_code=row.beneficiary_code,
        name=_opened(tx, row.name, "person.name", row.person_key),
        citizen_id=_opened(tx, row.citizen_id, "person.citizen_id", row.person_key),
        commune=row.commune,
        hamlet=_opened(tx, row.hamlet, "beneficiary.hamlet", row.beneficiary_code),
        method=row.method or "",
        pay_point=row.pay_point or "",
        account=_opened(tx, row.account, "method_version.account", row.method_key),
        holder=_opened(tx, row.holder, "method_version.holder", row.method_key),
        payees=payees.get(row.beneficiary_id, ()),
        first_cycle=row.first_cycle,
    )

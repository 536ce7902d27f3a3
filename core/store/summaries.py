"""What was approved of a month, summed by provider, commune and method, and for how many people.

What does not live here: what is asked for (`core/exchange/summary.py`).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import sqlalchemy as sa

from core.ledger.events import EventType
from core.ledger.states import Money
from core.store.engine import Tx
from core.store.reissues import sources_of
from core.store.tables.ledger import event, payment, payment_status

_S: Final = payment_status.c
_P: Final = payment.c
_JOINED: Final = payment_status.join(payment, _P.id == _S.payment_id)
# Standing here a payment may or may not have been approved before.
_DOUBTFUL: Final = (Money.HELD.value, Money.CANCELLED.value)


@dataclass(frozen=True, slots=True)
class ApprovedPart:
    """Payments (`heads`) and đồng of one provider, commune and method. Money: whole đồng.

    `carried`: what the provider had kept for those that are issued again.
    """

    provider: str
    commune: str
    method: str
    heads: int
    amount: int
    arrears: int
    carried: int = 0


@dataclass(frozen=True, slots=True)
class ApprovedPeople:
    """How many people are paid in a month: whoever is paid twice in it counts once.

    `at`: by provider and commune; `of`: by provider; `all`: together.
    """

    at: Mapping[tuple[str, str], int]
    of: Mapping[str, int]
    all: int


def approved_people(tx: Tx, tenant: str, month: str) -> ApprovedPeople:
    """The people of a month's approved list, whatever became of its payments since."""
    query: sa.Select[Any] = (
        sa.select(_S.provider, _P.commune, _P.beneficiary_id)
        .select_from(_JOINED)
        .where(_approved(tenant, month))
        .distinct()
    )
    rows: Sequence[Any] = tx.connection.execute(query).all()
    return ApprovedPeople(
        at=Counter((row[0], row[1]) for row in rows),
        of=Counter(provider for provider, _ in {(row[0], row[2]) for row in rows}),
        all=len({row[2] for row in rows}),
    )


def _approved(tenant: str, month: str) -> sa.ColumnElement[bool]:
    approved = sa.exists().where(
        event.c.payment_id == _P.id, event.c.type == EventType.APPROVED.value
    )
    return sa.and_(
        _S.tenant == tenant,
        _S.cycle == month,
        _S.provider.is_not(None),
        _S.money != Money.LISTED.value,
        sa.or_(_S.money.not_in(_DOUBTFUL), approved),
    )


def approved_parts(tx: Tx, tenant: str, month: str) -> list[ApprovedPart]:
    """The parts of a month's approved list, whatever became of its payments since."""
    mine = _approved(tenant, month)
    sums: sa.Select[Any] = (
        sa.select(
            _S.provider,
            _P.commune,
            _S.method,
            sa.func.count(),
            sa.func.sum(_P.amount),
            sa.func.sum(_P.arrears),
        )
        .select_from(_JOINED)
        .where(mine)
        .group_by(_S.provider, _P.commune, _S.method)
        .order_by(_S.provider, _P.commune, _S.method)
    )
    again: sa.Select[Any] = (
        sa.select(_P.id, _S.provider, _P.commune, _S.method, _P.amount)
        .select_from(_JOINED)
        .where(mine, _P.parent_id.is_not(None))
    )
    reissued: Sequence[Any] = tx.connection.execute(again).all()
    sources = sources_of(tx, [row[0] for row in reissued])
    kept: Counter[tuple[str, str, str]] = Counter()
    for number, provider, commune, method, amount in reissued:
        if sources[number].provider == provider:
            kept[provider, commune, method] += amount
    rows: Sequence[Any] = tx.connection.execute(sums).all()
    parts = [ApprovedPart(row[0], row[1], row[2], row[3], int(row[4]), int(row[5])) for row in rows]
    return [replace(one, carried=kept[one.provider, one.commune, one.method]) for one in parts]

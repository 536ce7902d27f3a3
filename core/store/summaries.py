"""What was approved of a month, summed by provider, commune and method: two statements.

What does not live here: what is asked for (`core/exchange/summary.py`).
"""

from collections import Counter
from collections.abc import Sequence
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
# Standing here a payment may or may not have been approved before.
_DOUBTFUL: Final = (Money.HELD.value, Money.CANCELLED.value)


@dataclass(frozen=True, slots=True)
class ApprovedPart:
    """Heads and đồng of one provider, commune and method. Money: whole đồng.

    `carried`: what the provider had kept for those that are issued again.
    """

    provider: str
    commune: str
    method: str
    heads: int
    amount: int
    arrears: int
    carried: int = 0


def approved_parts(tx: Tx, tenant: str, month: str) -> list[ApprovedPart]:
    """The parts of a month's approved list, whatever became of its payments since."""
    approved = sa.exists().where(
        event.c.payment_id == _P.id, event.c.type == EventType.APPROVED.value
    )
    mine = sa.and_(
        _S.tenant == tenant,
        _S.cycle == month,
        _S.provider.is_not(None),
        _S.money != Money.LISTED.value,
        sa.or_(_S.money.not_in(_DOUBTFUL), approved),
    )
    joined = payment_status.join(payment, _P.id == _S.payment_id)
    sums: sa.Select[Any] = (
        sa.select(
            _S.provider,
            _P.commune,
            _S.method,
            sa.func.count(),
            sa.func.sum(_P.amount),
            sa.func.sum(_P.arrears),
        )
        .select_from(joined)
        .where(mine)
        .group_by(_S.provider, _P.commune, _S.method)
        .order_by(_S.provider, _P.commune, _S.method)
    )
    again: sa.Select[Any] = (
        sa.select(_P.id, _S.provider, _P.commune, _S.method, _P.amount)
        .select_from(joined)
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

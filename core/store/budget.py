"""What each gateway may still spend in a month, in segments and in đồng.

What does not live here: how many messages fit into what is left (`notifications/budget.py`).
"""

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from core.store.engine import Tx
from core.store.people import chunked
from core.store.tables.messages import budget, message
from core.store.upsert import dialect_insert, insert_or_ignore


@dataclass(frozen=True, slots=True)
class BudgetRow:
    """One gateway in one month (`2021-04`, Asia/Ho_Chi_Minh). Money: whole đồng."""

    segments_limit: int | None
    cost_limit: int | None
    segments_used: int
    cost_used: int


def locked_budget(
    tx: Tx, gateway: str, month: str, *, segments_limit: int | None, cost_limit: int | None
) -> BudgetRow:
    """The month's row under the limits that hold now, made if it was not there."""
    limits = {"segments_limit": segments_limit, "cost_limit": cost_limit}
    statement = dialect_insert(tx, budget).values(gateway=gateway, month=month, **limits)
    row = tx.connection.execute(
        statement.on_conflict_do_update(index_elements=["gateway", "month"], set_=limits).returning(
            budget.c.segments_limit,
            budget.c.cost_limit,
            budget.c.segments_used,
            budget.c.cost_used,
        )
    ).one()
    return BudgetRow(*row)


def used_in(tx: Tx, month: str) -> dict[str, BudgetRow]:
    """What each gateway used in a month, by gateway."""
    query = sa.select(
        budget.c.gateway,
        budget.c.segments_limit,
        budget.c.cost_limit,
        budget.c.segments_used,
        budget.c.cost_used,
    ).where(budget.c.month == month)
    return {row[0]: BudgetRow(*tuple(row)[1:]) for row in tx.connection.execute(query)}


def spend(tx: Tx, gateway: str, month: str, *, segments: int, cost: int) -> None:
    """Add to what was used in a month; negative amounts give back."""
    insert_or_ignore(tx, budget, [{"gateway": gateway, "month": month}])
    tx.connection.execute(
        sa.update(budget)
        .where(budget.c.gateway == gateway, budget.c.month == month)
        .values(
            segments_used=budget.c.segments_used + segments, cost_used=budget.c.cost_used + cost
        )
    )


def give_back(tx: Tx, ids: Iterable[int]) -> None:
    """Return what is reserved for messages that did not leave, to the month it was taken from."""
    for part in chunked(sorted(set(ids)), 1000):
        reserved = (message.c.id.in_(part), message.c.reserved_month.is_not(None))
        sums = sa.select(
            message.c.gateway,
            message.c.reserved_month,
            sa.func.sum(message.c.segments),
            sa.func.sum(message.c.cost),
        ).where(*reserved)
        grouped = sums.group_by(message.c.gateway, message.c.reserved_month)
        for gateway, month, segments, cost in tx.connection.execute(grouped).all():
            spend(tx, gateway, month, segments=-int(segments), cost=-int(cost))
        tx.connection.execute(
            sa.update(message).where(*reserved).values(reserved_month=None, cost=0)
        )


def budget_of(tx: Tx, gateway: str, month: str) -> BudgetRow | None:
    """What was used in a month, or None when nothing was."""
    query = sa.select(
        budget.c.segments_limit, budget.c.cost_limit, budget.c.segments_used, budget.c.cost_used
    ).where(budget.c.gateway == gateway, budget.c.month == month)
    row = tx.connection.execute(query).first()
    return None if row is None else BudgetRow(*row)

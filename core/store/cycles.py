"""Payment cycles: their state, signatures, what each provider was approved, sent and ordered.

What does not live here: which moves are possible (`core/ledger/moves.py`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from core.ledger.events import EventType
from core.ledger.facts import CycleFacts, CycleState, ProviderFacts
from core.ledger.states import Money
from core.store.engine import Tx
from core.store.prepared import Prepared
from core.store.tables.base import instant
from core.store.tables.ledger import (
    OF_MONTH,
    approval,
    cycle,
    event,
    payment,
    payment_status,
    provider_cycle,
)
from core.store.upsert import insert_or_ignore, insert_or_update

_S: Final = payment_status.c
# Released after its month was closed over it: approved still, but no longer in its month.
LEFT_ITS_MONTH: Final = sa.and_(_S.money == Money.APPROVED.value, _S.carried_event_id.is_not(None))
_C: Final = cycle.c
_PC: Final = provider_cycle.c


# Built once: a turn asks these two, and building them cost more than the answer.
_FACTS: Final = Prepared(
    sa.select(
        _C.state,
        _C.changed_at,
        _PC.provider,
        _PC.approved_heads,
        _PC.approved_amount,
        _PC.funded_amount,
        _PC.funded_at,
        _PC.instructed_at,
        _PC.order_sha256,
        _PC.carried_amount,
    )
    .outerjoin(provider_cycle, sa.and_(_PC.tenant == _C.tenant, _PC.cycle == _C.code))
    .where(_C.tenant == sa.bindparam("tenant"), _C.code == sa.bindparam("month"))
    .order_by(_PC.provider)
)
_MOVES: Final = Prepared(
    sa.select(
        event.c.id,
        event.c.type,
        sa.type_coerce(event.c.recorded_at, sa.BigInteger).label("recorded_at"),
    )
    .where(
        event.c.tenant == sa.bindparam("tenant"),
        event.c.cycle == sa.bindparam("month"),
        OF_MONTH,
    )
    .order_by(event.c.id)
)


@dataclass(frozen=True, slots=True)
class PaymentInCycle:
    """A payment as a cycle's move needs it. Money: whole đồng."""

    id: int
    code: str
    beneficiary_id: int
    commune: str
    amount: int
    provider: str | None
    is_reissue: bool = False


def states_for_update(tx: Tx, tenant: str, months: Sequence[str]) -> dict[str, CycleState | None]:
    """Where these cycles stand, locked until the transaction ends; None for those not begun."""
    query = (
        sa.select(_C.code, _C.state)
        .where(_C.tenant == tenant, _C.code.in_(months))
        .order_by(_C.code)
        .with_for_update()
    )
    stands = {row.code: CycleState(row.state) for row in tx.connection.execute(query)}
    return {month: stands.get(month) for month in months}


def write_state(
    tx: Tx, tenant: str, month: str, state: CycleState, *, number: int, at: datetime
) -> None:
    """Put a cycle's state in place of what stood there."""
    row = {
        "tenant": tenant,
        "code": month,
        "state": state.value,
        "changed_at": at,
        "last_event_id": number,
    }
    insert_or_update(tx, cycle, [row], key=["tenant", "code"])


def cycle_facts(tx: Tx, tenant: str, month: str) -> CycleFacts | None:
    """A cycle with its providers and the moves that made it: two statements."""
    rows = _FACTS.all(tx, {"tenant": tenant, "month": month})
    if not rows:
        return None
    moves = cycle_events(tx, tenant, month)
    return CycleFacts(
        cycle=month,
        state=CycleState(rows[0].state),
        changed_at=rows[0].changed_at,
        frozen_at=_first(moves, EventType.CYCLE_FROZEN),
        approved_at=_first(moves, EventType.CYCLE_APPROVED),
        providers={row.provider: ProviderFacts(*tuple(row)[3:]) for row in rows if row.provider},
        event_ids=tuple(number for number, _, _ in moves),
    )


def cycle_events(tx: Tx, tenant: str, month: str) -> list[tuple[int, str, int]]:
    """(number, type, microseconds) of the moves of a cycle, in order."""
    rows = _MOVES.all(tx, {"tenant": tenant, "month": month})
    return [(row.id, row.type, row.recorded_at) for row in rows if row.type.startswith("cycle_")]


def signatures(tx: Tx, tenant: str, month: str, step: str) -> tuple[str, ...]:
    """Who signed a step, in the order of signing."""
    query = (
        sa.select(approval.c.staff)
        .where(approval.c.tenant == tenant, approval.c.cycle == month, approval.c.step == step)
        .order_by(approval.c.at, approval.c.staff)
    )
    return tuple(tx.connection.execute(query).scalars())


def sign(tx: Tx, tenant: str, month: str, step: str, *, staff: str, at: datetime) -> None:
    """Keep a signature; the same one again is the same."""
    row = {"tenant": tenant, "cycle": month, "step": step, "staff": staff, "at": at}
    insert_or_ignore(tx, approval, [row])


def payments_standing(
    tx: Tx,
    tenant: str,
    month: str,
    money: Iterable[str],
    *,
    provider: str | None = None,
) -> list[PaymentInCycle]:
    """The payments of a cycle that stand in one of these states, in the order of ids.

    One that was released after its month was closed over it is not approved in it any more.
    """
    query = _payments(tenant, month).where(_S.money.in_(sorted(money)), sa.not_(LEFT_ITS_MONTH))
    if provider is not None:
        query = query.where(_S.provider == provider)
    return [PaymentInCycle(*row) for row in tx.connection.execute(query)]


def unrouted(tx: Tx, tenant: str, month: str) -> list[PaymentInCycle]:
    """The payments of a frozen cycle that no provider pays: they hold up its approval."""
    facts = cycle_facts(tx, tenant, month)
    if facts is None or facts.state is not CycleState.FROZEN:
        return []
    listed = payments_standing(tx, tenant, month, {Money.LISTED})
    return [one for one in listed if one.provider is None]


def held_after_approval(tx: Tx, tenant: str, month: str) -> list[PaymentInCycle]:
    """The payments of a cycle that are on hold and owed all the same, in the order of ids."""
    query = _payments(tenant, month).where(
        _S.money == Money.HELD.value, _S.held_from == Money.APPROVED.value
    )
    return [PaymentInCycle(*row) for row in tx.connection.execute(query)]


def _payments(tenant: str, month: str) -> sa.Select[Any]:
    return (
        sa.select(
            payment.c.id,
            payment.c.code,
            payment.c.beneficiary_id,
            payment.c.commune,
            payment.c.amount,
            payment_status.c.provider,
            payment.c.parent_id.is_not(None),
        )
        .join_from(payment_status, payment, payment.c.id == payment_status.c.payment_id)
        .where(_S.tenant == tenant, _S.cycle == month)
        .order_by(payment.c.id)
    )


def counts(tx: Tx, tenant: str, month: str) -> dict[tuple[str | None, str], tuple[int, int]]:
    """(heads, đồng) of a cycle by (provider, money state); held before approval is LISTED."""
    unowed = sa.and_(_S.money == Money.HELD.value, _S.held_from == Money.LISTED.value)
    stands = sa.case((unowed, Money.LISTED.value), else_=_S.money)
    query = (
        sa.select(
            payment_status.c.provider,
            stands,
            sa.func.count(),
            sa.func.sum(payment.c.amount),
        )
        .join_from(payment_status, payment, payment.c.id == payment_status.c.payment_id)
        .where(payment_status.c.tenant == tenant, payment_status.c.cycle == month)
        .group_by(payment_status.c.provider, stands)
    )
    return {(row[0], row[1]): (row[2], int(row[3])) for row in tx.connection.execute(query)}


def write_provider(tx: Tx, tenant: str, month: str, provider: str, **values: Any) -> None:
    """Take over these columns for a provider's part of a cycle."""
    row = {"tenant": tenant, "cycle": month, "provider": provider} | values
    insert_or_update(tx, provider_cycle, [row], key=["tenant", "cycle", "provider"])


def _first(moves: Sequence[tuple[int, str, int]], wanted: EventType) -> datetime | None:
    return next((instant(at) for _, kind, at in moves if kind == wanted), None)

"""What the postings come to: by account, by provider, at an event. Sums only, no rules.

What does not live here: what an account means (`core/ledger/journal.py`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from core.ledger.events import EventType, body_of
from core.ledger.journal import Account
from core.store.engine import Tx
from core.store.rows import among
from core.store.tables.ledger import OF_MONTH, event, payment_status, posting


@dataclass(frozen=True, slots=True)
class Statement:
    """What a provider said that it holds. Money: whole đồng; `event_id` is the event of it."""

    event_id: int
    amount: int


@dataclass(frozen=True, slots=True)
class Suspended:
    """Money that no payment explains. Money: whole đồng; `source` names the line that said it."""

    event_id: int
    cycle: str
    source: str
    amount: int


def by_account(tx: Tx, tenant: str, month: str) -> Mapping[tuple[str, str], int]:
    """The sums of a cycle's postings by (provider, account); empty string where no provider."""
    query = (
        sa.select(posting.c.provider, posting.c.account, sa.func.sum(posting.c.amount))
        .where(posting.c.tenant == tenant, posting.c.cycle == month)
        .group_by(posting.c.provider, posting.c.account)
    )
    return {(row[0] or "", row[1]): int(row[2]) for row in tx.connection.execute(query)}


def statements(tx: Tx, tenant: str, month: str) -> dict[str, Statement]:
    """The newest balance that each provider stated for a cycle."""
    query = (
        sa.select(event.c.id, event.c.body)
        .where(
            event.c.tenant == tenant,
            event.c.cycle == month,
            event.c.payment_id.is_(None),
            event.c.beneficiary_id.is_(None),
            event.c.type == EventType.CYCLE_BALANCE_STATED.value,
        )
        .order_by(event.c.id)
    )
    found: dict[str, Statement] = {}
    for number, text in tx.connection.execute(query):
        body = body_of(text)
        found[str(body["provider"])] = Statement(number, int(body["amount"]))
    return found


def held_at(tx: Tx, tenant: str, provider: str, event_id: int) -> int:
    """What a provider held, over all cycles, when this event was written. Money: whole đồng."""
    query = sa.select(sa.func.coalesce(sa.func.sum(posting.c.amount), 0)).where(
        posting.c.tenant == tenant,
        posting.c.provider == provider,
        posting.c.account == Account.AT_PROVIDER.value,
        posting.c.event_id <= event_id,
    )
    return int(tx.connection.execute(query).scalar_one())


def moved_since(tx: Tx, tenant: str, month: str, provider: str, event_id: int) -> bool:
    """Whether money of this cycle came to a provider or left it after this event."""
    query = sa.select(posting.c.event_id).where(
        posting.c.tenant == tenant,
        posting.c.cycle == month,
        posting.c.account == Account.AT_PROVIDER.value,
        posting.c.provider == provider,
        posting.c.event_id > event_id,
    )
    return tx.connection.execute(query.limit(1)).first() is not None


def carried(tx: Tx, ids: Sequence[int]) -> frozenset[int]:
    """Those of these payments that left their month at a close."""
    if not ids:
        return frozenset()
    query = sa.select(payment_status.c.payment_id).where(
        among(tx, payment_status.c.payment_id, ids),
        payment_status.c.carried_event_id.is_not(None),
    )
    return frozenset(tx.connection.execute(query).scalars())


def passed_on(tx: Tx, tenant: str, month: str) -> dict[str, int]:
    """What each provider took over from a month into later ones. Money: whole đồng."""
    query = (
        sa.select(posting.c.provider, sa.func.sum(posting.c.amount))
        .join_from(posting, event, event.c.id == posting.c.event_id)
        .where(
            posting.c.tenant == tenant,
            posting.c.cycle == month,
            posting.c.account == Account.AT_PROVIDER.value,
            event.c.cycle != month,
        )
        .group_by(posting.c.provider)
    )
    return {row[0]: -int(row[1]) for row in tx.connection.execute(query)}


def suspended(tx: Tx, tenant: str, prefix: str) -> list[Suspended]:
    """What is still in suspense under sources that begin like this, the oldest first."""
    out = sa.select(event.c.source).where(
        event.c.tenant == tenant, OF_MONTH, event.c.type == EventType.SUSPENSE_OUT.value
    )
    query = (
        sa.select(event.c.id, event.c.cycle, event.c.source, event.c.body)
        .where(
            event.c.tenant == tenant,
            OF_MONTH,
            event.c.type == EventType.SUSPENSE_IN.value,
            event.c.source.startswith(prefix, autoescape=True),
            sa.literal("out:").concat(event.c.source).not_in(out),
        )
        .order_by(event.c.id)
    )
    return [
        Suspended(row.id, row.cycle, row.source, int(body_of(row.body)["amount"]))
        for row in tx.connection.execute(query)
    ]

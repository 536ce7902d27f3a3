"""Two months of a programme side by side: sums by commune, and only the people who differ.

What does not live here: what a difference means (`core/ledger/changes.py`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from core.ledger.changes import Note, Share, Sum
from core.ledger.codes import Kind
from core.ledger.events import EventType, body_of
from core.ledger.states import Money
from core.store.engine import Tx
from core.store.rows import among
from core.store.tables.ledger import (
    cycle,
    event,
    import_file,
    import_row,
    payment,
    payment_status,
)
from core.store.tables.people import beneficiary

NOTES: Final = (EventType.INCREASED, EventType.DECREASED, EventType.ADJUSTED)
_LISTS: Final = ("increases", "decreases", "adjustments")
_SHARE: Final = ("commune", "monthly", "arrears")
_THEN: Final = 0
_NOW: Final = 1


@dataclass(frozen=True, slots=True)
class Pair:
    """One beneficiary in two months."""

    beneficiary_id: int
    before: Share | None
    now: Share | None


def month_before(tx: Tx, tenant: str, month: str) -> str | None:
    """The latest earlier month that has a list."""
    query = sa.select(sa.func.max(cycle.c.code)).where(
        cycle.c.tenant == tenant, cycle.c.code < month
    )
    found: str | None = tx.connection.scalar(query)
    return found


def tenant_of(tx: Tx, beneficiary_id: int) -> str | None:
    """The programme that a beneficiary belongs to."""
    query = sa.select(beneficiary.c.tenant).where(beneficiary.c.id == beneficiary_id)
    found: str | None = tx.connection.scalar(query)
    return found


def lists_of_changes(tx: Tx, tenant: str, month: str) -> int:
    """How many lists of increases, decreases and adjustments came in for a month."""
    query = sa.select(sa.func.count()).where(
        import_file.c.tenant == tenant,
        import_file.c.cycle == month,
        import_file.c.kind.in_(_LISTS),
    )
    return int(tx.connection.scalar(query) or 0)


def sums_by_commune(tx: Tx, tenant: str, month: str, *, arrears: bool) -> dict[str, Sum]:
    """Heads and đồng listed in a month by commune, with truy lĩnh or without it."""
    listed = _listed(tenant, month)
    amount = listed.c.monthly + listed.c.arrears if arrears else listed.c.monthly
    query = sa.select(listed.c.commune, sa.func.count(), sa.func.sum(amount)).group_by(
        listed.c.commune
    )
    return {row[0]: Sum(row[1], int(row[2])) for row in tx.connection.execute(query)}


def pairs_that_differ(tx: Tx, tenant: str, before: str, month: str) -> list[Pair]:
    """Everybody whose line is not what it was, or who gets truy lĩnh, in the order of ids.

    Both months are laid one on the other and grouped: SQLite would join them by looking through all
    of one for each line of the other.
    """
    both = sa.union_all(
        sa.select(*_listed(tenant, before).c, sa.literal(_THEN).label("side")),
        sa.select(*_listed(tenant, month).c, sa.literal(_NOW).label("side")),
    ).subquery()

    def of(side: int, column: str) -> sa.ColumnElement[Any]:
        return sa.func.max(sa.case((both.c.side == side, both.c[column])))

    then, now = ([of(side, name) for name in _SHARE] for side in (_THEN, _NOW))
    query = (
        sa.select(both.c.beneficiary_id, *then, *now)
        .group_by(both.c.beneficiary_id)
        .having(
            sa.or_(
                sa.func.count() == 1,
                of(_THEN, "monthly") != of(_NOW, "monthly"),
                of(_THEN, "commune") != of(_NOW, "commune"),
                of(_NOW, "arrears") != 0,
            )
        )
        .order_by(both.c.beneficiary_id)
    )
    return [_pair(row) for row in tx.connection.execute(query)]


def pairs_of(
    tx: Tx, tenant: str, before: str | None, month: str, ids: Iterable[int]
) -> dict[int, Pair]:
    """The same of these beneficiaries, whether they differ or not, by id."""
    wanted = sorted(set(ids))
    then = _shares(tx, tenant, before, wanted) if before is not None else {}
    now = _shares(tx, tenant, month, wanted)
    return {number: Pair(number, then.get(number), now.get(number)) for number in wanted}


def notes_in(
    tx: Tx, tenant: str, month: str, *, beneficiary_id: int | None = None
) -> dict[int, list[Note]]:
    """What the three lists of a month say, by beneficiary, in the order it was written."""
    query = (
        sa.select(event.c.beneficiary_id, event.c.id, event.c.type, event.c.body)
        .where(event.c.tenant == tenant, event.c.cycle == month)
        .where(event.c.payment_id.is_(None), event.c.cycle.is_not(None))
        .where(event.c.beneficiary_id.is_not(None))
        .where(event.c.type.in_([one.value for one in NOTES]))
        .order_by(event.c.id)
    )
    if beneficiary_id is not None:
        query = query.where(event.c.beneficiary_id == beneficiary_id)
    found: dict[int, list[Note]] = {}
    for row in tx.connection.execute(query):
        note = Note(row.id, EventType(row.type), body_of(row.body))
        found.setdefault(row.beneficiary_id, []).append(note)
    return found


def codes_of(tx: Tx, ids: Sequence[int]) -> dict[int, str]:
    """The beneficiaries' codes by id."""
    query = sa.select(beneficiary.c.id, beneficiary.c.code).where(among(tx, beneficiary.c.id, ids))
    return {row.id: row.code for row in tx.connection.execute(query)}


def pay_lines(tx: Tx, month: str, codes: Iterable[str]) -> dict[str, str]:
    """The line of the pay list that listed each beneficiary, as file:12:7, by code."""
    keys = {f"payroll:{month}:{code}": code for code in codes}
    query = (
        sa.select(import_row.c.natural_key, import_row.c.file_id, import_row.c.row_no)
        .where(among(tx, import_row.c.natural_key, keys), import_row.c.outcome == "accepted")
        .order_by(import_row.c.file_id, import_row.c.row_no)
    )
    found: dict[str, str] = {}
    for row in tx.connection.execute(query):
        found.setdefault(keys[row.natural_key], f"file:{row.file_id}:{row.row_no}")
    return found


def listed_of(
    tx: Tx, tenant: str, month: str, ids: Sequence[int], money: Iterable[Money]
) -> list[tuple[int, str, int]]:
    """(payment, its code, beneficiary) of the month's payments that stand in one of these states.

    A payment that replaces an older one is owed for another month, and is not among them.
    """
    query = (
        sa.select(payment.c.id, payment.c.code, payment.c.beneficiary_id)
        .join_from(payment, payment_status, payment_status.c.payment_id == payment.c.id)
        .where(payment.c.tenant == tenant, payment.c.cycle == month)
        .where(payment.c.parent_id.is_(None), payment.c.kind == Kind.MONTHLY.value)
        .where(payment_status.c.money.in_([one.value for one in money]))
        .where(among(tx, payment.c.beneficiary_id, ids))
        .order_by(payment.c.id)
    )
    return [(row[0], row[1], row[2]) for row in tx.connection.execute(query)]


def _listed(tenant: str, month: str, *, ids: sa.ColumnElement[bool] | None = None) -> sa.Subquery:
    return (
        sa.select(payment.c.beneficiary_id, payment.c.commune, payment.c.monthly, payment.c.arrears)
        .join_from(payment, payment_status, payment_status.c.payment_id == payment.c.id)
        .where(payment.c.tenant == tenant, payment.c.cycle == month)
        .where(payment.c.kind == Kind.MONTHLY.value, payment.c.parent_id.is_(None))
        .where(payment_status.c.money != Money.CANCELLED.value)
        .where(sa.true() if ids is None else ids)
        .subquery()
    )


def _share_columns(listed: sa.Subquery) -> tuple[sa.ColumnElement[Any], ...]:
    columns = listed.c
    return columns.beneficiary_id, columns.commune, columns.monthly, columns.arrears


def _pair(row: Sequence[Any]) -> Pair:
    before = None if row[1] is None else Share(*row[1:4])
    now = None if row[4] is None else Share(*row[4:7])
    return Pair(row[0], before, now)


def _shares(tx: Tx, tenant: str, month: str, ids: Sequence[int]) -> dict[int, Share]:
    listed = _listed(tenant, month, ids=among(tx, payment.c.beneficiary_id, ids))
    query = sa.select(*_share_columns(listed))
    return {row[0]: Share(*row[1:4]) for row in tx.connection.execute(query)}


def events_behind(
    tx: Tx, tenant: str, beneficiary_id: int, months: Sequence[str]
) -> tuple[int, ...]:
    """The events of a beneficiary's lists in these months: listed, cancelled, and the notes."""
    kinds = (EventType.LISTED, EventType.CANCELLED, *NOTES)
    query = (
        sa.select(event.c.id)
        .where(event.c.beneficiary_id == beneficiary_id, event.c.tenant == tenant)
        .where(event.c.cycle.in_(months), event.c.type.in_([one.value for one in kinds]))
        .order_by(event.c.id)
    )
    return tuple(tx.connection.scalars(query))

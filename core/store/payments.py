"""Payments and their present status: written in sets, read for answers.

What does not live here: what a status may become (`core/ledger/states.py`), rebuilding statuses
(`core/store/projections.py`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from core.ledger.facts import PaymentFacts
from core.ledger.journal import Source, Sum
from core.ledger.states import Money, PaymentStatus, Receipt
from core.store.engine import Tx
from core.store.prepared import Prepared
from core.store.reissues import sources_of
from core.store.rows import among, among_given, insert_rows, numbers, upsert_rows
from core.store.tables.base import micros
from core.store.tables.ledger import event, payment, payment_status

_S: Final = payment_status.c
_P: Final = payment.c
_FIRST: Final = payment.alias("first")


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """A payment as it was listed. Money: whole đồng. `listed_at`: microseconds since 1970."""

    id: int
    tenant: str
    cycle: str
    code: str
    beneficiary_id: int
    kind: str
    seq: int
    commune: str
    amount: int
    monthly: int
    arrears: int
    parent_id: int | None
    listed_at: int


@dataclass(frozen=True, slots=True)
class Standing:
    """A payment that is about to be moved: whose it is, its sums, and where it stands."""

    beneficiary_id: int
    sums: Sum
    status: PaymentStatus | None


def payment_numbers(tx: Tx, count: int) -> Sequence[int]:
    """So many fresh payment ids, rising."""
    if not tx.is_postgresql:
        last = tx.connection.exec_driver_sql("SELECT coalesce(max(id), 0) FROM payment")
        first = last.scalar_one() + 1
        return range(first, first + count)
    numbers = tx.connection.exec_driver_sql(
        "SELECT nextval(pg_get_serial_sequence('payment', 'id')) FROM generate_series(1, %s)",
        (count,),
    )
    return [int(number) for number in numbers.scalars()]


def payments_known(tx: Tx, codes: Sequence[str]) -> dict[str, PaymentRow]:
    """The payments that were listed before, by code."""
    if not codes:
        return {}
    rows = tx.connection.execute(sa.select(*_payment_columns()).where(among(tx, _P.code, codes)))
    return {row.code: PaymentRow(*row) for row in rows}


def insert_payments(tx: Tx, rows: Sequence[PaymentRow]) -> None:
    """Write payments."""
    insert_rows(tx, payment, [payment_tuple(row) for row in rows])


def standings_for_update(tx: Tx, ids: Iterable[int]) -> dict[int, Standing]:
    """The payments with these ids, by id, locked until the transaction ends (in order of ids)."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    query = (
        sa.select(*STATUS_COLUMNS, _P.commune, _P.amount, _P.monthly, _P.arrears, _P.parent_id)
        .join_from(payment_status, payment, _P.id == _S.payment_id)
        .where(among(tx, _S.payment_id, wanted))
        .order_by(_S.payment_id)
        .with_for_update(of=payment_status)
    )
    rows = tx.connection.execute(query).all()
    sources = sources_of(tx, [row[0] for row in rows if row.parent_id is not None])
    return {row[0]: _standing(row, sources.get(row[0])) for row in rows}


def write_statuses(
    tx: Tx, tenant: str, statuses: Mapping[int, PaymentStatus], of: Mapping[int, Standing]
) -> None:
    """Put these statuses in place of what stood there. `of`: cycle and beneficiary of each."""
    upsert_rows(
        tx,
        payment_status,
        [
            status_tuple(number, tenant, of[number].sums.cycle, of[number].beneficiary_id, status)
            for number, status in statuses.items()
        ],
    )


def listed_events(tx: Tx, ids: Sequence[int]) -> dict[int, int]:
    """The number of each payment's first event, by payment id."""
    if not ids:
        return {}
    query = sa.select(event.c.payment_id, sa.func.min(event.c.id)).where(
        among(tx, event.c.payment_id, ids)
    )
    return {row[0]: row[1] for row in tx.connection.execute(query.group_by(event.c.payment_id))}


def insert_statuses(tx: Tx, rows: Sequence[tuple[Any, ...]]) -> None:
    """Write the first statuses of payments, as `status_tuple` makes them."""
    insert_rows(tx, payment_status, rows)


def status_tuple(
    number: int, tenant: str, cycle: str, beneficiary_id: int, status: PaymentStatus
) -> tuple[Any, ...]:
    """A status as its row holds it, in the order of the columns."""
    return (
        number,
        tenant,
        cycle,
        beneficiary_id,
        status.money.value,
        status.receipt.value,
        status.held_from.value if status.held_from else None,
        status.method,
        status.provider,
        status.method_version_id,
        status.pay_point,
        status.reason,
        status.effective_on.isoformat() if status.effective_on else None,
        micros(status.reported_at) if status.reported_at else None,
        micros(status.changed_at),
        status.last_event_id,
        status.version,
        status.carried_event_id,
    )


def payment_tuple(row: PaymentRow) -> tuple[Any, ...]:
    """A payment as its row holds it, in the order of the columns."""
    return (
        row.id,
        row.tenant,
        row.cycle,
        row.code,
        row.beneficiary_id,
        row.kind,
        row.seq,
        row.commune,
        row.amount,
        row.monthly,
        row.arrears,
        row.parent_id,
        row.listed_at,
    )


def payments_of(
    tx: Tx, beneficiary_id: int, *, cycle: str | None = None, limit: int = 64
) -> tuple[PaymentFacts, ...]:
    """A beneficiary's payments, the newest cycle first; in one cycle as they were listed."""
    given: dict[str, int | str] = {"beneficiary": beneficiary_id, "most": limit}
    if cycle is not None:
        given["month"] = cycle
    rows = (_IN_CYCLE if cycle is not None else _OF_BENEFICIARY).all(tx, given)
    return _with_events(tx, rows)


def payments_with(
    tx: Tx, *, ids: Sequence[int] = (), codes: Sequence[str] = ()
) -> tuple[PaymentFacts, ...]:
    """The payments with these ids or codes, in the order of ids; what is unknown is left out."""
    if not ids and not codes:
        return ()
    wanted = among(tx, _P.id, ids) if ids else among(tx, _P.code, codes)
    rows = tx.connection.execute(_facts_query().where(wanted).order_by(_P.id)).all()
    return _with_events(tx, rows)


def family(tx: Tx, number: int) -> tuple[str | None, tuple[str, ...]]:
    """The code of the first payment of this money, and of all that were issued after this one."""
    own = sa.select(_P.parent_id).where(_P.id == number).scalar_subquery()
    query = sa.select(_P.id, _P.parent_id, _P.code).where(
        sa.or_(_P.id == own, _P.parent_id == number, _P.parent_id == own)
    )
    rows = tx.connection.execute(query.order_by(_P.id)).all()
    later = tuple(row.code for row in rows if row.id > number)
    return next((row.code for row in rows if row.parent_id is None), None), later


def _facts_query() -> sa.Select[Any]:
    return sa.select(
        _P.id,
        _P.code,
        _P.cycle,
        _P.beneficiary_id,
        _P.kind,
        _P.amount,
        _P.monthly,
        _P.arrears,
        _P.commune,
        _S.money,
        _S.receipt,
        _S.method,
        _S.provider,
        _S.pay_point,
        _S.reason,
        _S.effective_on,
        _S.reported_at,
        _S.changed_at,
        sa.func.coalesce(_FIRST.c.cycle, _P.cycle).label("first_cycle"),
    ).select_from(
        payment_status.join(payment, _P.id == _S.payment_id).outerjoin(
            _FIRST, _FIRST.c.id == _P.parent_id
        )
    )


# Built once: a turn asks one of these, and building it cost more than the answer.
_NEWEST: Final = (
    _facts_query()
    .where(_S.beneficiary_id == sa.bindparam("beneficiary"))
    .order_by(_S.cycle.desc(), _S.payment_id)
    .limit(sa.bindparam("most"))
)
_OF_BENEFICIARY: Final = Prepared(_NEWEST)
_IN_CYCLE: Final = Prepared(_NEWEST.where(_S.cycle == sa.bindparam("month")))
_EVENTS_OF: Final = Prepared(
    {
        dialect: sa.select(event.c.payment_id, event.c.id).where(among_ids).order_by(event.c.id)
        for dialect, among_ids in among_given(event.c.payment_id, "ids").items()
    }
)


def _with_events(tx: Tx, rows: Sequence[Any]) -> tuple[PaymentFacts, ...]:
    if not rows:
        return ()
    events: dict[int, list[int]] = {}
    for number, event_id in _EVENTS_OF.all(tx, {"ids": numbers(tx, [row.id for row in rows])}):
        events.setdefault(number, []).append(event_id)

    def ids(number: int) -> tuple[int, ...]:
        return tuple(events.get(number, ()))

    return tuple(
        PaymentFacts(
            *(*row[:9], Money(row.money), Receipt(row.receipt)),
            *(*row[11:18], ids(row.id), row.first_cycle),
        )
        for row in rows
    )


def _payment_columns() -> tuple[sa.ColumnElement[Any], ...]:
    return (*payment.columns[:-1], sa.type_coerce(_P.listed_at, sa.BigInteger))


STATUS_COLUMNS: Final = tuple(payment_status.columns)


def status_of(row: Sequence[Any]) -> PaymentStatus:
    """The status in a row of `STATUS_COLUMNS`."""
    return PaymentStatus(
        money=Money(row[4]),
        receipt=Receipt(row[5]),
        held_from=Money(row[6]) if row[6] else None,
        method=row[7],
        provider=row[8],
        method_version_id=row[9],
        pay_point=row[10],
        reason=row[11],
        effective_on=row[12],
        reported_at=row[13],
        changed_at=row[14],
        last_event_id=row[15],
        version=row[16],
        carried_event_id=row[17],
    )


def _standing(row: Sequence[Any], source: Source | None) -> Standing:
    commune, amount, monthly, arrears = row[18:22]
    return Standing(
        beneficiary_id=row[3],
        sums=Sum(row[0], row[2], commune, amount, monthly, arrears, source),
        status=status_of(row),
    )

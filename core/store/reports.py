"""What reports are added up from, as the ledger knew it at an instant: few statements, in sets.

Where a payment stood then is its last event before that instant, so that the report of a day can
be made again later. What does not live here: what the figures mean (`core/reports`).
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa

from core.calendar import local_day
from core.ledger.deliveries import DELIVERY_MOVES
from core.ledger.events import EventType
from core.ledger.journal import Account
from core.ledger.opening import OPENING_MOVES
from core.ledger.states import MONEY_MOVES, RECEIPT_MOVES, WORDS
from core.store.engine import Tx
from core.store.tables.base import instant
from core.store.tables.ledger import event, payment, payment_status, posting
from core.store.tables.people import beneficiary, method_version
from core.store.tables.talk import care_case

_P: Final = payment.c
_S: Final = payment_status.c
# They leave the money where it was: the event before them says where.
_STILL: Final = frozenset({EventType.ROUTED, EventType.CARRIED})
_MONEY: Final = tuple(sorted(one.value for one in MONEY_MOVES if one not in _STILL))
_WORDS: Final = tuple(sorted(one.value for one in RECEIPT_MOVES))
_SAID: Final = tuple(sorted(one.value for one in WORDS))
_PAID: Final = (EventType.SETTLED.value, EventType.COLLECTED.value, EventType.HANDED.value)
_VISITS: Final = tuple(sorted(one.value for one in DELIVERY_MOVES))
_DAY: Final = 86_400_000_000
_HANOI: Final = 7 * 3_600_000_000


@dataclass(frozen=True, slots=True)
class Period:
    """The payments of the months from `first` to `last`, as known before `until` (aware UTC)."""

    tenant: str
    first: str
    last: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Part:
    """Payments that stand alike. Money: whole đồng; `paid_on`: the day the provider named.

    `event` is the last one about their money, `word` the last one about receipt; `reason` is why
    the money came back, and means nothing where it did not.
    """

    cycle: str
    commune: str
    provider: str | None
    method: str | None
    event: EventType
    word: EventType | None
    reason: str | None
    paid_on: date | None
    heads: int
    amount: int


@dataclass(frozen=True, slots=True)
class Payee:
    """One person on the lists of a provider in a commune, and whether anything was paid."""

    beneficiary_id: int
    commune: str
    provider: str | None
    is_paid: bool


@dataclass(frozen=True, slots=True)
class Enrolled:
    """People of a commune by how they are paid; `with_account`: whose number is known."""

    commune: str
    provider: str | None
    method: str | None
    heads: int
    with_account: int


@dataclass(frozen=True, slots=True)
class Opened:
    """People for whom an account is opened, by the last step. `id_card`: the police made one;
    `card`: handed over; `with_account`: the number of an account is how they are paid.
    """

    commune: str
    provider: str | None
    last: EventType
    id_card: bool
    card: bool
    with_account: bool
    heads: int


@dataclass(frozen=True, slots=True)
class Heard:
    """Words about payments of one agent in a commune. `agent`: a pay point, else the method."""

    provider: str
    agent: str
    commune: str
    word: EventType
    heads: int


@dataclass(frozen=True, slots=True)
class Visit:
    """How often one step of deliveries at home was taken in a commune."""

    commune: str
    step: EventType
    times: int


@dataclass(frozen=True, slots=True)
class CaseCount:
    """Cases of a kind in a commune; `provider` where they are about a payment."""

    commune: str | None
    provider: str | None
    kind: str
    heads: int
    still_open: int


def parts(tx: Tx, period: Period) -> list[Part]:
    """The payments of a period, as they stood when it ended."""
    money, words = _last(period)
    moved, heard = event.alias("moved"), event.alias("heard")
    paid_on = sa.case((moved.c.type.in_(_PAID), _day_of(moved.c.effective_at)))
    # A subquery, since PostgreSQL groups by no expression that holds a parameter.
    one = (
        sa.select(
            *(_P.cycle, _P.commune, _S.provider, _S.method),
            *(moved.c.type.label("event"), heard.c.type.label("word"), _S.reason),
            *(paid_on.label("paid_on"), _P.amount),
        )
        .select_from(money)
        .join(moved, moved.c.id == money.c.event_id)
        .join(payment, _P.id == money.c.payment_id)
        .join(payment_status, _S.payment_id == _P.id)
        .outerjoin(words, words.c.payment_id == _P.id)
        .outerjoin(heard, heard.c.id == words.c.event_id)
        .subquery()
    )
    keys = tuple(column for column in one.c if column.name != "amount")
    query: sa.Select[Any] = sa.select(*keys, sa.func.count(), sa.func.sum(one.c.amount))
    return [
        Part(
            cycle=row[0],
            commune=row[1],
            provider=row[2],
            method=row[3],
            event=EventType(row[4]),
            word=EventType(row[5]) if row[5] is not None else None,
            reason=row[6],
            paid_on=_day(row[7]),
            heads=row[8],
            amount=int(row[9]),
        )
        for row in tx.connection.execute(query.group_by(*keys))
    ]


def payees(tx: Tx, period: Period) -> list[Payee]:
    """Everybody on the lists of a period, once for each commune and provider."""
    money, _ = _last(period)
    paid = sa.func.max(sa.case((event.c.type.in_(_PAID), 1), else_=0))
    query = (
        sa.select(_P.beneficiary_id, _P.commune, _S.provider, paid)
        .select_from(money)
        .join(event, event.c.id == money.c.event_id)
        .join(payment, _P.id == money.c.payment_id)
        .join(payment_status, _S.payment_id == _P.id)
        .where(event.c.type != EventType.CANCELLED.value)
        .group_by(_P.beneficiary_id, _P.commune, _S.provider)
    )
    return [Payee(row[0], row[1], row[2], bool(row[3])) for row in tx.connection.execute(query)]


def enrolled(tx: Tx, tenant: str, month: str, until: datetime) -> list[Enrolled]:
    """People in the register before `until`, by the method that works for them in `month`."""
    version = _in_force(month, until)
    keys = (beneficiary.c.commune, version.c.provider, version.c.method)
    query = (
        sa.select(*keys, sa.func.count(), sa.func.count(version.c.account_index))
        .select_from(beneficiary.outerjoin(version, _is_of(version)))
        .where(*_registered(tenant, until))
        .group_by(*keys)
    )
    return [Enrolled(*row) for row in tx.connection.execute(query)]


def opened(tx: Tx, tenant: str, month: str, until: datetime) -> list[Opened]:
    """The same people by how far an account is for them, where one is being opened."""
    version, steps = _in_force(month, until), _steps(tenant, until)
    last = event.alias("last_step")
    keys = (
        *(beneficiary.c.commune, version.c.provider, last.c.type),
        *(steps.c.id_card, steps.c.card),
        version.c.account_index.is_not(None).label("with_account"),
    )
    query = (
        sa.select(*keys, sa.func.count())
        .select_from(
            beneficiary.join(steps, steps.c.beneficiary_id == beneficiary.c.id)
            .join(last, last.c.id == steps.c.last)
            .outerjoin(version, _is_of(version))
        )
        .where(*_registered(tenant, until))
        .group_by(*keys)
    )
    return [
        Opened(row[0], row[1], EventType(row[2]), bool(row[3]), bool(row[4]), bool(row[5]), row[6])
        for row in tx.connection.execute(query)
    ]


def _steps(tenant: str, until: datetime) -> sa.Subquery:
    """The last step of each opening before `until`, and whether an ID card or a card was among all.

    The step that the police's list led to says so in its body.
    """
    issued = event.c.body.like('%"id_card":"issued"%')
    handed = event.c.type == EventType.CARD_HANDED.value
    return (
        sa.select(
            event.c.beneficiary_id,
            sa.func.max(event.c.id).label("last"),
            sa.func.max(sa.case((issued, 1), else_=0)).label("id_card"),
            sa.func.max(sa.case((handed, 1), else_=0)).label("card"),
        )
        .where(
            event.c.tenant == tenant,
            event.c.type.in_([one.value for one in OPENING_MOVES]),
            event.c.recorded_at < until,
        )
        .group_by(event.c.beneficiary_id)
        .subquery()
    )


def _in_force(month: str, until: datetime) -> sa.Subquery:
    """Versions of methods that work in `month` and were written before `until`; rank 1 counts."""
    rank = sa.func.row_number().over(
        partition_by=method_version.c.beneficiary_id,
        order_by=(method_version.c.from_cycle.desc(), method_version.c.id.desc()),
    )
    return (
        sa.select(
            method_version.c.beneficiary_id,
            method_version.c.method,
            method_version.c.provider,
            method_version.c.account_index,
            rank.label("rank"),
        )
        .where(method_version.c.from_cycle <= month, method_version.c.recorded_at < until)
        .subquery()
    )


def _is_of(version: sa.Subquery) -> sa.ColumnElement[bool]:
    return sa.and_(version.c.beneficiary_id == beneficiary.c.id, version.c.rank == 1)


def _registered(tenant: str, until: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        beneficiary.c.tenant == tenant,
        beneficiary.c.state == "active",
        beneficiary.c.created_at < until,
    )


def heard(tx: Tx, period: Period) -> list[Heard]:
    """What people last said of the payments of a period; silence is no word."""
    _, words = _last(period)
    one = (
        sa.select(
            _S.provider,
            sa.func.coalesce(_S.pay_point, _S.method).label("agent"),
            *(_P.commune, event.c.type.label("word")),
        )
        .select_from(words)
        .join(event, event.c.id == words.c.event_id)
        .join(payment, _P.id == words.c.payment_id)
        .join(payment_status, _S.payment_id == _P.id)
        .where(event.c.type.in_(_SAID), _S.provider.is_not(None))
        .subquery()
    )
    query = sa.select(*one.c, sa.func.count()).group_by(*one.c)
    return [
        Heard(row[0], row[1], row[2], EventType(row[3]), row[4])
        for row in tx.connection.execute(query)
    ]


def suspense(tx: Tx, period: Period) -> dict[str, int]:
    """What no payment explained when a period ended, by provider. Money: whole đồng."""
    query = (
        sa.select(posting.c.provider, sa.func.sum(posting.c.amount))
        .join(event, event.c.id == posting.c.event_id)
        .where(
            posting.c.tenant == period.tenant,
            posting.c.cycle >= period.first,
            posting.c.cycle <= period.last,
            posting.c.account == Account.SUSPENSE.value,
            event.c.recorded_at < period.until,
        )
        .group_by(posting.c.provider)
    )
    return {row[0] or "": int(row[1]) for row in tx.connection.execute(query) if row[1]}


def visits(tx: Tx, tenant: str, since: datetime, until: datetime) -> list[Visit]:
    """What became of deliveries at home between two instants, by commune and step."""
    keys = (beneficiary.c.commune, event.c.type)
    query = (
        sa.select(*keys, sa.func.count())
        .select_from(event.join(beneficiary, beneficiary.c.id == event.c.beneficiary_id))
        .where(
            event.c.tenant == tenant,
            event.c.type.in_(_VISITS),
            event.c.recorded_at >= since,
            event.c.recorded_at < until,
        )
        .group_by(*keys)
    )
    return [Visit(row[0], EventType(row[1]), row[2]) for row in tx.connection.execute(query)]


def cases_opened(tx: Tx, since: datetime, until: datetime) -> list[CaseCount]:
    """Cases opened between two instants, by place and kind; `still_open` as they were then."""
    keys = (care_case.c.commune, _S.provider, care_case.c.kind)
    is_open = sa.or_(care_case.c.closed_at.is_(None), care_case.c.closed_at >= until)
    query = (
        sa.select(*keys, sa.func.count(), sa.func.sum(sa.case((is_open, 1), else_=0)))
        .select_from(care_case.outerjoin(payment_status, _S.payment_id == care_case.c.payment_id))
        .where(care_case.c.opened_at >= since, care_case.c.opened_at < until)
        .group_by(*keys)
    )
    return [CaseCount(*row) for row in tx.connection.execute(query)]


def _last(period: Period) -> tuple[sa.Subquery, sa.Subquery]:
    """(payment, its last event) before an instant: about its money, and about its receipt."""

    def newest(types: tuple[str, ...]) -> sa.Subquery:
        return (
            sa.select(event.c.payment_id, sa.func.max(event.c.id).label("event_id"))
            .join(payment, _P.id == event.c.payment_id)
            .where(
                _P.tenant == period.tenant,
                _P.cycle >= period.first,
                _P.cycle <= period.last,
                event.c.type.in_(types),
                event.c.recorded_at < period.until,
            )
            .group_by(event.c.payment_id)
            .subquery()
        )

    return newest(_MONEY), newest(_WORDS)


def _day_of(column: sa.Column[datetime]) -> sa.ColumnElement[int]:
    """The day in Asia/Ho_Chi_Minh on which an instant lies, counted from 1970."""
    return (sa.type_coerce(column, sa.BigInteger) + _HANOI) // _DAY


def _day(number: int | None) -> date | None:
    return None if number is None else local_day(instant(number * _DAY))

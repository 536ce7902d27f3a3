"""What a row of a report counts, and how rows are added up: pure sums.

A payment counts once, where its money stands. What was paid again by a later payment, and what was
taken off the list, is listed but not due: the money is counted with the payment that carries it.

What does not live here: reading (`core/store/reports.py`), which rows there are (`month.py`,
`progress.py`), and paper (`workbook.py`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Final

from core.calendar import Cycle
from core.ledger.events import EventType
from core.ledger.states import MONEY_MOVES, RECEIPT_MOVES, Money, Receipt
from core.pay_days import NoPayDays, pay_window
from core.store.reports import Part
from core.terms import Method, Programme


class Stand(StrEnum):
    """Where money stands, as a report groups it."""

    WAITING = "waiting"
    WITH_PROVIDER = "with_provider"
    READY = "ready"
    PAID = "paid"
    CAME_BACK = "came_back"
    PAID_AGAIN = "paid_again"
    GIVEN_BACK = "given_back"
    CANCELLED = "cancelled"


_M = Money
STAND_OF: Final[Mapping[Money, Stand]] = {
    **dict.fromkeys((_M.LISTED, _M.HELD, _M.APPROVED), Stand.WAITING),
    **dict.fromkeys((_M.INSTRUCTED, _M.ACCEPTED), Stand.WITH_PROVIDER),
    **dict.fromkeys((_M.READY_CASH, _M.HOME_PENDING), Stand.READY),
    _M.SETTLED: Stand.PAID,
    **dict.fromkeys((_M.FAILED, _M.RETURNED, _M.UNCLAIMED), Stand.CAME_BACK),
    _M.REISSUED: Stand.PAID_AGAIN,
    _M.REFUNDED: Stand.GIVEN_BACK,
    _M.CANCELLED: Stand.CANCELLED,
}
# A payment that is let go again waits as before, wherever it was held.
_AFTER: Final = {EventType.RELEASED: Stand.WAITING} | {
    event: STAND_OF[next(iter(moves.values()))]
    for event, moves in MONEY_MOVES.items()
    if event is not EventType.RELEASED
}
_SAID: Final = {event: next(iter(moves.values())) for event, moves in RECEIPT_MOVES.items()}
_NOT_DUE: Final = frozenset({Stand.PAID_AGAIN, Stand.CANCELLED})
_FELL: Final = frozenset({Stand.CAME_BACK, Stand.PAID_AGAIN, Stand.GIVEN_BACK})
_CASHLESS: Final = frozenset({Method.ACCOUNT.value, Method.WALLET.value})
UNKNOWN_REASON: Final = "KHONG_RO"


@dataclass(frozen=True, slots=True)
class Figures:
    """One row's figures: payments, and whole đồng where a name ends in `_amount`.

    due = waiting + with_provider + ready + paid + came_back + given_back. `overdue`: due, not paid,
    and its last pay day has gone by (`unsent`, `unreported`, `uncollected`, and what came back);
    `on_time`: paid by its last pay day. `failed`: payments whose money came back, also where it has
    been paid again since.
    """

    listed: int = 0
    listed_amount: int = 0
    due: int = 0
    due_amount: int = 0
    waiting: int = 0
    waiting_amount: int = 0
    with_provider: int = 0
    with_provider_amount: int = 0
    ready: int = 0
    ready_amount: int = 0
    paid: int = 0
    paid_amount: int = 0
    came_back: int = 0
    came_back_amount: int = 0
    given_back: int = 0
    given_back_amount: int = 0
    cashless: int = 0
    cashless_amount: int = 0
    on_time: int = 0
    overdue: int = 0
    unsent: int = 0
    unsent_amount: int = 0
    unreported: int = 0
    unreported_amount: int = 0
    uncollected: int = 0
    uncollected_amount: int = 0
    failed: int = 0
    home_due: int = 0
    home_paid: int = 0
    asked: int = 0
    full: int = 0
    short: int = 0
    not_received: int = 0
    silent: int = 0

    @property
    def answered(self) -> int:
        """Payments about which somebody entitled said something."""
        return self.full + self.short + self.not_received

    def as_json(self) -> dict[str, int]:
        """Every figure by its name."""
        return {one.name: getattr(self, one.name) for one in fields(self)}


def total(rows: Iterable[Figures]) -> Figures:
    """The sum of rows; of no rows, zeros."""
    sums = dict.fromkeys((one.name for one in fields(Figures)), 0)
    for row in rows:
        for name in sums:
            sums[name] += getattr(row, name)
    return Figures(**sums)


def figures_of(part: Part, programme: Programme, day: date) -> Figures:
    """What payments that stand alike count, looked at on a day in Asia/Ho_Chi_Minh."""
    stand = stand_of(part)
    heads, amount = part.heads, part.amount
    counted = {"listed": heads, "listed_amount": amount}
    last = last_pay_day(programme, part.cycle, part.method, part.commune)
    if stand not in _NOT_DUE:
        counted |= {"due": heads, "due_amount": amount, stand.value: heads}
        counted |= {f"{stand}_amount": amount}
        if stand is not Stand.PAID and last is not None and last < day:
            counted |= _overdue(stand, part)
        if part.method == Method.HOME:
            counted |= {"home_due": heads}
    if stand is Stand.PAID:
        counted |= _paid(part, last)
    if stand in _FELL:
        counted |= {"failed": heads}
    return Figures(**counted, **_said(part))


def stand_of(part: Part) -> Stand:
    """Where the money of these payments stands."""
    return _AFTER[part.event]


def reasons_of(parts: Iterable[Part]) -> dict[str, int]:
    """Why money came back, by code of the catalogue: payments, the most frequent first."""
    found: dict[str, int] = {}
    for part in parts:
        if stand_of(part) in _FELL:
            code = part.reason or UNKNOWN_REASON
            found[code] = found.get(code, 0) + part.heads
    return dict(sorted(found.items(), key=lambda one: (-one[1], one[0])))


def share(part: int, whole: int) -> float | None:
    """A part as a fraction of the whole; None of nothing."""
    return part / whole if whole else None


@lru_cache(maxsize=16384)
def last_pay_day(programme: Programme, cycle: str, method: str | None, commune: str) -> date | None:
    """The last pay day proper of a method in a commune; None before it is known how it is paid."""
    if method is None:
        return None
    try:
        return pay_window(programme, Cycle.parse(cycle), Method(method), commune).last
    except NoPayDays:
        return None


def _overdue(stand: Stand, part: Part) -> dict[str, int]:
    name = _LATE.get(stand)
    found = {name: part.heads, f"{name}_amount": part.amount} if name else {}
    return {"overdue": part.heads} | found


def _paid(part: Part, last: date | None) -> dict[str, int]:
    heads = part.heads
    found: dict[str, int] = {}
    if part.method in _CASHLESS:
        found |= {"cashless": heads, "cashless_amount": part.amount}
    if part.method == Method.HOME:
        found |= {"home_paid": heads}
    if last is not None and part.paid_on is not None and part.paid_on <= last:
        found |= {"on_time": heads}
    return found


# Why a payment is not there after its last pay day; what came back is a reason of its own.
_LATE: Final = {
    Stand.WAITING: "unsent",
    Stand.WITH_PROVIDER: "unreported",
    Stand.READY: "uncollected",
}
_FIELD: Final = {
    Receipt.CONFIRMED_FULL: "full",
    Receipt.SHORT: "short",
    Receipt.NOT_RECEIVED: "not_received",
    Receipt.SILENT: "silent",
}


def _said(part: Part) -> dict[str, int]:
    """Whoever said something counts as asked: most were, and a word is worth no less unasked."""
    if part.word is None:
        return {}
    name = _FIELD.get(_SAID[part.word])
    return {"asked": part.heads} | ({name: part.heads} if name else {})

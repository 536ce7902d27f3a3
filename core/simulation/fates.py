"""What becomes of each payment of a month, and what its provider says of it when.

Three times a month the providers report: on the day of accounts and wallets, on the first cash
day, and when the cash days are over. What does not live here: result files (`results.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from random import Random
from typing import Final

from core import pay_days
from core.ledger.states import Money
from core.simulation.months import Entry
from core.terms import Method, Programme, Provider
from core.working_hours import working_days_after


class Fate(StrEnum):
    """What becomes of a payment."""

    PAID = "paid"
    PAID_LATE = "paid-late"  # reported one time later than the others
    TAKEN_THEN_PAID = "taken-then-paid"  # the provider took the order first
    WRONG_THEN_PAID = "wrong-then-paid"  # reported with a wrong sum first
    TAKEN = "taken"
    FAILED = "failed"
    RETURNED = "returned"
    READY = "ready"
    COLLECTED = "collected"  # reported ready first
    SILENT = "silent"  # no word from the provider


class Word(StrEnum):
    """A word of ours for what providers say; each writes it in its own way."""

    SETTLED = "settled"
    FAILED = "failed"
    ACCEPTED = "accepted"
    READY_CASH = "ready_cash"
    RETURNED = "returned"


ENDS: Final = {
    Fate.PAID: Money.SETTLED,
    Fate.PAID_LATE: Money.SETTLED,
    Fate.TAKEN_THEN_PAID: Money.SETTLED,
    Fate.WRONG_THEN_PAID: Money.SETTLED,
    Fate.COLLECTED: Money.SETTLED,
    Fate.TAKEN: Money.ACCEPTED,
    Fate.FAILED: Money.FAILED,
    Fate.RETURNED: Money.RETURNED,
    Fate.READY: Money.READY_CASH,
    Fate.SILENT: Money.INSTRUCTED,
}
_F = Fate
# How many of a thousand; the rest is paid.
_BY_TRANSFER: Final = (
    *((_F.FAILED, 35), (_F.SILENT, 15), (_F.RETURNED, 8), (_F.TAKEN, 6)),
    *((_F.PAID_LATE, 60), (_F.TAKEN_THEN_PAID, 12), (_F.WRONG_THEN_PAID, 4)),
)
_IN_CASH: Final = (*((_F.READY, 12), (_F.FAILED, 8), (_F.SILENT, 6), (_F.COLLECTED, 450)),)
# The last month of a district has just been paid: many have not come yet, more is unreported.
_IN_CASH_NOW: Final = (*((_F.READY, 140), (_F.FAILED, 12), (_F.SILENT, 25), (_F.COLLECTED, 380)),)
_AT_HOME: Final = ((_F.FAILED, 30), (_F.SILENT, 20), (_F.PAID_LATE, 60))
# So many payments by one method are enough for each of its fates to occur.
_ENOUGH: Final = 60


@dataclass(frozen=True, slots=True)
class Times:
    """The three times at which a month is reported. Time: days in Asia/Ho_Chi_Minh."""

    transfers: date
    cash: date
    end: date


@dataclass(frozen=True, slots=True)
class Told:
    """What a provider says of one payment at one time. Time: days in Asia/Ho_Chi_Minh."""

    entry: Entry
    word: Word
    told_on: date
    day: date
    reason: int = 0  # which of the provider's codes, where it failed
    is_wrong_sum: bool = False
    payment: str = ""  # the transaction code, where it is not the month's first


def times_of(programme: Programme, entries: Sequence[Entry]) -> Times:
    """When the providers report the month of these entries: once it happened everywhere."""
    windows = {
        (e.method, e.commune.code): pay_days.pay_window(
            programme, e.month, e.method, e.commune.code
        )
        for e in entries
    }
    by_hand = {Method.CASH, Method.HOME}
    first = min(window.first for window in windows.values())
    transfers = [window.first for (m, _), window in windows.items() if m not in by_hand]
    cash = [window.first for (m, _), window in windows.items() if m in by_hand]
    ends = [window.last for (m, _), window in windows.items() if m in by_hand]
    first_time = max(transfers, default=first)
    second_time = max([*cash, working_days_after(programme, first_time, 1)])
    end_time = max([*ends, working_days_after(programme, second_time, 1)])
    return Times(first_time, second_time, end_time)


def fates(rng: Random, entries: Sequence[Entry], *, is_last: bool) -> list[Fate]:
    """A fate for each entry, in order; exact shares by method. The first entry is always paid."""
    found = [Fate.PAID] * len(entries)
    for method in Method:
        places = [at for at, one in enumerate(entries) if one.method is method and at > 0]
        rng.shuffle(places)
        total = len(places)
        for fate, share in _shares(method, is_last=is_last):
            count = total * share // 1000
            if total >= _ENOUGH:
                count = max(1, count)
            for at in [places.pop() for _ in range(count)]:
                found[at] = fate
    return found


def _shares(method: Method, *, is_last: bool) -> tuple[tuple[Fate, int], ...]:
    if method is Method.HOME:
        return _AT_HOME
    if method is Method.CASH:
        return _IN_CASH_NOW if is_last else _IN_CASH
    return _BY_TRANSFER


def told(
    programme: Programme, rng: Random, entry: Entry, fate: Fate, times: Times
) -> tuple[Told, ...]:
    """All that the provider says of a payment, in the order of time."""
    window = pay_days.pay_window(programme, entry.month, entry.method, entry.commune.code)
    if entry.method is Method.CASH:
        return _told_of_cash(entry, fate, times, window, rng.randrange(10))
    if entry.method is Method.HOME:
        first, second = times.cash, times.end
    else:
        first, second = times.transfers, times.cash
    paid = Told(entry, Word.SETTLED, first, window.first)
    late = Told(entry, Word.SETTLED, second, second)
    return {
        Fate.PAID: (paid,),
        Fate.PAID_LATE: (late,),
        Fate.TAKEN_THEN_PAID: (Told(entry, Word.ACCEPTED, first, first), late),
        Fate.WRONG_THEN_PAID: (
            Told(entry, Word.SETTLED, first, window.first, is_wrong_sum=True),
            late,
        ),
        Fate.TAKEN: (Told(entry, Word.ACCEPTED, first, first),),
        Fate.FAILED: (Told(entry, Word.FAILED, first, window.first, rng.randrange(10)),),
        Fate.RETURNED: (paid, Told(entry, Word.RETURNED, times.end, times.end, rng.randrange(10))),
        Fate.SILENT: (),
    }[fate]


def _told_of_cash(
    entry: Entry, fate: Fate, times: Times, window: pay_days.PayWindow, reason: int
) -> tuple[Told, ...]:
    ready = Told(entry, Word.READY_CASH, times.cash, window.first)
    return {
        Fate.PAID: (Told(entry, Word.SETTLED, times.cash, window.first),),
        Fate.READY: (ready,),
        Fate.COLLECTED: (ready, Told(entry, Word.SETTLED, times.end, window.last)),
        Fate.FAILED: (Told(entry, Word.FAILED, times.end, window.last, reason),),
        Fate.SILENT: (),
    }[fate]


def providers_in(entries: Sequence[Entry]) -> tuple[Provider, ...]:
    """The providers that pay these entries, in the order of `Provider`."""
    there = {entry.provider for entry in entries}
    return tuple(provider for provider in Provider if provider in there)

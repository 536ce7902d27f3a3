"""Days and payment cycles (kỳ chi trả), as Viet Nam counts them.

What does not live here: the clock (`core/clock.py`), holidays and working hours
(`core/working_hours.py`), and the days on which money moves (`core/pay_days.py`).
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import Final, Self

from core.faults import Fault

# Viet Nam has had no other offset since 1975, and slim machines carry no zone files.
HANOI: Final = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")

_CYCLE: Final = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])", re.ASCII)
_YEARS: Final = range(2000, 2100)
_MONTHS: Final = 12


class BadCycle(Fault):
    """“{text}” is not a month like 2021-04."""


class InstantWithoutZone(Fault):
    """A time without a zone was asked for its day."""


@lru_cache(maxsize=512)
def _year_and_month(text: str) -> tuple[int, int]:
    found = _CYCLE.fullmatch(text.strip())
    if found is None:
        raise BadCycle(text=text)
    return int(found[1]), int(found[2])


@dataclass(frozen=True, slots=True, order=True)
class Cycle:
    """One payment cycle (kỳ chi trả): a calendar month. Cycles are ordered by time.

    Raises: BadCycle, for a month outside 2000-01 to 2099-12.
    """

    year: int
    month: int

    def __post_init__(self) -> None:
        if self.year not in _YEARS or not 1 <= self.month <= _MONTHS:
            raise BadCycle(text=f"{self.year}-{self.month}")

    @classmethod
    @lru_cache(maxsize=512)
    def parse(cls, text: str) -> Self:
        """The cycle that `2021-04` names.

        Raises: BadCycle.
        """
        year, month = _year_and_month(text)
        return cls(year, month)

    @classmethod
    def of_day(cls, day: date) -> Self:
        """The cycle in whose month `day` lies."""
        return cls(day.year, day.month)

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"

    @property
    def code(self) -> str:
        """The four digits in transaction codes: `2104` for April 2021."""
        return f"{self.year % 100:02}{self.month:02}"

    @property
    def first_day(self) -> date:
        """The first day of the month."""
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        """The last day of the month."""
        return (self.first_day + timedelta(days=31)).replace(day=1) - timedelta(days=1)

    def day(self, number: int) -> date:
        """The day of the month with this number; the last one if the month is too short."""
        return min(self.first_day + timedelta(days=number - 1), self.last_day)

    def plus(self, months: int) -> Self:
        """The cycle so many months later; earlier if negative.

        Raises: BadCycle.
        """
        years, month = divmod(self.month - 1 + months, _MONTHS)
        return type(self)(self.year + years, month + 1)

    def next(self) -> Self:
        """The cycle after this one."""
        return self.plus(1)

    def previous(self) -> Self:
        """The cycle before this one."""
        return self.plus(-1)

    def months_since(self, earlier: "Cycle") -> int:
        """How many months after `earlier` this cycle is; negative if it is before."""
        return (self.year - earlier.year) * _MONTHS + self.month - earlier.month


def hanoi(instant: datetime) -> datetime:
    """The same instant on the clocks of Viet Nam.

    Raises: InstantWithoutZone.
    """
    if instant.tzinfo is None:
        raise InstantWithoutZone
    return instant.astimezone(HANOI)


def local_day(instant: datetime) -> date:
    """The day it is in Viet Nam at this instant. Time: a day in Asia/Ho_Chi_Minh.

    Raises: InstantWithoutZone.
    """
    return hanoi(instant).date()


def cycle_of(instant: datetime) -> Cycle:
    """The cycle that people call "this month" (tháng này) at this instant.

    Raises: InstantWithoutZone.
    """
    return Cycle.of_day(local_day(instant))


def instant_at(day: date, at: time) -> datetime:
    """The instant at which the clocks of Viet Nam show this day and time. Time: aware, +07:00."""
    return datetime.combine(day, at, tzinfo=HANOI)

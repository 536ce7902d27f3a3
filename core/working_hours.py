"""When a commune's office is open, and when something is due that is counted in its hours.

Holidays and make-up days come from the data; a year that is not in it yet has weekends only.
Time: instants come and go aware; office hours are those of Asia/Ho_Chi_Minh.

What does not live here: who has to do what by then (`core/care`).
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final

from core.calendar import hanoi, instant_at
from core.faults import Fault
from core.terms import DayKind, Programme, SpecialDay

_FRIDAY: Final = 4
_DAY: Final = timedelta(days=1)
# No office is closed for longer; beyond it the data have no hours at all.
_LONGEST_CLOSURE: Final = 60


class NeverOpen(Fault):
    """The office has no open day within two months of {day}."""


class NegativeTime(Fault):
    """Working time can only be added forwards."""


def special_day(programme: Programme, day: date) -> SpecialDay | None:
    """The holiday or make-up day that this day is."""
    return _special_days(programme).get(day)


def is_holiday(programme: Programme, day: date) -> bool:
    """Whether offices are closed for a holiday. An ordinary weekend is none."""
    special = special_day(programme, day)
    return special is not None and special.kind is DayKind.OFF


def is_working_day(programme: Programme, day: date) -> bool:
    """Whether offices work on this day: weekdays that are no holiday, and make-up days."""
    special = special_day(programme, day)
    if special is not None:
        return special.kind is DayKind.MAKE_UP
    return day.weekday() <= _FRIDAY


def on_or_after(programme: Programme, day: date) -> date:
    """The day itself if it is a working day, else the next one.

    Raises: NeverOpen.
    """
    for later in range(_LONGEST_CLOSURE):
        found = day + later * _DAY
        if is_working_day(programme, found):
            return found
    raise NeverOpen(day=day)


def working_days_after(programme: Programme, day: date, count: int) -> date:
    """The working day that is so many after `day`, which counts as 0 even if it is none itself.

    Raises: NeverOpen, NegativeTime.
    """
    if count < 0:
        raise NegativeTime
    for _ in range(count):
        day = on_or_after(programme, day + _DAY)
    return day


def open_times(programme: Programme, day: date) -> tuple[tuple[datetime, datetime], ...]:
    """When the office is open on a day: (opens, closes) in order. Empty on a closed day."""
    if not is_working_day(programme, day):
        return ()
    special = special_day(programme, day)
    weekday = special.stands_for if special else day.weekday()
    stretches = [h for h in programme.open_hours if h.weekday == weekday and h.valid.holds(day)]
    return tuple(
        (instant_at(day, hours.opens), instant_at(day, hours.closes))
        for hours in sorted(stretches, key=lambda hours: hours.opens)
    )


def is_open(programme: Programme, instant: datetime) -> bool:
    """Whether the office is open. The closing minute is closed."""
    stretches = open_times(programme, hanoi(instant).date())
    return any(opens <= instant < closes for opens, closes in stretches)


def next_open(programme: Programme, instant: datetime) -> datetime:
    """The first instant from this one on at which the office is open. Time: aware UTC.

    Raises: NeverOpen.
    """
    opens, _ = next(_stretches_from(programme, instant))
    return opens.astimezone(UTC)


def add_working_time(
    start: datetime, *, programme: Programme, hours: int = 0, days: int = 0
) -> datetime:
    """When something is due that was asked at `start` and may take so long. Time: aware UTC.

    What is asked while the office is closed counts from its next opening. Days keep the time of
    day; hours count only while it is open, and may end exactly at closing time.
    Raises: NegativeTime, NeverOpen.
    """
    if hours < 0 or days < 0:
        raise NegativeTime
    at = next_open(programme, start)
    if days:
        local = hanoi(at)
        day = working_days_after(programme, local.date(), days)
        at = next_open(programme, instant_at(day, local.time()))
    left = timedelta(hours=hours)
    for opens, closes in _stretches_from(programme, at):
        if opens + left <= closes:
            return (opens + left).astimezone(UTC)
        left -= closes - opens
    raise NeverOpen(day=hanoi(at).date())


def working_time_between(programme: Programme, start: datetime, end: datetime) -> timedelta:
    """For how long the office was open between two instants; zero if `end` is not after `start`."""
    total, day, last = timedelta(), hanoi(start).date(), hanoi(end).date()
    while day <= last:
        for opens, closes in open_times(programme, day):
            total += max(min(closes, end) - max(opens, start), timedelta())
        day += _DAY
    return total


def _stretches_from(programme: Programme, start: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The open stretches from `start` on, the first one cut to begin no earlier."""
    day, closed = hanoi(start).date(), 0
    while closed < _LONGEST_CLOSURE:
        found = [(max(o, start), c) for o, c in open_times(programme, day) if c > start]
        yield from found
        closed = 0 if found else closed + 1
        day += _DAY
    raise NeverOpen(day=hanoi(start).date())


@lru_cache(maxsize=8)
def _special_days(programme: Programme) -> Mapping[date, SpecialDay]:
    return {special.day: special for special in programme.special_days}

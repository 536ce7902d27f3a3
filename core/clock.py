"""The one place that reads the time; everything else is given it.

A clock may start elsewhere (`--now`, the demo) and run on from there, or stand still until it
is moved (`play`, tests).

What does not live here: days, months and working hours in Viet Nam (`core/calendar.py`).
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

from core.faults import Fault

# Viet Nam has had no other offset since 1975, and slim machines carry no zone files.
_HANOI = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")


class BadInstant(Fault):
    """“{text}” is not a time like 2021-04-15T09:00:00+07:00."""


class NaiveInstant(Fault):
    """A time without a zone reached a clock."""


class Clock:
    """Tells the time. Time: aware UTC."""

    __slots__ = ("_read",)

    def __init__(self, read: Callable[[], datetime]) -> None:
        self._read = read

    def now(self) -> datetime:
        """The present instant. Time: aware UTC."""
        return self._read()


class PlayClock(Clock):
    """A clock that stands where it was put. Time: aware UTC."""

    __slots__ = ("_at",)

    def __init__(self, at: datetime) -> None:
        super().__init__(lambda: self._at)
        self._at = _in_utc(at)

    def move_to(self, at: datetime) -> None:
        """From now on the clock says `at`.

        Raises: NaiveInstant.
        """
        self._at = _in_utc(at)


def system_clock() -> Clock:
    """The clock of this machine."""
    return Clock(_machine_time)


def clock_from(start: datetime) -> Clock:
    """A clock that says `start` now and runs on, whatever happens to the machine's own clock.

    Raises: NaiveInstant.
    """
    begun, origin = time.monotonic(), _in_utc(start)
    return Clock(lambda: origin + timedelta(seconds=time.monotonic() - begun))


def clock_shifted(by: timedelta) -> Clock:
    """The machine's clock, `by` later: two processes given the same shift agree."""
    return Clock(lambda: _machine_time() + by)


def parse_instant(text: str) -> datetime:
    """The instant that an ISO 8601 text names; without a zone it is Ha Noi time. Time: aware UTC.

    Raises: BadInstant.
    """
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise BadInstant(text=text) from error
    return _in_utc(at if at.tzinfo else at.replace(tzinfo=_HANOI))


def _machine_time() -> datetime:
    return datetime.now(UTC)


def _in_utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise NaiveInstant
    return at.astimezone(UTC)

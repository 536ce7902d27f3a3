"""Office hours, holidays and quiet hours."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import programme
from core.calendar import HANOI, hanoi
from core.quiet_hours import is_quiet, next_loud
from core.terms import DayKind
from core.working_hours import (
    NegativeTime,
    NeverOpen,
    add_working_time,
    is_holiday,
    is_open,
    is_working_day,
    next_open,
    on_or_after,
    open_times,
    working_days_after,
    working_time_between,
)

HUE = programme.load(programme.FOLDER / "thua-thien-hue-2021")
instants = st.datetimes(datetime(2021, 1, 1), datetime(2027, 6, 30), timezones=st.just(UTC))


def at(day: int, month: int, clock: str, year: int = 2021) -> datetime:
    return datetime.combine(date(year, month, day), time.fromisoformat(clock), tzinfo=HANOI)


@pytest.mark.parametrize(
    ("clock", "expected"),
    [
        *[("07:29", False), ("07:30", True), ("11:29", True), ("11:30", False), ("12:30", False)],
        *[("13:30", True), ("16:59", True), ("17:00", False)],
    ],
)
def test_the_office_is_open_in_the_morning_and_in_the_afternoon(clock: str, expected: bool) -> None:
    assert is_open(HUE, at(5, 4, clock)) is expected


@pytest.mark.parametrize(
    ("start", "hours", "days", "due"),
    [
        (at(5, 4, "08:00"), 2, 0, at(5, 4, "10:00")),
        (at(5, 4, "11:00"), 1, 0, at(5, 4, "14:00")),  # over lunch
        (at(5, 4, "16:00"), 2, 0, at(6, 4, "08:30")),  # over night
        (at(9, 4, "16:00"), 2, 0, at(12, 4, "08:30")),  # over the weekend
        (at(5, 4, "13:30"), 7, 0, at(6, 4, "11:00")),
        (at(5, 4, "12:00"), 0, 0, at(5, 4, "13:30")),  # asked at lunch
        (at(5, 4, "06:00"), 0, 0, at(5, 4, "07:30")),
        (at(5, 4, "19:00"), 1, 0, at(6, 4, "08:30")),
        (at(10, 4, "10:00"), 4, 0, at(12, 4, "11:30")),  # asked on Saturday, due at closing
        (at(5, 4, "13:30"), 3, 0, at(5, 4, "16:30")),
        (at(5, 4, "09:00"), 0, 1, at(6, 4, "09:00")),
        (at(9, 4, "16:00"), 0, 1, at(12, 4, "16:00")),
        (at(9, 4, "16:00"), 0, 2, at(13, 4, "16:00")),
        (at(10, 4, "10:00"), 0, 2, at(14, 4, "07:30")),
        (at(20, 4, "15:00"), 0, 1, at(22, 4, "15:00")),  # over Hùng Kings' Day
        (at(29, 4, "16:00"), 2, 0, at(4, 5, "08:30")),  # 30/4, 1/5, Sunday, 3/5 in lieu
        (at(9, 2, "16:30"), 0, 2, at(18, 2, "16:30")),  # over Tết
        (at(1, 9, "16:30"), 1, 0, at(6, 9, "08:00")),  # over 2/9 and the weekend
        (at(5, 4, "16:00"), 2, 1, at(7, 4, "08:30")),  # days first, then hours
    ],
)
def test_due_times_count_open_hours_only(
    start: datetime, hours: int, days: int, due: datetime
) -> None:
    assert add_working_time(start, programme=HUE, hours=hours, days=days) == due


def test_a_make_up_saturday_is_worked_like_the_day_it_stands_for() -> None:
    saturday, swapped = date(2024, 5, 4), date(2024, 4, 29)

    assert is_working_day(HUE, saturday)
    assert not is_working_day(HUE, swapped)
    assert is_holiday(HUE, swapped)
    assert [hanoi(opens).time() for opens, _ in open_times(HUE, saturday)] == [
        time(7, 30),
        time(13, 30),
    ]
    friday = at(3, 5, "16:00", 2024)
    assert add_working_time(friday, programme=HUE, hours=2) == at(4, 5, "08:30", 2024)


def test_an_ordinary_weekend_is_closed_but_no_holiday() -> None:
    assert not is_working_day(HUE, date(2021, 4, 10))
    assert not is_holiday(HUE, date(2021, 4, 10))


def test_the_lunar_new_year_is_closed_for_a_week_in_every_year() -> None:
    tet = [date(2021, 2, 12), date(2022, 2, 1), date(2023, 1, 22), date(2024, 2, 10)]
    tet += [date(2025, 1, 29), date(2026, 2, 17), date(2027, 2, 6)]

    for first in tet:
        around = [first + timedelta(days=n) for n in range(-1, 3)]
        assert not [day for day in around if is_working_day(HUE, day)]


def test_holidays_that_fall_on_a_weekend_are_made_good_on_a_weekday() -> None:
    """Labour Code 2019, art. 111 and 112: eleven days a year, each one a working day."""
    for year in range(2021, 2028):
        off = [s.day for s in HUE.special_days if s.kind is DayKind.OFF and s.day.year == year]
        made_up = [s for s in HUE.special_days if s.kind is DayKind.MAKE_UP and s.day.year == year]
        assert len([day for day in off if day.weekday() < 5]) - len(made_up) == 11, year


@given(instants, st.integers(0, 60), st.integers(0, 60))
def test_hours_add_up(start: datetime, first: int, further: int) -> None:
    through = add_working_time(start, programme=HUE, hours=first)

    if first and further:
        twice = add_working_time(through, programme=HUE, hours=further)
        assert twice == add_working_time(start, programme=HUE, hours=first + further)


@given(instants, st.integers(1, 60))
def test_exactly_the_hours_asked_for_lie_before_the_due_time(start: datetime, hours: int) -> None:
    due = add_working_time(start, programme=HUE, hours=hours)

    assert due.tzinfo == UTC
    assert working_time_between(HUE, start, due) == timedelta(hours=hours)


@given(instants, st.timedeltas(timedelta(0), timedelta(days=20)), st.integers(0, 20))
def test_who_asks_later_is_due_no_earlier(start: datetime, later: timedelta, days: int) -> None:
    first = add_working_time(start, programme=HUE, days=days, hours=3)

    assert first <= add_working_time(start + later, programme=HUE, days=days, hours=3)


@given(instants, st.integers(0, 20))
def test_days_end_while_the_office_is_open(start: datetime, days: int) -> None:
    due = add_working_time(start, programme=HUE, days=days)

    assert is_open(HUE, due)
    assert due >= start


@given(instants)
def test_the_next_open_instant_is_open_and_nothing_before_it_is(start: datetime) -> None:
    opens = next_open(HUE, start)

    assert is_open(HUE, opens)
    assert working_time_between(HUE, start, opens) == timedelta(0)


@given(st.dates(date(2021, 1, 1), date(2027, 6, 1)), st.integers(1, 30))
def test_so_many_working_days_lie_after_a_day(day: date, count: int) -> None:
    end = working_days_after(HUE, day, count)
    between = [day + timedelta(days=n) for n in range(1, (end - day).days + 1)]

    assert len([d for d in between if is_working_day(HUE, d)]) == count
    assert is_working_day(HUE, end)


def test_working_time_is_zero_backwards_and_never_added_backwards() -> None:
    assert working_time_between(HUE, at(6, 4, "10:00"), at(5, 4, "10:00")) == timedelta(0)
    for hours, days in ((-1, 0), (0, -1)):
        with pytest.raises(NegativeTime):
            add_working_time(at(5, 4, "10:00"), programme=HUE, hours=hours, days=days)
    with pytest.raises(NegativeTime):
        working_days_after(HUE, date(2021, 4, 5), -1)


def test_an_office_without_hours_is_a_fault_and_not_an_endless_wait() -> None:
    with pytest.raises(NeverOpen):
        next_open(replace(HUE, open_hours=()), at(5, 4, "10:00"))


def test_a_year_not_in_the_data_yet_has_weekends() -> None:
    assert on_or_after(HUE, date(2030, 6, 1)) == date(2030, 6, 3)


@pytest.mark.parametrize(
    ("clock", "quiet"),
    [
        *[("00:00", True), ("06:59:59", True), ("07:00", False), ("20:59:59", False)],
        *[("21:00", True), ("23:59", True)],
    ],
)
def test_texts_ring_from_seven_to_nine_in_the_evening(clock: str, quiet: bool) -> None:
    assert is_quiet(HUE, at(5, 4, clock)) is quiet


def test_a_text_of_the_night_goes_out_at_seven() -> None:
    assert next_loud(HUE, at(5, 4, "22:15")) == at(6, 4, "07:00")
    assert next_loud(HUE, at(6, 4, "03:00")) == at(6, 4, "07:00")
    assert next_loud(HUE, at(30, 4, "21:00")) == at(1, 5, "07:00")


@given(instants)
def test_the_next_loud_instant_is_loud_and_within_ten_hours(instant: datetime) -> None:
    loud = next_loud(HUE, instant)

    assert not is_quiet(HUE, loud)
    assert timedelta(0) <= loud - instant <= timedelta(hours=10)
    assert (loud == instant) == (not is_quiet(HUE, instant))
    assert loud == instant or is_quiet(HUE, loud - timedelta(microseconds=1))

"""Cycles and days as Viet Nam counts them."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calendar import (
    BadCycle,
    Cycle,
    InstantWithoutZone,
    cycle_of,
    hanoi,
    instant_at,
    local_day,
)

cycles = st.builds(Cycle, st.integers(2000, 2099), st.integers(1, 12))
instants = st.datetimes(datetime(2010, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))


def test_a_cycle_is_written_as_its_month_and_coded_in_four_digits() -> None:
    april = Cycle.parse("2021-04")

    assert str(april) == "2021-04"
    assert april.code == "2104"
    assert (april.first_day, april.last_day) == (date(2021, 4, 1), date(2021, 4, 30))


@pytest.mark.parametrize(
    "text",
    ["", "2021", "2021-4", "2021-13", "2021-00", "04/2021", "1999-12", "2021-04-01", "٢٠٢١-٠٤"],
)
def test_what_is_no_month_is_a_fault_that_repeats_it(text: str) -> None:
    with pytest.raises(BadCycle, match=f"“{text}”"):
        Cycle.parse(text)


def test_a_cycle_cannot_have_a_thirteenth_month() -> None:
    with pytest.raises(BadCycle):
        Cycle(2021, 13)


@given(cycles)
def test_a_cycle_reads_back_what_it_writes(cycle: Cycle) -> None:
    assert Cycle.parse(str(cycle)) == cycle


@given(cycles, cycles)
def test_cycles_are_ordered_as_their_days_and_as_their_text(one: Cycle, other: Cycle) -> None:
    assert (one < other) == (one.first_day < other.first_day) == (str(one) < str(other))
    assert other.plus(one.months_since(other)) == one


@given(cycles.filter(lambda cycle: Cycle(2000, 1) < cycle < Cycle(2099, 12)))
def test_the_next_cycle_begins_where_this_one_ends(cycle: Cycle) -> None:
    assert cycle.next().first_day == cycle.last_day + timedelta(days=1)
    assert cycle.next().previous() == cycle


@given(cycles, st.integers(1, 31))
def test_a_day_of_the_month_never_leaves_the_month(cycle: Cycle, number: int) -> None:
    assert Cycle.of_day(cycle.day(number)) == cycle


def test_the_31st_of_a_short_month_is_its_last_day() -> None:
    assert Cycle(2024, 2).day(31) == date(2024, 2, 29)


def test_the_day_changes_at_five_in_the_afternoon_in_utc() -> None:
    before = datetime(2021, 3, 31, 16, 59, 59, tzinfo=UTC)

    assert local_day(before) == date(2021, 3, 31)
    assert cycle_of(before) == Cycle(2021, 3)
    assert local_day(before + timedelta(seconds=1)) == date(2021, 4, 1)
    assert cycle_of(before + timedelta(seconds=1)) == Cycle(2021, 4)


@given(instants)
def test_the_clocks_of_viet_nam_show_the_same_instant(instant: datetime) -> None:
    local = hanoi(instant)

    assert local == instant
    assert instant_at(local_day(instant), local.time()) == instant


def test_an_instant_without_a_zone_has_no_day() -> None:
    with pytest.raises(InstantWithoutZone):
        local_day(datetime(2021, 4, 1, 0, 0))


def test_an_instant_is_made_from_a_day_and_a_time() -> None:
    assert instant_at(date(2021, 4, 5), time(7)) == datetime(2021, 4, 5, 0, 0, tzinfo=UTC)

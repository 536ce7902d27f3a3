from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import clock

NOON = datetime(2021, 5, 5, 12, tzinfo=UTC)


def test_the_system_clock_is_aware_and_in_utc() -> None:
    now = clock.system_clock().now()

    assert now.tzinfo is UTC
    assert abs(datetime.now(UTC) - now) < timedelta(seconds=5)


def test_a_clock_that_starts_elsewhere_runs_on_from_there() -> None:
    started = clock.clock_from(NOON)

    first, second = started.now(), started.now()

    assert NOON <= first <= second < NOON + timedelta(seconds=5)


def test_a_shifted_clock_keeps_its_distance() -> None:
    ahead = clock.clock_shifted(timedelta(days=-700)).now() - clock.system_clock().now()

    assert abs(ahead + timedelta(days=700)) < timedelta(seconds=5)


def test_a_play_clock_stands_until_it_is_moved() -> None:
    play = clock.PlayClock(NOON)
    assert play.now() == play.now() == NOON

    play.move_to(NOON - timedelta(days=1))
    assert play.now() == NOON - timedelta(days=1)


@pytest.mark.parametrize(
    "start", [clock.clock_from, clock.PlayClock, clock.PlayClock(NOON).move_to]
)
def test_no_clock_takes_a_time_without_a_zone(start: object) -> None:
    assert callable(start)
    with pytest.raises(clock.NaiveInstant):
        start(datetime(2021, 5, 5))


@pytest.mark.parametrize(
    "text",
    [
        "2021-05-05T19:00:00+07:00",
        "2021-05-05T12:00:00Z",
        "2021-05-05T12:00:00+00:00",
        "2021-05-05T19:00",
        " 2021-05-05 19:00:00 ",
    ],
)
def test_an_instant_without_a_zone_is_hanoi_time(text: str) -> None:
    assert clock.parse_instant(text) == NOON


def test_a_day_alone_is_its_first_moment_in_hanoi() -> None:
    assert clock.parse_instant("2021-05-05") == datetime(2021, 5, 4, 17, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "now", "2021-02-30", "05/05/2021", "2021-05-05T25:00"])
def test_what_is_not_an_instant_is_named(text: str) -> None:
    with pytest.raises(clock.BadInstant, match="is not a time like"):
        clock.parse_instant(text)


@given(
    st.datetimes(
        min_value=datetime(1990, 1, 1),
        max_value=datetime(2100, 1, 1),
        timezones=st.sampled_from(
            [UTC, timezone(timedelta(hours=7)), timezone(-timedelta(hours=5))]
        ),
    )
)
def test_what_is_written_down_is_read_back(at: datetime) -> None:
    read = clock.parse_instant(at.isoformat())

    assert read == at
    assert read.tzinfo is UTC

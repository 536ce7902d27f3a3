"""When a cycle's list closes, and when its money moves."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import offers, places, programme
from core.calendar import Cycle
from core.pay_days import (
    NoCycleRule,
    NoPayDays,
    PayWindow,
    cut_off,
    freeze_day,
    list_day,
    next_cycle_for_change,
    pay_day,
    pay_window,
)
from core.terms import Method
from core.working_hours import is_working_day

HUE = programme.load(programme.FOLDER / "thua-thien-hue-2021")
APRIL = Cycle(2021, 4)
VINH_HUNG, THUY_THANH, PHU_BAI = "20116", "19966", "19960"
cycles = st.builds(Cycle, st.integers(2021, 2027), st.integers(4, 12))


def test_the_list_of_april_closes_in_march() -> None:
    assert cut_off(HUE, APRIL) == date(2021, 3, 20)
    assert freeze_day(HUE, APRIL) == date(2021, 3, 22)  # the 21st is a Sunday
    assert list_day(HUE, APRIL) == date(2021, 3, 24)


def test_the_list_of_january_closes_in_the_year_before() -> None:
    assert cut_off(HUE, Cycle(2022, 1)) == date(2021, 12, 20)


def test_a_change_after_the_cut_off_works_a_month_later() -> None:
    assert next_cycle_for_change(HUE, date(2021, 3, 20)) == APRIL
    assert next_cycle_for_change(HUE, date(2021, 3, 21)) == APRIL.next()


@pytest.mark.parametrize(
    ("cycle", "method", "commune", "first", "last", "late"),
    [
        ("2021-04", Method.ACCOUNT, PHU_BAI, "2021-04-05", "2021-04-05", "2021-04-05"),
        ("2021-06", Method.ACCOUNT, PHU_BAI, "2021-06-07", "2021-06-07", "2021-06-07"),
        ("2021-04", Method.WALLET, VINH_HUNG, "2021-04-05", "2021-04-05", "2021-04-05"),
        ("2021-04", Method.CASH, VINH_HUNG, "2021-04-09", "2021-04-13", "2021-04-20"),
        ("2021-05", Method.CASH, VINH_HUNG, "2021-05-10", "2021-05-11", "2021-05-20"),
        ("2021-04", Method.CASH, PHU_BAI, "2021-04-08", "2021-04-12", "2021-04-20"),
        ("2021-04", Method.CASH, THUY_THANH, "2021-04-12", "2021-04-12", "2021-04-20"),
        ("2024-02", Method.CASH, PHU_BAI, "2024-02-15", "2024-02-19", "2024-02-20"),
        ("2021-04", Method.HOME, PHU_BAI, "2021-04-08", "2021-04-19", "2021-04-19"),
    ],
)
def test_pay_days_move_off_weekends_and_holidays_and_none_is_lost(
    cycle: str, method: Method, commune: str, first: str, last: str, late: str
) -> None:
    window = pay_window(HUE, Cycle.parse(cycle), method, commune)

    assert window == PayWindow(*map(date.fromisoformat, (first, last, late)))


def test_the_first_payment_of_phu_loc_was_on_the_ninth() -> None:
    """Reported of 9 April 2021, at two service points of xã Vinh Hưng."""
    assert pay_day(HUE, APRIL, Method.CASH, VINH_HUNG) == date(2021, 4, 9)


@given(cycles, st.sampled_from(list(Method)), st.integers(0, 26))
def test_nobody_is_paid_on_a_closed_day_or_before_the_list_closes(
    cycle: Cycle, method: Method, which: int
) -> None:
    communes = places.paid_communes(HUE, cycle.first_day)
    commune = communes[which % len(communes)]

    window = pay_window(HUE, cycle, method, commune.code)

    assert cut_off(HUE, cycle) < window.first <= window.last <= window.late
    for day in (window.first, window.last, window.late):
        assert is_working_day(HUE, day)
    assert pay_day(HUE, cycle, method, commune.code) == window.first


@given(cycles)
def test_a_method_that_pays_on_weekends_still_rests_on_holidays(cycle: Cycle) -> None:
    rules = tuple(replace(rule, on_weekends=True) for rule in HUE.pay_rules)
    window = pay_window(
        replace(HUE, pay_rules=rules, pay_exceptions=()), cycle, Method.HOME, PHU_BAI
    )

    closed = {special.day for special in HUE.special_days if special.kind == "off"}
    days = [window.first + timedelta(n) for n in range((window.last - window.first).days + 1)]
    assert window.first not in closed
    assert window.last not in closed
    assert len([day for day in days if day not in closed]) == 8


def test_a_programme_without_rules_says_so() -> None:
    bare = replace(HUE, cycle_rules=(), pay_rules=())

    with pytest.raises(NoCycleRule, match="2021-04"):
        cut_off(bare, APRIL)
    with pytest.raises(NoPayDays, match="cash in 2021-04"):
        pay_day(bare, APRIL, Method.CASH, PHU_BAI)


def test_every_paid_commune_has_a_place_for_cash_in_every_month() -> None:
    for year in (2021, 2024, 2026):
        day = date(year, 8, 1)
        for commune in places.paid_communes(HUE, day):
            assert offers.pay_points(HUE, commune.code, day)

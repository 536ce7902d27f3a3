"""Who pays by which method where, and where money is collected."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import labels, places, programme
from core.offers import (
    Leg,
    NotPaidThere,
    leg_for,
    methods_in,
    pay_point,
    pay_points,
    provider_for,
    providers_on,
)
from core.terms import Desk, Method, Owner, Provider

HUE = programme.load(programme.FOLDER / "thua-thien-hue-2021")
PILOT = date(2021, 4, 1)


def test_huong_thuy_is_paid_by_bank_and_post() -> None:
    """The plan, II.3.a and III.6."""
    assert methods_in(HUE, "479", PILOT) == (Method.ACCOUNT, Method.CASH, Method.HOME)
    assert provider_for(HUE, "479", Method.ACCOUNT, PILOT) is Provider.VIETINBANK
    assert provider_for(HUE, "479", Method.CASH, PILOT) is Provider.POST
    assert provider_for(HUE, "479", Method.HOME, PILOT) is Provider.POST
    assert provider_for(HUE, "479", Method.WALLET, PILOT) is None


def test_phu_loc_is_paid_by_viettel() -> None:
    """The plan, II.3.b and III.6."""
    assert methods_in(HUE, "482", PILOT) == (Method.WALLET, Method.CASH, Method.HOME)
    for method in (Method.WALLET, Method.CASH, Method.HOME):
        assert provider_for(HUE, "482", method, PILOT) is Provider.VIETTEL


def test_who_wants_what_is_not_offered_is_paid_in_cash() -> None:
    assert leg_for(HUE, "482", Method.ACCOUNT, PILOT) == Leg(Method.CASH, Provider.VIETTEL)
    assert leg_for(HUE, "479", None, PILOT) == Leg(Method.CASH, Provider.POST)


@given(
    st.sampled_from(["479", "482"]),
    st.sampled_from([None, *Method]),
    st.dates(date(2021, 4, 1), date(2035, 1, 1)),
)
def test_nobody_is_without_a_way_to_be_paid(area: str, wanted: Method | None, day: date) -> None:
    leg = leg_for(HUE, area, wanted, day)

    assert leg.method in {wanted, Method.CASH}
    assert provider_for(HUE, area, leg.method, day) is leg.provider


@pytest.mark.parametrize(("area", "day"), [("474", date(2021, 8, 1)), ("479", date(2020, 1, 1))])
def test_an_area_outside_the_programme_has_no_way(area: str, day: date) -> None:
    assert methods_in(HUE, area, day) == ()
    with pytest.raises(NotPaidThere, match=area):
        leg_for(HUE, area, Method.CASH, day)


def test_all_three_providers_pay_in_the_pilot_and_none_before_it() -> None:
    assert providers_on(HUE, PILOT) == tuple(Provider)
    assert providers_on(HUE, date(2020, 12, 31)) == ()


def test_vinh_hung_has_two_points_to_draw_at() -> None:
    points = pay_points(HUE, "20116", PILOT, desk=Desk.CASH_OUT, provider=Provider.VIETTEL)

    assert len(points) == 2
    assert pay_point(HUE, points[0].code) is points[0]
    assert pay_point(HUE, "XX") is None


def test_a_communes_own_points_come_before_those_of_the_area() -> None:
    served = [point.serves for point in pay_points(HUE, "19966", PILOT)]

    assert served == ["19966", "479", "479"]


def test_a_commune_that_left_has_no_point_any_more() -> None:
    assert pay_points(HUE, "19963", date(2021, 6, 30)) != ()
    assert pay_points(HUE, "19963", date(2021, 7, 1)) == ()
    assert pay_points(HUE, "00000", PILOT) == ()


def test_every_cash_point_of_a_commune_is_the_cash_providers() -> None:
    for commune in places.paid_communes(HUE, PILOT):
        (point,) = pay_points(HUE, commune.code, PILOT, desk=Desk.COMMUNE_DAY)
        assert point.provider is provider_for(HUE, commune.area, Method.CASH, PILOT)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_methods_providers_and_owners_have_names(lang: str) -> None:
    names = [labels.method_name(method, lang) for method in Method]
    names += [labels.provider_name(provider, lang) for provider in Provider]
    names += [labels.owner_name(owner, lang) for owner in Owner]

    assert len(set(names)) == len(names)
    assert labels.method_name(Method.WALLET) == "ví ViettelPay"

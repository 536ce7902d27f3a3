"""A district of invented people is as mixed as a real one."""

from collections import Counter
from random import Random

import pytest

from core import offers, places
from core.calendar import Cycle
from core.people import Role
from core.simulation.circumstances import Circumstance, age_on, category_in
from core.simulation.people import Ward
from core.simulation.wards import commune_of, wards
from core.terms import Method, Programme

APRIL = Cycle(2021, 4)


@pytest.fixture(scope="module")
def district(programme: Programme) -> tuple[Ward, ...]:
    return wards(programme, Random(11), heads=600, first=APRIL, months=4)


def test_the_same_seed_makes_the_same_people(
    programme: Programme, district: tuple[Ward, ...]
) -> None:
    again = wards(programme, Random(11), heads=600, first=APRIL, months=4)
    other = wards(programme, Random(12), heads=600, first=APRIL, months=4)

    assert again == district
    assert other != district


def test_codes_are_unique_and_name_the_area(district: tuple[Ward, ...]) -> None:
    codes = [ward.code for ward in district]

    assert len(set(codes)) == 600
    assert {code[:2] for code in codes} == {"HT", "PL"}
    assert "HT000001" in codes


def test_every_commune_and_circumstance_is_there(
    programme: Programme, district: tuple[Ward, ...]
) -> None:
    communes = {one.code for one in places.paid_communes(programme, APRIL.first_day)}

    assert {ward.commune for ward in district} == communes
    assert {ward.circumstance for ward in district} == set(Circumstance) - {
        Circumstance.SMALL_CHILD
    }


def test_everybody_is_entitled_when_the_district_begins(district: tuple[Ward, ...]) -> None:
    categories = [
        category_in(
            ward.circumstance,
            born=ward.human.born,
            children=ward.children,
            studies=ward.studies,
            month=APRIL,
        )
        for ward in district
    ]

    assert None not in categories


def test_everybody_is_paid_in_a_way_that_the_area_has(
    programme: Programme, district: tuple[Ward, ...]
) -> None:
    for ward in district:
        commune = commune_of(programme, ward, first=APRIL, month=APRIL)
        assert commune is not None
        assert ward.method in offers.methods_in(programme, commune.area, APRIL.first_day)
        assert (ward.account is None) == (ward.method in {Method.CASH, Method.HOME})


def test_children_have_a_keeper_and_some_keepers_have_several(
    district: tuple[Ward, ...],
) -> None:
    children = [ward for ward in district if age_on(ward.human.born, APRIL.first_day) < 16]
    keepers = Counter(ward.payee.human for ward in children if ward.payee is not None)

    assert sum(keepers.values()) == len(children)
    assert max(keepers.values()) > 1


def test_phones_are_shared_missing_and_lent(district: tuple[Ward, ...]) -> None:
    phones = Counter(ward.human.phone for ward in district)

    assert phones[None] > 100
    assert max(count for phone, count in phones.items() if phone) > 1
    assert any(one.role is Role.RELATIVE for ward in district for one in ward.beside)


def test_some_have_no_paper_and_some_an_old_one(district: tuple[Ward, ...]) -> None:
    lengths = Counter(len(ward.human.citizen_id or "") for ward in district)

    assert set(lengths) == {0, 9, 12}


def test_some_authorisations_end_within_the_year(district: tuple[Ward, ...]) -> None:
    ends = [one.valid_to for ward in district for one in ward.beside if one.role is Role.AUTHORISED]

    assert None not in ends
    assert any(end is not None and end.year == 2021 for end in ends)


def test_people_come_go_wait_and_are_left_out(district: tuple[Ward, ...]) -> None:
    assert any(ward.listed_from == 4 for ward in district)
    assert any(ward.gone_from for ward in district)
    assert any(ward.enters for ward in district)
    assert any(ward.missed for ward in district)


def test_communes_that_leave_the_programme_take_their_people_along(
    programme: Programme, district: tuple[Ward, ...]
) -> None:
    gone = [ward for ward in district if ward.commune == "19963"]

    assert gone
    assert commune_of(programme, gone[0], first=APRIL, month=Cycle(2021, 7)) is None

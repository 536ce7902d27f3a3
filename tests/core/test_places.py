"""Which commune a word means on a day."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import places, programme
from core.places import Ambiguous, Unknown, commune_on
from core.terms import Commune

HUE = programme.load(programme.FOLDER / "thua-thien-hue-2021")
PILOT = date(2021, 4, 1)
MOVED = date(2021, 7, 1)
MERGED = date(2025, 7, 1)
days = st.dates(date(2020, 1, 1), date(2030, 12, 31))


def code(text: str, day: date = PILOT, district: str | None = None) -> str:
    found = commune_on(HUE, text, day, district=district)
    assert isinstance(found, Commune), found
    return found.code


@pytest.mark.parametrize(
    "text",
    [
        *("Thủy Dương", "Thuỷ Dương", "THỦY DƯƠNG", "thuy duong", "Phường Thủy Dương"),
        *("P. Thủy Dương", "P.Thủy Dương", "p thuy duong", "phuong  Thuỷ  Dương", "19969"),
        *(" 19969 ", "Thu\u0309y Du\u031bo\u031bng", "Thủy Dương, Hương Thủy"),
        *("P. Thủy Dương, TX. Hương Thủy, TT Huế", "Xã Thủy Dương"),
    ],
)
def test_a_commune_is_found_however_it_is_written(text: str) -> None:
    assert code(text) == "19969"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        *[("Xuân Lộc", "20158"), ("X. Xuân Lộc", "20158"), ("xa xuan loc", "20158")],
        *[("Phú Bài", "19960"), ("TT Lăng Cô", "20110"), ("TT.Lăng Cô", "20110")],
        *[("Vinh Mĩ", "20113"), ("Thị trấn Phú Lộc", "20107"), ("Cầu Hai", "20107")],
    ],
)
def test_prefixes_and_spellings_do_not_hide_a_commune(text: str, wanted: str) -> None:
    assert code(text) == wanted


@pytest.mark.parametrize("text", ["", "   ", "Vinh Xuân", "99999", "X.", "xã", "Phú", "1996", "🙂"])
def test_what_is_no_commune_is_unknown_and_says_so(text: str) -> None:
    assert commune_on(HUE, text, PILOT) == Unknown(text)


def test_every_commune_of_the_pilot_is_found_by_its_full_name_and_code() -> None:
    found = places.paid_communes(HUE, PILOT)

    assert len(found) == 29
    for commune in found:
        assert commune_on(HUE, commune.full_name, PILOT) is commune
        assert commune_on(HUE, commune.code, PILOT) is commune


def test_names_of_2019_lead_to_the_merged_commune() -> None:
    """Resolution 834/NQ-UBTVQH14: Vinh Hải and Vinh Giang became Giang Hải."""
    assert {code(old) for old in ("Vinh Hải", "xã Vinh Giang", "20119", "20122")} == {"20122"}
    giang_hai = commune_on(HUE, "20122", PILOT)
    assert isinstance(giang_hai, Commune)
    assert giang_hai.name == "Giang Hải"


def test_a_code_without_a_day_is_not_a_place() -> None:
    names = [commune.name for commune in places.ever_with_code(HUE, "20122")]

    assert names == ["Vinh Giang", "Giang Hải", "Vinh Lộc"]
    assert places.ever_with_code(HUE, "00000") == ()


def test_two_communes_left_huong_thuy_in_the_middle_of_the_pilot() -> None:
    """Resolution 1264/NQ-UBTVQH14: Thủy Vân and Thủy Bằng went to Huế on 01/07/2021."""
    for commune in ("19963", "19981"):
        before, after = (places.area_of(HUE, commune, day) for day in (date(2021, 6, 30), MOVED))
        assert before is not None
        assert (before.code, before.paid) == ("479", True)
        assert after is not None
        assert (after.code, after.paid) == ("474", False)
    assert len(places.paid_communes(HUE, MOVED)) == 27
    assert code("Xã Thủy Vân", MOVED) == "19963"


def test_old_names_live_on_after_the_reform() -> None:
    assert code("Thủy Phù", MERGED) == "19960"
    assert code("xã Lộc Sơn", MERGED) == "20131"
    assert code("Vinh Hải", MERGED) == "20122"
    assert code("Thủy Vân", MERGED) == "19777"
    assert code("Lăng Cô", MERGED) == code("Chân Mây - Lăng Cô", MERGED) == "20137"
    assert isinstance(commune_on(HUE, "Vinh Lộc", PILOT), Unknown)


def test_loc_son_is_a_town_from_2025() -> None:
    before, after = (commune_on(HUE, "Lộc Sơn", date(year, 1, 1)) for year in (2024, 2025))

    assert isinstance(before, Commune)
    assert isinstance(after, Commune)
    assert (before.full_name, after.full_name) == ("Xã Lộc Sơn", "Thị trấn Lộc Sơn")


def test_phu_loc_is_asked_back_until_it_is_clear_which_one() -> None:
    bare = commune_on(HUE, "Phú Lộc", PILOT)

    assert isinstance(bare, Ambiguous)
    assert [commune.full_name for commune in bare.communes] == ["Thị trấn Phú Lộc"]
    assert [area.full_name for area in bare.areas] == ["Huyện Phú Lộc"]
    assert code("Phú Lộc", district="Huyện Phú Lộc") == "20107"
    assert code("Phú Lộc", district="482") == "20107"
    assert code("Phú Lộc, huyện Phú Lộc") == "20107"
    assert code("TT. Phú Lộc") == "20107"


def test_a_district_is_never_taken_for_a_commune() -> None:
    assert commune_on(HUE, "Huyện Phú Lộc", PILOT) == Ambiguous(
        "Huyện Phú Lộc", (), places.paid_areas(HUE, PILOT)[1:]
    )
    town = commune_on(HUE, "Hương Thủy", PILOT)
    assert isinstance(town, Ambiguous)
    assert (town.communes, [area.code for area in town.areas]) == ((), ["479"])


def test_huong_thuy_is_a_ward_too_after_the_reform() -> None:
    assert isinstance(commune_on(HUE, "Hương Thủy", MERGED), Ambiguous)
    assert code("P. Hương Thủy", MERGED) == "19975"
    assert code("Hương Thủy", MERGED, district="479") == "19975"


@pytest.mark.parametrize("district", ["Huyện Phú Vang", "479", "Hương Thủy", "000"])
def test_a_wrong_district_finds_no_commune(district: str) -> None:
    assert commune_on(HUE, "Vinh Hưng", PILOT, district=district) == Unknown("Vinh Hưng")


def test_an_empty_district_is_no_hint() -> None:
    assert code("Vinh Hưng", district="  ") == "20116"


@given(st.text(max_size=40), days)
def test_any_text_has_an_answer(text: str, day: date) -> None:
    found = commune_on(HUE, text, day)

    assert not isinstance(found, Commune) or found.valid.holds(day)


@given(st.sampled_from(HUE.communes), days)
def test_a_commune_lives_on_in_one_that_is_there_on_the_day(commune: Commune, day: date) -> None:
    heir = places.heir(HUE, commune, day)

    if day < commune.valid.first:
        assert heir is None
    elif heir is not None:
        assert heir.valid.holds(day)
    else:
        pytest.fail(f"{commune} is lost on {day}")


@given(st.sampled_from(HUE.communes), days)
def test_the_full_name_of_a_present_commune_is_never_ambiguous(commune: Commune, day: date) -> None:
    if commune.valid.holds(day):
        assert commune_on(HUE, commune.full_name, day) is commune


def test_places_of_one_programme_are_not_those_of_another() -> None:
    empty = replace(HUE, communes=(), aliases=())

    assert commune_on(empty, "Vinh Hưng", PILOT) == Unknown("Vinh Hưng")
    assert code("Vinh Hưng") == "20116"

"""Adding officers: a code that can be typed again, a place that exists."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.officers import active_officer
from core.refusals import Refusal
from tests.bot.parts import Office


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    made = Office(database_url, tmp_path)
    yield made
    made.close()


def add(office: Office, code: str, role: str, place: str) -> int:
    return office.types("staff", "add", "--role", role, "--place", place, "--", code)


@pytest.mark.parametrize(
    ("role", "place"),
    [
        ("commune", "19960"),
        ("commune", "479"),
        ("district", "479"),
        ("district", "*"),
        ("province", "*"),
        ("provider", "vietinbank"),
        ("provider", "*"),
    ],
)
def test_an_officer_has_a_place_of_the_programme(office: Office, role: str, place: str) -> None:
    assert add(office, "an", role, place) == 0
    assert add(office, "an", role, place) == 0


@pytest.mark.parametrize(
    ("role", "place"),
    [
        ("commune", "999999"),
        ("commune", "vietinbank"),
        ("district", "Phú Lộc"),
        ("provider", "19960"),
        ("provider", "ngân hàng"),
        ("province", ""),
    ],
)
def test_a_place_that_is_none_is_refused(office: Office, role: str, place: str) -> None:
    assert add(office, "an", role, place) == 2
    assert f"“{place}”" in office.err.getvalue()
    assert "479" in office.err.getvalue()
    assert isinstance(active_officer(office.session.parts, "an"), Refusal)


@pytest.mark.parametrize("code", ["x y", " an", "an\n", "a\x07n", "a\u200bn", "", "a" * 65])
def test_a_code_that_nobody_could_type_again_is_refused(office: Office, code: str) -> None:
    assert add(office, code, "province", "*") == 2
    assert "Mã cán bộ" in office.err.getvalue()


def test_a_code_of_another_place_says_so(office: Office) -> None:
    assert add(office, "an", "district", "479") == 0
    assert add(office, "an", "district", "482") == 2
    assert office.err.getvalue().startswith("Mã an đã thuộc vai trò hoặc nơi khác.")


def test_a_role_that_may_not_move_a_month_is_told_so(office: Office) -> None:
    assert add(office, "xa", "commune", "19960") == 0
    assert office.types("cycle", "freeze", "2021-04", "--by", "xa") == 2
    assert office.err.getvalue().startswith("Vai trò của cán bộ xa không được làm việc này.")

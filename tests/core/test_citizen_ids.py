"""Identity numbers are repaired only where nothing else can be meant."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.citizen_ids import citizen_id, doubts
from core.refusals import Code, Refusal

provinces = st.sampled_from(["001", "002", "008", "010", "046", "045", "079", "096"])
cccd = st.builds(
    lambda province, rest: province + rest,
    provinces,
    st.from_regex(r"[0-3][0-9]{8}", fullmatch=True),
)


@given(cccd)
def test_a_number_is_read_however_a_list_holds_it(number: str) -> None:
    spaced = f"{number[:3]} {number[3:6]}.{number[6:9]}-{number[9:]}"

    assert {citizen_id(cell) for cell in (number, spaced, int(number), float(number))} == {number}


@given(cccd.filter(lambda number: not number.startswith("00")))
def test_one_lost_zero_comes_back_in_a_text_too(number: str) -> None:
    assert citizen_id(number.removeprefix("0")) == number


@pytest.mark.parametrize("cell", ["191234567", 191234567.0, "191 234 567", "191234567.0"])
def test_an_old_card_has_nine_digits(cell: object) -> None:
    assert citizen_id(cell) == "191234567"


def test_an_old_card_that_a_spreadsheet_shortened_is_repaired() -> None:
    assert citizen_id(12345678.0) == "012345678"


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("12345678", Code.CITIZEN_ID_WRONG_LENGTH),
        ("1056000123", Code.CITIZEN_ID_WRONG_LENGTH),
        ("99056000123", Code.CITIZEN_ID_WRONG_LENGTH),
        ("46956000123", Code.CITIZEN_ID_WRONG_LENGTH),
        (99056000123.0, Code.CITIZEN_ID_WRONG_LENGTH),
        ("01056000123", Code.CITIZEN_ID_WRONG_LENGTH),
        ("04605600012", Code.CITIZEN_ID_WRONG_LENGTH),
        ("0460560001234", Code.CITIZEN_ID_WRONG_LENGTH),
        ("4.6056E+10", Code.CITIZEN_ID_NOT_A_NUMBER),
        ("chưa có", Code.CITIZEN_ID_NOT_A_NUMBER),
        ("", Code.CITIZEN_ID_NOT_A_NUMBER),
        ("٠٤٦٠٥٦٠٠٠١٢٣", Code.CITIZEN_ID_NOT_A_NUMBER),
    ],
)
def test_what_is_not_certain_is_refused(cell: object, code: Code) -> None:
    found = citizen_id(cell)

    assert isinstance(found, Refusal)
    assert found.code is code


@given(st.text() | st.from_regex(r"[0-9 .]{7,14}", fullmatch=True) | st.floats() | st.integers())
def test_any_cell_is_a_number_or_a_refusal(cell: object) -> None:
    found = citizen_id(cell)

    assert isinstance(found, Refusal) or re.fullmatch(r"[0-9]{9}|[0-9]{12}", found)


@pytest.mark.parametrize(
    ("number", "birth_year", "sex", "expected"),
    [
        ("046056000123", 1956, "m", ()),
        ("046156000123", 1956, "f", ()),
        ("046215000123", 2015, "m", ()),
        ("046056000123", None, None, ()),
        ("191234567", 1956, "m", ()),
        ("046056000123", 1957, "m", ("birth_year",)),
        ("046156000123", 1956, "m", ("sex",)),
        ("046215000123", 1915, "m", ("century",)),
        ("046156000123", 1961, "m", ("birth_year", "sex")),
        ("046956000123", 1956, "m", ("century",)),
    ],
)
def test_what_the_digits_say_against_the_list_is_a_doubt(
    number: str, birth_year: int | None, sex: str | None, expected: tuple[str, ...]
) -> None:
    assert doubts(number, birth_year=birth_year, sex=sex) == expected

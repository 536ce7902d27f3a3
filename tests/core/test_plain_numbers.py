"""A spreadsheet's number is the digits somebody typed, as far as it still knows them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.citizen_ids import citizen_id
from core.money import amount_of
from core.phones import mobile
from core.plain_numbers import is_numeric, plain_number


@pytest.mark.parametrize(
    ("cell", "typed"),
    [
        (912345678.0, "912345678"),
        ("912345678.0", "912345678"),
        (46056000123, "46056000123"),
        ("'0912345678", "0912345678"),
        (" ０９１２ ", "0912"),
        ("0912.345.678.0", "0912.345.678.0"),
        (1.5, "1.5"),
        (1e16, "1e+16"),
        (None, ""),
        (True, "True"),
    ],
)
def test_a_number_is_written_as_it_was_typed(cell: object, typed: str) -> None:
    assert plain_number(cell) == typed


@given(st.integers(0, 2**53 - 1))
def test_no_digit_changes_on_the_way(number: int) -> None:
    assert plain_number(float(number)) == plain_number(number) == plain_number(str(number))


@given(st.floats() | st.text() | st.none())
def test_any_cell_has_a_text(cell: object) -> None:
    assert isinstance(plain_number(cell), str)


@pytest.mark.parametrize(("cell", "yes"), [(1, True), (1.0, True), (True, False), ("1", False)])
def test_only_numbers_have_lost_their_zeros(cell: object, yes: bool) -> None:
    assert is_numeric(cell) is yes


digits = st.text("0123456789", min_size=1, max_size=13)


@given(digits)
def test_what_needs_no_repair_means_the_same_as_with_blanks_around_it(text: str) -> None:
    # The readers look first whether a cell is right as it stands; that must change no answer.
    assert citizen_id(text) == citizen_id(f" {text} ")
    assert mobile(text) == mobile(f" {text} ")
    assert amount_of(text) == amount_of(f" {text} ")
    assert amount_of(text, zero=True) == amount_of(f" {text} ", zero=True)

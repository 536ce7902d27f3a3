"""An account number is taken as given; a card number is told apart."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.accounts import account, is_card_number, is_usual
from core.refusals import Code, Refusal


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("100012345678", "100012345678"),
        ("1000 1234 5678", "100012345678"),
        ("1000-1234.5678", "100012345678"),
        (100012345678.0, "100012345678"),
        ("100012345678.0", "100012345678"),
        ("711a12345678", "711A12345678"),
        ("123456", "123456"),
        ("1" * 19, "1" * 19),
        ("5111111111111111", "5111111111111111"),
    ],
)
def test_an_account_is_read_however_it_is_written(cell: object, number: str) -> None:
    assert account(cell) == number


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("", Code.ACCOUNT_MISSING),
        (None, Code.ACCOUNT_MISSING),
        ("chua co", Code.ACCOUNT_BAD_CHARACTER),
        ("chưa có", Code.ACCOUNT_BAD_CHARACTER),
        ("9.70415E+15", Code.ACCOUNT_BAD_CHARACTER),
        (1e17, Code.ACCOUNT_BAD_CHARACTER),
        ("9704151234567890", Code.ACCOUNT_IS_CARD_NUMBER),
        ("9704 1512 3456 7890", Code.ACCOUNT_IS_CARD_NUMBER),
        ("9704151234567890123", Code.ACCOUNT_IS_CARD_NUMBER),
        ("4111 1111 1111 1111", Code.ACCOUNT_IS_CARD_NUMBER),
        (9704151234567890.0, Code.ACCOUNT_IS_CARD_NUMBER),
        ("12345", Code.ACCOUNT_WRONG_LENGTH),
        ("1" * 20, Code.ACCOUNT_WRONG_LENGTH),
    ],
)
def test_what_cannot_be_an_account_is_refused(cell: object, code: Code) -> None:
    found = account(cell)

    assert isinstance(found, Refusal)
    assert found.code is code


@given(st.text() | st.from_regex(r"[0-9A-Za-z .]{5,22}", fullmatch=True) | st.floats())
def test_any_cell_is_an_account_or_a_refusal(cell: object) -> None:
    found = account(cell)

    assert isinstance(found, Refusal) or re.fullmatch(r"[0-9A-Z]{6,19}", found)


@given(st.from_regex(r"[0-9]{6,19}", fullmatch=True))
def test_an_account_read_again_is_the_same(number: str) -> None:
    found = account(number)

    assert is_card_number(number) if isinstance(found, Refusal) else found == number


@pytest.mark.parametrize(
    ("number", "usual"), [("100012345678", True), ("711A12345678", False), ("10001234567", False)]
)
def test_an_unusual_number_is_known(number: str, usual: bool) -> None:
    assert is_usual(number) is usual

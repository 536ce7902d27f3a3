"""Invented numbers are read by the importer as what they are."""

from random import Random

import pytest

from core.accounts import account, is_usual
from core.citizen_ids import citizen_id, doubts
from core.phones import mobile
from core.simulation.numbers import Numbers, phone_as_written


@pytest.mark.parametrize(("sex", "born"), [("m", 1938), ("f", 1975), ("m", 2009), ("f", 2018)])
def test_a_card_number_agrees_with_its_holder(sex: str, born: int) -> None:
    number = Numbers(Random(1)).citizen_id(sex=sex, born=born)

    assert citizen_id(number) == number
    assert doubts(number, birth_year=born, sex=sex) == ()


def test_an_old_card_has_nine_digits() -> None:
    number = Numbers(Random(1)).old_identity_card()

    assert citizen_id(number) == number
    assert len(number) == 9


def test_a_phone_is_read_back_however_it_was_written() -> None:
    rng = Random(2)
    numbers = Numbers(rng)
    phones = [numbers.phone() for _ in range(2_000)]
    written = [phone_as_written(phone, rng) for phone in phones]

    assert [mobile(text) for text in written] == phones
    assert any(len(text) == 11 and text.startswith("01") for text in written)
    assert any(text.startswith("+84") for text in written)


def test_an_account_looks_like_the_banks() -> None:
    number = Numbers(Random(1)).account()

    assert account(number) == number
    assert is_usual(number)


def test_no_number_is_given_twice() -> None:
    numbers = Numbers(Random(9))
    given = [numbers.citizen_id(sex="f", born=1940) for _ in range(20_000)]

    assert len(set(given)) == len(given)

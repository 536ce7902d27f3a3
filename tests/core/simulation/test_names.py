"""Invented people have names that could be real ones."""

from random import Random

import pytest

from core.names import person_name
from core.simulation.names import family_of, full_name


@pytest.mark.parametrize("sex", ["m", "f"])
@pytest.mark.parametrize("born", [1925, 1972, 2015])
def test_every_name_is_one_that_lists_accept_as_it_is(sex: str, born: int) -> None:
    rng = Random(7)
    names = [full_name(rng, sex=sex, born=born) for _ in range(500)]

    assert [person_name(name) for name in names] == names
    assert len(set(names)) > 100


def test_the_same_seed_names_the_same_people() -> None:
    first, second = Random(3), Random(3)

    assert [full_name(first, sex="f", born=1940) for _ in range(50)] == [
        full_name(second, sex="f", born=1940) for _ in range(50)
    ]


def test_some_bear_the_names_of_the_old_royal_house() -> None:
    rng = Random(1)
    names = {full_name(rng, sex="f", born=1940) for _ in range(2_000)}

    assert any(name.startswith("Tôn Nữ") for name in names)
    assert any(name.startswith("Công Tằng Tôn Nữ") for name in names)


def test_a_child_can_bear_the_family_name_of_a_parent() -> None:
    name = full_name(Random(5), sex="m", born=2016, family="Hồ")

    assert family_of(name) == "Hồ"

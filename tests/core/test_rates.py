"""What a category is worth in a month. Source: Decree 20/2021/ND-CP art. 4 to 6."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import programme
from core.calendar import Cycle
from core.rates import (
    NoBaseRate,
    amount_for,
    base_rate,
    category_on,
    coefficient,
    monthly_amount,
    public_label,
)
from core.refusals import Code, Refusal

HUE = programme.load(programme.FOLDER / "thua-thien-hue-2021")
SPRING, SUMMER, LATER = Cycle(2021, 4), Cycle(2021, 7), Cycle(2024, 7)
CODES = sorted(category.code for category in HUE.categories)


@pytest.mark.parametrize(
    ("day", "amount"),
    [
        *[(date(2015, 1, 1), 270_000), (date(2021, 6, 30), 270_000), (date(2021, 7, 1), 360_000)],
        *[(date(2024, 6, 30), 360_000), (date(2024, 7, 1), 500_000)],
    ],
)
def test_the_base_level_changes_on_its_day(day: date, amount: int) -> None:
    assert base_rate(HUE, day) == amount


def test_before_the_data_begin_there_is_no_base_level() -> None:
    with pytest.raises(NoBaseRate, match="2014-12-31"):
        base_rate(HUE, date(2014, 12, 31))


@pytest.mark.parametrize(
    ("category", "spring", "summer", "later"),
    [
        ("5.1a", 675_000, 900_000, 1_250_000),
        ("5.1b", 405_000, 540_000, 750_000),
        ("5.2", 405_000, 540_000, 750_000),
        ("5.3a", 675_000, 900_000, 1_250_000),
        ("5.3b", 540_000, 720_000, 1_000_000),
        ("5.4", 270_000, 360_000, 500_000),
        ("5.5a1", 405_000, 540_000, 750_000),
        ("5.5a2", 540_000, 720_000, 1_000_000),
        ("5.5b", None, 360_000, 500_000),
        ("5.5c", 270_000, 360_000, 500_000),
        ("5.5d", 810_000, 1_080_000, 1_500_000),
        ("5.6a", 540_000, 720_000, 1_000_000),
        ("5.6b", 675_000, 900_000, 1_250_000),
        ("5.6c", 405_000, 540_000, 750_000),
        ("5.6d", 540_000, 720_000, 1_000_000),
        ("5.7", None, 540_000, 750_000),
        ("5.8", 405_000, 540_000, 750_000),
    ],
)
def test_amounts_are_those_of_the_decrees(
    category: str, spring: int | None, summer: int, later: int
) -> None:
    found = amount_for(HUE, category, SPRING)
    assert (None if isinstance(found, Refusal) else found) == spring
    assert amount_for(HUE, category, SUMMER) == summer
    assert amount_for(HUE, category, LATER) == later


@pytest.mark.parametrize(
    ("categories", "amount"),
    [
        (["5.5c"], 360_000),
        (["5.5c", "5.6c"], 540_000),  # the highest only
        (["5.4"], 360_000),
        (["5.4", "5.4"], 720_000),  # two children
        (["5.4", "5.6c"], 900_000),  # both: poor single parent with a disability
        (["5.4", "5.4", "5.6c", "5.8"], 1_260_000),
        (["5.4", "5.2"], 540_000),  # group 2 is not paid beside group 4
        (["5.4", "5.4", "5.2"], 720_000),
        ([], 0),
    ],
)
def test_several_categories_count_by_the_rule(categories: list[str], amount: int) -> None:
    assert monthly_amount(HUE, categories, SUMMER) == amount


def test_under_the_older_decree_two_children_are_one_sum() -> None:
    assert monthly_amount(HUE, ["5.4b"], SPRING) == 540_000
    assert isinstance(monthly_amount(HUE, ["5.4b"], SUMMER), Refusal)


@pytest.mark.parametrize("categories", [["5.9"], ["5.5c", "?"], [""]])
def test_an_unknown_category_is_refused_by_name(categories: list[str]) -> None:
    refused = Refusal(Code.CATEGORY_UNKNOWN, {"category": categories[-1], "cycle": "2021-07"})

    assert monthly_amount(HUE, categories, SUMMER) == refused


@given(st.lists(st.sampled_from(CODES), max_size=5), st.integers(0, 70))
def test_order_does_not_matter_and_more_never_pays_less(codes: list[str], months: int) -> None:
    month = SUMMER.plus(months)
    codes = [code for code in codes if coefficient(HUE, code, month.first_day)]

    amount = monthly_amount(HUE, codes, month)
    fewer = monthly_amount(HUE, codes[1:], month)

    assert isinstance(amount, int)
    assert isinstance(fewer, int)
    assert amount == monthly_amount(HUE, codes[::-1], month)
    assert amount >= fewer


def test_hiv_never_shows_in_a_public_label() -> None:
    for category in HUE.categories:
        sensitive = category.group in {3, 8}
        assert category.sensitive is sensitive
        for lang in ("vi", "en"):
            label = public_label(category, lang)
            assert "HIV" not in label
            assert not sensitive or label in {
                "trợ cấp xã hội hàng tháng",
                "monthly social assistance",
            }


def test_a_coefficient_is_a_decimal_of_its_day() -> None:
    assert coefficient(HUE, "5.7", date(2021, 6, 30)) is None
    assert coefficient(HUE, "5.7", date(2021, 7, 1)) == Decimal("1.5")
    assert category_on(HUE, "5.7", date(2021, 6, 30)) is None

"""Sums of money, in whole đồng."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.conversation.understanding.amounts import amounts
from core.conversation.understanding.normalise import normalise


@pytest.mark.parametrize(
    ("text", "sums"),
    [
        ("500k", [500_000]), ("500 ngàn", [500_000]), ("500 nghìn", [500_000]),
        ("500.000đ", [500_000]), ("500,000 vnd", [500_000]), ("500 000", [500_000]),
        ("năm trăm nghìn", [500_000]), ("năm trăm", [500_000]), ("nửa triệu", [500_000]),
        ("1tr5", [1_500_000]), ("1tr080", [1_080_000]), ("2tr", [2_000_000]),
        ("2,5 triệu", [2_500_000]), ("triệu rưỡi", [1_500_000]), ("1 triệu rưỡi", [1_500_000]),
        ("1 triệu 2", [1_200_000]), ("1 triệu 80 ngàn", [1_000_000, 80_000]),
        ("bốn trăm lẻ năm ngàn", [405_000]), ("bốn trăm lẻ năm", [405_000]), ("405", [405_000]),
        ("540000", [540_000]), ("1.080.000", [1_080_000]), ("5 xị", [500_000]),
        ("2 củ", [2_000_000]), ("hai triệu tư", [2_400_000]),
        ("một triệu không trăm tám mươi nghìn", [1_080_000]),
        ("hai trăm bảy mươi nghìn đồng", [270_000]), ("360k hay 540k", [360_000, 540_000]),
        ("chi co 270 ngan thoi", [270_000]),
    ],
)  # fmt: skip
def test_a_sum_is_read_as_people_say_it(text: str, sums: list[int]) -> None:
    assert list(amounts(normalise(text))) == sums


@pytest.mark.parametrize(
    "text",
    [
        "mẹ tôi 83 tuổi", "tháng 4", "số 0905123456", "năm 2021", "3 tháng", "xóm 105",
        "mã 482913", "046000000000", "ngày 30/4", "hai người", "nhà số 150", "lần 2",
    ],
)  # fmt: skip
def test_other_numbers_are_no_sums(text: str) -> None:
    assert amounts(normalise(text)) == ()


@given(st.integers(1, 9_999))
def test_a_sum_written_with_dots_is_read_back(thousands: int) -> None:
    written = f"{thousands * 1000:,}".replace(",", ".")
    assert amounts(normalise(f"được {written}đ")) == (thousands * 1000,)

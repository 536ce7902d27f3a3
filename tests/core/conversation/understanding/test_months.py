"""Which month a message speaks of."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.conversation.understanding.months import Doubt, month, months
from core.conversation.understanding.normalise import normalise

TODAY = date(2021, 4, 20)


@pytest.mark.parametrize(
    ("text", "cycle"),
    [
        ("tháng 4 có chưa", "2021-04"), ("t4 chua", "2021-04"), ("th4 co chua", "2021-04"),
        ("thang tu", "2021-04"), ("Tháng Tư", "2021-04"), ("4/2021", "2021-04"),
        ("t11/2020 nhan chua", "2020-11"), ("tháng 4 năm 2021", "2021-04"),
        ("tháng trước", "2021-03"), ("tháng ni", "2021-04"), ("thang nay co tien chua", "2021-04"),
        ("kỳ này", "2021-04"), ("đợt rồi", "2021-03"), ("kỳ vừa rồi", "2021-03"),
        ("thang truoc nua", "2021-02"), ("tháng sau", "2021-05"), ("tháng tới", "2021-05"),
        ("tháng sáu", "2021-06"), ("tháng 12", "2020-12"), ("tháng 5", "2021-05"),
        ("tháng 6", "2021-06"), ("tháng 7", "2020-07"), ("tháng mười một", "2020-11"),
        ("thang muoi hai", "2020-12"), ("tháng 3 năm ngoái", "2020-03"), ("thangs 5", "2021-05"),
        ("tháng trước có mà tháng này chưa", "2021-04"),
        ("tháng này chưa có, tháng trước có rồi", "2021-04"),
        ("tháng này ba tôi nhận chưa", "2021-04"), ("tháng 5 dương lịch", "2021-05"),
    ],
)  # fmt: skip
def test_a_month_is_understood_as_it_is_said(text: str, cycle: str) -> None:
    mention = month(normalise(text))
    assert mention is not None
    assert str(mention.on(TODAY)) == cycle


@pytest.mark.parametrize(
    ("text", "doubt", "candidates"),
    [
        ("tháng giêng", Doubt.LUNAR, ["2021-02", "2021-01"]),
        ("thang chap", Doubt.LUNAR, ["2021-01", "2020-12"]),
        ("mồng 5 tháng 5", Doubt.LUNAR, ["2021-06", "2021-05"]),
        ("rằm tháng 3", Doubt.LUNAR, ["2021-04", "2021-03"]),
        ("tháng 3 âm lịch", Doubt.LUNAR, ["2021-04", "2021-03"]),
        ("thang sau co tien khong", Doubt.JUNE_OR_NEXT, ["2021-05", "2021-06"]),
    ],
)
def test_a_doubtful_month_is_asked_back(text: str, doubt: Doubt, candidates: list[str]) -> None:
    mention = month(normalise(text))
    assert mention is not None
    assert mention.doubt is doubt
    assert [str(cycle) for cycle in mention.candidates(TODAY)] == candidates
    assert mention.on(TODAY) is None


@pytest.mark.parametrize(
    "text",
    [
        "mỗi tháng ba trăm", "một tháng 3 triệu", "ngày 30/4 có phát không", "tháng năm ngoái",
        "tháng 13", "lần 2", "tiền về chưa", "hằng tháng", "sinh ngày 4/2021",
    ],
)  # fmt: skip
def test_counts_dates_and_sums_are_no_months(text: str) -> None:
    assert month(normalise(text)) is None


def test_all_months_are_kept_in_order() -> None:
    found = months(normalise("tháng 3 với t4 và tháng 3"))
    assert [mention.month for mention in found] == [3, 4]


def test_thang_sau_is_certain_when_only_one_candidate_is_left() -> None:
    mention = month(normalise("thang sau"))
    assert mention is not None
    assert str(mention.on(date(2021, 5, 3))) == "2021-06"


@given(st.integers(1, 12), st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_a_month_by_number_is_never_far_from_today(number: int, today: date) -> None:
    mention = month(normalise(f"tháng {number}"))
    assert mention is not None
    cycle = mention.on(today)
    assert cycle is not None
    distance = (cycle.year - today.year) * 12 + cycle.month - today.month
    assert cycle.month == number
    assert -9 <= distance <= 2

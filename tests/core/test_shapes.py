"""Numbers are found however they are typed, and named for all they may be."""

import time

import pytest

from core.shapes import Shape, findings


def shapes(text: str) -> list[tuple[str, Shape]]:
    return [(text[one.start : one.end], one.shape) for one in findings(text)]


def test_the_place_of_a_number_is_its_place_in_the_text_as_it_was_typed() -> None:
    typed = "ma\u0303 pin\u00a0la\u0300 1\u200b234 nhé"

    assert shapes(typed) == [("1\u200b234", Shape.SECRET)]


@pytest.mark.parametrize(
    ("text", "possible"),
    [
        ("so 0912345678", {Shape.PHONE, Shape.ACCOUNT}),
        ("so 046056000123", {Shape.PHONE, Shape.CITIZEN_ID, Shape.ACCOUNT}),
        ("so 191234567", {Shape.PHONE, Shape.CITIZEN_ID, Shape.ACCOUNT}),
        ("so 1234567", {Shape.CODE, Shape.AMOUNT, Shape.ACCOUNT}),
        ("so 1234567890123456789", {Shape.ACCOUNT}),
        ("so 9704151234567890", {Shape.CARD, Shape.ACCOUNT}),
        ("so 12345678901234567890", set()),
    ],
)
def test_a_number_is_named_for_all_it_may_be(text: str, possible: set[Shape]) -> None:
    found = list(findings(text))

    assert found
    assert {shape for one in found for shape in one.possible} == possible


@pytest.mark.parametrize(
    "text",
    [
        *("", "Tiền về chưa ạ?", "tháng 4/2021", "ngày 15/04/2021 lúc 9h30", "1", "2 thieu", "405"),
        *("1.080.000 đ", "540 000", "12.345.000 đ", "500k", "HT000123", "2104-HT000123-M-1"),
        *("2021-04-15T09:00:00.123456+00:00", "DS_202104.xlsx", "1950", "nhận 360000 thôi"),
        *("quên mã PIN rồi", "đổi mật khẩu ở đâu", "ai hỏi OTP thì đừng đưa", "mk có 2 đứa con"),
    ],
)
def test_what_gives_nobody_away_is_left_alone(text: str) -> None:
    assert shapes(text) == []


@pytest.mark.parametrize(
    "text",
    [
        *("9" * 10_000, "1 " * 5_000, "pin " * 2_500, "pin la " * 1_500 + "x", "1234 " * 2_000),
        *("0" * 5 + " ." * 5_000, "ma la " * 1_600, "(" * 10_000, "123-" * 2_500, "o9 " * 3_000),
        "mat khau cua toi la the so " * 370,
    ],
)
def test_ten_thousand_characters_take_no_time(text: str) -> None:
    before = time.perf_counter()
    list(findings(text))

    assert time.perf_counter() - before < 1

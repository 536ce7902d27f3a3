"""Who is meant, among the few people one may ask for."""

import pytest

from core.conversation.understanding.normalise import normalise
from core.conversation.understanding.wards import ward_named

NAMES = ("Nguyễn Thị Hoa", "Trần Văn Nam", "Lê Thị Hòa")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("bà Hoa", 0), ("nam", 1), ("cho nguyen thi hoa", 0), ("NGUYEN THI HOA", 0),
        ("cháu Nam năm nay 5 tuổi", 1), ("mẹ Hòa", 2), ("tiền của Nam về chưa", 1),
        ("cho em Trần Văn Nam", 1),
    ],
)  # fmt: skip
def test_one_of_them_is_recognised(text: str, place: int) -> None:
    assert ward_named(normalise(text), NAMES) == place


@pytest.mark.parametrize(
    "text", ["năm nay bao nhiêu", "nam nay co tien chua", "bà Tý", "tiền về chưa", "", "Nguyễn Thị"]
)
def test_common_words_and_strangers_are_nobody(text: str) -> None:
    assert ward_named(normalise(text), NAMES) is None


def test_two_of_one_name_are_asked_back() -> None:
    assert ward_named(normalise("chị Hoa"), ("Nguyễn Thị Hoa", "Lê Hoa")) is None
    assert ward_named(normalise("ba hoa"), ("Nguyễn Thị Hoa", "Lê Thị Hòa")) is None

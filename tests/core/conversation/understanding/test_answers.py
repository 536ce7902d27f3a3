"""Numbers of a menu, yes and no, codes; above all what is not a yes."""

import pytest

from core.conversation.understanding.answers import Answer, code, menu_number, yes_no
from core.conversation.understanding.normalise import normalise


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2", 2), ("so 2", 2), ("số hai", 2), ("2 nha", 2), ("chọn cái thứ ba", 3), ("hai", 2),
        ("0", 0), ("12", 12), ("bấm 1 ạ", 1), ("thứ hai", 2), ("1.", 1), ("2)", 2),
        ("toi chon so 1 nha", 1), ("mục 3", 3), ("2 nghe o", 2), ("số một", 1),
    ],
)  # fmt: skip
def test_a_line_of_a_menu_is_named_in_many_ways(text: str, number: int) -> None:
    assert menu_number(normalise(text)) == number


@pytest.mark.parametrize("text", ["22222", "1 hay 2", "tháng 4", "500k", "không", "", "một hai"])
def test_what_names_no_line_is_no_number(text: str) -> None:
    assert menu_number(normalise(text)) is None


@pytest.mark.parametrize(
    "text",
    ["đúng", "đúng rồi ạ", "Ừ đúng rứa", "có", "có ạ", "vâng", "dạ phải", "ok", "okie", "ừ",
     "đồng ý", "dong y", "chính xác", "đúng là tôi", "có nhận rồi", "duoc", "ddungs roofi"],
)  # fmt: skip
def test_a_clear_yes_is_a_yes_to_money_too(text: str) -> None:
    assert yes_no(normalise(text)) is Answer.YES
    assert yes_no(normalise(text), about_money=True) is Answer.YES


@pytest.mark.parametrize(
    "text",
    ["không", "ko", "k", "hong phai", "không phải mô", "chưa", "chưa nhận", "sai rồi", "nỏ phải",
     "không đúng", "khoan đã", "không phải tôi", "khoong phair"],
)  # fmt: skip
def test_a_no_is_a_no(text: str) -> None:
    assert yes_no(normalise(text)) is Answer.NO
    assert yes_no(normalise(text), about_money=True) is Answer.NO


@pytest.mark.parametrize(
    "text", ["dung", "Dung", "dung a", "đừng", "dừng", "dùng", "đừng gửi", "dung la toi", "dunng"]
)
def test_dung_is_no_yes(text: str) -> None:
    assert yes_no(normalise(text)) is None
    assert yes_no(normalise(text), about_money=True) is None


@pytest.mark.parametrize("text", ["dung roi", "dạ", "da", "1", "số 1"])
def test_politeness_numbers_and_unmarked_words_are_no_yes_to_money(text: str) -> None:
    assert yes_no(normalise(text)) is Answer.YES
    assert yes_no(normalise(text), about_money=True) is None


@pytest.mark.parametrize(
    "text",
    ["", "đúng không", "dung khong", "có chưa", "có không?", "không sai", "tiền về chưa",
     "tôi bị lừa", "có người gọi điện xưng là cán bộ", "..."],
)  # fmt: skip
def test_questions_and_stories_are_neither(text: str) -> None:
    assert yes_no(normalise(text)) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("482913", "482913"), ("ma lien ket cua toi la 482913", "482913"),
        ("48 29 13", "482913"), ("482-913", "482913"), ("Mã: 482913 ạ", "482913"),
        ("ma 48291o", "482910"), ("K7P2-9QMX", "K7P29QMX"), ("mã k7p29qmx", "K7P29QMX"),
    ],
)  # fmt: skip
def test_a_code_is_found(text: str, found: str) -> None:
    assert code(normalise(text)) == found


@pytest.mark.parametrize(
    "text", ["0905123456", "0905 123456", "046000000000", "540.000", "123456 654321", "tháng 4", ""]
)
def test_phones_sums_and_two_codes_are_no_code(text: str) -> None:
    assert code(normalise(text)) is None

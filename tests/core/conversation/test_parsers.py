"""Answers are read from numbers, labels and words, with and without accents; doubt is asked."""

from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calendar import Cycle
from core.conversation.heard import heard
from core.conversation.menu import BadMenu, Choice, Menu
from core.conversation.parsers import (
    Asked,
    Option,
    Parser,
    account,
    amount,
    code,
    free_text,
    month,
    number,
    one_of,
    phone,
    ward,
    yes_no,
    yes_or_no,
)
from core.people import Basis, Role, Scope, Standing, Ward

TODAY = date(2021, 4, 20)

RECEIPT = one_of(
    [
        Option("full", 1, "Đã nhận đủ", ("du", "nhan du", "du roi")),
        Option("short", 2, "Nhận thiếu", ("thieu",)),
        Option("none", 3, "Chưa nhận được", ("chua", "chua nhan", "chua thay")),
    ]
)
WAYS = one_of(
    [
        Option("bank", "b", "Tài khoản ngân hàng VietinBank"),
        Option("post", "p", "Tiền mặt tại bưu điện"),
        Option("home", "h", "Nhận tiền tại nhà"),
    ]
)


T = TypeVar("T")


def settled(parser: Parser[T], text: str, *, confirms: bool = False) -> str | None:
    return parser.settle(heard(text), Asked(parser.menu("x.y"), confirms))


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("1", "full"), ("2", "short"), ("3", "none"), ("số 2", "short"), ("so 3", "none"),
        ("hai", "short"), ("cái thứ ba", "none"), ("3 nha", "none"), ("chọn 1 ạ", "full"),
        ("Đã nhận đủ", "full"), ("da nhan du", "full"), ("DA NHAN DU", "full"),
        ("đủ rồi", "full"), ("du roi a", "full"), ("nhận thiếu", "short"), ("thieu roi", "short"),
        ("bị thiếu 100k", "short"), ("chưa nhận được", "none"), ("chua", "none"),
        ("chưa thấy", "none"), ("dạ chưa ạ", "none"), ("ㅤ2", "short"), ("\u200b2", "short"),
        ("２", "short"),
    ],
)  # fmt: skip
def test_a_receipt_is_said_in_many_ways(text: str, key: str) -> None:
    assert settled(RECEIPT, text) == key


@pytest.mark.parametrize(
    "text",
    [
        "0", "4", "99", "1 2", "đủ hay thiếu", "không đủ", "khong thieu", "đã nhận đủ chưa?",
        "nhận", "tiền", "", "😀", "12345678901234567890", "1.5", "chua du", "dung",
    ],
)  # fmt: skip
def test_a_doubtful_receipt_is_asked_again(text: str) -> None:
    assert settled(RECEIPT, text) is None


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("ngan hang", "bank"), ("vietinbank", "bank"), ("bưu điện", "post"), ("buu dien", "post"),
        ("tai nha", "home"), ("ở nhà", "home"), ("tiền mặt", "post"), ("buu ddien", "post"),
        ("tài khoản ngân hàng", "bank"), ("cho toi nhan o buu dien", "post"),
    ],
)  # fmt: skip
def test_a_way_to_be_paid_is_named_by_a_part_of_its_label(text: str, key: str) -> None:
    assert settled(WAYS, text) == key


@pytest.mark.parametrize(
    "text", ["nhan tien", "khong phai buu dien", "bưu điện hay ngân hàng", "tiền"]
)
def test_a_way_that_is_not_clear_is_asked_again(text: str) -> None:
    assert settled(WAYS, text) is None


YES = ["đúng", "dung roi", "có", "phải rồi", "ừ", "vâng", "đồng ý", "1", "số 1", "ok", "yes", "u"]
NO = ["không", "khong", "sai", "chưa", "2", "số 2", "không phải", "no", "ko", "hông"]


@pytest.mark.parametrize("text", YES)
def test_yes_is_yes(text: str) -> None:
    assert settled(yes_no, text) == "yes"


@pytest.mark.parametrize("text", NO)
def test_no_is_no(text: str) -> None:
    assert settled(yes_no, text, confirms=True) == "no"


@pytest.mark.parametrize("text", ["dung", "dung dung", "DUNG", "dung nha", "đừng", "dung nhan"])
def test_dung_is_never_a_yes_to_anything(text: str) -> None:
    assert settled(yes_no, text, confirms=True) != "yes"
    assert settled(yes_no, text) != "yes"


@pytest.mark.parametrize("text", ["dạ", "dung roi", "da", "dung vay"])
def test_a_yes_to_money_must_be_unmistakable(text: str) -> None:
    assert settled(yes_no, text, confirms=True) is None


@pytest.mark.parametrize(
    "text",
    [
        "có lẽ",
        "co the",
        "hình như có",
        "tôi có nhận đâu",
        "hàng xóm có rồi mà tôi thì",
        "có hay không",
        "có không?",
    ],
)
def test_a_yes_somewhere_in_a_sentence_is_no_yes(text: str) -> None:
    assert settled(yes_no, text) is None
    assert settled(yes_no, text, confirms=True) is None


def test_labels_of_ones_own_are_chosen_by_their_words() -> None:
    own = yes_or_no(yes="Gặp cán bộ", no="Để sau")

    assert settled(own, "gap can bo di") == "yes"
    assert settled(own, "de sau") == "no"
    assert settled(own, "cán bộ") == "yes"
    assert settled(own, "cán bộ", confirms=True) is None


@pytest.mark.parametrize("text", ["đúng", "đúng rồi ạ", "1", "đồng ý", "vâng đúng ạ"])
def test_a_clear_yes_to_money_is_taken(text: str) -> None:
    assert settled(yes_no, text, confirms=True) == "yes"


@pytest.mark.parametrize(
    ("text", "cycle"),
    [
        ("tháng 4", "2021-04"), ("thang tu", "2021-04"), ("t3", "2021-03"),
        ("4/2021", "2021-04"), ("thang ni", "2021-04"), ("tháng trước", "2021-03"),
        ("1", "2021-04"), ("2", "2021-03"),
    ],
)  # fmt: skip
def test_a_month_is_named_or_chosen(text: str, cycle: str) -> None:
    offered = month(TODAY, [Cycle(2021, 4), Cycle(2021, 3)])

    assert settled(offered, text) == cycle
    assert offered.value(cycle) == Cycle.parse(cycle)


@pytest.mark.parametrize("text", ["tháng giêng", "thang sau", "mồng 5", "hôm qua", "13/2021"])
def test_a_doubtful_month_is_asked_again(text: str) -> None:
    assert settled(month(TODAY), text) is None


def test_a_stored_month_that_is_none_is_asked_again() -> None:
    assert month(TODAY).value("2021-13") is None


@pytest.mark.parametrize(
    ("text", "kept"), [("123456", "123456"), ("mã là 123 456", "123456"), ("ABCD-1234", "ABCD1234")]
)
def test_a_code_is_found_in_what_is_typed(text: str, kept: str) -> None:
    assert settled(code, text) == kept


def test_numbers_phones_accounts_and_sums_are_read_by_their_rules() -> None:
    assert settled(phone, "0912 345 678") == "0912345678"
    assert settled(phone, "+84 912345678") == "0912345678"
    assert settled(phone, "12") is None
    assert settled(account, "101 0001 23456") == "101000123456"
    assert settled(account, "abc") is None
    assert settled(amount, "thiếu 100k") == "100000"
    assert settled(amount, "không biết") is None
    assert settled(number(1, 12), "12") == "12"
    assert settled(number(1, 12), "13") is None
    assert settled(number(1, 12), "ba") == "3"


def test_free_text_takes_words_and_refuses_what_is_no_text() -> None:
    place = free_text(samples=("nhà",), longest=40)

    assert settled(place, "  thôn\u200b 3,  xã X ") == "thôn 3, xã X"
    assert "4821" not in str(settled(place, "mã pin của tôi là 4821"))
    assert settled(place, "a" * 41) is None
    assert settled(place, "!?") is None


def a_ward(code: str, name: str) -> Ward:
    standing = Standing(
        1, 2, 3, Role.GUARDIAN, "", Basis.GUARDIAN_DECISION, Scope.ALL, True, TODAY, None
    )
    return Ward(2, code, name, 2015, "0001", False, standing)


WARDS = [a_ward("HT1", "Nguyễn Thị Hoa"), a_ward("HT2", "Nguyễn Văn Ba")]


@pytest.mark.parametrize(
    ("text", "code"),
    [("1", "HT1"), ("Hoa", "HT1"), ("nguyen thi hoa", "HT1"), ("ba", "HT2"), ("số 2", "HT2"),
     ("cho cháu Hoa", "HT1"), ("Nguyễn Văn Ba", "HT2")],
)  # fmt: skip
def test_a_ward_is_named(text: str, code: str) -> None:
    assert settled(ward(WARDS), text) == code


@pytest.mark.parametrize("text", ["Nguyễn", "3", "Lan", "cả hai"])
def test_a_ward_that_is_not_clear_is_asked_again(text: str) -> None:
    assert settled(ward(WARDS), text) is None


def test_a_ward_named_in_passing_is_found() -> None:
    assert ward(WARDS).mention(heard("tiền của bé Hoa về chưa")) == "HT1"
    assert ward(WARDS).mention(heard("tiền về chưa")) is None


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


def test_an_enum_is_a_menu_of_its_members() -> None:
    parser = one_of(Colour)

    assert parser.possible() == ("red", "blue")
    assert parser.value("blue") is Colour.BLUE
    assert parser.value("green") is None


def test_a_menu_has_between_one_and_nine_different_lines() -> None:
    for choices in ((), tuple(Choice(str(n), "x") for n in range(10)), (Choice("a", "x"),) * 2):
        with pytest.raises(BadMenu):
            Menu(choices)


PARSERS: list[Parser[Any]] = [
    RECEIPT,
    WAYS,
    yes_no,
    code,
    phone,
    account,
    amount,
    number(1, 9),
    month(TODAY),
]


@given(st.text(max_size=300))
def test_nothing_that_is_typed_breaks_a_parser(text: str) -> None:
    for parser in PARSERS:
        kept = settled(parser, text)
        assert kept is None or parser.value(kept) is not None


@given(st.sampled_from(PARSERS), st.sampled_from(["", " ạ", " nha", "!", "."]))
def test_every_sample_is_an_answer(parser: Parser[Any], tail: str) -> None:
    for kept in parser.possible():
        assert parser.value(kept) is not None
    for place, _ in enumerate(parser.options, start=1):
        assert settled(parser, f"{place}{tail}") == parser.options[place - 1].key

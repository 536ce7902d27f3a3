"""Messages put into words: tables row by row, marks, noise, and texts nobody should send."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.conversation.understanding import tables
from core.conversation.understanding.keyboard import Keyboard
from core.conversation.understanding.normalise import HEAD, TAIL, normalise

SPELLINGS = [
    pytest.param(row["example"], row["reads"], id=f"{name}:{row['written']}:{row['when']}")
    for name in ("abbreviations.tsv", "hue.tsv")
    for row in tables.rows(name)
]


@pytest.mark.parametrize(("example", "reads"), SPELLINGS)
def test_each_row_of_the_spelling_tables_does_what_its_example_says(
    example: str, reads: str
) -> None:
    assert normalise(example).folded == reads


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("Tiền trợ cấp tháng này đã về chưa ạ?", "tien tro cap thang nay da ve chua a"),
        ("TIỀN VỀ CHƯA", "tien ve chua"),
        ("tiền\u200b về\u00a0chưa", "tien ve chua"),
        ("ðã có tiền", "da co tien"),
        ("t5 được 540.000đ", "t5 duoc 540.000d"),
        ("xin chàoo", "xin chao"),
        ("hoà thuỷ", "hoa thuy"),
        ("hòa thủy", "hoa thuy"),
        ("có đường phải không", "co duong phai khong"),
        ("điểm chi trả ở chi nhánh", "diem chi tra o chi nhanh"),
        ("đưa tui mô rồi", "dua toi dau roi"),
    ],
)
def test_one_wording_has_one_reading(text: str, reads: str) -> None:
    assert normalise(text).folded == reads
    assert normalise(unicodedata.normalize("NFD", text)).folded == reads


def test_words_keep_their_marks_beside_the_folded_ones() -> None:
    text = normalise("Đừng nhắn ko cần")
    assert text.words == ("dung", "nhan", "khong", "can")
    assert text.marked == ("đừng", "nhắn", "không", "cần")
    assert text.has_marks


def test_the_raw_text_is_kept() -> None:
    raw = "  Tie\u0302\u0300n\u200b VỀ chưa?? "
    assert normalise(raw).raw == raw


def test_clauses_are_known_by_where_they_begin() -> None:
    text = normalise("Chào cán bộ, tiền về chưa? Tôi chờ 540.000 lâu rồi")
    assert [text.words[place] for place in text.clauses] == ["tien", "toi"]


def test_an_input_method_that_was_off_is_told_apart_from_plain_words() -> None:
    assert normalise("tieenf thangs nayf").keyboard is Keyboard.TELEX
    assert normalise("tie62n tha1ng na2y").keyboard is Keyboard.VNI
    assert normalise("thang nay co tien chua").keyboard is None
    assert normalise("Can you speak English?").keyboard is None


def test_of_a_very_long_message_beginning_and_end_are_read() -> None:
    text = normalise("đầu " + "giữa " * 3000 + "cuối")
    assert text.words[0] == "dau"
    assert text.words[-1] == "cuoi"
    assert len(" ".join(text.words)) <= HEAD + TAIL + 10


@given(st.text(max_size=300))
def test_any_text_is_read_and_words_stay_in_step_with_their_marks(raw: str) -> None:
    text = normalise(raw)
    assert len(text.words) == len(text.marked)
    assert all(text.words)
    assert list(text.clauses) == sorted(set(text.clauses))
    assert all(0 < place <= len(text.words) for place in text.clauses)

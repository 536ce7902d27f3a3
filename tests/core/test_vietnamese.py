"""Two typings of one word meet, and nothing else does."""

import sys
import unicodedata
from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.vietnamese import clean, fold, name_key, place_key, sort_key, unaccented

VOWELS = "aăâeêioôơuưy"
TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
# Every accented letter of the language, in both cases, and the bare letter it stands on.
BARE = dict(zip(VOWELS, "aaaeeiooouuy", strict=True))
LETTERS = {
    unicodedata.normalize("NFC", case(vowel + tone)): case(BARE[vowel])
    for vowel, tone, case in product(VOWELS, TONES, (str.lower, str.upper))
} | {"đ": "d", "Đ": "D"}
ACCENTED = {letter: bare for letter, bare in LETTERS.items() if letter != bare}
texts = st.text() | st.text("".join(LETTERS) + " -.,'ðÐ\u0300\u0301\u0302\u0306\u031b\u200b\u00a0")


def test_the_table_holds_every_accented_letter() -> None:
    assert len(ACCENTED) == 134


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_every_letter_loses_its_marks_and_keeps_its_case(form: str) -> None:
    text = unicodedata.normalize(form, "".join(LETTERS))  # type: ignore[arg-type]

    assert unaccented(text) == "".join(LETTERS.values())


def test_punctuation_and_case_stay_when_accents_go() -> None:
    assert unaccented("Xã “Lộc An”, 540.000 ₫ – ĐÃ VỀ!") == "Xa “Loc An”, 540.000 ₫ – DA VE!"


@pytest.mark.parametrize("letter", ACCENTED)
def test_any_order_of_marks_comes_to_one_letter(letter: str) -> None:
    apart = unicodedata.normalize("NFD", letter)

    assert clean(apart[0] + apart[:0:-1]) == letter


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("  Tiền\u00a0 về\t\n chưa ", "Tiền về chưa"),
        ("Tie\u0302\u0300n", "Tiền"),
        ("Ti\u200bề\u00adn\ufe0f", "Tiền"),
        ("e\u200b\u0302\u0301", "ế"),
        ("Ｎguyễn １２３", "Nguyễn 123"),
        ("ðã Ðược", "đã Được"),
        ("\ufeffA\u202eB\x00C", "ABC"),
        ("A\u3000B\u2009C\u2800D", "A B C D"),
        ("\ud800x", "x"),
        ("", ""),
    ],
)
def test_a_text_is_cleaned(typed: str, meant: str) -> None:
    assert clean(typed) == meant


def test_every_invisible_character_of_unicode_is_dropped() -> None:
    left = [
        hex(code)
        for code in range(sys.maxunicode + 1)
        if unicodedata.category(letter := chr(code)) in {"Cc", "Cf", "Cs"}
        and not letter.isspace()
        and clean(f"a{letter}b") != "ab"
    ]

    assert left == []


def test_every_blank_of_unicode_is_a_space() -> None:
    blanks = [chr(code) for code in range(sys.maxunicode + 1) if chr(code).isspace()]

    assert {clean(f"a{blank}{blank}b") for blank in blanks} == {"a b"}


@given(texts)
@example("Ñ\u0300\u0302")
@example("a\u0301\u0302\u0301\u0302")
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(texts)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text("".join(LETTERS) + " '-."), st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
def test_folding_sees_neither_form_nor_case_nor_accents(text: str, form: str) -> None:
    typed = unicodedata.normalize(form, text.upper())  # type: ignore[arg-type]

    assert fold(typed) == fold(text) == fold(unaccented(text))
    assert fold(text).isascii()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Lý", "Lí"),
        ("Nguyễn Thị Mỹ", "NGUYEN THI MĨ"),
        ("Thuỷ", "Thủy"),
        ("hoà", "hòa"),
        ("Quý", "Quí"),
        ("Quỳnh", "Quình"),
        ("Kỹ", "kĩ"),
        ("Ý Nhi", "Í Nhi"),
        ("Đặng Sỹ", "Ðặng Sĩ"),
    ],
)
def test_two_spellings_of_a_name_have_one_key(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Mây", "Mai"), ("Thúy", "Thúi"), ("Hay", "Hai"), ("Duy", "Dui"), ("Yến", "Iến")],
)
def test_a_gliding_y_is_not_an_i(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


def test_a_name_keeps_its_hyphen_and_its_prefix() -> None:
    assert name_key("Xã Lộc-An") == "xa loc-an"


@pytest.mark.parametrize(
    "typed",
    [
        *("Thủy Dương", "Phường Thuỷ Dương", "P. Thủy Dương", "P.Thủy Dương", "p thuy duong"),
        *("PHƯỜNG THUỶ DƯƠNG", "phuong thuy duong", "Xã Thủy-Dương", "Thị trấn Thủy Dương"),
        *("TT Thủy Dương", "TX. Thủy Dương", "tx.thuy duong", "Thị xã  Thủy Dương."),
        *("H. Thủy Dương", "Huyện Thủy Dương", "Thành phố Thủy Dương", "TP. Thủy Dương"),
        unicodedata.normalize("NFD", "Phường Thủy Dương"),
    ],
)
def test_a_place_is_known_whatever_stands_before_it(typed: str) -> None:
    assert place_key(typed) == "thuy duong"


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("Phú Lộc", "phu loc"),
        ("Xuân Lộc", "xuan loc"),
        ("Hương Phú", "huong phu"),
        ("Xã Xà Phiên", "xa phien"),
        ("Xà Phiên", "xa phien"),
        ("Phượng Cách", "phuong cach"),
        ("Huyền Hội", "huyen hoi"),
        ("Quán Hàu", "quan hau"),
        ("Phường", "phuong"),
        ("P", "p"),
        ("", ""),
    ],
)
def test_a_place_keeps_what_is_its_own_name(typed: str, key: str) -> None:
    assert place_key(typed) == key


def test_words_sort_as_in_a_vietnamese_dictionary() -> None:
    ordered = (
        "9 a à ả ã á ạ an ăn ân ba bà bé bê chi da đa em êm ghi hoa kha lan ngô o ô ơ "
        "pha quê ra sa ta thu u ư va xa yên"
    ).split()
    shuffled = sorted(ordered, key=lambda word: word[::-1])

    assert sorted(shuffled, key=sort_key) == ordered


def test_letters_decide_before_tones() -> None:
    assert sorted(["bạn", "ban bè", "bán", "bao", "ban"], key=sort_key) == [
        *("ban", "bán", "bạn", "ban bè", "bao"),
    ]


@given(texts, texts)
def test_sorting_sees_neither_form_nor_case(one: str, other: str) -> None:
    assert (sort_key(one) == sort_key(other)) == (clean(one).casefold() == clean(other).casefold())

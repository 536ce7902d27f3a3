"""Names are brought to one form, and refused when they are no names."""

import unicodedata

import pytest

from core.names import given_name, person_name, same_name, short_name
from core.refusals import Code, Refusal


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Nguyễn Thị Hoa", "Nguyễn Thị Hoa"),
        ("  NGUYỄN  THỊ\u00a0HOA ", "Nguyễn Thị Hoa"),
        ("nguyễn thị hoa", "Nguyễn Thị Hoa"),
        (unicodedata.normalize("NFD", "Đặng Thị Thuỷ"), "Đặng Thị Thuỷ"),
        ("Ðặng Văn Bé", "Đặng Văn Bé"),
        ("H'Hen Niê", "H'Hen Niê"),
        ("Hồ Thị Kả-Rooc", "Hồ Thị Kả-Rooc"),
        ("Tý", "Tý"),
    ],
)
def test_a_name_is_kept_in_one_form(typed: str, name: str) -> None:
    assert person_name(typed) == name


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", Code.NAME_MISSING),
        (" \u200b ", Code.NAME_MISSING),
        ("NguyÔn V¨n Ba", Code.NAME_LEGACY_ENCODING),
        ("T­ B­ëi", Code.NAME_LEGACY_ENCODING),
        ("Nguyeãn Vaên Ba", Code.NAME_LEGACY_ENCODING),
        ("Nguyễn Văn 3", Code.NAME_BAD_CHARACTER),
        ("Nguyễn Văn A (Tèo)", Code.NAME_BAD_CHARACTER),
        ("<b>Hoa</b>", Code.NAME_BAD_CHARACTER),
        ("Hoa " * 30, Code.NAME_BAD_CHARACTER),
    ],
)
def test_what_is_no_name_is_refused(typed: str, code: Code) -> None:
    found = person_name(typed)

    assert isinstance(found, Refusal)
    assert found.code is code


@pytest.mark.parametrize(
    ("name", "given", "short"),
    [
        ("Nguyễn Thị Hoa", "Hoa", "Hoa N."),
        ("Đặng Bé", "Bé", "Bé Đ."),
        ("Tý", "Tý", "Tý"),
        ("", "", ""),
    ],
)
def test_the_given_name_is_the_last_word(name: str, given: str, short: str) -> None:
    assert given_name(name) == given
    assert short_name(name) == short


def test_a_bank_and_a_list_spell_one_name() -> None:
    assert same_name("NGUYEN THI LY", "Nguyễn Thị Lí")


def test_the_order_of_a_name_counts() -> None:
    assert not same_name("Nguyễn Thị Hoa", "Hoa Nguyễn Thị")

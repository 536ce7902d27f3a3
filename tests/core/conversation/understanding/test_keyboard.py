"""Telex and VNI letters, undone."""

import pytest

from core.conversation.understanding.keyboard import Keyboard, decoded, is_syllable, residue
from core.conversation.understanding.normalise import normalise
from training import noise
from training.sentences import sentences

MARKED = [one.text for one in sentences() if normalise(one.text).has_marks]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("tieenf", "tiền"), ("tieefn", "tiền"), ("ddungs", "đúng"), ("dduwowcj", "được"),
        ("nguwowif", "người"), ("chuwa", "chưa"), ("gif", "gì"), ("quyeenf", "quyền"),
        ("hoaf", "hòa"), ("khoong", "không"), ("own", "ơn"), ("uwf", "ừ"), ("giuwx", "giữ"),
        ("ddc", "đc"), ("otp", "otp"), ("t5", "t5"), ("tien", "tien"),
    ],
)  # fmt: skip
def test_telex_is_decoded_and_other_words_are_left(typed: str, meant: str) -> None:
    assert decoded(typed, Keyboard.TELEX) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("tie62n", "tiền"), ("tha1ng", "tháng"), ("d9a4", "đã"), ("ve62", "về"),
        ("chu7a", "chưa"), ("d9u7o7c5", "được"), ("ngu7o7i2", "người"), ("ca8t1", "cắt"),
        ("500k", "500k"), ("t5", "t5"), ("1tr5", "1tr5"), ("482913", "482913"),
    ],
)  # fmt: skip
def test_vni_is_decoded_and_numbers_are_left(typed: str, meant: str) -> None:
    assert decoded(typed, Keyboard.VNI) == meant


@pytest.mark.parametrize(
    "words",
    ["toi muon nhan tien", "can you speak english", "t5 co 500k chua", "ok", "stop", "1tr5 2tr"],
)
def test_messages_typed_as_they_are_meant_are_left_alone(words: str) -> None:
    assert residue(words.split()) is None


@pytest.mark.parametrize("typed", ["nghieengs", "thuys", "khuyur"])
def test_what_comes_out_is_a_syllable(typed: str) -> None:
    plain = normalise(decoded(typed, Keyboard.TELEX)).words[0]
    assert is_syllable(plain)


@pytest.mark.parametrize("kind", ["telex", "vni"])
def test_nearly_every_sentence_survives_an_input_method_that_was_off(kind: str) -> None:
    typed = noise.KINDS[kind]
    same = sum(normalise(typed(text)).words == normalise(noise.bare(text)).words for text in MARKED)
    assert same / len(MARKED) > 0.85

"""Vietnamese syllables are told from what only looks like them."""

import unicodedata

import pytest

from core.syllables import is_roughly_syllable, is_syllable

SENTENCES = """
nguyễn thị hoa huỳnh thúy quỳnh đặng văn quý trần thuỷ phù lý thuyết nghiêng khuya khuỷu ngoằn ngoèo
tiền trợ cấp tháng này đã về tài khoản chưa ạ bưu điện xã lộc điền giấy ủy quyền khuyết tật gì giếng
hoà hòa loè lòe uỷ ủy xoong quốc quên quyết quân yêu yến ý oanh oai uyên ương ước ngượng rượu
""".split()


@pytest.mark.parametrize("word", SENTENCES)
def test_words_that_people_write_are_syllables(word: str) -> None:
    assert is_syllable(word)
    assert is_roughly_syllable(word)


@pytest.mark.parametrize("word", "tión hôtel nguyôn wifi tieàn loäc ñoã zalo ốć họặc mảt".split())
def test_other_words_are_none(word: str) -> None:
    assert not is_syllable(unicodedata.normalize("NFC", word))


@pytest.mark.parametrize("word", "môt truòng nguòi qúa hòan nghiã chua thuỳ viêt".split())
def test_careless_typing_is_still_vietnamese(word: str) -> None:
    assert is_roughly_syllable(word)


@pytest.mark.parametrize("word", "tiòn tieàn ñoã loäc nguyôn vâ ngoâ".split())
def test_garbled_words_are_not_even_careless(word: str) -> None:
    assert not is_roughly_syllable(word)

"""Text garbled by old fonts is told from Vietnamese, and from other languages' accents."""

import re
import unicodedata
from itertools import product
from typing import Final, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.legacy_encodings import legacy_encoding

Form = Literal["NFC", "NFD"]
FORMS: Final[list[Form]] = ["NFC", "NFD"]
VOWELS = "aăâeêioôơuưy"
TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
# Each vowel with no tone, then à ả ã á ạ, as TCVN3 bytes look in Latin-1.
TCVN3 = {
    vowel[0]: vowel[2:]
    for vowel in (
        "a=aµ¶·¸¹ ă=¨»¼½¾Æ â=©ÇÈÉÊË e=eÌÎÏÐÑ ê=ªÒÓÔÕÖ i=i×ØÜÝÞ "
        "o=oßáâãä ô=«åæçèé ơ=¬êëìíî u=uïñòóô ư=\xadõö÷øù y=yúûüýþ"
    ).split(" ")
}
VNI_TONES = dict(zip(TONES, ("", "ø", "û", "õ", "ù", "ï"), strict=True))
VNI_HATS = dict(zip(TONES, ("â", "à", "å", "ã", "á", "ä"), strict=True))
VNI_BREVES = dict(zip(TONES, ("ê", "è", "ú", "ü", "é", "ë"), strict=True))
VNI_I = dict(zip(TONES, ("i", "ì", "æ", "ó", "í", "ò"), strict=True))
VNI_HORNS = {"ơ": "ô", "ư": "ö"}

NAMES = """
Nguyễn Thị Hoa|Trần Văn Bảy|Lê Thị Hường|Phạm Đình Lộc|Hoàng Thị Mỹ Lệ|Huỳnh Văn Tấn|Võ Thị Ánh|
Đặng Ngọc Sơn|Bùi Thị Tuyết|Đỗ Hữu Phước|Hồ Văn Đức|Ngô Thị Thủy|Dương Văn Quý|Tôn Nữ Hương Giang|
Xã Lộc Điền|Phường Thủy Dương|Thị trấn Phú Lộc|Tiền trợ cấp|Trương Thị Bưởi|Cái Thị Gái Nhỏ
""".replace("\n", "").split("|")


def tcvn3(letter: str) -> str:
    base, tone = parted(letter.lower())
    if base == "đ":
        return "®"
    sign = TCVN3[base][TONES.index(tone)]
    return letter if sign == base else sign


def vni(letter: str) -> str:
    base, tone = parted(letter.lower())
    if base == "đ":
        garbled = "ñ"
    elif base == "i":
        garbled = VNI_I[tone]
    elif base == "ă":
        garbled = "a" + VNI_BREVES[tone]
    elif base in "âêô":
        garbled = unicodedata.normalize("NFD", base)[:1] + VNI_HATS[tone]
    else:
        garbled = VNI_HORNS.get(base, base) + VNI_TONES[tone]
    return garbled.upper() if letter.isupper() else garbled


def parted(letter: str) -> tuple[str, str]:
    apart = unicodedata.normalize("NFD", letter)
    tone = next((mark for mark in apart if mark in TONES[1:]), "")
    return unicodedata.normalize("NFC", apart.replace(tone, "") if tone else apart), tone


def garbled(text: str, by: str) -> str:
    table = tcvn3 if by == "tcvn3" else vni
    return "".join(table(c) if parted(c.lower())[0] in VOWELS + "đ" else c for c in text)


def test_the_tables_of_the_tests_are_the_well_known_ones() -> None:
    assert garbled("Tiền", "tcvn3") == "TiÒn"
    assert garbled("Tiền", "vni") == "Tieàn"
    assert garbled("nguyễn văn tư ở đây", "tcvn3") == "nguyÔn v¨n t\xad ë ®©y"
    assert garbled("Nguyễn Văn Tư ở Đây", "vni") == "Nguyeãn Vaên Tö ôû Ñaây"


@pytest.mark.parametrize(("name", "by"), [*product(NAMES, ["tcvn3", "vni"])])
def test_a_garbled_name_is_known(name: str, by: str) -> None:
    assert legacy_encoding(garbled(name, by)) == by


@pytest.mark.parametrize("name", NAMES)
def test_capitals_in_the_old_font_are_known_too(name: str) -> None:
    # The capital font shows small codes as capitals; plain letters may be either.
    assert legacy_encoding(re.sub("[a-z]+", lambda m: m[0].upper(), garbled(name, "tcvn3")))
    assert legacy_encoding(garbled(name, "vni").upper()) == "vni"


words = st.sampled_from(" ".join(NAMES).split() + "hoà hòa gì quý thuỷ đường yêu ôm ấy ừ".split())


@given(st.lists(words, max_size=12), st.sampled_from(FORMS), st.booleans())
def test_vietnamese_is_never_taken_for_garbled(spoken: list[str], form: Form, loud: bool) -> None:
    text = unicodedata.normalize(form, " ".join(spoken))

    assert legacy_encoding(text.upper() if loud else text) is None


@pytest.mark.parametrize("form", FORMS)
def test_no_letter_of_the_alphabet_is_garbled(form: Form) -> None:
    letters = [*(vowel + tone for vowel in VOWELS for tone in TONES), "đ"]
    spoken = [f"{letter} b{letter} th{letter}ng {letter}c" for letter in letters]
    typed = [unicodedata.normalize(form, text) for text in spoken]

    assert [text for text in typed if legacy_encoding(text)] == []
    assert [text for text in typed if legacy_encoding(text.upper())] == []


def test_no_syllable_of_the_language_is_garbled() -> None:
    vowels = [unicodedata.normalize("NFC", v + t) for v in VOWELS for t in TONES]
    onsets = "b c ch d đ g h kh l m n ng nh ph qu r s t th tr v x".split()
    taken = [
        word
        for onset, vowel, end in product(onsets, vowels, ["", "m", "n", "ng", "c", "t", "p", "nh"])
        if legacy_encoding(word := onset + vowel + end)
    ]

    assert taken == []


@pytest.mark.parametrize(
    "word",
    (
        "été café crème Noël hôtel François élève naïve Île Besançon où haï thaï là à ça très déjà "
        "garçon maïs goût août coût dû mûr sûr être même tête fête Hué Hanoï Saïgon tôt bébé thé "
        "né œuvre cœur Loïc Anaïs Gaël Joël Raphaël Israël château âme forêt pâte bâtiment "
        "aiguë canoë égoïste laïque laïc gît ÉTÉ NOËL HÔTEL OÙ Müller Jürgen schön für Zürich "
        "señor niño São João não Åse Ørsted ½ 5µm 10² © Viettel® §5 1ª Đắk Krông Pa-Cô "
        "Tà-Ôi ôtô càphê bêtông Mêxicô qúa truòng nguòi luõng môt đuợc «Ba» bao\xadnhiêu"
    ).split(),
)
def test_other_languages_signs_and_careless_typing_pass(word: str) -> None:
    assert legacy_encoding(word) is None


@given(st.text())
def test_any_text_has_an_answer(text: str) -> None:
    assert legacy_encoding(text) in {None, "tcvn3", "vni"}

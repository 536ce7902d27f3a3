"""Text typed in fonts of before Unicode, and read today as if it were Western European.

`TiÒn` is Tiền typed in .VnTime (TCVN3), `Tieàn` the same in VNI. Lists that hold such text are
refused rather than stored. A word is evidence only if it is no Vietnamese as it stands, is spelt
as only the old fonts spell, and becomes a Vietnamese syllable when read by their table; so slips
of typing pass, and so do French and German words.
Source: TCVN 5712:1993 (VN3); the VNI for Windows keyboard table.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final, Literal

from core.syllables import is_roughly_syllable, is_syllable

Legacy = Literal["tcvn3", "vni"]

_TCVN3: Final = dict(
    zip(
        "¡¢£¤¥¦§¨©ª«¬\xad®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ",
        "ăâêôơưđăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
        strict=True,
    )
)

_VNI_TONES: Final = {"ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_VNI_HATS: Final = {"á": "\u0301", "à": "\u0300", "å": "\u0309", "ã": "\u0303", "ä": "\u0323"}
_VNI_BREVES: Final = {"é": "\u0301", "è": "\u0300", "ú": "\u0309", "ü": "\u0303", "ë": "\u0323"}
_VNI_BASES: Final = {**{vowel: vowel for vowel in "aeouy"}, "ô": "ơ", "ö": "ư"}
_VNI_PAIRS: Final = {
    **{
        base + mark: new + tone
        for base, new in _VNI_BASES.items()
        for mark, tone in _VNI_TONES.items()
    },
    **{
        base + mark: hat + tone
        for base, hat in zip("aeo", "âêô", strict=True)
        for mark, tone in _VNI_HATS.items()
    },
    **{"a" + mark: "ă" + tone for mark, tone in _VNI_BREVES.items()},
    "aâ": "â",
    "eâ": "ê",
    "oâ": "ô",
    "aê": "ă",
}
_VNI_SINGLES: Final = {"ô": "ơ", "ö": "ư", "ñ": "đ", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
_VNI: Final = _VNI_PAIRS | _VNI_SINGLES
_VNI_TOKEN: Final = re.compile("|".join(_VNI))

# The signs of TCVN3 (¨ © § …) stand inside words, so words are what other signs leave.
_WORDS: Final = re.compile(r"[^\s\d_.,;:!?()\[\]\"'/\\+*=<>%#@|~^{}‘’“”–—…-]+")
_LAST_OF_LATIN_1: Final = "\xff"
# The letters that Vietnamese and Western European alphabets share.
_VIETNAMESE: Final = frozenset("àáâãèéêìíòóôõùúý")
_CAPITAL_INSIDE: Final = re.compile(r"[a-zß-öø-ÿ][À-ÖØ-Þ]")
_SOFT_HYPHEN: Final = "\xad"
# Words of other languages that one of the tables happens to turn into a syllable.
_FOREIGN: Final = frozenset(
    "où haï thaï laïc loïc moï gît dît vît mît rît lît dû mû crû hâ bâ µm".split()
)


def legacy_encoding(text: str) -> Legacy | None:
    """The encoding `text` was garbled from, or None when it reads as it should.

    Words such as `Hoà` (Hồ in VNI) are right in both readings, and are taken as they stand.
    """
    words = [word for word in _WORDS.findall(unicodedata.normalize("NFC", text)) if _is_odd(word)]
    tcvn3 = sum(_is_foreign(word) and is_syllable(_tcvn3(word)) for word in words)
    vni = sum(_is_paired(word) and is_syllable(_vni(word)) for word in words)
    if not tcvn3 and not vni:
        return None
    return "tcvn3" if tcvn3 >= vni else "vni"


@lru_cache(maxsize=4_096)
def _is_odd(word: str) -> bool:
    """Whether a word in Western European letters cannot be Vietnamese as it stands."""
    if word.isascii() or max(word) > _LAST_OF_LATIN_1:
        return False
    if not any(unicodedata.category(letter) in {"Lu", "Ll"} for letter in word):
        return False
    seen = word.replace(_SOFT_HYPHEN, "").lower()
    return seen not in _FOREIGN and not is_roughly_syllable(seen)


def _is_foreign(word: str) -> bool:
    """Whether it holds a letter that Vietnamese lacks, or a capital after a small letter."""
    strange = any(not letter.isascii() and letter.lower() not in _VIETNAMESE for letter in word)
    return strange or bool(_CAPITAL_INSIDE.search(word))


def _is_paired(word: str) -> bool:
    """Whether it holds a vowel written as two letters, or a letter that Vietnamese lacks."""
    tokens = _VNI_TOKEN.findall(word.lower())
    return any(len(token) > 1 or token not in _VIETNAMESE for token in tokens)


def _tcvn3(word: str) -> str:
    """The word as TCVN3; empty if a letter of it is none of that table."""
    read = [letter.lower() if letter.isascii() else _TCVN3.get(letter, "") for letter in word]
    return "".join(read) if all(read) else ""


def _vni(word: str) -> str:
    read = _VNI_TOKEN.sub(lambda found: _VNI[found[0]], word.lower())
    return unicodedata.normalize("NFC", read)

"""Vietnamese text as it arrives, brought to a form that can be compared.

Two typings of one word must meet: composed or decomposed, òa or oà, with accents or without,
with invisible characters pasted along. What a person wrote is kept elsewhere as it was written.
Source: Unicode Standard (normalisation forms); decision 0026 on the folding of i and y.

What does not live here: SMS alphabets (`notifications/sms_text.py`), what a sentence means.
"""

import re
import unicodedata
from typing import Final, Literal

# Letters that no decomposition takes apart: our đ, and the Icelandic one old fonts typed for it.
_D_LETTERS: Final = str.maketrans({"ð": "đ", "Ð": "Đ"})
_BARE_D: Final = str.maketrans({"đ": "d", "Đ": "D"})
_SPACES: Final = re.compile(r"\s+")
_ODD_SPACES: Final = str.maketrans(dict.fromkeys("\u00a0\u1680\u2007\u202f\u205f\u3000", " "))
_KEPT_CONTROLS: Final = frozenset("\t\n\r")
_PLACE_PREFIX: Final = re.compile(
    r"^(?:(?:thi tran|thi xa|thanh pho|phuong|huyen|quan|tinh|xa)\b|(?:tt|tx|tp|p|x|h|q)\s*\.|"
    r"(?:tt|tx|tp)\b)\s*"
)
_VOWEL_Y: Final = re.compile(r"(?<![aeou])y(?=$|[^a-z])")
_SEPARATORS: Final = re.compile(r"[\s\-–—.,/]+")

# What .VnTime (TCVN3) files look like when their bytes are taken for Western European ones:
# signs inside words, letters Vietnamese does not have, a capital after a small letter (TiÒn).
_TCVN3_SIGNS: Final = frozenset("¸µ¶·¹¨¾»¼½©ª®¬«×§åæïøþßñÞ")
_CAPITAL_INSIDE: Final = re.compile(r"[^\W\d_A-Z][ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝÇËÎÏÐÑÖØÜÞ]")
# VNI writes a marked letter as two: "Tieàn". These second letters follow no Vietnamese vowel so.
_VNI_PAIR: Final = re.compile(
    r"[aeouyöô][øûïëäåü]|a[ùõâêáàã]|e[ùõâáàã]|o[ùõâ]|[uy][ùõ]|[öô][ùõ]", re.IGNORECASE
)

_LETTERS: Final = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES: Final = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}


def clean(text: str) -> str:
    """`text` in NFC, without invisible characters, with single ordinary spaces, trimmed."""
    composed = unicodedata.normalize("NFC", _narrowed(text)).translate(_D_LETTERS)
    visible = (c for c in composed.translate(_ODD_SPACES) if not _is_invisible(c))
    return _SPACES.sub(" ", "".join(visible)).strip()


def unaccented(text: str) -> str:
    """`text` without a mark on any letter, đ as d; case and punctuation as they were."""
    taken_apart = unicodedata.normalize("NFD", text).translate(_D_LETTERS)
    bare = "".join(c for c in taken_apart if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", bare).translate(_BARE_D)


def fold(text: str) -> str:
    """`text` for matching: clean, lower case, no marks."""
    return unaccented(clean(text).casefold())


def name_key(text: str) -> str:
    """A name for comparing: folded, one spelling of i and y, single spaces, no punctuation.

    Equal keys are not one person: villages share names.
    """
    return _SEPARATORS.sub(" ", _VOWEL_Y.sub("i", fold(text))).strip()


def place_key(text: str) -> str:
    """A place name for comparing: a `name_key` without xã, phường, TT. and the like before it."""
    bare = _PLACE_PREFIX.sub("", fold(text).strip(" .,"))
    # A place may be called only by a word that is also a prefix.
    return name_key(bare or text)


def sort_key(text: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """A key that puts words in the order of the Vietnamese alphabet, tones last."""
    letters: list[int] = []
    tones: list[int] = []
    for letter in clean(text).casefold():
        base, tone = _split_tone(letter)
        place = _LETTERS.find(base)
        letters.append(place + 1_000 if place >= 0 else ord(base))
        tones.append(tone)
    return tuple(letters), tuple(tones)


def legacy_encoding(text: str) -> Literal["tcvn3", "vni"] | None:
    """Which pre-Unicode encoding a text was garbled from, or None when it reads as Vietnamese."""
    composed = unicodedata.normalize("NFC", text)
    if _VNI_PAIR.search(composed):
        return "vni"
    letters_beside = any(c.isalpha() for c in composed)
    if _CAPITAL_INSIDE.search(composed) and not composed.isupper():
        return "tcvn3"
    return "tcvn3" if letters_beside and _TCVN3_SIGNS & set(composed) else None


def _narrowed(text: str) -> str:
    """Full-width letters and digits as ordinary ones."""
    return "".join(chr(ord(c) - 0xFEE0) if "\uff01" <= c <= "\uff5e" else c for c in text)


def _is_invisible(letter: str) -> bool:
    if letter in _KEPT_CONTROLS:
        return False
    # Variation selectors are marks (Mn) that belong to emoji, never to a letter.
    return (
        unicodedata.category(letter) in {"Cf", "Cc", "Cs", "Co"} or "\ufe00" <= letter <= "\ufe0f"
    )


def _split_tone(letter: str) -> tuple[str, int]:
    marks = unicodedata.normalize("NFD", letter)
    tone = next((_TONES[mark] for mark in marks if mark in _TONES), 0)
    base = "".join(mark for mark in marks if mark not in _TONES)
    return unicodedata.normalize("NFC", base)[:1] or letter, tone

"""Vietnamese text as it arrives, brought to a form that can be compared.

Two typings of one word must meet: composed or decomposed, òa or oà, with accents or without,
with invisible characters pasted along. What a person wrote is kept elsewhere as it was written.
Source: Unicode normalisation forms; order of the alphabet as Vietnamese dictionaries print it.

What does not live here: text garbled by fonts of before Unicode (`core/legacy_encodings.py`),
SMS alphabets (`notifications/sms_text.py`), and what a sentence means.
"""

import re
import unicodedata
from typing import Final

# Characters without a glyph: controls, soft hyphen, joiners, directions, fillers, selectors, tags.
_INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891"
    "\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000110bd\U000110cd"
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]+"
)
_SPACES: Final = re.compile(r"[\s\u2800]+")
_FULL_WIDTH: Final = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
# The Icelandic and African letters that old fonts and keyboards typed for our đ.
_D_LETTERS: Final = {ord(wrong): right for wrong, right in zip("ðɖÐƉ", "đđĐĐ", strict=True)}
_REPAIRED: Final = _FULL_WIDTH | _D_LETTERS
# No decomposition takes đ apart.
_BARE_D: Final = str.maketrans("đĐðɖÐƉ", "dDddDD")


def _without_marks(text: str) -> str:
    apart = unicodedata.normalize("NFD", text)
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return unicodedata.normalize("NFC", bare).translate(_BARE_D)


# Every composed letter that is an ASCII letter under its marks: nearly all that is ever folded.
_BARE: Final = {
    number: bare
    for number in range(0xC0, 0x1F00)
    if (bare := _without_marks(chr(number))).isascii() and len(bare) == 1
}
# A tone typed before the hat or the breve does not compose: é and ^ are ế.
_TONE_BEFORE_HAT: Final = re.compile("(?<=[aeoAEO])([\u0300\u0301\u0303\u0309])([\u0302\u0306])")

# `y` that is the whole vowel of its syllable (lý, quý), not the glide of ay, ây and uy.
_VOWEL_Y: Final = re.compile(r"(?:(?<![a-z])|(?<=[bcdghklmnpqrstvx]))y(?![a-z])|(?<=\bqu)y")
_PLACE_PREFIX: Final = re.compile(
    r"(?:(?:phường|xã|thị trấn|thị xã|huyện|thành phố)(?!\w)|(?:tt|tx|tp|p|x|h)(?:\.|(?= )))[ .]*"
)
_PLACE_PREFIX_UNACCENTED: Final = re.compile(
    r"(?:(?:phuong|xa|thi tran|thi xa|huyen|thanh pho)(?!\w)|(?:tt|tx|tp|p|x|h)(?:\.|(?= )))[ .]*"
)
_SEPARATORS: Final = re.compile(r"[\s\-–—.,/]+")

_ALPHABET: Final = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES: Final = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_FIRST_LETTER: Final = 1_000
_AFTER_LETTERS: Final = 2_000


def clean(text: str) -> str:
    """`text` in NFC with ð as đ, no invisible characters, single ordinary spaces, trimmed."""
    seen = _INVISIBLE.sub("", text)
    if not seen.isascii():
        seen = _composed(seen.translate(_REPAIRED))
    return _SPACES.sub(" ", seen).strip()


def unaccented(text: str) -> str:
    """`text` without a mark on any letter, đ as d; case and punctuation as they were."""
    if text.isascii():
        return text
    bare = text.translate(_BARE)
    return bare if bare.isascii() else _without_marks(text)


def fold(text: str) -> str:
    """`text` for matching: clean, lower case, no marks."""
    return clean(unaccented(clean(text).casefold()))


def name_key(text: str) -> str:
    """A name for comparing: folded, with one spelling of lý and lí. Hyphens stay.

    Equal keys are not one person: villages share names.
    """
    return _VOWEL_Y.sub("i", fold(text))


def place_key(text: str) -> str:
    """A place's name for comparing: no phường, xã, TT., TX., H. before it, no punctuation."""
    whole = clean(text).casefold().strip(" .,")
    # Written without accents, `xa` may be xã or a name's first word: then it is taken for xã.
    prefix = _PLACE_PREFIX_UNACCENTED if whole.isascii() else _PLACE_PREFIX
    bare = prefix.sub("", unicodedata.normalize("NFC", whole), count=1) if whole else ""
    return _SEPARATORS.sub(" ", name_key(bare or whole)).strip()


def sort_key(text: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """A key that sorts as Vietnamese dictionaries do: by letters (d before đ), then by tones."""
    parts = [_letter_and_tone(letter) for letter in clean(text).casefold()]
    return tuple(letter for letter, _ in parts), tuple(tone for _, tone in parts)


def _composed(text: str) -> str:
    if unicodedata.is_normalized("NFC", text) and not _TONE_BEFORE_HAT.search(
        unicodedata.normalize("NFD", text)
    ):
        return text
    apart = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", _TONE_BEFORE_HAT.sub(r"\2\1", apart))


def _letter_and_tone(letter: str) -> tuple[int, int]:
    marks = unicodedata.normalize("NFD", letter)
    tones = [_TONES[mark] for mark in marks if mark in _TONES]
    base = unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in _TONES))
    place = _ALPHABET.find(base) if base and len(tones) <= 1 else -1
    if place >= 0:
        return _FIRST_LETTER + place, sum(tones)
    # Blanks, signs and digits stand before the letters, other scripts after them.
    return (ord(letter) if letter.isascii() else _AFTER_LETTERS + ord(letter)), 0

"""Letters typed for an input method that was off: Telex (`tieenf`) and VNI (`tie62n`) residue.

The method is found per message, never per word: `chir` alone may be English, beside `trar` it is
not. A word is decoded only if a legal syllable comes out, so numbers, `t5`, `1tr5` and English
words stay as they were typed.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Final


class Keyboard(StrEnum):
    """The input method that was off."""

    TELEX = "telex"
    VNI = "vni"


_ONSET: Final = re.compile(r"(?:ngh|ng|gh|gi|kh|nh|ph|qu|th|tr|ch|[bcdghklmnprstvxđ])?")
_RIMES: Final = frozenset(
    (
        "a ac ach ai am an ang anh ao ap at au ay e ec ech em en eng enh eo ep et eu "
        "i ia iec iem ien ieng iep iet ieu ich im in inh ip it iu "
        "o oa oac oach oai oam oan oang oanh oao oap oat oay oe oen oeo oet "
        "oc oi om on ong op ot u ua uan uang uat uay uc ue uech uenh ui um un ung "
        "uo uoc uoi uom uon uong uop uot uou up ut uu uy uya uych uyen uyet uynh uyt uyu "
        "y yem yen yet yeu yeng"
    ).split()
)
_ENGLISH: Final = frozenset(
    (
        "ads app apps as atm bus com course does far for gas gov has his ios is its max mix next "
        "of ok or otp pass pos sms tax this us wa was web yes zoom"
    ).split()
)
_VOWELS: Final = frozenset("aeiouyâăêôơư")
_TONES: Final = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
_VNI_TONES: Final = {"1": "s", "2": "f", "3": "r", "4": "x", "5": "j"}
_CIRCUMFLEX: Final = {"a": "â", "e": "ê", "o": "ô"}
_HORN: Final = {"u": "ư", "o": "ơ"}
_BARE: Final = str.maketrans("âăêôơư", "aaeoou")
_VNI_WORD: Final = re.compile(r"[a-z]+[1-9](?:[a-z]|[1-9](?![0-9]{2}))*")
_LONGEST: Final = 10  # `nghieengx` is the longest a syllable gets


def residue(words: Sequence[str]) -> Keyboard | None:
    """The input method that was off while these lower-case words were typed, if one was."""
    if not words or not all(word.isascii() for word in words):
        return None
    for keyboard, looks in ((Keyboard.TELEX, _looks_telex), (Keyboard.VNI, _looks_vni)):
        if _enough(words, looks):
            return keyboard
    return None


def decoded(word: str, keyboard: Keyboard) -> str:
    """The word with its marks, or the word itself if no legal syllable comes out."""
    if keyboard is Keyboard.TELEX:
        return _telex(word) or ("đ" + word[2:] if word.startswith("dd") else word)
    return _vni(word) or word


def is_syllable(word: str) -> bool:
    """Whether a word without marks can be a Vietnamese syllable."""
    return _parts(word) is not None


def _enough(words: Sequence[str], looks: Callable[[str], bool]) -> bool:
    count = sum(map(looks, words))
    return count >= 2 or count * 3 >= len(words)  # noqa: PLR2004 - two words, or a third


@lru_cache(maxsize=4096)
def _looks_telex(word: str) -> bool:
    if len(word) > _LONGEST or not word.isalpha() or word in _ENGLISH or is_syllable(word):
        return False
    return _telex(word) is not None


@lru_cache(maxsize=4096)
def _looks_vni(word: str) -> bool:
    return len(word) <= _LONGEST and bool(_VNI_WORD.fullmatch(word)) and _vni(word) is not None


def _parts(word: str) -> tuple[str, str] | None:
    """Onset and rime, if the word (marks on vowels allowed) is a legal syllable."""
    onset = _ONSET.match(word)
    split = onset.end() if onset else 0
    for end in (split, split - 1):  # `gi` is a g and an i in `gì`
        if end >= 0 and word[end:].translate(_BARE) in _RIMES:
            return word[:end], word[end:]
    return None


def _telex(word: str) -> str | None:
    if word in _ENGLISH or not word.isalpha() or len(word) > _LONGEST:
        return None
    head = "đ" + word[2:] if word.startswith("dd") else word
    letters: list[str] = []
    tone = ""
    for letter in head:
        voiced = any(one in _VOWELS for one in letters)
        if letter in _TONES and voiced:
            tone = letter
        elif letter == "w":
            _add_horn(letters)
        elif letters and letters[-1] == letter and letter in _CIRCUMFLEX:
            letters[-1] = _CIRCUMFLEX[letter]
        elif letter == "d" and voiced and letters[0] == "d":
            letters[0] = "đ"
        else:
            letters.append(letter)
    return _composed("".join(letters), tone)


def _vni(word: str) -> str | None:
    letters: list[str] = []
    tone = ""
    for letter in word:
        if letter in _VNI_TONES:
            tone = _VNI_TONES[letter]
        elif letter == "6":
            _add_circumflex(letters)
        elif letter in "78":
            _add_horn(letters)
        elif letter == "9" and letters and letters[0] == "d":
            letters[0] = "đ"
        else:
            letters.append(letter)
    return _composed("".join(letters), tone)


def _add_circumflex(letters: list[str]) -> None:
    for place in reversed(range(len(letters))):
        if letters[place] in _CIRCUMFLEX:
            letters[place] = _CIRCUMFLEX[letters[place]]
            return


def _add_horn(letters: list[str]) -> None:
    """`uo` takes two horns, a `u` or `o` one, an `a` its breve; alone, Telex's w is ư."""
    for place in reversed(range(len(letters))):
        if letters[place] == "a":
            letters[place] = "ă"
            return
        if letters[place] in _HORN:
            if letters[place] == "o" and place > 0 and letters[place - 1] in {"u", "ư"}:
                letters[place - 1] = "ư"
            letters[place] = _HORN[letters[place]]
            return
    letters.append("ư")


def _composed(syllable: str, tone: str) -> str | None:
    parts = _parts(syllable)
    if parts is None:
        return None
    onset, rime = parts
    if not tone:
        return syllable
    place = _tone_place(rime)
    marked = rime[: place + 1] + _TONES[tone] + rime[place + 1 :]
    return unicodedata.normalize("NFC", onset + marked)


def _tone_place(rime: str) -> int:
    """Where the tone mark goes: on a marked vowel, else before the end, as in `hòa` and `toàn`."""
    vowels = [place for place, letter in enumerate(rime) if letter in _VOWELS]
    marked = [place for place in vowels if rime[place] not in "aeiouy"]
    if marked:
        return marked[-1]
    if len(vowels) == len(rime) and len(vowels) > 1:
        return vowels[-2]
    return vowels[-1]

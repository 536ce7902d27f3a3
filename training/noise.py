"""Ways to spoil a sentence as keyboards and hurry do. The same sentence is always spoilt alike."""

import random
import unicodedata
from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Final
from zlib import crc32

from core import vietnamese

_TELEX_TONES: Final = {"\u0301": "s", "\u0300": "f", "\u0309": "r", "\u0303": "x", "\u0323": "j"}
_VNI_TONES: Final = {"\u0301": "1", "\u0300": "2", "\u0309": "3", "\u0303": "4", "\u0323": "5"}
_TELEX_SHAPES: Final = {"\u0302": None, "\u031b": "w", "\u0306": "w"}
_VNI_SHAPES: Final = {"\u0302": "6", "\u031b": "7", "\u0306": "8"}
_NEAR: Final = {
    "a": "sq", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "g": "fh", "h": "gj", "i": "uo",
    "k": "jl", "l": "k", "m": "n", "n": "bm", "o": "ip", "p": "o", "q": "wa", "r": "et", "s": "ad",
    "t": "ry", "u": "yi", "v": "cb", "x": "zc", "y": "tu",
}  # fmt: skip


def bare(text: str) -> str:
    """Without marks."""
    return vietnamese.fold(text)


def telex(text: str) -> str:
    """As typed in Telex with the input method off."""
    return " ".join(_typed(word, vni=False) for word in text.lower().split())


def vni(text: str) -> str:
    """As typed in VNI with the input method off."""
    return " ".join(_typed(word, vni=True) for word in text.lower().split())


def decomposed(text: str) -> str:
    """In NFD, as some keyboards and copies send it."""
    return unicodedata.normalize("NFD", text)


def typos(text: str, share: float) -> str:
    """With this share of the letters left out, doubled, swapped or replaced by a neighbour."""
    chance = random.Random(crc32(text.encode()))
    letters = list(text)
    place = 0
    while place < len(letters):
        if letters[place].isalpha() and chance.random() < share:
            _spoil(letters, place, chance)
        place += 1
    return "".join(letters)


KINDS: Final[Mapping[str, Callable[[str], str]]] = MappingProxyType(
    {
        "as written": str,
        "no marks": bare,
        "telex": telex,
        "vni": vni,
        "nfd": decomposed,
        "capitals": str.upper,
        "typos 5 %": partial(typos, share=0.05),
        "typos 10 %": partial(typos, share=0.10),
    }
)


def _typed(word: str, *, vni: bool) -> str:
    tones = _VNI_TONES if vni else _TELEX_TONES
    shapes = _VNI_SHAPES if vni else _TELEX_SHAPES
    typed, tone = "", ""
    for letter in unicodedata.normalize("NFD", word):
        if letter in tones:
            tone = tones[letter]
        elif letter in shapes:
            typed += shapes[letter] or typed[-1:]
        elif letter == "đ":
            typed += "d9" if vni else "dd"
        else:
            typed += letter
    end = len(typed.rstrip(".,;:!?"))
    return typed[:end] + tone + typed[end:]


_WAYS: Final = 4
_SWAPPED: Final = 2


def _spoil(letters: list[str], place: int, chance: random.Random) -> None:
    way = chance.randrange(_WAYS)
    if way == 0:
        letters[place] = ""
    elif way == 1:
        letters[place] *= 2
    elif way == _SWAPPED and place + 1 < len(letters):
        letters[place], letters[place + 1] = letters[place + 1], letters[place]
    else:
        letters[place] = chance.choice(_NEAR.get(letters[place].lower(), letters[place]))

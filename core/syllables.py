"""The syllables Vietnamese is written with: which letters may begin one, and which may follow.

Used to tell Vietnamese from what only looks like it. Both places of a tone are right (hòa, hoà).
Source: the closed list of rhymes of the written language, as school grammars give it.
"""

import re
import unicodedata
from functools import cache
from itertools import product
from typing import Final

_ONSETS: Final = "ngh ng gh gi kh nh ph qu th tr ch b c d đ g h k l m n r s t v x".split()
_OPEN: Final = (
    "a ai ao au ay âu ây e eo ê êu i ia iu iêu o oa oai oao oay oe oeo oi ô ôi ơ ơi "
    "u ua uây uê ui uôi uơ uy uya uyu ư ưa ưi ưu ươi ươu y yêu"
).split()
_CLOSED: Final = (
    "am an ang anh ăm ăn ăng âm ân âng em en eng ênh êm ên im in inh iêm iên iêng "
    "oam oan oang oanh oăm oăn oăng oen om on ong oong ôm ôn ông ơm ơn um un ung "
    "uân uâng uênh uôm uôn uông uyn uynh uyên ưm ưn ưng ươm ươn ương yêm yên yêng"
).split()
_STOPPED: Final = (
    "ac ach ap at ăc ăp ăt âc âp ât ec ep et êc êch êp êt ic ich ip it iêc iêp iêt "
    "oac oach oap oat oăc oăt oet oc ooc op ot ôc ôp ôt ơp ơt uc up ut uât uêch uôc uôt "
    "uych uyt uyêt ưc ưt ươc ươp ươt yêt"
).split()
# After qu the u is part of the beginning: quan, quốc, quyền.
_AFTER_QU: Final = (
    "an ang anh am ac ach at ap ăn ăng ăc ăt ăm e en eo et oc ơn y ynh ych yt".split()
)
_LEVEL_AND_SMOOTH: Final = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
_SHARP: Final = ("\u0301", "\u0323")
_SHAPED: Final = frozenset("ăâêôơư")
_TONE_OF_VOWEL: Final = re.compile(
    "(?<=[aeiouy\u0302\u0306\u031b])[\u0300\u0309\u0303\u0301\u0323]"
)
_CODA: Final = re.compile(r"[^aăâeêioôơuưy]+$")


def is_syllable(word: str) -> bool:
    """Whether a lower-case word in NFC is written as a Vietnamese syllable, its tone in place."""
    return any(
        word.removeprefix(onset) in rhymes
        for onset, rhymes in (*_onsets(), ("", _rhymes()))
        if word.startswith(onset)
    )


def is_roughly_syllable(word: str) -> bool:
    """The same, where a tone may be missing or misplaced, and hats and horns left out."""
    toneless = _TONE_OF_VOWEL.sub("", unicodedata.normalize("NFD", word))
    shaped = unicodedata.normalize("NFC", toneless)
    if not _SHAPED.isdisjoint(shaped):
        return _fits(shaped, _bare_rhymes())
    return _fits(shaped, _bare_rhymes()) or _fits(shaped, _hatless_rhymes())


def _fits(word: str, rhymes: frozenset[str]) -> bool:
    return any(
        word.removeprefix(onset) in rhymes
        for onset in (*_ONSETS, "p", "")
        if word.startswith(onset)
    )


@cache
def _onsets() -> tuple[tuple[str, frozenset[str]], ...]:
    plain = [(onset, _rhymes()) for onset in _ONSETS if onset != "qu"]
    return (*plain, ("qu", _rhymes() | _toned(_AFTER_QU)))


@cache
def _bare_rhymes() -> frozenset[str]:
    return frozenset([*_OPEN, *_CLOSED, *_STOPPED, *_AFTER_QU])


@cache
def _hatless_rhymes() -> frozenset[str]:
    bare = str.maketrans("ăâêôơư", "aaeoou")
    return frozenset(rhyme.translate(bare) for rhyme in _bare_rhymes())


@cache
def _rhymes() -> frozenset[str]:
    return _toned([*_OPEN, *_CLOSED, *_STOPPED])


def _toned(rhymes: list[str]) -> frozenset[str]:
    """Every rhyme with every tone it may carry, where it may stand."""
    return frozenset(
        unicodedata.normalize("NFC", f"{rhyme[: place + 1]}{tone}{rhyme[place + 1 :]}")
        for rhyme in rhymes
        for tone, place in product(_tones(rhyme), _tone_places(rhyme))
    )


def _tones(rhyme: str) -> tuple[str, ...]:
    return _SHARP if rhyme.endswith(("c", "ch", "p", "t")) else _LEVEL_AND_SMOOTH


def _tone_places(rhyme: str) -> tuple[int, ...]:
    """Where the tone stands: on the vowel with a mark, else the last but one, else the only one."""
    vowels = _CODA.sub("", rhyme)
    marked = [place for place, vowel in enumerate(vowels) if vowel in _SHAPED]
    if marked:
        return (marked[-1],)
    if len(vowels) == 1 or len(vowels) < len(rhyme):
        return (len(vowels) - 1,)
    if vowels in {"oa", "oe", "uy"}:
        return (0, 1)
    return (1,) if len(vowels) == len("oai") else (0,)

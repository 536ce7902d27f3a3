"""Reading an answer to a menu: a number, a label, a part of one, or another word for it.

A number means a line of the menu that was shown. Words choose only where they point to one line:
a question, a denial, or words of two lines choose nothing, and the person is asked again.
"""

from functools import lru_cache
from typing import Final

from core import wording
from core.conversation.heard import Heard
from core.conversation.menu import Choice, Menu
from core.conversation.sentences import Label, Words
from core.conversation.speech import Voice, labelled
from core.conversation.understanding.answers import menu_number
from core.vietnamese import fold

_FEW: Final = 10
_DENIALS: Final = frozenset({"khong", "chua", "dung", "chang", "not", "no"})
_SOFT: Final = frozenset(
    "da a vang thua toi tui em con chau cho chon lay muon so muc bam y cai thi la phan nhe nha "
    "nghe ha he hi vay di luon do day roi voi anh chi co chu bac o giup nhi ad duoc cac hay xin "
    "the please to i want".split()
)
# Words that choose nothing, whichever line they stand in.
_EMPTY: Final = frozenset(
    "da a vang toi con cho muon la thi y cai phan voi giup xin the to i nhan tien".split()
)
_VOICES: Final = tuple(Voice(language) for language in wording.LANGUAGES)

Way = tuple[str, ...]
Ways = list[tuple[str, frozenset[Way]]]


def chosen(heard: Heard, menu: Menu) -> str | None:
    """The key of the line that the answer points to, or None."""
    ways = [(choice.key, _ways(choice)) for choice in menu.choices]
    number = menu_number(heard.text)
    if number is not None and (_has_digit(heard) or not _is_a_word_of(heard, ways)):
        return menu.keys[number - 1] if 0 < number <= len(menu.keys) else None
    return _exactly(heard, ways) or _by_words(heard, ways)


def exactly(heard: Heard, menu: Menu) -> str | None:
    """The key of the line whose very words were typed."""
    return _exactly(heard, [(choice.key, _ways(choice)) for choice in menu.choices])


def _has_digit(heard: Heard) -> bool:
    return any(word.isdigit() for word in heard.text.words)


def _ways(choice: Choice) -> frozenset[Way]:
    """The folded words of each way in which a line may be said."""
    return _label_words(choice.label) | {tuple(words.split()) for words in choice.words}


def _label_words(label: Label) -> frozenset[Way]:
    if isinstance(label, Words) and not label.values:
        return _sentence_words(label.key)
    return frozenset(tuple(_bare(labelled(label, voice)).split()) for voice in _VOICES)


@lru_cache(maxsize=1024)
def _sentence_words(key: str) -> frozenset[Way]:
    return frozenset(tuple(_bare(labelled(Words(key), voice)).split()) for voice in _VOICES)


def _bare(text: str) -> str:
    return "".join(letter if letter.isalnum() else " " for letter in fold(text))


def _is_a_word_of(heard: Heard, ways: Ways) -> bool:
    """Whether a number in words (`ba`, `nam`) is also a word of a line (`bà Hoa`, `năm nay`)."""
    words = set(heard.text.words)
    return any(words & set(way) for _, said in ways for way in said)


def _exactly(heard: Heard, ways: Ways) -> str | None:
    typed = {tuple(_bare(heard.line).split()), heard.text.words}
    found = [key for key, said in ways if typed & said]
    return found[0] if len(found) == 1 else None


def _by_words(heard: Heard, ways: Ways) -> str | None:
    """The one line that the words point to, by what sets it apart from the others."""
    typed = [*heard.text.words]
    if not typed or len(typed) > _FEW or "?" in heard.line:
        return None
    vocabularies = {key: {word for way in said for word in way} for key, said in ways}
    core = _without_softeners(typed)
    key = _pointed_at(core, vocabularies) or _pointed_at(typed, vocabularies)
    if key is None:
        key = _by_part(set(typed) - _SOFT - _EMPTY, ways)
    return None if key is None or (_DENIALS & set(typed)) - vocabularies[key] else key


def _without_softeners(typed: list[str]) -> list[str]:
    """`bưu điện nha` without its last word, which without marks is also a house (nhà)."""
    end = len(typed)
    while end and typed[end - 1] in _SOFT:
        end -= 1
    return typed[:end]


def _pointed_at(typed: list[str], vocabularies: dict[str, set[str]]) -> str | None:
    words = set(typed)
    found = [key for key in vocabularies if _telling(key, vocabularies) & words]
    if len(found) != 1 or _meet_elsewhere(found[0], words, vocabularies):
        return None
    return found[0]


def _meet_elsewhere(key: str, words: set[str], vocabularies: dict[str, set[str]]) -> bool:
    """Whether a line that the words do not point to alone has more of them."""
    own = len(vocabularies[key] & words)
    return any(len(other & words) > own for name, other in vocabularies.items() if name != key)


def _telling(key: str, vocabularies: dict[str, set[str]]) -> set[str]:
    """Words of this line that no other line has."""
    others = {word for other, own in vocabularies.items() if other != key for word in own}
    return vocabularies[key] - others - _EMPTY


def _by_part(core: set[str], ways: Ways) -> str | None:
    """The one line that holds all the words typed: a label that a channel cut short."""
    found = [key for key, said in ways if core and any(core <= set(way) for way in said)]
    return found[0] if len(found) == 1 else None

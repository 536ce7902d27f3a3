"""Whether a message tells that somebody has died (báo tin có người mất).

`mất` is also what happens to a card, a phone or a signal, so it counts only of a person named by
kinship, and only where nothing follows that can be lost. What is feared (`lỡ mẹ mất thì …`),
denied (`chưa chết`) or long past (`mất sớm`) is no news. Without marks fewer words count, because
`ma` may be mà or mã, and `bo` bộ.
Source: the border between losing and dying in tests/core/conversation/understanding/test_deaths.py.
"""

from collections.abc import Collection, Sequence
from typing import Final

from core import vietnamese
from core.conversation.understanding.normalise import Text, phrase
from core.conversation.understanding.wards import is_capital

_KIN: Final = frozenset(
    "ông bà ba bố bọ cha tía me mẹ má mạ mệ o ôn cụ cô chú bác dì cậu mợ thím dượng chồng vợ "
    "anh chị mụ nội ngoại".split()
)
# A child, or the writer: somebody's only with a word that says whose.
_KIN_OF: Final = frozenset("con cháu em".split())
_PLAIN_KIN: Final = frozenset("ong ba cha tia me cu chu bac duong chong vo anh chi".split())
_FOLDED_KIN: Final = frozenset(phrase(" ".join(sorted(_KIN | _KIN_OF))))
_WHOSE: Final = frozenset("toi tui em chau con minh nha ay".split())
_BETWEEN: Final = frozenset(
    "toi tui em chau con minh nha noi ngoai ay no nay gia cu vua moi da ruot lon ut ke vo chong "
    "cung khong may chang dot ngot hai ca tu nam sau a".split()
)
_ILL: Final = frozenset("benh om tai nan dot quy ung thu covid nang lau ngay roi".split())
_DIED: Final = tuple(
    phrase(words)
    for words in (
        "qua đời|từ trần|tạ thế|quy tiên|khuất núi|đã khuất|mới khuất|vừa khuất|trút hơi thở|"
        "không còn nữa|không còn trên đời|về với tổ tiên|về với ông bà|chết|mất"
    ).split("|")
)
_MARKED: Final = frozenset({"mất", "chết"})
# What may stand after `mất` of somebody who died; anything else may be what was lost.
_AFTER: Final = frozenset(
    "roi hom hqua thang tuan ngay sang chieu toi dem khuya hoi luc vi do cach duoc tai o thi nen "
    "ma gio bay chua may a da ha va nhung khi dau cuoi dot trong vao nay vua luon can xin".split()
)
_NO_NEWS: Final = frozenset("som lau tu nam".split())
_LOST: Final = frozenset(
    "thẻ sim số sổ giấy cccd cmnd căn cước chứng điện máy mã mật sóng mạng ví xe khóa túi bóp "
    "hồ đồ tiền pin của hộ khẩu".split()
)
# Without marks the folded word must be nothing else: `can` is also cán bộ, `ma` also mà.
_PLAIN_LOST: Final = frozenset("the sim so giay cccd cmnd cuoc khau dien song vi tien cua".split())
_FEARED: Final = frozenset("lỡ nếu giả trường khi chừng sau mai sợ lo phải hỏi".split())
_PLAIN_FEARED: Final = frozenset("lo neu gia truong khi chung so phai hoi".split())
_DENIED: Final = tuple(
    phrase(words) for words in "còn sống|vẫn sống|chưa chết|chưa mất|đâu có chết".split("|")
)
_NEAR: Final = 3
_FARTHEST: Final = 7


def tells_of_a_death(text: Text, names: Collection[str] = ()) -> bool:
    """Whether somebody is said to have died. `names`: of those the writer may ask for."""
    if any(_places(text.words, words) for words in _DENIED):
        return False
    given = {word for name in names for word in phrase(vietnamese.clean(name))}
    return any(
        _is_news(text, place, len(words)) and _is_of_a_person(text, place, given)
        for words in _DIED
        for place in _places(text.words, words)
    )


def _places(words: Sequence[str], wanted: tuple[str, ...]) -> list[int]:
    length = len(wanted)
    return [
        place
        for place in range(len(words) - length + 1)
        if tuple(words[place : place + length]) == wanted
    ]


def _is_news(text: Text, place: int, length: int) -> bool:
    """Whether what follows leaves a death that is new, and not a loss."""
    if text.has_marks and length == 1 and text.marked[place] not in _MARKED:
        return False
    after = place + length
    if after == len(text.words) or after in text.clauses:
        return True
    near = text.words[after : after + _NEAR]
    if near[0] not in _AFTER or _NO_NEWS & set(near):
        return False
    # `mất rồi thẻ`: what was lost comes late; money may be asked about in the same breath.
    return length > 1 or not _lost(text, after, after + _NEAR) - {"tiền", "tien", "vi"}


def _lost(text: Text, start: int, end: int) -> frozenset[str]:
    """The words here of what can be lost."""
    if text.has_marks:
        return _LOST.intersection(text.marked[start:end])
    return _PLAIN_LOST.intersection(text.words[start:end])


def _feared(text: Text, start: int, end: int) -> frozenset[str]:
    if text.has_marks:
        return _FEARED.intersection(text.marked[start:end])
    return _PLAIN_FEARED.intersection(text.words[start:end])


def _is_of_a_person(text: Text, place: int, given: Collection[str]) -> bool:
    """Whether a person named by kinship stands before, and nothing between acts or is lost."""
    start = max((begin for begin in (0, *text.clauses) if begin <= place), default=0)
    for at in range(place - 1, max(start, place - _FARTHEST) - 1, -1):
        if _is_kin(text, at, place):
            bare = at == place - 1
            lost = text.words[place] == "mat" and _lost(text, 0 if bare else start, at)
            if not lost and not _feared(text, start, at):
                return True
        if not (text.words[at] in _BETWEEN or _is_name(text, at, given) or _is_illness(text, at)):
            return False
    return False


def _is_name(text: Text, at: int, given: Collection[str]) -> bool:
    return text.words[at] in given or (text.has_marks and is_capital(text, text.marked[at]))


def _is_kin(text: Text, at: int, place: int) -> bool:
    word, marked = text.words[at], text.marked[at]
    owned = at + 1 < place and text.words[at + 1] in _WHOSE | {"noi", "ngoai"}
    if text.has_marks:
        return marked in _KIN or (marked in _KIN_OF and owned)
    return word in _PLAIN_KIN or (word in _FOLDED_KIN and owned)


def _is_illness(text: Text, at: int) -> bool:
    """`bị bệnh`, `bị tai nạn`: what somebody died of, and not `bị mất`."""
    word = text.words[at]
    return word in _ILL or (word == "bi" and text.words[at + 1] in _ILL)

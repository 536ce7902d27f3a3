"""Short answers to a question: a number of a menu, yes or no, a code.

They are read only when a question is pending, by that question's own parser. A bare `dung` is
`đúng`, `đừng`, `dừng` or `dùng`: it is no answer at all, and where money hangs on it nothing that
rests on an unmarked `dung`, or on the politeness of a `dạ`, counts as a yes.
"""

import re
from enum import StrEnum
from typing import Final

from core import vietnamese
from core.conversation.understanding import rules
from core.conversation.understanding.intents import Intent
from core.conversation.understanding.normalise import Text


class Answer(StrEnum):
    """Yes or no."""

    YES = "yes"
    NO = "no"


_LEADING: Final = frozenset(
    "da a vang thua toi tui em con chau cho chon lay muon so muc bam phim cau y cai lua thu la o "
    "phan dap an nhan cach".split()
)
_TRAILING: Final = frozenset(
    "a ad admin nhe nha nghe ha he hi vay di luon do day roi voi em anh chi co chu bac o no can bo "
    "giup toi nhi".split()
)
_WORDS: Final = {
    "mot": 1, "nhat": 1, "hai": 2, "nhi": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "sau": 6,
    "bay": 7, "tam": 8, "chin": 9, "muoi": 10,
}  # fmt: skip
_FEW: Final = 6
_YES: Final = frozenset("co dung phai vang u chuan duoc nhat tri".split())
_YES_PAIRS: Final = frozenset({("dong", "y"), ("chinh", "xac"), ("xac", "nhan"), ("nhat", "tri")})
_NO: Final = frozenset("khong chua sai dau no".split())
_DENIED_NO: Final = frozenset({"sai", "nham"})
_RUN: Final = re.compile(r"(?<![\w.,/])\d+(?:[ \-]\d+)*(?![\w/]|[.,]\d)")
_CODE_DIGITS: Final = 6
_IDENTITY_DIGITS: Final = range(9, 13)
_LETTERED: Final = re.compile(r"(?=[a-z\-]*\d)(?=[\d\-]*[a-z])[a-z0-9]{4}-?[a-z0-9]{4}")


def menu_number(text: Text) -> int | None:
    """The number of a menu line: `2`, `so 2`, `số hai`, `2 nha`, `chọn cái thứ ba`."""
    words = list(text.words)
    while words and words[-1] in _TRAILING and words[-1] not in _WORDS:
        words.pop()
    while len(words) > 1 and words[0] in _LEADING:
        words.pop(0)
    if len(words) != 1:
        return None
    word = words[0]
    if word.isdecimal():
        return int(word) if len(word) <= 2 else None  # noqa: PLR2004 - a longer one is no line
    return _WORDS.get(word)


def yes_no(text: Text, *, about_money: bool = False) -> Answer | None:
    """Yes or no, or None where it is neither for certain.

    With `about_money` a yes must be unmistakable: no unmarked `dung`, no bare `dạ`, no number.
    """
    reply = rules.whole_reply(text)
    answer = _ANSWERS.get(reply) if isinstance(reply, Intent) else None
    if answer is None and reply is None:
        answer = _began(text)
    if answer is Answer.YES and about_money and not _unmistakable(text):
        return None
    return answer


def code(text: Text) -> str | None:
    """A code of six digits, or of eight letters and digits, as printed on a link letter.

    Six digits count when they stand apart, in groups or not; `O` typed for `0` is put right only
    among digits. A longer number is no code.
    """
    line = vietnamese.fold(vietnamese.clean(text.raw[:400])).strip()
    line = re.sub(r"(?<=\d)o(?=[\d\s]|$)|(?<=\s)o(?=\d)", "0", line)
    found = [code for run in _RUN.findall(line) for code in _six_digits(run)]
    if len(found) == 1:
        return found[0]
    lettered = [word for word in line.split() if _LETTERED.fullmatch(word)]
    if len(lettered) == 1 and not found:
        return lettered[0].replace("-", "").upper()
    return None


_ANSWERS: Final = {Intent.YES: Answer.YES, Intent.NO: Answer.NO}


def _six_digits(run: str) -> list[str]:
    """The codes in figures that stand together; none in what is a phone or identity number."""
    joined = re.sub(r"\D", "", run)
    if len(joined) == _CODE_DIGITS:
        return [joined]
    if len(joined) in _IDENTITY_DIGITS and joined[0] == "0":
        return []
    return [part for part in re.split(r"\D", run) if len(part) == _CODE_DIGITS]


def _began(text: Text) -> Answer | None:
    """What a short answer in other words begins with; a question and a double denial are none."""
    words = [word for word in text.words if word not in {"da", "a", "thua"}]
    if not words or len(words) > _FEW or "?" in text.raw:
        return None
    if words[-1] in {"khong", "chua"} and len(words) > 1:
        return None
    denied = any(word in _NO for word in words)
    if words[0] in _NO:
        return None if any(word in _DENIED_NO for word in words[1:]) else Answer.NO
    if denied:
        return None
    if words[0] == "dung" and _reads_dung(text) != "đúng":
        return None
    if words[0] in _YES or tuple(words[:2]) in _YES_PAIRS:
        return Answer.YES
    return None


def _reads_dung(text: Text) -> str:
    return next((marked for marked in text.marked if vietnamese.fold(marked) == "dung"), "")


def _unmistakable(text: Text) -> bool:
    words = [word for word in text.words if word not in {"a", "ad", "nhe", "nha"}]
    if not words or words == ["da"] or words[0].isdecimal() or words[:1] == ["so"]:
        return False
    return "dung" not in words or _reads_dung(text) == "đúng"

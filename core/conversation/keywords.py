"""Whole messages that speak to the conversation itself: back, cancel, repeat, why, stop …

They work in every flow and on every channel, with and without accents. Longer wishes of the same
kind ("cho tôi gặp cán bộ với") are understood elsewhere; here stand the exact words.
"""

from enum import StrEnum
from typing import Final

from core.conversation.heard import Heard
from core.conversation.understanding.intents import Intent
from core.conversation.understanding.rules import whole_reply
from core.vietnamese import fold


class Keyword(StrEnum):
    """What a message says to the conversation itself."""

    BACK = "back"
    CANCEL = "cancel"
    CORRECT = "correct"
    REPEAT = "repeat"
    HELP = "help"
    WHY = "why"
    START_OVER = "start_over"
    PERSON = "person"
    STOP = "stop"
    MENU = "menu"
    NOTICES = "notices"  # messages may come again
    VIETNAMESE = "vietnamese"
    ENGLISH = "english"
    WITHOUT_MARKS = "without_marks"
    WITH_MARKS = "with_marks"


# Folded. One line a keyword: what people write when they mean nothing else.
_WORDS: Final = {
    Keyword.BACK: "lai|quay lai|tro lai|lui lai|ve truoc|cau truoc|buoc truoc|bam nham|nham roi|"
    "lam lai|tra loi lai|back|go back|0",
    Keyword.CANCEL: "huy|huy bo|huy yeu cau|thoi|thoi khong|bo qua|bo|cancel|thoat|"
    "khoi|khoi can|thoi khoi|thoi khoi can|khong can|khong can dau|khong can nua|thoi khong can|"
    "de khi khac|thoi de khi khac|de luc khac|de hom khac|de bua khac|de sau|thoi de sau|"
    "khoan|khoan da|khoan khong phai|khoan khong|khoan thoi|thoi khoan",
    Keyword.CORRECT: "sua|sua lai|sua cau tra loi|toi muon sua|cho sua|correct|change",
    Keyword.REPEAT: "nhac lai|noi lai|doc lai|lap lai|gui lai|hoi lai|noi gi|hoi gi|gi vay|gi a|"
    "chua nghe ro|chua ro|khong hieu|toi khong hieu|chua hieu|repeat|again",
    Keyword.HELP: "giup|giup toi|giup voi|tro giup|huong dan|cuu|help|?|??|???",
    Keyword.WHY: "sao hoi|sao lai hoi|tai sao hoi|vi sao hoi|hoi lam gi|hoi chi|hoi chi rua|"
    "hoi de lam gi|de lam gi|de lam chi|sao can|tai sao can|vi sao can|can lam gi|tai sao|vi sao|"
    "sao vay|why",
    Keyword.START_OVER: "lam lai tu dau|bat dau lai|tu dau|lai tu dau|lam moi|start over|restart|"
    "/start",
    Keyword.PERSON: "nguoi|can bo|gap can bo|gap nguoi|goi can bo|nguoi that|noi chuyen voi nguoi|"
    "gap nguoi that|cho gap can bo|toi muon gap can bo|person|officer|human",
    Keyword.STOP: "stop|tc|tu choi|ngung|ngung nhan tin|dung nhan tin|huy tin|unsubscribe|/stop|"
    "ngung tin|khong nhan tin nua",
    Keyword.MENU: "menu|/menu|danh sach|muc luc|trang chu",
    Keyword.NOTICES: "nhan tin|nhan tin lai|bat tin|nhan lai tin",
    Keyword.VIETNAMESE: "tieng viet|vietnamese",
    Keyword.ENGLISH: "english|tieng anh",
    Keyword.WITHOUT_MARKS: "khong dau|chu khong dau|viet khong dau|nhan tin khong dau",
    Keyword.WITH_MARKS: "co dau|chu co dau|viet co dau",
}
_BY_WORDS: Final = {words: keyword for keyword, line in _WORDS.items() for words in line.split("|")}
_BY_INTENT: Final = {
    Intent.BACK: Keyword.BACK,
    Intent.CANCEL: Keyword.CANCEL,
    Intent.HELP: Keyword.HELP,
    Intent.STOP_NOTIFICATIONS: Keyword.STOP,
    Intent.TALK_TO_HUMAN: Keyword.PERSON,
}
_SOFT_BEFORE: Final = frozenset({"da", "thua", "vang", "cho", "toi", "xin", "please"})
_SOFT_AFTER: Final = frozenset({"a", "di", "nhe", "nha", "nghe", "voi", "em", "con", "chau", "oi"})
# The same letters mean other things when they carry marks.
_MARKED_OTHERWISE: Final = {"lai": "lại", "bo": "bỏ", "thoi": "thôi", "khoi": "khỏi"}


def keyword(heard: Heard) -> Keyword | None:
    """What the whole message says to the conversation, or None."""
    for words in _cores(tuple(_plain(heard.line).split())):
        found = _BY_WORDS.get(" ".join(words))
        if found is not None and _is_meant(heard, " ".join(words)):
            return found
    reply = whole_reply(heard.text)
    return _BY_INTENT.get(reply) if isinstance(reply, Intent) else None


def _plain(line: str) -> str:
    return fold(line).rstrip(" .,!…").replace(",", " ") or fold(line).strip()


def _is_meant(heard: Heard, words: str) -> bool:
    marked = _MARKED_OTHERWISE.get(words)
    return marked is None or not heard.text.has_marks or marked in heard.line.casefold()


def _cores(words: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The message, then with softeners at its ends left off."""
    cores = [words]
    while len(words) > 1 and words[0] in _SOFT_BEFORE:
        words = words[1:]
        cores.append(words)
    while len(words) > 1 and words[-1] in _SOFT_AFTER:
        words = words[:-1]
        cores.append(words)
    return cores

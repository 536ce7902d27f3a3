"""Which month a message speaks of: `tháng 4`, `t4`, `4/2021`, `thang tu`, `kỳ này`, `đợt rồi`.

A lunar name (`tháng giêng`, `tháng chạp`, a `mồng` or `rằm` beside a month) and an unmarked
`thang sau`, which is June or next month, are doubtful: they yield more than one candidate, and the
person is asked with the solar month. What the month owes nobody knows here; `today` is given.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from core.calendar import Cycle
from core.conversation.understanding.normalise import Text


class Doubt(StrEnum):
    """Why a month must be asked back."""

    LUNAR = "lunar"  # a month of the lunar calendar
    JUNE_OR_NEXT = "june_or_next"  # `thang sau` without marks


@dataclass(frozen=True, slots=True)
class MonthMention:
    """A month as it was said: by number (`month`, perhaps `year`) or by distance (`offset`)."""

    month: int | None = None
    year: int | None = None
    offset: int | None = None
    years_back: int | None = None  # `năm ngoái`
    doubt: Doubt | None = None

    def candidates(self, today: date) -> tuple[Cycle, ...]:
        """The cycles it can mean, the likeliest first; exactly one where there is no doubt.

        Time: `today` is a day in Asia/Ho_Chi_Minh. A month without a year is the one from nine
        months back to two ahead; a lunar month begins in the solar month of its number or the next.
        """
        this = Cycle.of_day(today)
        if self.doubt is Doubt.JUNE_OR_NEXT:
            return _distinct(this.next(), _nearest(6, this))
        if self.month is None:
            return (this.plus(self.offset or 0),)
        if self.year is not None:
            named = Cycle(self.year, self.month)
        elif self.years_back is not None:
            named = Cycle(this.year - self.years_back, self.month)
        else:
            named = _nearest(self.month, this)
        if self.doubt is Doubt.LUNAR:
            return (named.next(), named)
        return (named,)

    def on(self, today: date) -> Cycle | None:
        """The one cycle it means; None if it must be asked."""
        found = self.candidates(today)
        return found[0] if len(found) == 1 else None


_AHEAD: Final = 2
_NUMBERS: Final = {
    "mot": 1, "hai": 2, "ba": 3, "tu": 4, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8,
    "chin": 9, "muoi": 10,
}  # fmt: skip
_LUNAR_NAMES: Final = {"gieng": 1, "chap": 12}
_PERIODS: Final = frozenset({"thang", "ky", "dot", "lan"})
_OFFSETS: Final = {
    "nay": 0, "truoc": -1, "roi": -1, "qua": -1, "vua": -1, "rui": -1, "sau": 1, "toi": 1,
    "kia": -2, "do": None,
}  # fmt: skip
_SHORT: Final = re.compile(r"t(?:h|hg)?(0?[1-9]|1[0-2])(?:[/.-]((?:20)?\d\d))?")
_WITH_YEAR: Final = re.compile(r"(0?[1-9]|1[0-2])[/.-](20\d\d)")
_PLAIN: Final = re.compile(r"(0?[1-9]|1[0-2])(?:[/.-]((?:20)?\d\d))?")
_YEAR: Final = re.compile(r"20\d\d")
_LUNAR_SIGNS: Final = frozenset({"mong", "mung", "ram"})
_NOT_OF_MONTHS: Final = frozenset({"tram", "nghin", "ngan", "trieu", "muoi", "dong", "nguoi"})


def months(text: Text) -> tuple[MonthMention, ...]:
    """The months in the order they are said, each once."""
    return tuple(dict.fromkeys(mention for _, mention in _placed(text)))


def month(text: Text) -> MonthMention | None:
    """The month that the message asks about; of several the one that is `chưa`, else the last."""
    placed = list(_placed(text))
    if not placed:
        return None
    waiting = [place for place, word in enumerate(text.words) if word == "chua"]
    if waiting:
        before = [mention for place, mention in placed if place < waiting[0]]
        return before[-1] if before else placed[0][1]
    return placed[-1][1]


def _placed(text: Text) -> Iterator[tuple[int, MonthMention]]:
    words = text.words
    lunar = _speaks_lunar(text)
    for place, word in enumerate(words):
        if word in _PERIODS:
            found = _after_period(text, place, lunar=lunar)
        elif word[0] == "t" or word[0].isdecimal():
            found = _compact(words, place)
        else:
            found = None
        if found is not None:
            yield place, found


def _speaks_lunar(text: Text) -> bool:
    words = text.words
    if "am" in words and "lich" in words:
        return True
    return any(word in _LUNAR_SIGNS for word in words) and "duong" not in words


def _compact(words: tuple[str, ...], place: int) -> MonthMention | None:
    """`t4`, `th4`, `t4/2021`, `4/2021`; what follows the word `tháng` is read there."""
    if place and words[place - 1] in _PERIODS:
        return None
    found = _SHORT.fullmatch(words[place]) or _WITH_YEAR.fullmatch(words[place])
    if found is None or (place and words[place - 1] in {"ngay", "sinh"}):
        return None
    return MonthMention(month=int(found[1]), year=_year(found[2]))


def _after_period(text: Text, place: int, *, lunar: bool) -> MonthMention | None:
    words = text.words
    following = words[place + 1 : place + 6]
    if not following:
        return None
    first = following[0]
    if words[place] != "thang" and first == "thang":
        return None  # the word `tháng` is read in its own place
    if first in _LUNAR_NAMES and words[place] == "thang":
        return _named(_LUNAR_NAMES[first], following[1:], doubt=Doubt.LUNAR)
    plain = _PLAIN.fullmatch(first)
    if plain is not None and not _counts(words, place, following):
        doubt = Doubt.LUNAR if lunar else None
        named = _named(int(plain[1]), following[1:], doubt=doubt)
        return named if plain[2] is None else MonthMention(int(plain[1]), _year(plain[2]))
    return _in_words(text, place, following, lunar=lunar)


def _in_words(
    text: Text, place: int, following: tuple[str, ...], *, lunar: bool
) -> MonthMention | None:
    first = following[0]
    if first == "sau" and text.words[place] == "thang":
        return _june_or_next(text, place, following)
    if _OFFSETS.get(first) is not None:
        return _distant(text, place, following)
    if (
        text.words[place] != "thang"
        or first not in _NUMBERS
        or _counts(text.words, place, following)
    ):
        return None
    if first == "nam" and following[1:2] in {("ngoai",), ("nay",), ("truoc",)}:
        return None  # `tháng năm ngoái` names no month
    number = _NUMBERS[first]
    rest = following[1:]
    if first == "muoi" and rest[:1] in {("mot",), ("hai",)}:
        number += _NUMBERS[rest[0]]
        rest = rest[1:]
    return _named(number, rest, doubt=Doubt.LUNAR if lunar else None)


def _june_or_next(text: Text, place: int, following: tuple[str, ...]) -> MonthMention:
    june = _named(6, following[1:], doubt=None)
    if text.marked[place + 1] != "sau" or june.year is not None:
        return june
    return MonthMention(offset=1) if text.has_marks else MonthMention(doubt=Doubt.JUNE_OR_NEXT)


def _distant(text: Text, place: int, following: tuple[str, ...]) -> MonthMention | None:
    """`tháng này`, `đợt rồi`, `tháng vừa rồi`, `tháng trước nữa`, `kỳ tới`."""
    marked = text.marked[place + 1]
    if following[0] == "toi" and marked == "tôi":
        return None  # `tháng tôi …`
    if following[0] == "toi" and not text.has_marks and text.words[place] == "thang":
        return None
    offset = _OFFSETS[following[0]] or 0
    further = following[1:2] == ("nua",) and offset < 0
    return MonthMention(offset=offset - further)


def _named(number: int, rest: tuple[str, ...], *, doubt: Doubt | None) -> MonthMention:
    words = rest[1:] if rest[:1] == ("nam",) else rest
    if words and _YEAR.fullmatch(words[0]):
        return MonthMention(number, int(words[0]), doubt=doubt)
    if rest[:1] == ("nam",) and words[:1] in {("ngoai",), ("truoc",)}:
        return MonthMention(number, years_back=1, doubt=doubt)
    if rest[:2] == ("nam", "nay"):
        return MonthMention(number, years_back=0, doubt=doubt)
    return MonthMention(number, doubt=doubt)


def _counts(words: tuple[str, ...], place: int, following: tuple[str, ...]) -> bool:
    """`một tháng ba trăm`, `lần 2`, `hai tháng 3 triệu`: a count or a sum, no name of a month."""
    if following[1:2] and following[1] in _NOT_OF_MONTHS and following[0] != "muoi":
        return True
    if words[place] == "lan":
        return True
    return words[place] == "thang" and place > 0 and words[place - 1] in {"mot", "1", "moi", "hang"}


def _year(written: str | None) -> int | None:
    if written is None:
        return None
    return int(written) if len(written) == 4 else 2000 + int(written)  # noqa: PLR2004 - digits


def _nearest(number: int, this: Cycle) -> Cycle:
    """The month with this number from nine months back to two ahead."""
    named = Cycle(this.year, number)
    distance = named.months_since(this)
    if distance > _AHEAD:
        return named.plus(-12)
    return named.plus(12) if distance < _AHEAD - 11 else named


def _distinct(*found: Cycle) -> tuple[Cycle, ...]:
    return tuple(dict.fromkeys(found))

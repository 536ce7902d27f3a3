"""What a message mentions besides what it wants: months, sums, a number, a yes or no, a code.

The flows read these with the pending question; here they are only found. Nothing depends on the
day: a month is kept as it was said, and `MonthMention.candidates(today)` says which it can be.
"""

from dataclasses import dataclass
from typing import Final

from core.conversation.understanding import amounts, answers, months
from core.conversation.understanding.answers import Answer
from core.conversation.understanding.months import MonthMention
from core.conversation.understanding.normalise import Text

_BRIEF: Final = 10  # a longer message is no answer to a menu


@dataclass(frozen=True, slots=True)
class Slots:
    """What was found; empty where there was nothing."""

    month: MonthMention | None = None
    months: tuple[MonthMention, ...] = ()
    amounts: tuple[int, ...] = ()
    number: int | None = None
    answer: Answer | None = None
    code: str | None = None


def slots(text: Text) -> Slots:
    """All that a message mentions."""
    if not text.words:
        return Slots(answer=answers.yes_no(text))
    named = months.months(text)
    brief = len(text.words) <= _BRIEF
    return Slots(
        month=months.month(text) if len(named) > 1 else (named[0] if named else None),
        months=named,
        amounts=amounts.amounts(text),
        number=answers.menu_number(text) if brief else None,
        answer=answers.yes_no(text) if brief else None,
        code=answers.code(text) if any(map(str.isdecimal, text.raw)) else None,
    )

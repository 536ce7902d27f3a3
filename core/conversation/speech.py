"""Said things put into words: money, months and days first, then the sentence around them.

`{you}` and `{You}` in a sentence become the right address (bác, ông/bà, anh/chị, cô bác).

What does not live here: what fits a channel (`notifications/render.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Final

from core import wording
from core.calendar import Cycle, local_day
from core.conversation.caller import Form
from core.conversation.sentences import Label, Money, Said, Value, Words, domain


@dataclass(frozen=True, slots=True)
class Voice:
    """How one person is spoken to: language, address, and what stands after an amount."""

    language: str = "vi"
    form: Form = Form.STRANGER
    unit: str = " đ"


PLAIN: Final = Voice()


def spoken(said: Said | Words, voice: Voice) -> str:
    """The sentence in words.

    Raises: NoSentence, MissingValue.
    """
    sentence = wording.sentence(said.key, voice.language, domain(said.key))
    if not sentence.names:
        return sentence.with_values({})
    values = in_words(said.values, voice)
    if sentence.names & _ADDRESS:
        values |= _address(voice.language, voice.form)
    return sentence.with_values(values)


def labelled(label: Label, voice: Voice) -> str:
    """A label in words; a name is said as it is."""
    return label if isinstance(label, str) else spoken(label, voice)


def in_words(values: Mapping[str, Value], voice: Voice) -> dict[str, str | int]:
    """Each value as it is read aloud."""
    return {name: _in_words(value, voice) for name, value in values.items()}


_ADDRESS: Final = frozenset({"you", "You"})


def _in_words(value: Value, voice: Voice) -> str | int:
    match value:
        case Money():
            return f"{wording.money(value.amount)}{voice.unit}"
        case Cycle():
            return wording.month_name(value.year, value.month, voice.language)
        case datetime():
            return wording.short_date(local_day(value))
        case date():
            return wording.short_date(value)
        case Words():
            return spoken(value, voice)
        case _:
            return value


@lru_cache(maxsize=64)
def _address(language: str, form: Form) -> dict[str, str | int]:
    you = wording.text(f"engine.you.{form.value}", language, "engine")
    return {"you": you, "You": you[:1].upper() + you[1:]}

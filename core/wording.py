"""Sentences by name: a dotted key and values in, the words a person reads out.

The catalogues are `locales/<lang>/<domain>.po`, read once per process. A placeholder is a plain
`{name}` and nothing more, so no sentence can reach into an object; money and days are put into
words here before they are put into a sentence.

What does not live here: any sentence (`locales/`), and what fits a channel (`notifications`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Final

from babel.messages.pofile import read_po

from core.faults import Fault
from core.money import dotted

LANGUAGES: Final = ("vi", "en")
FOLDER: Final = Path(__file__).resolve().parent.parent / "locales"

_DAYS: Final = {
    "vi": ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


class NoCatalogue(Fault):
    """There is no catalogue “{domain}” in the language “{lang}”."""


class NoSentence(Fault):
    """The catalogue “{domain}” has no sentence “{key}” in the language “{lang}”."""


class BadPlaceholder(Fault):
    """The sentence “{key}” has a placeholder that is not a plain name: “{placeholder}”."""


class MissingValue(Fault):
    """The sentence “{key}” needs a value for “{name}”."""


class BadValue(Fault):
    """The value “{name}” of the sentence “{key}” must be put into words first: it is a {kind}."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, taken apart at its placeholders: (words, name or None) pairs in order."""

    key: str
    parts: tuple[tuple[str, str | None], ...]

    @property
    def names(self) -> frozenset[str]:
        """The placeholders."""
        return frozenset(name for _, name in self.parts if name is not None)

    def with_values(self, values: Mapping[str, str | int]) -> str:
        """The sentence with each placeholder replaced.

        Raises: MissingValue, BadValue.
        """
        return "".join(
            words if name is None else words + self._value(name, values)
            for words, name in self.parts
        )

    def _value(self, name: str, values: Mapping[str, str | int]) -> str:
        if name not in values:
            raise MissingValue(key=self.key, name=name)
        value = values[name]
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise BadValue(key=self.key, name=name, kind=type(value).__name__)
        return str(value)


def text(key: str, /, lang: str = "vi", domain: str = "bot", **values: str | int) -> str:
    """The sentence `key` with its values.

    Raises: NoCatalogue, NoSentence, MissingValue, BadValue.
    """
    return sentence(key, lang, domain).with_values(values)


def has(key: str, lang: str = "vi", domain: str = "bot") -> bool:
    """Whether there is such a sentence.

    Raises: NoCatalogue.
    """
    return key in catalogue(lang, domain)


def sentence(key: str, lang: str = "vi", domain: str = "bot") -> Sentence:
    """The sentence `key`, its values not yet put in.

    Raises: NoCatalogue, NoSentence.
    """
    found = catalogue(lang, domain).get(key)
    if found is None:
        raise NoSentence(key=key, lang=lang, domain=domain)
    return found


def fault_text(fault: Fault, lang: str = "vi") -> str:
    """What the operator is told of a fault: from the catalogue, else its own English message."""
    if not has(fault.key, lang, "faults"):
        return str(fault)
    values = {name: str(value) for name, value in fault.values.items()}
    return sentence(fault.key, lang, "faults").with_values(values)


@cache
def catalogue(lang: str, domain: str) -> Mapping[str, Sentence]:
    """All sentences of one domain in one language.

    Raises: NoCatalogue, BadPlaceholder.
    """
    path = FOLDER / lang / f"{domain}.po"
    if lang not in LANGUAGES or not path.is_file():
        raise NoCatalogue(domain=domain, lang=lang)
    with path.open("rb") as file:
        messages = list(read_po(file, locale=lang, charset="utf-8", abort_invalid=True))
    return {str(m.id): parsed(str(m.id), str(m.string)) for m in messages if m.id and m.string}


def parsed(key: str, words: str) -> Sentence:
    """A sentence taken apart at its `{names}`; `{{` and `}}` are braces.

    Raises: BadPlaceholder.
    """
    try:
        pieces = list(Formatter().parse(words))
    except ValueError as error:
        raise BadPlaceholder(key=key, placeholder=str(error)) from error
    for _, name, form, conversion in pieces:
        if name is not None and (form or conversion or not name.isidentifier()):
            raise BadPlaceholder(key=key, placeholder=name)
    return Sentence(key, tuple((literal, name) for literal, name, _, _ in pieces))


def money(amount: int) -> str:
    """`540.000` for 540000. Money: whole đồng, without the unit.

    Raises: BadValue.
    """
    if isinstance(amount, bool) or not isinstance(amount, int):
        raise BadValue(key="money", name="amount", kind=type(amount).__name__)
    return dotted(amount)


def short_date(day: date) -> str:
    """`05/05/2021`. Time: a day in Asia/Ho_Chi_Minh.

    Raises: BadValue, for an instant, whose day depends on the zone.
    """
    if isinstance(day, datetime):
        raise BadValue(key="short_date", name="day", kind="datetime")
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


def long_date(day: date, lang: str = "vi") -> str:
    """`thứ Tư 05/05/2021`, in English `Wednesday 05/05/2021`.

    Raises: BadValue, as `short_date`.
    """
    return f"{_DAYS[lang][day.weekday()]} {short_date(day)}"


def month_name(year: int, month: int, lang: str = "vi") -> str:
    """`tháng 4/2021`, in English `April 2021`."""
    return f"tháng {month}/{year}" if lang == "vi" else f"{_MONTHS[month - 1]} {year}"

"""How an answer is read: from a message to what is stored, and from that to a typed value.

What is stored is the settled answer (the key of an option, `2021-04`, `yes`), never the digit that
was typed: a menu may change between two messages, and a digit must not change its meaning.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, StrEnum
from typing import Final, Generic, TypeVar, overload

from core import phones
from core.accounts import account as account_number
from core.calendar import BadCycle, Cycle
from core.conversation.choices import chosen, exactly
from core.conversation.heard import Heard
from core.conversation.menu import Choice, Menu
from core.conversation.sentences import Label, Words
from core.conversation.understanding import amounts, answers, months
from core.conversation.understanding.answers import Answer
from core.conversation.understanding.wards import ward_named, wards_named
from core.people import Ward
from core.privacy import storable

T = TypeVar("T")
E = TypeVar("E", bound=Enum)


class Private(StrEnum):
    """What a question asks for that must not be cut out of the message before it is stored."""

    NOTHING = ""
    CODE = "code"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class Asked:
    """How a question stands: its menu as it was shown, and whether it confirms something."""

    menu: Menu | None = None
    confirms: bool = False


def _mentions_nothing(heard: Heard) -> str | None:
    del heard
    return None


@dataclass(frozen=True, slots=True)
class Option(Generic[T]):
    """One possible answer. Without a label, its label is the sentence `<question>.<key>`."""

    key: str
    value: T
    label: Label | None = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Parser(Generic[T]):
    """Reads answers of one kind.

    `settle`: what to store, or None if the message is no answer. `value`: the typed answer, or
    None if what is stored is no answer any more. `mention`: an answer found in a message that was
    about something else. `samples`: settled answers for `walk`, where there are no options.
    """

    settle: Callable[[Heard, Asked], str | None]
    value: Callable[[str], T | None]
    options: tuple[Option[T], ...] = ()
    samples: tuple[str, ...] = ()
    mention: Callable[[Heard], str | None] = field(default=_mentions_nothing)
    private: Private = Private.NOTHING
    is_open: bool = False  # takes any words: a wish in them is not taken for another question

    def menu(self, key: str) -> Menu | None:
        """The lines of the question whose sentence is `key`; None for an open question."""
        if not self.options:
            return None
        return Menu(
            tuple(Choice(o.key, o.label or Words(f"{key}.{o.key}"), o.words) for o in self.options)
        )

    def possible(self) -> tuple[str, ...]:
        """Settled answers that a walker tries."""
        return tuple(option.key for option in self.options) or self.samples


@overload
def one_of(options: type[E], /) -> Parser[E]: ...
@overload
def one_of(options: Sequence[Option[T]], /) -> Parser[T]: ...
def one_of(options: type[Enum] | Sequence[Option[T]], /) -> Parser[Enum] | Parser[T]:
    """One of the members of an enum (labels `<question>.<member value>`), or of some options."""
    if isinstance(options, type):
        return _options([Option(str(member.value), member) for member in options])
    return _options(options)


def _options(options: Sequence[Option[T]]) -> Parser[T]:
    values = {option.key: option.value for option in options}
    return Parser(_settle_choice, values.get, tuple(options))


def _settle_choice(heard: Heard, asked: Asked) -> str | None:
    return None if asked.menu is None else chosen(heard, asked.menu)


def yes_or_no(*, yes: Label, no: Label) -> Parser[bool]:
    """Yes or no, under labels of one's own."""
    options = (Option("yes", value=True, label=yes), Option("no", value=False, label=no))
    return Parser(_settle_yes_no, {"yes": True, "no": False}.get, options)


# Perhaps is neither yes nor no: có lẽ, có thể, hình như, chắc là, để xem.
_HEDGES: Final = re.compile(r"\b(?:co le|co the|hinh nhu|chac la|chac co|de xem|chua chac)\b")


def _settle_yes_no(heard: Heard, asked: Asked) -> str | None:
    """A number of the menu shown, else a yes or no in words; what confirms needs a clear yes."""
    if asked.menu is not None and heard.line.isdigit():
        return chosen(heard, asked.menu)
    if _HEDGES.search(heard.folded):
        return None
    answer = answers.yes_no(heard.text, about_money=asked.confirms)
    if answer is not None:
        return "yes" if answer is Answer.YES else "no"
    if asked.menu is None or "dung" in heard.text.words:
        return None  # đúng, đừng, dừng, dùng
    if asked.confirms or asked.menu.choices[0].label == YES:
        return exactly(heard, asked.menu)  # "có nhận đâu" has a có in it, and is no yes
    return chosen(heard, asked.menu)


YES: Final = Words("engine.yes")
NO: Final = Words("engine.no")
yes_no: Final = yes_or_no(yes=YES, no=NO)
"""Yes or no. Bare `dung` is neither; a question that `shows` something needs a clear yes."""

_LONGEST: Final = 500


def free_text(*, samples: Sequence[str], longest: int = _LONGEST) -> Parser[str]:
    """What the person wrote, trimmed, of two letters or more, a PIN or card number hidden.

    `samples`: settled answers for `walk`.
    """

    def settle(heard: Heard, asked: Asked) -> str | None:
        del asked
        letters = sum(letter.isalnum() for letter in heard.line)
        return storable(heard.line) if letters > 1 and len(heard.line) <= longest else None

    return Parser(settle, lambda kept: kept, samples=tuple(samples), is_open=True)


def number(lowest: int, highest: int) -> Parser[int]:
    """A whole number between two bounds, both included."""

    def settle(heard: Heard, asked: Asked) -> str | None:
        del asked
        said = answers.menu_number(heard.text)
        if said is None and heard.line.isdecimal() and len(heard.line) <= len(str(highest)):
            said = int(heard.line)
        return str(said) if said is not None and lowest <= said <= highest else None

    return Parser(settle, int, samples=tuple({str(lowest): 0, str(highest): 0}))


def _settle_code(heard: Heard, asked: Asked) -> str | None:
    del asked
    return answers.code(heard.text)


code: Final[Parser[str]] = Parser(
    _settle_code, lambda kept: kept, samples=("123456",), private=Private.CODE
)
"""A one-time code: six digits, or eight letters and digits, as printed or sent."""


def _settle_phone(heard: Heard, asked: Asked) -> str | None:
    del asked
    found = phones.mobile(heard.line)
    return found if isinstance(found, str) else None


phone: Final[Parser[str]] = Parser(
    _settle_phone, lambda kept: kept, samples=("0912345678",), private=Private.ACCOUNT
)
"""A mobile number, canonical."""


def _settle_account(heard: Heard, asked: Asked) -> str | None:
    del asked
    found = account_number(heard.line)
    return found if isinstance(found, str) else None


account: Final[Parser[str]] = Parser(
    _settle_account, lambda kept: kept, samples=("101000123456",), private=Private.ACCOUNT
)
"""An account number, canonical."""


def _settle_amount(heard: Heard, asked: Asked) -> str | None:
    del asked
    found = amounts.amounts(heard.text)
    return str(found[0]) if len(found) == 1 else None


amount: Final[Parser[int]] = Parser(_settle_amount, int, samples=("100000",))
"""One sum of money. Money: whole đồng."""


def month(today: date, offered: Sequence[Cycle] = ()) -> Parser[Cycle]:
    """A month as people name one; those `offered` are lines of a menu. A doubtful one is asked."""

    def named(heard: Heard) -> str | None:
        said = months.month(heard.text)
        found = None if said is None else said.on(today)
        return None if found is None else str(found)

    def settle(heard: Heard, asked: Asked) -> str | None:
        by_name = named(heard)
        if by_name is not None or asked.menu is None:
            return by_name
        return chosen(heard, asked.menu)

    options = tuple(
        Option(str(cycle), cycle, Words("engine.month", {"month": cycle})) for cycle in offered
    )
    samples = (str(Cycle.of_day(today)),)
    return Parser(settle, _cycle, options, samples, mention=named)


def _cycle(kept: str) -> Cycle | None:
    try:
        return Cycle.parse(kept)
    except BadCycle:
        return None


def ward(wards: Sequence[Ward], *, spoken_of: str = "") -> Parser[Ward]:
    """Which of the people one may ask for: by number, by name, or named in passing.

    `spoken_of`: the code of whoever is meant by a message that names nobody.
    """
    names = [one.name for one in wards]

    def named(heard: Heard) -> str | None:
        place = ward_named(heard.text, names)
        return None if place is None else wards[place].code

    def mentioned(heard: Heard) -> str | None:
        if spoken_of and not wards_named(heard.text, names):
            return spoken_of
        return named(heard)

    def settle(heard: Heard, asked: Asked) -> str | None:
        picked = None if asked.menu is None else chosen(heard, asked.menu)
        return picked or named(heard)

    options = tuple(Option(one.code, one, one.name) for one in wards)
    return Parser(settle, {one.code: one for one in wards}.get, options, mention=mentioned)

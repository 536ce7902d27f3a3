"""Sentences and a menu, made into the message of one channel.

One menu becomes buttons, buttons and a numbered list, or `1 … 2 …`; a number is right on every
channel. A sentence about money without the ledger rows it was read from is refused here.

What does not live here: what a channel can show (`capabilities.py`), the SMS alphabet
(`sms_text.py`), and sending.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from core import wording
from core.conversation.caller import Form
from core.conversation.menu import Menu
from core.conversation.sentences import Facts, Money, Said, domain
from core.conversation.speech import Voice, labelled, spoken
from core.faults import Fault
from notifications import sms_text
from notifications.capabilities import Capabilities

# A sentence whose key begins so speaks of somebody's money.
MONEY_STEMS: Final = ("arrival.", "amount.", "receipt.", "payment.")
# Its last word may say that there is nothing to cite: why something is asked says nothing of money.
_NO_EVENT: Final = ("not_listed", "not_yet_imported", "why", "help")
_NOTHING: Final = "no_"
_CUT: Final = "…"
_COURTESY: Final = "Dạ, "
_BREAKS: Final = (". ", "? ", "! ", "; ", ", ", " ")


class MoneyWithoutFacts(Fault):
    """The sentence “{key}” speaks of money and cites no ledger event."""


@dataclass(frozen=True, slots=True)
class Part:
    """One sentence as it was sent, with what it was read from."""

    key: str
    text: str = field(repr=False)
    facts: Facts = ()


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message for one channel. `pages`: its text, in as many messages as the channel needs.

    `buttons`: (label, data) pairs under the last page; the data is the number of the line.
    """

    pages: tuple[str, ...] = field(repr=False)
    buttons: tuple[tuple[str, str], ...] = field(repr=False)
    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        """The whole text."""
        return "\n".join(self.pages)


def render(
    said: Sequence[Said],
    menu: Menu | None,
    capabilities: Capabilities,
    *,
    question: Said | None = None,
    language: str = "vi",
    accents: bool | None = None,
    form: Form = Form.STRANGER,
) -> Rendered:
    """The message that says `said`, then asks `question` with its menu.

    `accents`: the person's own wish; None leaves it to the channel.
    Raises: MoneyWithoutFacts, NoSentence, MissingValue.
    """
    for sentence in said:
        _check_facts(sentence, is_question=False)
    if question is not None:
        _check_facts(question, is_question=True)
    unit = " đ" if capabilities.lines else "đ"
    voice = Voice(language, form, unit)
    everything = [*said, *([question] if question else [])]
    texts = _one_courtesy(
        [spoken(_for_channel(one, capabilities, language), voice) for one in everything]
    )
    labels = [] if menu is None else [labelled(choice.label, voice) for choice in menu.choices]
    buttons = _buttons(labels, capabilities)
    listed = [] if _all_on_buttons(labels, capabilities) else _numbered(labels)
    pages, shown = _laid_out(texts, listed, capabilities, accents=accents)
    parts = [Part(one.key, text, one.facts) for one, text in zip(everything, shown, strict=True)]
    return Rendered(pages, buttons, tuple(parts))


def _one_courtesy(texts: Sequence[str]) -> list[str]:
    """One `Dạ` opens a message: a person does not begin every sentence with it."""
    found: list[str] = []
    is_said = False
    for text in texts:
        rest = text.removeprefix(_COURTESY) if is_said else text
        found.append(rest[:1].upper() + rest[1:] if rest is not text else text)
        is_said = is_said or text.startswith(_COURTESY)
    return found


def _check_facts(said: Said, *, is_question: bool) -> None:
    names_money = any(isinstance(value, Money) for value in said.values.values())
    speaks = names_money or (not is_question and _is_about_money(said.key))
    if speaks and not said.facts:
        raise MoneyWithoutFacts(key=said.key)


def _is_about_money(key: str) -> bool:
    last = key.rsplit(".", 1)[-1]
    return key.startswith(MONEY_STEMS) and last not in _NO_EVENT and not last.startswith(_NOTHING)


def _for_channel(said: Said, capabilities: Capabilities, language: str) -> Said:
    """The sentence written for short messages, where there is one."""
    short = f"{said.key}.sms"
    if capabilities.segments and wording.has(short, language, domain(short)):
        return Said(short, said.values, said.facts)
    return said


def _all_on_buttons(labels: Sequence[str], capabilities: Capabilities) -> bool:
    fits = all(len(_button_text(n, text)) <= capabilities.label_limit for n, text in _lines(labels))
    return len(labels) <= capabilities.max_buttons and fits


def _buttons(labels: Sequence[str], capabilities: Capabilities) -> tuple[tuple[str, str], ...]:
    if len(labels) > capabilities.max_buttons:
        return ()
    limit = capabilities.label_limit
    return tuple((_cut(_button_text(n, text), limit), str(n)) for n, text in _lines(labels))


def _button_text(number: int, label: str) -> str:
    return f"{number}. {label}"


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + _CUT


def _numbered(labels: Sequence[str]) -> list[str]:
    return [f"{number} {text}" for number, text in _lines(labels)]


def _lines(labels: Sequence[str]) -> Iterable[tuple[int, str]]:
    return enumerate(labels, start=1)


def _laid_out(
    texts: Sequence[str], listed: Sequence[str], capabilities: Capabilities, *, accents: bool | None
) -> tuple[tuple[str, ...], list[str]]:
    """Pages, and the sentences as they stand in them; the lines of a menu belong to the last."""
    marked = capabilities.accents if accents is None else accents
    between = "\n" if capabilities.lines else " "
    shown = [*texts[:-1], "\n".join([*texts[-1:], *listed])]  # a line costs no more than a blank
    if marked and capabilities.segments:
        marked = sms_text.measure(between.join(shown)).segments <= capabilities.segments
    if not marked:
        shown = [sms_text.fold(text) for text in shown]
    return _pages(between.join(shown), capabilities), shown[: len(texts)]


def _pages(text: str, capabilities: Capabilities) -> tuple[str, ...]:
    """The text in messages that the channel takes: nothing is ever left out."""
    pages: list[str] = []
    rest = text
    while not _fits(rest, capabilities):
        end = _break(rest, capabilities)
        pages.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return (*pages, rest)


def _fits(text: str, capabilities: Capabilities) -> bool:
    if len(text) > capabilities.max_text:
        return False
    if not capabilities.segments:
        return True
    return sms_text.measure(text).segments <= capabilities.segments


def _break(text: str, capabilities: Capabilities) -> int:
    """Where to break: after a sentence if one ends in the second half, else after a word."""
    end = min(len(text), capabilities.max_text)
    while not _fits(text[:end], capabilities):
        end -= 1
    for mark in ("\n", *_BREAKS):
        place = text.rfind(mark, 0, end)
        if place >= end // 2:
            return place + len(mark)
    return end

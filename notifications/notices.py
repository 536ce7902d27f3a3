"""The words of a notice about a payment: who reported what, whose, for which month, which day.

Everything here fits one SMS segment without accents at its longest; a name that would break that
is shortened to given name and initial. Never a category, a whole number of an account or an id,
a link, or a đồng sign.

What does not live here: who is told (`recipients`), and the sentences (`locales/<lang>/sms.po`).
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from core import wording
from core.calendar import Cycle
from core.failures import failure
from core.labels import provider_name
from core.names import short_name
from core.store.contacts import Contact
from core.store.recipients import Place, Subject
from core.terms import Programme, Provider
from notifications import sms_text
from notifications.outbox import SMS, Purpose
from notifications.recipients import Recipient, Tells

# What a reply to the text means: the menu token that a conversation finds with the message.
ASKS_FULL: Final = "receipt:full"
ASKS_STATE: Final = "receipt:state"

_DOMAIN: Final = "sms"
_ASKING: Final = frozenset({Purpose.SETTLED, Purpose.COLLECTED, Purpose.HANDED})
_TOLD_AMOUNTS: Final = _ASKING | {Purpose.READY_CASH}


@dataclass(frozen=True, slots=True)
class Voice:
    """In whose name texts are sent. `answered`: whether a reply to them can reach us."""

    programme: Programme
    answered: bool = True


@dataclass(frozen=True, slots=True)
class Words:
    """A text, the buttons under it where there are buttons, and what a reply to it means."""

    text: str = field(repr=False)
    buttons: tuple[tuple[str, str], ...] = ()
    menu_token: str | None = None
    segments: int | None = None


@dataclass(frozen=True, slots=True)
class News:
    """One thing to be told: a payment as it stands, why it is told, and the day it happened."""

    subject: Subject
    purpose: Purpose
    day: date


def words(news: News, recipient: Recipient, voice: Voice, *, giver: str | None = None) -> Words:
    """What this recipient is told. `giver`: who gave the number, on a relative's first text."""
    for name in (_full_name(news, recipient), short_name(news.subject.name)):
        parts = _parts(news, recipient, voice, name=name, giver=giver)
        text = dressed(" ".join(parts), recipient.place, voice)
        segments = None if _may_be_long(recipient.place) else sms_text.measure(text).segments
        if segments is None or segments == 1:
            break
        giver = short_name(giver) if giver else None
    token = _menu_token(news, recipient, voice)
    return Words(text, _buttons(token, recipient.place), token, segments)


def merged_words(news: News, place: Place, voice: Voice) -> Words:
    """The one text that a shared phone gets: no name, no amount, no question."""
    month = _month(news.subject.cycle)
    parts = [_say("merged", place, **(_values(news, place, name="") | {"month": month}))]
    parts += [_tail("invite", place, voice), _stop(place, voice)]
    return Words(dressed(" ".join(parts), place, voice))


def dressed(text: str, place: Place | Contact, voice: Voice) -> str:
    """A text as its channel carries it: an SMS names its sender and, unasked, has no accents."""
    if place.channel != SMS:
        return sms_text.fold(text) if place.accents is False else text
    sender = _say("from", place, sender=voice.programme.settings.sender)
    whole = f"{sender} {text}"
    return whole if place.accents else sms_text.fold(whole)


def _parts(
    news: News, recipient: Recipient, voice: Voice, *, name: str, giver: str | None
) -> list[str]:
    place, tells, purpose = recipient.place, recipient.tells, news.purpose
    shown = tells if tells is not Tells.AMOUNT or purpose in _TOLD_AMOUNTS else Tells.STATE
    said = _say(f"{purpose}.{shown}", place, **_values(news, place, name=name))
    if tells is Tells.RELATIVE:
        begin = [_say("giver", place, giver=giver)] if giver else []
        return [*begin, said, _stop(place, voice)]
    return [said, *_ending(news, tells, place, voice)]


def _ending(news: News, tells: Tells, place: Place, voice: Voice) -> list[str]:
    if news.purpose in _ASKING:
        return [_tail(f"ask.{tells}", place, voice)]
    if news.purpose is Purpose.READY_CASH:
        return [_tail("place", place, voice)]
    if news.purpose is Purpose.UNCLAIMED:
        return [_tail("officer", place, voice)]
    return [_owner(news, place, voice), _tail("kept", place, voice)]


def _owner(news: News, place: Place, voice: Voice) -> str:
    """Who mends it, by the failure catalogue; where it is silent, the commune officer."""
    found = failure(voice.programme, news.subject.reason or "")
    owner = found.owner if found is not None else "commune"
    values = _values(news, place, name="")
    return _say(f"owner.{owner}", place, **values)


def _tail(key: str, place: Place, voice: Voice) -> str:
    """What to do next; a sender that nobody can answer gives the hotline instead."""
    if voice.answered or place.channel != SMS:
        return _say(key, place)
    return _say("call", place, hotline=voice.programme.settings.hotline)


def _stop(place: Place, voice: Voice) -> str:
    if voice.answered or place.channel != SMS:
        return _say("stop", place)
    return _say("stop_call", place, hotline=voice.programme.settings.hotline)


def _menu_token(news: News, recipient: Recipient, voice: Voice) -> str | None:
    answered = voice.answered or recipient.place.channel != SMS
    if news.purpose not in _ASKING or recipient.tells is Tells.RELATIVE or not answered:
        return None
    return ASKS_FULL if recipient.tells is Tells.AMOUNT else ASKS_STATE


def _buttons(menu_token: str | None, place: Place) -> tuple[tuple[str, str], ...]:
    if menu_token is None or place.channel == SMS:
        return ()
    full = (("button.full", "1"), ("button.short", "2"), ("button.not", "3"))
    state = (("button.got", "1"), ("button.not", "3"))
    chosen = full if menu_token == ASKS_FULL else state
    return tuple((_say(key, place), data) for key, data in chosen)


def _may_be_long(place: Place) -> bool:
    """A chat has room, and who asked for accents gets them in as many segments as they take."""
    return place.channel != SMS or bool(place.accents)


def _full_name(news: News, recipient: Recipient) -> str:
    """A relative reads given name and initial only."""
    name = news.subject.name
    return short_name(name) if recipient.tells is Tells.RELATIVE else name


def _values(news: News, place: Place, *, name: str) -> dict[str, str]:
    subject, lang = news.subject, _language(place)
    month, later = _month(subject.first_cycle), _month(subject.cycle)
    return {
        "provider": provider_name(Provider(subject.provider), lang) if subject.provider else "",
        "amount": wording.money(subject.amount),
        "month": month if month == later else _say("again", place, month=month, later=later),
        # The sentence brings its own full stop after an initial.
        "name": name.removesuffix("."),
        "day": f"{news.day.day:02}/{news.day.month:02}",
    }


def _month(code: str) -> str:
    cycle = Cycle.parse(code)
    return f"{cycle.month}/{cycle.year}"


def _say(key: str, place: Place | Contact, **values: str) -> str:
    return wording.text(f"sms.{key}", _language(place), _DOMAIN, **values)


def _language(place: Place | Contact) -> str:
    return place.language if place.language in wording.LANGUAGES else "vi"

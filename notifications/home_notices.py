"""What people are told of a delivery at home: accepted, declined and why, arranged, in vain.

To the beneficiary's side only, by short name, without place, case or sum; to whoever agreed to be
told. A text is true while its delivery stands where that event left it.
Source: docs/decisions/0139.

What does not live here: which events are told (`triggers.TABLE`).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from core.calendar import instant_at, local_day
from core.ledger.deliveries import MOST_SECOND_TRIES
from core.ledger.events import EventType, Recorded
from core.names import short_name
from core.quiet_hours import next_loud
from core.store import deliveries
from core.store import recipients as register
from core.store.engine import Tx
from core.store.outbox import MessageRow
from core.terms import Programme
from core.wording import text as worded
from notifications.expiry import HELD_FOR, worth_until
from notifications.notices import Voice, dressed
from notifications.outbox import NewMessage, Purpose, enqueue
from notifications.recipients import Recipient, Tells, told

_E = EventType
_STAFF: Final = "staff:"
_SENTENCE: Final[Mapping[EventType, str]] = {
    _E.DELIVERY_ACCEPTED: "home.accepted",
    _E.DELIVERY_DECLINED: "home.declined",
    _E.DELIVERY_SCHEDULED: "home.scheduled",
    _E.DELIVERY_MISSED: "home.missed",
}


@dataclass(frozen=True, slots=True)
class _Span:
    """From when and until when a text may leave. Time: aware UTC."""

    due: datetime
    until: datetime


def tell(
    tx: Tx, events: Sequence[Recorded], voice: Voice, *, channels: Collection[str], now: datetime
) -> None:
    """Write the notices of officers' acts, each to everybody on the beneficiary's side.

    A visit in vain that a provider's file reports is told with the next day that is arranged.
    """
    events = [one for one in events if one.event.actor.startswith(_STAFF)]
    if not events:
        return
    ids = {one.event.beneficiary_id for one in events if one.event.beneficiary_id is not None}
    people = deliveries.living(tx, ids)
    places, consents = register.places_beside(tx, people), register.consents_of(tx, people)
    side = [
        one
        for one in told(places, consents, day=local_day(now), channels=channels)
        if one.tells is not Tells.RELATIVE
    ]
    messages = [
        _message(one, recipient, people[recipient.place.beneficiary_id], voice, now)
        for one in events
        for recipient in side
        if recipient.place.beneficiary_id == one.event.beneficiary_id
    ]
    enqueue(tx, messages, now)


def moved_on(tx: Tx, messages: Sequence[MessageRow]) -> frozenset[int]:
    """Ids of those messages whose delivery stands elsewhere by now, or whose person died."""
    keys = {one.id: _key_parts(one.dedup_key) for one in messages}
    stands = deliveries.versions(tx, {number for number, _ in keys.values()})
    return frozenset(
        id_ for id_, (number, version) in keys.items() if stands.get(number) != version
    )


def text_of(
    event: EventType, body: Mapping[str, object], name: str, lang: str, voice: Voice
) -> str:
    """The sentence of an event, for a person called `name`; not yet dressed for its channel."""
    tries = int(str(body.get("try", 0)))
    last = event is _E.DELIVERY_MISSED and tries > MOST_SECOND_TRIES
    values: dict[str, str | int] = {"name": name, "hotline": voice.programme.settings.hotline}
    if event is _E.DELIVERY_DECLINED:
        values["why"] = worded(f"sms.home.why.{body['why']}", lang, "sms")
    if event is _E.DELIVERY_SCHEDULED:
        values["window"] = worded(f"sms.home.window.{body['window']}", lang, "sms")
        values["day"] = f"{date.fromisoformat(str(body['day'])):%d/%m}"
    return worded(f"sms.{_SENTENCE[event]}{'_last' if last else ''}", lang, "sms", **values)


def _message(
    one: Recorded, recipient: Recipient, name: str, voice: Voice, now: datetime
) -> NewMessage:
    place, event = recipient.place, one.event
    called = short_name(name).removesuffix(".")
    text = text_of(event.type, event.body, called, place.language, voice)
    span = _span(one, voice.programme, now)
    return NewMessage(
        dedup_key=f"{event.source}:{place.person_id}",
        purpose=Purpose.HOME,
        channel=place.channel,
        contact_id=place.contact_id,
        text=dressed(text, place, voice),
        person_id=place.person_id,
        beneficiary_id=place.beneficiary_id,
        due_at=span.due,
        expires_at=span.until,
        tells=Tells.STATE,
        facts=(one.id,),
    )


def _span(one: Recorded, programme: Programme, now: datetime) -> _Span:
    due = next_loud(programme, now)
    until = worth_until(programme, due) + HELD_FOR
    if one.event.type is _E.DELIVERY_SCHEDULED:
        # Nobody need be told of a visit that is over.
        over = date.fromisoformat(str(one.event.body["day"])) + timedelta(days=1)
        until = min(until, instant_at(over, programme.settings.loud_from).astimezone(due.tzinfo))
    return _Span(due, until)


def _key_parts(key: str) -> tuple[int, int]:
    """The delivery and its version in `delivery:12:4:7`."""
    _, number, version, _ = key.split(":")
    return int(number), int(version)

"""Texts that guard people: how they are paid has changed, where they are reached has changed.

A stranger who changes an account must not be the only one who hears of it, so every address of the
beneficiary's side is told, the old ones and the new one. Nothing in them is worth stealing: no
name, no number of an account. Source: reference ledger 5.6; design 3; docs/decisions/0134.

What does not live here: which event sets off which text (`triggers`), who may be told
(`recipients`).
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from core import wording
from core.calendar import Cycle, local_day
from core.labels import method_name
from core.ledger.enrolment import EnrolmentState
from core.ledger.events import Recorded
from core.ledger.opening import OpeningState
from core.store import causes as register_of_causes
from core.store import outbox as rows
from core.store import recipients as register
from core.store.causes import Cause
from core.store.contacts import Contact, ensure_contact
from core.store.engine import Tx
from core.store.enrolments import EnrolmentRow, enrolments_numbered
from core.store.openings import opening_states
from core.terms import Method
from notifications.notices import Voice, dressed
from notifications.outbox import SMS, NewMessage, Purpose
from notifications.recipients import Recipient, Tells, told_everywhere

PURPOSES: Final = frozenset(
    {Purpose.METHOD_CHANGED, Purpose.METHOD_IN_FORCE, Purpose.PHONE_CHANGED, Purpose.PAPERS}
)
# Worth saying for longer than a text about a pay day.
WORTH: Final = timedelta(days=7)
# Where a wish stands while each text is true.
_TRUE_IN: Final = {
    Purpose.METHOD_CHANGED: frozenset({EnrolmentState.COOLING_OFF, EnrolmentState.ACTIVE}),
    Purpose.METHOD_IN_FORCE: frozenset({EnrolmentState.ACTIVE}),
}
_DOMAIN: Final = "sms"


def notices(
    tx: Tx,
    events: Sequence[tuple[Recorded, Purpose]],
    voice: Voice,
    *,
    channels: Collection[str],
    now: datetime,
) -> list[NewMessage]:
    """What is to be told of these events, to everybody whom they concern; not enqueued yet."""
    known = register_of_causes.causes(tx, [one.id for one, _ in events])
    living = [(known[one.id], why) for one, why in events if _lives(known.get(one.id))]
    wishes = enrolments_numbered(tx, {_number(cause) for cause, _ in living})
    ids = {cause.beneficiary_id for cause, _ in living}
    places, consents = register.places_beside(tx, ids), register.consents_of(tx, ids)
    told = told_everywhere(places, consents, day=local_day(now), channels=channels)
    found: list[NewMessage] = []
    for cause, purpose in living:
        here = [one for one in told if one.place.beneficiary_id == cause.beneficiary_id]
        if purpose is Purpose.PHONE_CHANGED:
            found += [
                _message(cause, purpose, None, one, voice) for one in here if _had(cause, one)
            ]
            continue
        wish = wishes[_number(cause)]
        found += [_message(cause, purpose, wish, one, voice) for one in here]
        there = {one.place.contact_id for one in here}
        new = _new_number(tx, wish, now) if SMS in channels else None
        if new is not None and new.id not in there:
            found.append(_to_new_number(cause, purpose, new, voice))
    return found


def untrue(
    tx: Tx, messages: Sequence[rows.MessageRow], day: date
) -> dict[int, tuple[bool, bool, bool]]:
    """By message id: whether somebody lives whom it is about, whether it is so, whether it may
    still be said to this address.
    """
    links = rows.facts_of(tx, [message.id for message in messages])
    known = register_of_causes.causes(tx, {one for ids in links.values() for one in ids})
    wishes = enrolments_numbered(tx, {_number(cause) for cause in known.values()})
    ids = {cause.beneficiary_id for cause in known.values()}
    places, consents = register.places_beside(tx, ids), register.consents_of(tx, ids)
    states = opening_states(tx, ids)
    lacking = {id_ for id_, state in states.items() if state == OpeningState.MISSING}
    allowed = {
        (one.place.contact_id, one.place.beneficiary_id)
        for channel in {message.channel for message in messages}
        for one in told_everywhere(places, consents, day=day, channels={channel})
    }
    found = {}
    for message in messages:
        about = [known[one] for one in links.get(message.id, ()) if one in known]
        living = [one for one in about if one.died_on is None]
        purpose = Purpose(message.purpose)
        so = [one for one in living if _is_so(purpose, wishes.get(_number(one)), one, lacking)]
        is_new = message.condition == Tells.NUMBER
        may = [one for one in so if is_new or (message.contact_id, one.beneficiary_id) in allowed]
        found[message.id] = (bool(living), bool(so), bool(may))
    return found


def _lives(cause: Cause | None) -> bool:
    return cause is not None and cause.died_on is None


def _number(cause: Cause) -> int:
    number = cause.body.get("enrolment")
    return number if isinstance(number, int) else 0


def _had(cause: Cause, recipient: Recipient) -> bool:
    """Whether this is an address of the person whose number changed, and not the new one."""
    place = recipient.place
    return place.person_id == cause.body["person"] and place.contact_id != cause.body["contact"]


def _is_so(
    purpose: Purpose, wish: EnrolmentRow | None, cause: Cause, lacking: Collection[int]
) -> bool:
    if purpose is Purpose.PHONE_CHANGED:
        return True
    if purpose is Purpose.PAPERS:
        return cause.beneficiary_id in lacking
    return wish is not None and wish.state in _TRUE_IN[purpose]


def _message(
    cause: Cause, purpose: Purpose, wish: EnrolmentRow | None, recipient: Recipient, voice: Voice
) -> NewMessage:
    place = recipient.place
    values, about = {"hotline": _hotline(voice)}, f"event:{cause.event_id}"
    if wish is not None:
        method = method_name(Method(wish.method), language_of(place.language))
        values |= {"method": method, "month": _month(cause)}
        about = f"method:{wish.id}"
    said = wording.text(f"sms.{purpose}", language_of(place.language), _DOMAIN, **values)
    return NewMessage(
        dedup_key=f"{about}:{purpose}:{place.contact_id}",
        purpose=purpose,
        channel=place.channel,
        contact_id=place.contact_id,
        text=dressed(said, place, voice),
        person_id=place.person_id,
        beneficiary_id=cause.beneficiary_id,
        tells=Tells.STATE,
        facts=(cause.event_id,),
    )


def _new_number(tx: Tx, wish: EnrolmentRow, now: datetime) -> Contact | None:
    """The telephone of the wallet that is to receive the money."""
    if wish.method != Method.WALLET or wish.account is None:
        return None
    contact = ensure_contact(tx, SMS, wish.account, now)
    return None if contact.stopped_at is not None else contact


def _to_new_number(cause: Cause, purpose: Purpose, contact: Contact, voice: Voice) -> NewMessage:
    values = {"month": _month(cause), "hotline": _hotline(voice)}
    said = wording.text("sms.method.number", language_of(contact.language), _DOMAIN, **values)
    return NewMessage(
        dedup_key=f"method:{_number(cause)}:{purpose}:{contact.id}",
        purpose=purpose,
        channel=contact.channel,
        contact_id=contact.id,
        text=dressed(said, contact, voice),
        beneficiary_id=cause.beneficiary_id,
        tells=Tells.NUMBER,
        facts=(cause.event_id,),
    )


def _month(cause: Cause) -> str:
    cycle = Cycle.parse(str(cause.body["from"]))
    return f"{cycle.month}/{cycle.year}"


def _hotline(voice: Voice) -> str:
    return voice.programme.settings.hotline


def language_of(language: str) -> str:
    """The language of the texts for somebody who chose this one."""
    return language if language in wording.LANGUAGES else "vi"

"""Reminders of papers that are missing (nhắc bổ sung giấy tờ), until the account can be opened.

One text a month for each address, however many people it is about: no name, and not which paper. It
asks for nothing by telephone, unlike a swindler. Everything waits for a second person.
Source: reference ledger 5.7; docs/decisions/0132.

What does not live here: whether one is still true when it leaves (`changes`).
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Final

from core import wording
from core.calendar import cycle_of, local_day
from core.quiet_hours import next_loud
from core.store import batches as batch_rows
from core.store import outbox as rows
from core.store import recipients as register
from core.store.engine import Tx
from core.store.openings import Lacking, lacking_papers
from core.store.recipients import Place
from core.terms import Release
from core.wording import short_date
from notifications.batches import BatchState
from notifications.changes import WORTH, language_of
from notifications.expiry import HELD_FOR
from notifications.lifecycle import State
from notifications.notices import Voice, dressed
from notifications.outbox import NewMessage, Purpose, enqueue
from notifications.recipients import Tells, told

_DOMAIN: Final = "sms"


def remind(
    tx: Tx, voice: Voice, *, by: str, rule: Release, channels: Collection[str], now: datetime
) -> int:
    """How many reminders are written now, in one batch of this month; `by`: who asked for them."""
    lacking = {one.beneficiary_id: one for one in lacking_papers(tx, voice.programme.tenant)}
    places = register.places_beside(tx, lacking)
    consents = register.consents_of(tx, lacking)
    recipients = told(places, consents, day=local_day(now), channels=channels)
    at: dict[int, tuple[Place, list[Lacking]]] = {}
    for one in recipients:
        if one.tells is not Tells.RELATIVE:
            _, about = at.setdefault(one.place.contact_id, (one.place, []))
            about.append(lacking[one.place.beneficiary_id])
    month = str(cycle_of(now))
    keys = {contact: f"papers:{month}:{contact}" for contact in at}
    known = rows.message_ids(tx, list(keys.values()))
    fresh = [contact for contact in at if keys[contact] not in known]
    if not fresh:
        return 0
    automatic = rule is Release.AUTOMATIC
    batch = batch_rows.batch_of_cause(
        tx,
        tenant=voice.programme.tenant,
        cycle=month,
        cause=f"papers:{now.isoformat()}",
        state=BatchState.RELEASED if automatic else BatchState.HELD,
        created_by=by,
        now=now,
    )
    due = next_loud(voice.programme, now)
    messages = [
        NewMessage(
            dedup_key=keys[contact],
            purpose=Purpose.PAPERS,
            channel=place.channel,
            contact_id=contact,
            text=_text(place, about, voice, local_day(now)),
            person_id=place.person_id,
            due_at=due,
            expires_at=due + WORTH + HELD_FOR,
            tells=Tells.STATE,
            facts=tuple(sorted({one.event_id for one in about})),
            batch_id=batch.id,
            state=State.QUEUED if automatic else State.HELD,
        )
        for contact, (place, about) in at.items()
        if contact in set(fresh)
    ]
    return len(enqueue(tx, messages, now))


def _text(place: Place, about: Sequence[Lacking], voice: Voice, today: date) -> str:
    days = [one.due for one in about if one.due is not None and one.due >= today]
    lang = language_of(place.language)
    said = (
        wording.text("sms.papers.until", lang, _DOMAIN, day=short_date(min(days)))
        if days
        else wording.text("sms.papers", lang, _DOMAIN)
    )
    return dressed(said, place, voice)

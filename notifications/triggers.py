"""Which ledger event is told to whom: one table, and the reactor that applies it in sets.

The reactor runs inside the transaction of the events, so a notice exists exactly when its cause
does. An import's notices belong to one batch; a single event's are free at once.

What does not live here: the rules on recipients (`recipients`), the words (`notices`, `changes`),
and batches (`framing`).
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from core.calendar import cycle_of, local_day
from core.clock import Clock
from core.failures import failure
from core.ledger.deliveries import DELIVERY_MOVES
from core.ledger.disputes import DISPUTE_MOVES
from core.ledger.enrolment import ENROLMENT_MOVES
from core.ledger.events import RECOVERIES, EventType, Recorded
from core.ledger.opening import OPENING_MOVES
from core.store import recipients as register
from core.store.engine import Tx
from core.store.people import names_of
from core.terms import Programme, Release
from notifications import changes, home_notices
from notifications.conditions import TRUE_IN
from notifications.framing import Cause, Frame, batch_for, file_of, frame_for
from notifications.notices import News, Voice, Words, merged_words, words
from notifications.outbox import (
    SMS,
    TELEGRAM,
    NewMessage,
    Purpose,
    enqueue,
    merge_key,
    payment_key,
)
from notifications.recipients import Recipient, Tells, shared_phones, told

Reactor = Callable[[Tx, Sequence[Recorded]], None]


@dataclass(frozen=True, slots=True)
class Notice:
    """What an event sets off: the purpose of its texts, and whether relatives hear it too."""

    purpose: Purpose
    relatives: bool


# Every event type stands here. None: nobody is told by itself, for the reason given.
TABLE: Final[Mapping[EventType, Notice | None]] = {
    EventType.SETTLED: Notice(Purpose.SETTLED, relatives=True),
    EventType.COLLECTED: Notice(Purpose.COLLECTED, relatives=True),
    EventType.HANDED: Notice(Purpose.HANDED, relatives=True),
    EventType.READY_CASH: Notice(Purpose.READY_CASH, relatives=False),
    EventType.FAILED: Notice(Purpose.DELAYED, relatives=True),
    EventType.RETURNED: Notice(Purpose.DELAYED, relatives=True),
    EventType.UNCLAIMED: Notice(Purpose.UNCLAIMED, relatives=False),
    # Steps of the office: the money has not moved, and may still not move.
    EventType.LISTED: None,
    EventType.ROUTED: None,
    EventType.APPROVED: None,
    EventType.INSTRUCTED: None,
    EventType.ACCEPTED: None,
    # An officer explains these, with the reason and the paper.
    EventType.HELD: None,
    EventType.RELEASED: None,
    EventType.CANCELLED: None,
    EventType.REFUNDED: None,
    **dict.fromkeys(RECOVERIES),
    # The visit is arranged by a person; the new payment speaks for itself.
    EventType.HOME_OPENED: None,
    EventType.HOME_MISSED: None,
    EventType.REISSUED: None,
    # The month was closed over it; what happens next to the money is told when it happens.
    EventType.CARRIED: None,
    # What a list says of the difference: the talk explains it, with the month's own payment.
    EventType.INCREASED: None,
    EventType.DECREASED: None,
    EventType.ADJUSTED: None,
    # The talk in which it was said answers at once.
    EventType.ASKED: None,
    EventType.CONFIRMED_FULL: None,
    EventType.SAID_SHORT: None,
    EventType.SAID_NOT_RECEIVED: None,
    EventType.SILENT: None,
    EventType.LINKED: None,
    EventType.SELF_SERVICE_FROZEN: None,
    EventType.SELF_SERVICE_LIFTED: None,
    EventType.CONSENT_GIVEN: None,
    EventType.CONSENT_WITHDRAWN: None,
    # The numbers that the person had before.
    EventType.PHONE_CHANGED: Notice(Purpose.PHONE_CHANGED, relatives=False),
    EventType.RELATIVE_SAID_NOT_RECEIVED: None,
    EventType.CASE_OPENED: None,
    EventType.CASE_CLOSED: None,
    # The talk says that it was opened; what came of it is told with the officer's act, to whoever
    # complained and at the address they wrote from.
    **dict.fromkeys(DISPUTE_MOVES),
    # The money's own events tell what becomes of it. Of the visit people are told what they must
    # know before it; the rest was said in the talk, or happens at their own door.
    **dict.fromkeys(DELIVERY_MOVES),
    EventType.DELIVERY_ACCEPTED: Notice(Purpose.HOME, relatives=False),
    EventType.DELIVERY_DECLINED: Notice(Purpose.HOME, relatives=False),
    EventType.DELIVERY_SCHEDULED: Notice(Purpose.HOME, relatives=False),
    EventType.DELIVERY_MISSED: Notice(Purpose.HOME, relatives=False),
    # While it is worked on the person is with the officer: docs/decisions/0134.
    **dict.fromkeys(ENROLMENT_MOVES),
    # Every address of the beneficiary's side, the new number too.
    EventType.METHOD_APPROVED: Notice(Purpose.METHOD_CHANGED, relatives=False),
    EventType.METHOD_ACTIVATED: Notice(Purpose.METHOD_IN_FORCE, relatives=False),
    # The commune says it face to face; a reminder is a batch of its own (`reminders`): 0132.
    **dict.fromkeys(OPENING_MOVES),
    # They concern no person.
    EventType.CYCLE_IMPORTED: None,
    EventType.CYCLE_FROZEN: None,
    EventType.CYCLE_APPROVED_FIRST: None,
    EventType.CYCLE_APPROVED: None,
    EventType.CYCLE_FUNDED_PARTLY: None,
    EventType.CYCLE_FUNDED: None,
    EventType.CYCLE_INSTRUCTED: None,
    EventType.SUSPENSE_IN: None,
    EventType.SUSPENSE_OUT: None,
    EventType.SUSPENSE_PROPOSED: None,
    EventType.SURPLUS_RETURNED: None,
    EventType.CYCLE_BALANCE_STATED: None,
    EventType.CYCLE_CLOSED: None,
    EventType.CYCLE_REOPENED: None,
}

CHANNELS: Final = frozenset({SMS, TELEGRAM})


@dataclass(frozen=True, slots=True)
class _Told:
    """One notice to one address, before it has words."""

    news: News
    event_id: int
    recipient: Recipient


def reactor(
    programme: Programme,
    clock: Clock,
    release: Release | None = None,
    *,
    answered: bool = True,
    channels: Collection[str] = CHANNELS,
) -> Reactor:
    """The reactor of one process.

    `release`: in place of the programme's own. `answered`: whether replies to our SMS reach us.
    `channels`: those that have a gateway here.
    """
    voice = Voice(programme, answered)
    rule = programme.settings.release if release is None else release

    def react(tx: Tx, recorded: Sequence[Recorded]) -> None:
        now = clock.now()
        for cause, events in _by_cause(recorded).items():
            _tell(tx, cause, events, voice, rule=rule, channels=channels, now=now)
        for cause, events in _by_cause(recorded, of_payments=False).items():
            _guard(tx, cause, events, voice, rule=rule, channels=channels, now=now)
        visits = [one for one in recorded if one.is_new and _is_of_a_visit(one)]
        home_notices.tell(tx, visits, voice, channels=channels, now=now)

    return react


def notice_of(event_type: EventType) -> Notice | None:
    """What an event sets off, or None when nobody is told by itself."""
    return TABLE[event_type]


def _is_of_a_visit(one: Recorded) -> bool:
    notice = TABLE[one.event.type]
    return notice is not None and notice.purpose is Purpose.HOME


def _by_cause(
    recorded: Sequence[Recorded], *, of_payments: bool = True
) -> dict[Cause, list[Recorded]]:
    found: dict[Cause, list[Recorded]] = {}
    for one in recorded:
        event = one.event
        notice = None if _is_of_a_visit(one) else TABLE[event.type]
        is_of_them = (event.payment_id is not None) is of_payments
        if one.is_new and is_of_them and notice is not None:
            cause = Cause(event.cycle or "", file_of(one), event.actor)
            found.setdefault(cause, []).append(one)
    return found


def _tell(
    tx: Tx,
    cause: Cause,
    events: Sequence[Recorded],
    voice: Voice,
    *,
    rule: Release,
    channels: Collection[str],
    now: datetime,
) -> None:
    """Write the notices of events that belong together: few statements, whatever their number."""
    news = _news(tx, events, voice.programme)
    if not news:
        return
    day, tenant = local_day(now), voice.programme.tenant
    cycle = next(iter(news.values())).subject.cycle
    known = {one.subject.beneficiary_id for one in news.values()}
    told_here = _recipients(tx, known, day, channels)
    contacts = {r.place.contact_id for r in told_here if r.place.channel == SMS}
    beside = register.sharing(tx, contacts, known, tenant=tenant, cycle=cycle)
    shared = shared_phones([*told_here, *_recipients(tx, beside, day, channels)])
    notices = _matched(news, told_here)
    if not notices:
        return
    givers = first_givers(tx, [one.recipient for one in notices])
    batch = batch_for(tx, cause, cycle, voice.programme, rule=rule, now=now)
    frame = frame_for(cause, batch, voice.programme, now)
    messages = [_message(one, voice, shared, givers, frame) for one in notices]
    enqueue(tx, merged(messages), now)


def _guard(
    tx: Tx,
    cause: Cause,
    events: Sequence[Recorded],
    voice: Voice,
    *,
    rule: Release,
    channels: Collection[str],
    now: datetime,
) -> None:
    """Write the texts about how people are paid and reached."""
    pairs = [(one, why.purpose) for one in events if (why := TABLE[one.event.type]) is not None]
    found = changes.notices(tx, pairs, voice, channels=channels, now=now)
    if not found:
        return
    cycle = cause.cycle or str(cycle_of(now))
    batch = batch_for(tx, cause, cycle, voice.programme, rule=rule, now=now)
    frame = frame_for(cause, batch, voice.programme, now)
    framed = [
        replace(
            one,
            batch_id=frame.batch_id,
            state=frame.state,
            due_at=frame.due_at,
            expires_at=frame.due_at + changes.WORTH,
        )
        for one in found
    ]
    enqueue(tx, framed, now)


def _news(tx: Tx, events: Sequence[Recorded], programme: Programme) -> dict[int, News]:
    """What there is to tell by event id: only what is still so, and may be told by a text."""
    subjects = register.subjects(tx, {e.event.payment_id for e in events if e.event.payment_id})
    found: dict[int, News] = {}
    for one in events:
        notice, subject = TABLE[one.event.type], subjects.get(one.event.payment_id or 0)
        if notice is None or subject is None:
            continue
        if worth_telling(subject, notice.purpose, programme):
            day = subject.effective_on or local_day(one.event.effective_at)
            found[one.id] = News(subject, notice.purpose, day)
    return found


def worth_telling(subject: register.Subject, purpose: Purpose, programme: Programme) -> bool:
    """Whether it is still so, of somebody who lives, and no failure that only officers tell."""
    if subject.died_on is not None or subject.money not in TRUE_IN[purpose]:
        return False
    silent = failure(programme, subject.reason or "")
    return purpose is not Purpose.DELAYED or silent is None or silent.tell


def _recipients(
    tx: Tx, beneficiary_ids: Iterable[int], day: date, channels: Collection[str]
) -> list[Recipient]:
    ids = set(beneficiary_ids)
    places, consents = register.places_beside(tx, ids), register.consents_of(tx, ids)
    return told(places, consents, day=day, channels=channels)


def _matched(news: Mapping[int, News], recipients: Sequence[Recipient]) -> list[_Told]:
    by_beneficiary: dict[int, list[Recipient]] = {}
    for recipient in recipients:
        by_beneficiary.setdefault(recipient.place.beneficiary_id, []).append(recipient)
    return [
        _Told(one, event_id, recipient)
        for event_id, one in news.items()
        for recipient in by_beneficiary.get(one.subject.beneficiary_id, ())
        if recipient.tells is not Tells.RELATIVE or one.purpose in _RELATIVES
    ]


def first_givers(tx: Tx, recipients: Sequence[Recipient]) -> dict[tuple[int, int], str]:
    """Who gave a relative's number, by (contact id, beneficiary id), where this is the first."""
    relatives = [one for one in recipients if one.giver is not None]
    contacts = {one.place.contact_id for one in relatives}
    before = register.told_before(tx, contacts, [Tells.RELATIVE])
    names = names_of(tx, {one.giver for one in relatives if one.giver is not None})
    return {
        pair: names[one.giver]
        for one in relatives
        if (pair := (one.place.contact_id, one.place.beneficiary_id)) not in before
        and one.giver in names
    }


_RELATIVES: Final = frozenset(n.purpose for n in TABLE.values() if n is not None and n.relatives)


def _message(
    one: _Told,
    voice: Voice,
    shared: Mapping[int, frozenset[int]],
    givers: Mapping[tuple[int, int], str],
    frame: Frame,
) -> NewMessage:
    place, news = one.recipient.place, one.news
    if place.contact_id in shared:
        # One import, one text, whatever it reports of each of them; a later one is news again.
        what = news.purpose if frame.file is None else f"file-{frame.file}"
        key = merge_key(news.subject.cycle, what, place.address_index)
        return _made(one, merged_words(news, place, voice), key, Tells.MERGED, frame)
    giver = givers.get((place.contact_id, place.beneficiary_id))
    said = words(news, one.recipient, voice, giver=giver)
    key = payment_key(news.subject.code, news.purpose, place.person_id)
    return _made(one, said, key, one.recipient.tells, frame)


def _made(one: _Told, said: Words, key: str, tells: Tells, frame: Frame) -> NewMessage:
    place, news = one.recipient.place, one.news
    alone = tells is not Tells.MERGED
    return NewMessage(
        dedup_key=key,
        purpose=news.purpose if alone else Purpose.RESULTS,
        channel=place.channel,
        contact_id=place.contact_id,
        text=said.text,
        person_id=place.person_id if alone else None,
        beneficiary_id=place.beneficiary_id if alone else None,
        buttons=said.buttons,
        menu_token=said.menu_token,
        due_at=frame.due_at,
        expires_at=frame.expires_at,
        tells=tells,
        payments=((news.subject.payment_id, one.event_id),),
        batch_id=frame.batch_id,
        state=frame.state,
        segments=said.segments,
    )


def merged(messages: Sequence[NewMessage]) -> list[NewMessage]:
    """Messages with one key each: the payments of those that share a key are put together."""
    found: dict[str, NewMessage] = {}
    for message in messages:
        first = found.get(message.dedup_key)
        payments = (*(first.payments if first else ()), *message.payments)
        unique = tuple(dict.fromkeys(payments))
        found[message.dedup_key] = replace(first or message, payments=unique)
    return list(found.values())

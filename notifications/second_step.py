"""The second step of a notice: a chat that was not reached is followed by an SMS, once.

A notice goes to the chat that somebody linked. If Telegram refuses it, or it waits longer than
the step may take, the same person is told by SMS where they agreed and have a number. What may
have left is never followed: in doubt, one text too few is better than two that look like two
payments.
Source: design 5, "cheapest channel that reaches … each step has a time limit"; decision 0114.

What does not live here: which messages wait (`core/store/steps.py`), and the words (`notices`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from core.calendar import instant_at, local_day
from core.quiet_hours import is_quiet
from core.store import recipients as register
from core.store import steps as rows
from core.store.engine import Tx
from core.store.recipients import Subject
from core.store.steps import Unreached
from notifications.notices import News, Voice, merged_words, words
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
from notifications.settling import give_up
from notifications.triggers import first_givers, merged, worth_telling

_STEP: Final = 2
_AT_ONCE: Final = 200


@dataclass(frozen=True, slots=True)
class SecondStep:
    """How this installation falls back. `after`: what the chat has to take a notice."""

    voice: Voice
    after: timedelta


@dataclass(frozen=True, slots=True)
class _Follows:
    """An SMS that may follow a notice."""

    first: Unreached
    news: News
    recipient: Recipient


def follow(tx: Tx, rule: SecondStep, now: datetime) -> int:
    """How many SMS now follow notices that did not reach their chat; none in quiet hours.

    Each notice is looked at once. One that still waited is given up in this transaction, so that
    never both can leave.
    """
    programme = rule.voice.programme
    if is_quiet(programme, now):
        return 0
    found = rows.unreached(tx, now=now, before=_overdue(rule, now), limit=_AT_ONCE)
    if not found:
        return 0
    follows = _untold(tx, _with_number(tx, _true(tx, found, rule.voice), now))
    gone = set(give_up(tx, [f.first.id for f in follows if f.first.state == "queued"], now))
    leaving = [f for f in follows if f.first.state == "failed" or f.first.id in gone]
    ids = enqueue(tx, merged(_messages(tx, leaving, rule.voice, now)), now)
    rows.note_stepped(tx, [one.id for one in found], now)
    return len(ids)


def _overdue(rule: SecondStep, now: datetime) -> datetime | None:
    """Since when a notice must wait to be overdue; None while the morning is too young."""
    loud_from = rule.voice.programme.settings.loud_from
    if now - instant_at(local_day(now), loud_from) < rule.after:
        return None
    return now - rule.after


def _true(tx: Tx, found: Sequence[Unreached], voice: Voice) -> list[tuple[Unreached, News]]:
    """What can still be told: a payment that has moved on is told by what moved it."""
    subjects = register.subjects(tx, {payment for one in found for payment, _ in one.payments})
    told_still: list[tuple[Unreached, News]] = []
    for one in found:
        of = [subjects[payment] for payment, _ in one.payments if payment in subjects]
        purpose = Purpose(one.purpose)
        if len(of) == 1 and worth_telling(of[0], purpose, voice.programme):
            told_still.append((one, _news(of[0], purpose, one)))
    return told_still


def _news(subject: Subject, purpose: Purpose, first: Unreached) -> News:
    return News(subject, purpose, subject.effective_on or local_day(first.created_at))


def _with_number(
    tx: Tx, told_still: Iterable[tuple[Unreached, News]], now: datetime
) -> list[_Follows]:
    """Those whose person may be told by SMS."""
    pairs = list(told_still)
    wanted = {(one.beneficiary_id, one.person_id) for one, _ in pairs}
    everyone = {beneficiary for beneficiary, _ in wanted}
    places = [
        place
        for place in register.places_beside(tx, everyone)
        if (place.beneficiary_id, place.person_id) in wanted
    ]
    by_sms = told(places, register.consents_of(tx, everyone), day=local_day(now), channels={SMS})
    at = {(r.place.beneficiary_id, r.place.person_id): r for r in by_sms}
    return [
        _Follows(one, news, recipient)
        for one, news in pairs
        if (recipient := at.get((one.beneficiary_id, one.person_id))) is not None
    ]


def _untold(tx: Tx, follows: Sequence[_Follows]) -> list[_Follows]:
    """Without those whose number was told of the payment already, as somebody else's."""
    known = rows.told_at(
        tx,
        [f.recipient.place.contact_id for f in follows],
        [f.news.subject.payment_id for f in follows],
    )
    return [
        f for f in follows if (f.recipient.place.contact_id, f.news.subject.payment_id) not in known
    ]


def _messages(tx: Tx, follows: Sequence[_Follows], voice: Voice, now: datetime) -> list[NewMessage]:
    shared = _shared(tx, follows, voice, now)
    givers = first_givers(tx, [f.recipient for f in follows])
    return [_message(f, voice, shared, givers, now) for f in follows]


def _shared(
    tx: Tx, follows: Sequence[_Follows], voice: Voice, now: datetime
) -> Mapping[int, frozenset[int]]:
    """Phones at which more than one is told about in the month."""
    found: dict[int, frozenset[int]] = {}
    for cycle in sorted({f.news.subject.cycle for f in follows}):
        here = [f.recipient for f in follows if f.news.subject.cycle == cycle]
        contacts = {recipient.place.contact_id for recipient in here}
        tenant = voice.programme.tenant
        beside = register.sharing(tx, contacts, (), tenant=tenant, cycle=cycle)
        others = told(
            register.places_beside(tx, beside),
            register.consents_of(tx, beside),
            day=local_day(now),
            channels={SMS, TELEGRAM},
        )
        found |= shared_phones([*here, *others])
    return found


def _message(
    one: _Follows,
    voice: Voice,
    shared: Mapping[int, frozenset[int]],
    givers: Mapping[tuple[int, int], str],
    now: datetime,
) -> NewMessage:
    place, news, first = one.recipient.place, one.news, one.first
    is_shared = place.contact_id in shared
    if is_shared:
        cause = news.purpose if first.batch_id is None else f"batch-{first.batch_id}"
        key = merge_key(news.subject.cycle, cause, place.address_index, _STEP)
        said = merged_words(news, place, voice)
    else:
        key = payment_key(news.subject.code, news.purpose, place.person_id, _STEP)
        giver = givers.get((place.contact_id, place.beneficiary_id))
        said = words(news, one.recipient, voice, giver=giver)
    return NewMessage(
        dedup_key=key,
        purpose=Purpose.RESULTS if is_shared else news.purpose,
        channel=SMS,
        contact_id=place.contact_id,
        text=said.text,
        person_id=None if is_shared else place.person_id,
        beneficiary_id=None if is_shared else place.beneficiary_id,
        menu_token=said.menu_token,
        due_at=now,
        expires_at=first.expires_at,
        tells=Tells.MERGED if is_shared else one.recipient.tells,
        payments=first.payments,
        batch_id=first.batch_id,
        segments=said.segments,
    )

"""Whether a pinned text is still true, and may still be said, just before it leaves.

What does not live here: what is done with an untrue one (`leaving`).
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from core.ledger.states import Money
from core.store import outbox as rows
from core.store import recipients as register
from core.store.engine import Tx
from notifications import home_notices
from notifications.outbox import SMS, Purpose
from notifications.recipients import Recipient, Tells, still_may, told

# Where a payment stands once a provider has said what became of it.
_REPORTED: Final = frozenset(
    {Money.SETTLED, Money.READY_CASH, Money.FAILED, Money.RETURNED, Money.UNCLAIMED}
)
# The states of a payment in which each text is true.
TRUE_IN: Final = {
    Purpose.SETTLED: frozenset({Money.SETTLED}),
    Purpose.COLLECTED: frozenset({Money.SETTLED}),
    Purpose.HANDED: frozenset({Money.SETTLED}),
    Purpose.READY_CASH: frozenset({Money.READY_CASH}),
    Purpose.DELAYED: frozenset({Money.FAILED, Money.RETURNED}),
    Purpose.UNCLAIMED: frozenset({Money.UNCLAIMED}),
    # Whatever was reported, it says no more than that something was.
    Purpose.RESULTS: _REPORTED,
}

_SAME_TEXTS: Final = 3
_LOOP_WITHIN: Final = timedelta(minutes=2)

LOOP: Final = "loop"
NOT_TRUE: Final = "not_true_any_more"
DIED: Final = "died"
STOPPED: Final = "stopped"
NO_CONSENT: Final = "no_consent"


def untrue(tx: Tx, messages: Sequence[rows.MessageRow], day: date) -> dict[int, str]:
    """Why a message must not leave, by message id; those that may are absent.

    Messages without a condition (answers to somebody who waits) are always true.
    """
    conditional = [message for message in messages if message.condition is not None]
    if not conditional:
        return {}
    links = rows.payments_of_messages(tx, [message.id for message in conditional])
    subjects = register.subjects(tx, {p for ids in links.values() for p in ids})
    everyone = {subject.beneficiary_id for subject in subjects.values()}
    visits = [message for message in conditional if message.purpose == Purpose.HOME]
    everyone |= {one.beneficiary_id for one in visits if one.beneficiary_id is not None}
    moved_on = home_notices.moved_on(tx, visits)
    places = register.places_beside(tx, everyone)
    consents = register.consents_of(tx, everyone)
    # Each channel by itself: a chat that was linked meanwhile makes no number forbidden.
    recipients = [
        recipient
        for channel in sorted({message.channel for message in conditional})
        for recipient in told(places, consents, day=day, channels={channel})
    ]
    at = {(r.place.contact_id, r.place.beneficiary_id): r for r in recipients}
    found: dict[int, str] = {}
    for message in visits:
        reason = _why_no_visit(message, at, has_moved=message.id in moved_on)
        if reason is not None:
            found[message.id] = reason
    for message in conditional:
        if message.purpose == Purpose.HOME:
            continue
        of = [subjects[p] for p in links.get(message.id, ()) if p in subjects]
        reason = _why_not(message, of, at)
        if reason is not None:
            found[message.id] = reason
    return found


def _why_no_visit(
    message: rows.MessageRow, at: dict[tuple[int, int], Recipient], *, has_moved: bool
) -> str | None:
    """The first reason against a text about a delivery at home."""
    if message.stopped_at is not None:
        return STOPPED
    if has_moved:
        return NOT_TRUE
    recipient = at.get((message.contact_id, message.beneficiary_id or 0))
    return None if still_may(Tells.STATE, recipient) else NO_CONSENT


def looping(tx: Tx, messages: Sequence[rows.MessageRow], now: datetime) -> dict[int, str]:
    """SMS replies that would say the same for the fourth time in two minutes, by message id.

    Somebody who answers like that is a machine, and each of its answers would cost us another.
    """
    replies = [m for m in messages if m.channel == SMS and m.purpose == Purpose.REPLY]
    if not replies:
        return {}
    said = rows.texts_since(tx, {m.contact_id for m in replies}, now - _LOOP_WITHIN)
    counted = Counter((contact_id, text) for contact_id, _, text in said)
    return {m.id: LOOP for m in replies if counted[m.contact_id, m.text] >= _SAME_TEXTS}


def _why_not(
    message: rows.MessageRow,
    subjects: Sequence[register.Subject],
    at: dict[tuple[int, int], Recipient],
) -> str | None:
    """The first reason against; a text about several holds while it holds for one of them."""
    if message.stopped_at is not None:
        return STOPPED
    living = [subject for subject in subjects if subject.died_on is None]
    if not living:
        return DIED if subjects else NOT_TRUE
    true = [s for s in living if s.money in TRUE_IN[Purpose(message.purpose)]]
    if not true:
        return NOT_TRUE
    tells = Tells(message.condition or Tells.MERGED)
    allowed = any(still_may(tells, at.get((message.contact_id, s.beneficiary_id))) for s in true)
    return None if allowed else NO_CONSENT

"""Codes that link an address to a person: issuing, trying, and the limits on both.

Limits count by the address that tries, so that nobody can lock somebody else out; what is said
never depends on whether a stranger is on the list. Source: decision 0092.
"""

import secrets
from datetime import timedelta
from typing import Final

from bot.turn_talk import Turn
from core.calendar import local_day
from core.conversation.commands import SendCode, TryCode
from core.ledger.events import EventType, NewEvent
from core.ledger.record import Ledger
from core.people import LINKED
from core.store import codes, contacts
from core.store.codes import CodeRow
from core.store.people import wards_of
from core.wording import text
from notifications.outbox import NewMessage, Purpose, enqueue

PRINTED: Final = "printed"
SMS: Final = "sms"
PRINTED_LASTS: Final = timedelta(days=30)
SMS_LASTS: Final = timedelta(minutes=15)
_WRONG: Final = "code.wrong"
_ASKED: Final = "code.asked"
_SENT: Final = "code.sent"
_TRIES: Final = 5
_TRIES_WITHIN: Final = timedelta(hours=1)
# One asker can use up only part of what a number gets a day: nobody can lock its owner out.
_SENDS_PER_ASKER: Final = 3
_SENDS_PER_NUMBER: Final = 6
_SENDS_WITHIN: Final = timedelta(days=1)
# Letters and digits that cannot be taken for one another, read aloud or on a bad print.
_LETTERS: Final = "ACDEFGHKLMNPQRTUVWXY34679"
_LENGTH: Final = 8


def new_printed_code() -> str:
    """A code for a letter: eight letters and digits, at least one of each."""
    while True:
        code = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
        if any(c.isdigit() for c in code) and any(c.isalpha() for c in code):
            return code


def printed_code(text: str) -> str | None:
    """The printed code that a message consists of, in groups or not."""
    bare = text.replace("-", "").replace(" ", "").upper()
    lettered = any(c.isalpha() for c in bare) and any(c.isdigit() for c in bare)
    of_ours = len(bare) == _LENGTH and all(c in _LETTERS for c in bare)
    return bare if lettered and of_ours else None


def try_code(turn: Turn, ledger: Ledger, command: TryCode) -> str:
    """What came of a code: linked, wrong, expired, used, too_many."""
    tx, me, now = turn.tx, turn.me, turn.now
    subject = str(me.contact_id)
    if codes.attempts_since(tx, _WRONG, subject, now - _TRIES_WITHIN) >= _TRIES:
        return "too_many"
    found = codes.code_known(tx, _code_key(command.code, me.contact_id)) or codes.code_known(
        tx, command.code
    )
    if found is None or found.contact_id not in {None, me.contact_id}:
        codes.note_attempt(tx, _WRONG, subject, now)
        return "wrong"
    if found.used_at is not None:
        # The same person scanning the same letter again is linked already.
        return "linked" if found.used_by_contact_id == me.contact_id else "used"
    if found.expires_at <= now:
        return "expired"
    codes.use_code(tx, found.id, me.contact_id, now)
    people = _proved(turn, found)
    links = [(me.contact_id, person_id) for person_id in people]
    contacts.link(tx, links, level=LINKED, how=found.kind, now=now)
    for person_id in people:
        _record(turn, ledger, person_id)
    return "linked"


def _proved(turn: Turn, found: CodeRow) -> tuple[int, ...]:
    """Whom a code speaks for: a letter for one; a number for all whose number it is."""
    if found.kind != SMS:
        return (found.person_id,)
    phones = [
        contact_id
        for contact_id, channel, _ in contacts.contacts_of(turn.tx, [found.person_id]).get(
            found.person_id, []
        )
        if channel == SMS and found.issued_by == _issued_by(contact_id)
    ]
    there = [one.person_id for phone in phones for one in contacts.persons_at(turn.tx, phone)]
    return tuple(dict.fromkeys(there)) or (found.person_id,)


def send_code(turn: Turn, command: SendCode) -> str:
    """A code goes to the number, if it is on file; whoever asks hears the same."""
    tx, now = turn.tx, turn.now
    asker = str(turn.me.contact_id)
    since = now - _SENDS_WITHIN
    too_often = codes.attempts_since(tx, _ASKED, asker, since) >= _SENDS_PER_ASKER
    codes.note_attempt(tx, _ASKED, asker, now)
    contact = contacts.contact_at(tx, SMS, command.phone)
    people = contacts.persons_at(tx, contact.id) if contact is not None else ()
    if too_often or contact is None or not people:
        return "sent"
    if codes.attempts_since(tx, _SENT, str(contact.id), since) >= _SENDS_PER_NUMBER:
        return "sent"
    codes.note_attempt(tx, _SENT, str(contact.id), now)
    code = f"{secrets.randbelow(1_000_000):06}"
    codes.insert_code(
        tx,
        kind=SMS,
        code=_code_key(code, turn.me.contact_id),
        person_id=people[0].person_id,
        issued_by=_issued_by(contact.id),
        now=now,
        expires_at=now + SMS_LASTS,
        contact_id=turn.me.contact_id,
    )
    enqueue(
        tx,
        [
            NewMessage(
                dedup_key=f"code:{turn.inbound_id}",
                purpose=Purpose.CODE,
                channel=SMS,
                contact_id=contact.id,
                text=text("link.sms_text", contact.language, code=code),
                person_id=people[0].person_id,
                expires_at=now + SMS_LASTS,
            )
        ],
        now,
    )
    return "sent"


def _issued_by(contact_id: int) -> str:
    return f"phone:{contact_id}"


def _code_key(code: str, contact_id: int) -> str:
    """Six digits mean something only together with the address that asked for them."""
    return f"{contact_id}:{code}"


def _record(turn: Turn, ledger: Ledger, person_id: int) -> None:
    """Each ward's ledger notes that somebody entitled opened a way in."""
    day = local_day(turn.now)
    ledger.record(
        turn.tx,
        [
            NewEvent(
                EventType.LINKED,
                f"linked:{turn.inbound_id}:{ward.code}",
                f"person:{person_id}",
                turn.now,
                beneficiary_id=ward.beneficiary_id,
                body={"person": person_id, "contact": turn.me.contact_id},
            )
            for ward in wards_of(turn.tx, [person_id], day)
        ],
    )

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
from core.store.people import wards_of
from core.wording import text
from notifications.outbox import NewMessage, Purpose, enqueue

PRINTED: Final = "printed"
SMS: Final = "sms"
PRINTED_LASTS: Final = timedelta(days=30)
SMS_LASTS: Final = timedelta(minutes=15)
_WRONG: Final = "code.wrong"
_SENT: Final = "code.sent"
_TRIES: Final = 5
_TRIES_WITHIN: Final = timedelta(hours=1)
_SENDS_PER_PERSON: Final = 3
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
    contacts.link(tx, [(me.contact_id, found.person_id)], level=LINKED, how=found.kind, now=now)
    _record(turn, ledger, found.person_id)
    return "linked"


def send_code(turn: Turn, command: SendCode) -> str:
    """A code goes to the number, if it is on file; whoever asks hears the same."""
    tx, now = turn.tx, turn.now
    contact = contacts.contact_at(tx, SMS, command.phone)
    people = contacts.persons_at(tx, contact.id) if contact is not None else ()
    if contact is None or not people:
        return "sent"
    person_id = people[0].person_id
    if codes.attempts_since(tx, _SENT, str(person_id), now - _SENDS_WITHIN) >= _SENDS_PER_PERSON:
        return "sent"
    codes.note_attempt(tx, _SENT, str(person_id), now)
    code = f"{secrets.randbelow(10**6):06}"
    codes.insert_code(
        tx,
        kind=SMS,
        code=_code_key(code, turn.me.contact_id),
        person_id=person_id,
        issued_by=f"inbound:{turn.inbound_id}",
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
                text=text("link.sms_text", domain="bot", code=code),
                person_id=person_id,
                expires_at=now + SMS_LASTS,
            )
        ],
        now,
    )
    return "sent"


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

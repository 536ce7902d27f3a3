"""Ending a case, and writing to whoever it is about: the same on every page that can.

What does not live here: opening one (`bot/case_opening.py`), what officers do with it meanwhile
(`bot/console/acts.py`), what came of a dispute (`bot/disputing.py`).
"""

from datetime import datetime

from core.care.life import CaseMove, CaseState, case_moved
from core.ledger.events import EventType, NewEvent
from core.ledger.record import Ledger
from core.refusals import Refusal
from core.store import cases
from core.store.cases import CaseRow
from core.store.contacts import Contact
from core.store.conversations import free_conversation
from core.store.engine import Tx
from notifications import sms_text
from notifications.capabilities import CAPABILITIES
from notifications.outbox import NewMessage, Purpose, enqueue


def end_case(
    tx: Tx, ledger: Ledger, case: CaseRow, outcome: str, *, staff: str, now: datetime
) -> CaseRow | Refusal:
    """The case is done with; the bot answers this citizen again. `outcome`: a word of ours.

    Refuses: CASE_CLOSED.
    """
    moved = case_moved(CaseState(case.state), CaseMove.CLOSED, reference=case.reference)
    if isinstance(moved, Refusal):
        return moved
    cases.move_case(tx, case.id, moved, now, outcome=outcome, closed_at=now)
    cases.add_entry(tx, case, "closed", now, staff=staff, text=outcome)
    cases.close_cause(tx, case)
    event = NewEvent(
        EventType.CASE_CLOSED,
        f"case:{case.id}:closed",
        f"staff:{staff}",
        now,
        beneficiary_id=case.beneficiary_id,
        body={"case": case.id, "outcome": outcome},
    )
    ledger.record(tx, [event])
    if case.contact_id is not None:
        free_conversation(tx, case.contact_id, now)
    return cases.case_by_id(tx, case.id) or case


def write_to(tx: Tx, contact: Contact, text: str, *, key: str, now: datetime) -> int:
    """The id of the message in which this goes to a contact; the same key is sent once."""
    message = NewMessage(
        dedup_key=key,
        purpose=Purpose.ANSWER,
        channel=contact.channel,
        contact_id=contact.id,
        text=fitted(contact, text),
    )
    (message_id,) = enqueue(tx, [message], now)
    return message_id


def fitted(contact: Contact, text: str) -> str:
    """The text as the contact's channel carries it: without accents where there are none."""
    accented = contact.accents
    if accented is None:
        accented = CAPABILITIES[contact.channel].accents
    return text if accented else sms_text.fold(text)

"""A word that opens a dispute, and what an officer says came of it.

What does not live here: which words do (`core/ledger/receipt.py`), and the page
(`bot/console/disputes.py`).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from core.care.life import CaseMove, CaseState, case_moved
from core.care.references import spoken
from core.ledger.disputes import OUTCOMES, RUNNING, DisputeState, dispute_moved, folded
from core.ledger.events import EventType, NewEvent
from core.ledger.facts import PaymentFacts
from core.ledger.receipt import Dispute
from core.ledger.record import Ledger
from core.refusals import Refusal
from core.store import cases, disputes
from core.store.cases import CaseRow
from core.store.contacts import Contact, contact_by_id
from core.store.conversations import free_conversation
from core.store.engine import Tx
from core.terms import Programme
from core.wording import text as worded
from notifications import sms_text
from notifications.capabilities import CAPABILITIES
from notifications.outbox import NewMessage, Purpose, enqueue

CLOSED: Final = "closed"


def open_dispute(
    tx: Tx, ledger: Ledger, payment: PaymentFacts, why: Dispute, *, word: int, now: datetime
) -> None:
    """The dispute about a payment is open from now on. `word`: the event that says so, or 0."""
    state = _state(tx, payment.id)
    if isinstance(dispute_moved(state, EventType.DISPUTE_OPENED), Refusal):
        return
    ledger.record(
        tx,
        [
            _event(
                EventType.DISPUTE_OPENED,
                payment,
                source=f"dispute:{payment.id}:opened:{word}",
                actor="bot",
                body={"why": why.value, "about": word or None},
                now=now,
            )
        ],
    )


def settle_dispute(
    tx: Tx,
    ledger: Ledger,
    programme: Programme,
    payment: PaymentFacts,
    outcome: DisputeState,
    *,
    note: str,
    staff: str,
    now: datetime,
) -> DisputeState | Refusal:
    """Keep what came of it with its evidence, close its cases, and tell whoever complained.

    Refuses: DISPUTE_WRONG_STATE.
    """
    about = disputes.cases_about(tx, payment.id)
    state = _state(tx, payment.id)
    if state is None and any(case.state != CLOSED for case in about):
        # Its case was opened before disputes had a life of their own.
        open_dispute(tx, ledger, payment, Dispute.AGAINST_PROVIDER, word=0, now=now)
        state = DisputeState.OPEN
    moved = dispute_moved(state, OUTCOMES[outcome])
    if isinstance(moved, Refusal):
        return moved
    steps = len(disputes.steps_of(tx, [payment.id]).get(payment.id, []))
    ledger.record(
        tx,
        [
            _event(
                OUTCOMES[outcome],
                payment,
                source=f"dispute:{payment.id}:{steps}",
                actor=f"staff:{staff}",
                body={"case": about[-1].id},
                now=now,
            )
        ],
    )
    for case in _answered(about):
        cases.add_entry(tx, case, "note", now, staff=staff, text=note)
        _tell(tx, programme, case, payment, moved, steps, now)
        if moved not in RUNNING and case.state != CLOSED:
            _close(tx, ledger, case, moved, staff, now)
    return moved


def _state(tx: Tx, payment_id: int) -> DisputeState | None:
    steps = disputes.steps_of(tx, [payment_id]).get(payment_id, [])
    return folded(step.type for step in steps)


def _answered(about: Sequence[CaseRow]) -> list[CaseRow]:
    """One case for each address: the newest; whoever complained twice is told once."""
    return list({case.contact_id: case for case in about}.values())


def _event(
    kind: EventType,
    payment: PaymentFacts,
    *,
    source: str,
    actor: str,
    body: dict[str, int | str | None],
    now: datetime,
) -> NewEvent:
    return NewEvent(
        kind, source, actor, now, payment.cycle, payment.id, payment.beneficiary_id, body
    )


def _close(
    tx: Tx, ledger: Ledger, case: CaseRow, outcome: DisputeState, staff: str, now: datetime
) -> None:
    word = outcome.value.lower()
    moved = case_moved(CaseState(case.state), CaseMove.CLOSED, reference=case.reference)
    if isinstance(moved, Refusal):
        return
    cases.move_case(tx, case.id, moved, now, outcome=word, closed_at=now)
    cases.add_entry(tx, case, CLOSED, now, staff=staff, text=word)
    cases.close_cause(tx, case)
    event = NewEvent(
        EventType.CASE_CLOSED,
        f"case:{case.id}:closed",
        f"staff:{staff}",
        now,
        beneficiary_id=case.beneficiary_id,
        body={"case": case.id, "outcome": word},
    )
    ledger.record(tx, [event])
    if case.contact_id is not None:
        free_conversation(tx, case.contact_id, now)


def _tell(
    tx: Tx,
    programme: Programme,
    case: CaseRow,
    payment: PaymentFacts,
    outcome: DisputeState,
    number: int,
    now: datetime,
) -> None:
    contact = contact_by_id(tx, case.contact_id or 0)
    if contact is None:
        return
    month = payment.first_cycle or payment.cycle
    text = worded(
        f"dispute.{outcome.value.lower()}",
        contact.language,
        "bot",
        reference=spoken(case.reference),
        month=f"{month[5:].lstrip('0')}/{month[:4]}",
        hotline=programme.settings.hotline,
    )
    enqueue(
        tx,
        [
            NewMessage(
                dedup_key=f"dispute:{case.reference}:{number}",
                purpose=Purpose.ANSWER,
                channel=contact.channel,
                contact_id=contact.id,
                text=fitted(contact, text),
            )
        ],
        now,
    )


def fitted(contact: Contact, text: str) -> str:
    """The text as the contact's channel carries it: without accents where there are none."""
    accented = contact.accents
    if accented is None:
        accented = CAPABILITIES[contact.channel].accents
    return text if accented else sms_text.fold(text)

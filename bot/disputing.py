"""A word that opens a dispute, and what an officer says came of it.

What does not live here: which words do (`core/ledger/receipt.py`), and the page
(`bot/console/disputes_page.py`).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.case_closing import end_case, write_to
from core.care.references import spoken
from core.ledger.disputes import OUTCOMES, RUNNING, DisputeState, dispute_moved, folded
from core.ledger.events import EventType, NewEvent
from core.ledger.facts import PaymentFacts
from core.ledger.receipt import Dispute
from core.ledger.record import Ledger
from core.refusals import Refusal
from core.store import cases, disputes
from core.store.cases import CaseRow
from core.store.contacts import contact_by_id
from core.store.engine import Tx
from core.terms import Programme
from core.wording import text as worded

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
            end_case(tx, ledger, case, moved.value.lower(), staff=staff, now=now)
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
    write_to(tx, contact, text, key=f"dispute:{case.reference}:{number}", now=now)

"""What officers do with a case: take it, answer, note, let go, close. One transaction each."""

from dataclasses import dataclass
from typing import Any, Final

from bot.case_closing import end_case, fitted, write_to
from bot.compose import Parts
from bot.console.doors import Officer, note_look
from core.care.life import CaseMove, CaseState, case_moved
from core.care.references import spoken
from core.refusals import Code, Refusal
from core.store import cases
from core.store.cases import CaseRow
from core.store.commit_points import CommitPoint
from core.store.contacts import Contact, contact_by_id
from core.store.conversations import free_conversation, hold_conversation
from core.store.engine import Tx
from core.store.transcripts import newest_mark
from core.wording import text as worded
from notifications import sms_text

LONGEST: Final = 1_000
OUTCOMES: Final = ("answered", "paid", "mended", "passed_on", "mistake")


@dataclass(frozen=True, slots=True)
class Sent:
    """An answer on its way: the id of its message."""

    message_id: int


@dataclass(frozen=True, slots=True)
class Fit:
    """An answer as an SMS carries it. `cost`: whole đồng, at the gateway's price."""

    text: str
    letters: int
    segments: int
    cost: int


def take_case(parts: Parts, officer: Officer, case_id: int) -> CaseRow | Refusal:
    """The officer holds the case, also in a colleague's place; the bot is silent meanwhile.

    Refuses: CASE_UNKNOWN, CASE_CLOSED.
    """

    def work(tx: Tx) -> CaseRow | Refusal:
        case = _moved(tx, parts, case_id, CaseMove.TAKEN, holder=officer.code)
        if not isinstance(case, Refusal):
            cases.add_entry(tx, case, "moved", parts.clock.now(), staff=officer.code, text="taken")
            if case.contact_id is not None:
                hold_conversation(tx, case.contact_id, case.id, parts.clock.now())
        return case

    return parts.store.transact(work, CommitPoint.CASE)


def answer_case(
    parts: Parts, officer: Officer, case_id: int, text: str, seen: str
) -> Sent | Refusal:
    """The answer goes to the citizen on their own channel.

    `seen`: the mark of the talk as the officer saw it; a newer message must be read first.
    Refuses: CASE_UNKNOWN, CASE_CLOSED, CASE_NEWER_MESSAGE.
    """

    def work(tx: Tx) -> Sent | Refusal:
        case = cases.case_by_id(tx, case_id)
        if case is None or case.contact_id is None:
            return Refusal(Code.CASE_UNKNOWN, {"reference": str(case_id)})
        if newest_mark(tx, case.contact_id) != seen:
            return Refusal(Code.CASE_NEWER_MESSAGE)
        if case.state == CaseState.OPEN:
            taken = _moved(tx, parts, case_id, CaseMove.TAKEN, holder=officer.code)
            if isinstance(taken, Refusal):
                return taken
            hold_conversation(tx, case.contact_id, case.id, parts.clock.now())
        moved = _moved(tx, parts, case_id, CaseMove.ANSWERED, holder=officer.code)
        return moved if isinstance(moved, Refusal) else _sent(tx, parts, officer, moved, text)

    return parts.store.transact(work, CommitPoint.CASE)


def note_case(parts: Parts, officer: Officer, case_id: int, text: str) -> CaseRow | Refusal:
    """A note for officers only.

    Refuses: CASE_UNKNOWN.
    """

    def work(tx: Tx) -> CaseRow | Refusal:
        case = cases.case_by_id(tx, case_id)
        if case is None:
            return Refusal(Code.CASE_UNKNOWN, {"reference": str(case_id)})
        now = parts.clock.now()
        cases.add_entry(tx, case, "note", now, staff=officer.code, text=text[:LONGEST])
        return case

    return parts.store.transact(work, CommitPoint.CASE)


def close_case(parts: Parts, officer: Officer, case_id: int, outcome: str) -> CaseRow | Refusal:
    """The case is done with, by one of OUTCOMES; the bot answers this citizen again.

    Refuses: CASE_UNKNOWN, CASE_CLOSED.
    """

    def work(tx: Tx) -> CaseRow | Refusal:
        case = cases.case_by_id(tx, case_id)
        if case is None:
            return Refusal(Code.CASE_UNKNOWN, {"reference": str(case_id)})
        now = parts.clock.now()
        done = end_case(tx, parts.ledger, case, outcome, staff=officer.code, now=now)
        if not isinstance(done, Refusal):
            _tell_closed(tx, parts, done)
        return done

    return parts.store.transact(work, CommitPoint.CASE)


def let_go(parts: Parts, officer: Officer, case_id: int) -> CaseRow | Refusal:
    """Nobody holds the case; the bot answers this citizen again.

    Refuses: CASE_UNKNOWN, CASE_CLOSED.
    """

    def work(tx: Tx) -> CaseRow | Refusal:
        now = parts.clock.now()
        case = _moved(tx, parts, case_id, CaseMove.LET_GO, holder=None)
        if isinstance(case, Refusal):
            return case
        cases.add_entry(tx, case, "let_go", now, staff=officer.code)
        if case.contact_id is not None:
            free_conversation(tx, case.contact_id, now)
        return case

    return parts.store.transact(work, CommitPoint.CASE)


def fit(parts: Parts, contact: Contact, text: str) -> Fit:
    """What an answer becomes as an SMS, and what it costs."""
    carried = fitted(contact, text[:LONGEST])
    segments = sms_text.measure(carried).segments
    price = next(one.terms.price for one in parts.gateways if one.channel == "sms")
    return Fit(carried, len(carried), segments, segments * price)


def view_case(parts: Parts, officer: Officer, case: CaseRow) -> None:
    """Record that an officer looked."""
    note_look(parts, officer, f"case:{case.reference}")


def _sent(tx: Tx, parts: Parts, officer: Officer, case: CaseRow, text: str) -> Sent | Refusal:
    now = parts.clock.now()
    contact = contact_by_id(tx, case.contact_id or 0)
    if contact is None:
        return Refusal(Code.CASE_UNKNOWN, {"reference": case.reference})
    entries = len(cases.entries_of(tx, case))
    key = f"answer:{case.reference}:{entries}"
    message_id = write_to(tx, contact, text[:LONGEST], key=key, now=now)
    cases.add_entry(tx, case, "answer", now, staff=officer.code, message_id=message_id, text=text)
    return Sent(message_id)


def _tell_closed(tx: Tx, parts: Parts, case: CaseRow) -> None:
    contact = contact_by_id(tx, case.contact_id or 0)
    if contact is None:
        return
    text = worded("case.closed", contact.language, "bot", reference=spoken(case.reference))
    write_to(tx, contact, text, key=f"closed:{case.reference}", now=parts.clock.now())


def _moved(tx: Tx, parts: Parts, case_id: int, move: CaseMove, **values: Any) -> CaseRow | Refusal:
    case = cases.case_by_id(tx, case_id)
    if case is None:
        return Refusal(Code.CASE_UNKNOWN, {"reference": str(case_id)})
    state = case_moved(CaseState(case.state), move, reference=case.reference)
    if isinstance(state, Refusal):
        return state
    cases.move_case(tx, case.id, state, parts.clock.now(), **values)
    return cases.case_by_id(tx, case_id) or case

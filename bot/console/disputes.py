"""The disputes of an officer's places: who must answer by when, and what came of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from bot.compose import Parts
from bot.console.doors import Officer, may_see, note_look, places_of
from bot.disputing import settle_dispute
from core import places
from core.calendar import local_day
from core.care.references import spoken
from core.ledger.disputes import RUNNING, DisputeState, clock_of, folded, open_to
from core.ledger.facts import PaymentFacts
from core.ledger.reads import payments_with_ids
from core.ledger.receipt import Dispute
from core.ledger.states import WORDS
from core.refusals import Refusal
from core.store import disputes
from core.store.cases import CaseRow
from core.store.commit_points import CommitPoint
from core.store.disputes import Step
from core.store.engine import Tx
from core.store.events import words_said
from core.store.people import beneficiaries_with_ids, names_of

LONGEST: Final = 300
RECENT: Final = 20
_CLOSED: Final = "closed"


@dataclass(frozen=True, slots=True)
class SaidView:
    """A word about the payment: what, and as whom."""

    word: str
    basis: str


@dataclass(frozen=True, slots=True)
class DisputeView:
    """One dispute. Money: whole đồng. `due`: the last day on which an answer is in time."""

    payment_id: int
    case_id: int
    reference: str
    person: str = field(repr=False)
    code: str
    month: str
    amount: int
    provider: str
    place: str
    why: str
    state: str
    owner: str
    due: date
    is_late: bool
    opened_at: datetime
    decided_by: str
    decided_at: datetime
    words: tuple[SaidView, ...]
    outcomes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Disputes:
    """Those that wait, the overdue first, and those that were settled lately, newest first."""

    running: tuple[DisputeView, ...]
    settled: tuple[DisputeView, ...]


def disputes_of(parts: Parts, officer: Officer) -> Disputes:
    """The disputes of this officer's places; who looked is noted."""
    now = parts.clock.now()
    communes, areas = places_of(parts, officer)

    def work(tx: Tx) -> Disputes:
        rows = disputes.cases_in_dispute(
            tx, communes=communes, areas=areas, everywhere=officer.sees_everything
        )
        views = _views(tx, parts, rows, now)
        running = [one for one in views if DisputeState(one.state) in RUNNING]
        settled = [one for one in views if DisputeState(one.state) not in RUNNING]
        return Disputes(
            tuple(sorted(running, key=lambda one: (one.due, one.opened_at))),
            tuple(sorted(settled, key=lambda one: one.decided_at, reverse=True)[:RECENT]),
        )

    note_look(parts, officer, "disputes")
    return parts.store.read(work)


def settle(
    parts: Parts, officer: Officer, payment_id: int, outcome: DisputeState, note: str
) -> DisputeState | Refusal | None:
    """What came of a dispute, kept and told; None when it is not theirs, or there is none.

    Refuses: DISPUTE_WRONG_STATE.
    """

    def work(tx: Tx) -> DisputeState | Refusal | None:
        about = disputes.cases_about(tx, payment_id)
        if not any(may_see(parts, officer, case) for case in about):
            return None
        (payment,) = payments_with_ids(tx, [payment_id])
        return settle_dispute(
            tx,
            parts.ledger,
            parts.programme,
            payment,
            outcome,
            note=note,
            staff=officer.code,
            now=parts.clock.now(),
        )

    return parts.store.transact(work, CommitPoint.CASE)


def _views(tx: Tx, parts: Parts, rows: Sequence[CaseRow], now: datetime) -> list[DisputeView]:
    newest = {row.payment_id: row for row in reversed(rows) if row.payment_id is not None}
    steps = disputes.steps_of(tx, newest)
    found = payments_with_ids(tx, sorted(newest))
    people = beneficiaries_with_ids(tx, [one.beneficiary_id for one in found])
    names = names_of(tx, [row.person_id for row in people.values()])
    views = []
    for one in found:
        case, of = newest[one.id], steps.get(one.id, [])
        # A case that was closed before disputes had a life of their own has none.
        if not of and case.state == _CLOSED:
            continue
        person = people[one.beneficiary_id]
        views.append(
            _view(tx, parts, one, case, of, person.code, names[person.person_id], local_day(now))
        )
    return views


def _view(
    tx: Tx,
    parts: Parts,
    one: PaymentFacts,
    case: CaseRow,
    of: Sequence[Step],
    code: str,
    name: str,
    today: date,
) -> DisputeView:
    state = folded(step.type for step in of) or DisputeState.OPEN
    opened = next((step for step in reversed(of) if step.why is not None), None)
    why = Dispute(opened.why) if opened and opened.why else Dispute.AGAINST_PROVIDER
    opened_at = opened.at if opened is not None else case.opened_at
    clock = clock_of(parts.programme, why, opened_at)
    commune = places.with_code(parts.programme, case.commune or "", today)
    last = of[-1] if of else None
    month = one.first_cycle or one.cycle
    return DisputeView(
        payment_id=one.id,
        case_id=case.id,
        reference=spoken(case.reference),
        person=name,
        code=code,
        month=f"{month[5:]}/{month[:4]}",
        amount=one.amount,
        provider=one.provider or "",
        place=commune.full_name if commune else "",
        why=why.value,
        state=state.value,
        owner=clock.owner.value,
        due=clock.due,
        is_late=clock.is_late(today),
        opened_at=opened_at,
        decided_by=last.actor.removeprefix("staff:") if last else "",
        decided_at=last.at if last else case.opened_at,
        words=tuple(SaidView(word, basis) for word, _, basis in words_said(tx, one.id, _SAID)),
        outcomes=tuple(to.value for to in open_to(state)),
    )


_SAID: Final = sorted(one.value for one in WORDS)

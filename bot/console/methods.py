"""Changes of method in an officer's places: what waits for whom, and each step of it."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from bot.compose import Parts
from bot.console.doors import Officer, communes_seen, note_look, sees_commune
from bot.moves import MAY_MOVE
from bot.sealing import seal
from core import places
from core.calendar import local_day
from core.exchange import cells
from core.labels import method_name
from core.ledger import enrolling
from core.ledger.enrolling import Desk, Wish
from core.ledger.enrolment import MASS_FROM, MASS_WITHIN, RUNNING, Confirmed, EnrolmentState
from core.ledger.opening import Paper
from core.privacy import masked_account
from core.refusal_words import state_word
from core.refusals import Code, Refusal
from core.store import enrolments
from core.store.commit_points import CommitPoint
from core.store.engine import Tx
from core.store.enrolments import EnrolmentPerson, EnrolmentRow
from core.store.methods import accounts_of, newest_methods
from core.store.people import beneficiaries_by_code, beneficiary_with_id
from core.terms import Method

LONGEST: Final = 300
SHOWN: Final = 200
_PROVIDER: Final = "provider"
_S = EnrolmentState
# What can be pressed where a wish stands; the words are the last part of the address.
STEPS: Final = {
    _S.DRAFT: ("in_person", "old_phone", "withdraw"),
    _S.VERIFYING: ("check", "need", "withdraw"),
    _S.NEEDS_PAPERS: ("bring", "withdraw"),
    _S.PENDING_SECOND_CHECK: ("approve", "withdraw"),
    _S.COOLING_OFF: ("withdraw",),
    _S.ACTIVE: ("suspend",),
}
WITH_NOTE: Final = frozenset({"withdraw", "suspend"})
# The lists of the page in its order: first what somebody has to do.
GROUPS: Final = {
    "second": (_S.PENDING_SECOND_CHECK,),
    "check": (_S.SUBMITTED, _S.VERIFYING),
    "papers": (_S.NEEDS_PAPERS,),
    "confirm": (_S.DRAFT,),
    "cooling": (_S.COOLING_OFF,),
    "active": (_S.ACTIVE,),
}


@dataclass(frozen=True, slots=True)
class WishView:
    """A wish as an officer sees it. `now`, `wanted`: methods, numbers masked."""

    number: int
    code: str
    name: str = field(repr=False)
    place: str
    now: str
    wanted: str
    holder: str = field(repr=False)
    state: str
    state_words: str
    confirmed: str
    missing: tuple[str, ...]
    month: str
    by: str
    checked_by: str
    at: datetime
    is_mass: bool
    is_mine: bool
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wishes:
    """The wishes of an officer's places by list, the oldest first.

    `mass`: who entered conspicuously many around the same days, and how many at most.
    """

    groups: dict[str, tuple[WishView, ...]]
    mass: dict[str, int]


def may_look(officer: Officer) -> bool:
    """Whether the officer has to do with how people are paid: a provider's has not."""
    return officer.role != _PROVIDER


def wishes_of(parts: Parts, officer: Officer) -> Wishes:
    """The wishes of an officer's places; who looked is noted."""
    tenant = parts.programme.tenant
    communes = communes_seen(parts, officer)

    def work(tx: Tx) -> Wishes:
        found = {
            name: enrolments.enrolments_in(tx, tenant, states, communes=communes, limit=SHOWN)
            for name, states in GROUPS.items()
        }
        everybody = [one.row for rows in found.values() for one in rows]
        beside = _Beside(_entered(tx, everybody), _paid_now(tx, everybody))
        running = [row for row in everybody if row.state in RUNNING]
        mass: dict[str, int] = {}
        for row in running:
            if beside.entered[row.id] >= MASS_FROM:
                most = max(mass.get(row.drafted_by, 0), beside.entered[row.id])
                mass[row.drafted_by] = most
        return Wishes(
            {
                name: tuple(_view(parts, officer, one, beside) for one in reversed(rows))
                for name, rows in found.items()
            },
            mass,
        )

    note_look(parts, officer, "methods")
    return parts.store.read(work)


def enter(parts: Parts, officer: Officer, code: str, wish: Wish) -> EnrolmentRow | Refusal:
    """Write a wish down; somebody of another place is as unknown as nobody.

    Refuses: BENEFICIARY_…, METHOD_…, ACCOUNT_…, PHONE_…, HOLDER_NAME_DIFFERS.
    """
    typed = cells.beneficiary_code(code)
    if isinstance(typed, Refusal):
        return typed

    def work(tx: Tx) -> EnrolmentRow | Refusal:
        row = beneficiaries_by_code(tx, [typed]).get(typed)
        if row is None or not sees_commune(parts, officer, row.commune):
            return Refusal(Code.BENEFICIARY_NOT_LISTED, {"code": typed})
        return enrolling.draft(_desk(parts, officer, tx), row, wish)

    done = parts.store.transact(work, CommitPoint.DECISION)
    seal(parts)
    return done


def step(
    parts: Parts, officer: Officer, number: int, word: str, *, note: str, papers: list[Paper]
) -> EnrolmentRow | Refusal | None:
    """One step of a wish; None when it is not theirs, or there is none.

    Refuses: METHOD_…, ACCOUNT_SHARED.
    """
    is_office = officer.role in MAY_MOVE
    steps: dict[str, Callable[[Desk], EnrolmentRow | Refusal]] = {
        "in_person": lambda desk: enrolling.confirm(desk, number, Confirmed.IN_PERSON),
        "old_phone": lambda desk: enrolling.confirm(desk, number, Confirmed.OLD_PHONE),
        "check": lambda desk: enrolling.check(desk, number),
        "need": lambda desk: enrolling.need_papers(desk, number, papers),
        "bring": lambda desk: enrolling.bring_papers(desk, number),
        "approve": lambda desk: enrolling.approve(desk, number, is_office=is_office),
        "withdraw": lambda desk: enrolling.withdraw(desk, number, note),
        "suspend": lambda desk: enrolling.suspend(desk, number, note),
    }

    def work(tx: Tx) -> EnrolmentRow | Refusal | None:
        row = enrolments.enrolment_for_update(tx, parts.programme.tenant, number)
        person = beneficiary_with_id(tx, row.beneficiary_id) if row is not None else None
        if person is None or not sees_commune(parts, officer, person.commune):
            return None
        return steps[word](_desk(parts, officer, tx))

    done = parts.store.transact(work, CommitPoint.DECISION)
    seal(parts)
    return done


def _desk(parts: Parts, officer: Officer, tx: Tx) -> Desk:
    return Desk(tx, parts.ledger, parts.programme, officer.code)


@dataclass(frozen=True, slots=True)
class _Beside:
    """What is known beside the wishes of a page.

    `entered`: how many wishes whoever entered this one has entered around the same days, by its
    number. `paid`: how each person is paid now, by id.
    """

    entered: dict[int, int]
    paid: dict[int, str]


def _view(parts: Parts, officer: Officer, one: EnrolmentPerson, beside: _Beside) -> WishView:
    row, today = one.row, local_day(parts.clock.now())
    commune = places.with_code(parts.programme, one.commune, today)
    state = EnrolmentState(row.state)
    hands = {row.drafted_by, row.checked_by}
    second = state is _S.PENDING_SECOND_CHECK
    steps = STEPS.get(state, ())
    if second and officer.code in hands:
        steps = tuple(word for word in steps if word != "approve")
    return WishView(
        number=row.id,
        code=one.code,
        name=one.name,
        place=commune.full_name if commune else "",
        now=beside.paid.get(row.beneficiary_id, method_name(Method.CASH)),
        wanted=_words(row.method, row.account),
        holder=row.holder or "",
        state=row.state,
        state_words=state_word("method", row.state, "vi"),
        confirmed=row.confirmed or "",
        missing=row.missing,
        month=f"{row.from_cycle[5:]}/{row.from_cycle[:4]}" if row.from_cycle else "",
        by=row.drafted_by,
        checked_by=row.checked_by or "",
        at=row.created_at,
        is_mass=state in RUNNING and beside.entered[row.id] >= MASS_FROM,
        is_mine=second and officer.code in hands,
        steps=steps,
    )


def _entered(tx: Tx, rows: Sequence[EnrolmentRow]) -> dict[int, int]:
    if not rows:
        return {}
    days = [row.created_at for row in rows]
    first, last = min(days) - MASS_WITHIN, max(days) + MASS_WITHIN
    when = enrolments.entered_between(tx, {row.drafted_by for row in rows}, first, last)
    return {
        row.id: bisect_right(times, row.created_at + MASS_WITHIN)
        - bisect_left(times, row.created_at - MASS_WITHIN)
        for row in rows
        if (times := when[row.drafted_by])
    }


def _paid_now(tx: Tx, rows: Sequence[EnrolmentRow]) -> dict[int, str]:
    versions = newest_methods(tx, [row.beneficiary_id for row in rows])
    numbers = accounts_of(tx, [one.id for one in versions.values()])
    return {id_: _words(one.method, numbers[one.id][0]) for id_, one in versions.items()}


def _words(method: str, number: str | None) -> str:
    name = method_name(Method(method))
    return f"{name} {masked_account(number)}" if number else name

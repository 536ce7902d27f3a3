"""Moving a wish to be paid in another way: entered, confirmed, checked, approved, in force.

Each step is one event and the row that follows, in the caller's transaction. A version of the
method is written only when the wish comes into force, so nothing is paid by it before.

What does not live here: which moves are possible (`enrolment.py`), who may see whose
(`bot/console`).
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from core import offers, places
from core.accounts import account
from core.calendar import Cycle, local_day
from core.ledger.able import unable
from core.ledger.account_rules import may_hold, same_name, shared
from core.ledger.enrolment import (
    MASS_WITHIN,
    RUNNING,
    Confirmed,
    EnrolmentState,
    enrolment_moved,
    first_cycle,
    has_cooled,
    may_approve,
)
from core.ledger.events import EventType, NewEvent, Recorded, Value
from core.ledger.opening import Paper, may_open
from core.ledger.record import Ledger
from core.pay_days import next_cycle_for_change
from core.people import Role
from core.phones import mobile
from core.refusals import Code, Refusal
from core.store import enrolments
from core.store.engine import Tx
from core.store.enrolments import EnrolmentRow
from core.store.methods import NewMethod, accounts_of, insert_methods, newest_methods, paid_into
from core.store.openings import opened_for
from core.store.people import (
    BeneficiaryRow,
    beneficiary_with_id,
    birth_years_of,
    standings_beside,
)
from core.store.people import names_of as names
from core.terms import Method, Programme, Provider

_E = EventType
_BY_NUMBER: Final = frozenset({Method.ACCOUNT, Method.WALLET})


@dataclass(frozen=True, slots=True)
class Wish:
    """What was typed: `number` is an account or a telephone, `holder` whose it is."""

    method: Method
    number: str = field(default="", repr=False)
    holder: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Desk:
    """What a step works with. `by`: a staff code."""

    tx: Tx
    ledger: Ledger
    programme: Programme
    by: str


def draft(desk: Desk, beneficiary: BeneficiaryRow, wish: Wish) -> EnrolmentRow | Refusal:
    """A wish that was entered, to be read back to the person.

    Refuses: METHOD_NOT_IN_AREA, METHOD_ASKED_ALREADY, METHOD_AS_BEFORE, ACCOUNT_…, PHONE_…,
    HOLDER_NAME_DIFFERS, OPENING_TOO_YOUNG.
    """
    now = desk.ledger.clock.now()
    if enrolments.enrolments_of(desk.tx, [beneficiary.id], RUNNING):
        return Refusal(Code.METHOD_ASKED_ALREADY)
    fit = _fit(desk, beneficiary, wish)
    if isinstance(fit, Refusal):
        return fit
    provider, number, (person, role) = fit
    before = newest_methods(desk.tx, [beneficiary.id]).get(beneficiary.id)
    if before is not None and before.method == wish.method:
        stands, _ = accounts_of(desk.tx, [before.id])[before.id]
        if stands == number:
            return Refusal(Code.METHOD_AS_BEFORE)
    row = EnrolmentRow(
        id=enrolments.new_number(desk.tx),
        key=secrets.token_hex(12),
        beneficiary_id=beneficiary.id,
        person_id=person,
        role=role.value,
        method=wish.method.value,
        provider=provider.value,
        state="",
        is_change=before is not None,
        drafted_by=desk.by,
        created_at=now,
        account=number,
        holder=wish.holder.strip() or None if number else None,
    )
    refusal = _not_shared(desk, row)
    if refusal is not None:
        return refusal
    return _written(desk, row, _E.METHOD_DRAFTED, {"method": row.method, "provider": row.provider})


def confirm(desk: Desk, number: int, how: Confirmed) -> EnrolmentRow | Refusal:
    """The person confirmed what was read back: in person, or by the old telephone.

    Refuses: METHOD_WRONG_STATE.
    """
    done = _moved(desk, number, _E.METHOD_SUBMITTED, {"how": how.value}, confirmed=how.value)
    return done if isinstance(done, Refusal) else _moved(desk, number, _E.METHOD_TAKEN_UP, {})


def check(desk: Desk, number: int) -> EnrolmentRow | Refusal:
    """Identity, ownership and papers were checked: it waits for a second person.

    Refuses: METHOD_WRONG_STATE.
    """
    return _moved(desk, number, _E.METHOD_CHECKED, {}, checked_by=desk.by)


def need_papers(desk: Desk, number: int, papers: Sequence[Paper]) -> EnrolmentRow | Refusal:
    """Papers are missing.

    Refuses: METHOD_WRONG_STATE.
    """
    missing = tuple(paper.value for paper in papers)
    return _moved(desk, number, _E.METHOD_NEEDS_PAPERS, dict.fromkeys(missing, 1), missing=missing)


def bring_papers(desk: Desk, number: int) -> EnrolmentRow | Refusal:
    """They were brought: it is checked again.

    Refuses: METHOD_WRONG_STATE.
    """
    return _moved(desk, number, _E.METHOD_TAKEN_UP, {}, missing=())


def approve(desk: Desk, number: int, *, is_office: bool) -> EnrolmentRow | Refusal:
    """A second person agrees: a change cools off, a first choice is in force.

    Refuses: METHOD_WRONG_STATE, METHOD_SAME_PERSON, METHOD_TOO_MANY, ACCOUNT_SHARED,
    OPENING_HOLDER where the holder died meanwhile, or may not receive any more.
    """
    row = enrolments.enrolment_for_update(desk.tx, desk.ledger.tenant, number)
    if row is None or row.state != EnrolmentState.PENDING_SECOND_CHECK:
        return Refusal(Code.METHOD_WRONG_STATE, {"state": row.state if row else "NONE"})
    entered = enrolments.entered_around(desk.tx, row.drafted_by, row.created_at, MASS_WITHIN)
    hands = frozenset({row.drafted_by, row.checked_by or row.drafted_by})
    refusal = may_approve(desk.by, hands, entered, is_office=is_office) or _not_shared(desk, row)
    if refusal is not None:
        return refusal
    today = local_day(desk.ledger.clock.now())
    if unable(desk.tx, [(row.beneficiary_id, row.person_id, row.role)], today):
        return Refusal(Code.OPENING_HOLDER)
    row = replace(row, approved_by=desk.by, approved_on=today)
    if not row.is_change:
        cycle = str(next_cycle_for_change(desk.programme, today))
        return _in_force(desk, replace(row, from_cycle=cycle))
    first = str(first_cycle(desk.programme, today))
    body: dict[str, Value | None] = {"from": first, "entered": entered}
    return _written(desk, replace(row, from_cycle=first), _E.METHOD_APPROVED, body)


def withdraw(desk: Desk, number: int, note: str) -> EnrolmentRow | Refusal:
    """Declined by an officer, or taken back by the person; the note says why.

    Refuses: METHOD_WRONG_STATE.
    """
    return _moved(desk, number, _E.METHOD_WITHDRAWN, {}, note=note)


def suspend(desk: Desk, number: int, note: str) -> EnrolmentRow | Refusal:
    """Not paid so any more (fraud, an authorisation that ended): in cash from the next month.

    Refuses: METHOD_WRONG_STATE.
    """
    before = enrolments.enrolment_for_update(desk.tx, desk.ledger.tenant, number)
    done = _moved(desk, number, _E.METHOD_SUSPENDED, {"why": "officer"}, note=note)
    was_paid = before is not None and before.state == EnrolmentState.ACTIVE
    if isinstance(done, EnrolmentRow) and was_paid:
        _back_to_cash(desk, done)
    return done


def activate(tx: Tx, ledger: Ledger, programme: Programme, *, cycle: str, by: str) -> int:
    """How many changes come into force with the freeze of a month.

    One that has not cooled off waits for the next freeze; one whose person died, or whose holder
    may not receive any more, is suspended.
    """
    desk, today = Desk(tx, ledger, programme, by), local_day(ledger.clock.now())
    waiting = [
        one
        for one in enrolments.cooling_for(tx, ledger.tenant, EnrolmentState.COOLING_OFF, cycle)
        if one.approved_on is not None and has_cooled(programme, one.approved_on, today)
    ]
    unfit, count = unable(tx, [(o.beneficiary_id, o.person_id, o.role) for o in waiting], today), 0
    for one in waiting:
        why = unfit.get((one.beneficiary_id, one.person_id))
        if why is not None:
            _written(desk, one, _E.METHOD_SUSPENDED, {"why": why})
            continue
        _in_force(desk, replace(one, from_cycle=cycle))
        count += 1
    return count


def _in_force(desk: Desk, row: EnrolmentRow) -> EnrolmentRow | Refusal:
    """The wish is how the person is paid; the one before is superseded."""
    tx = desk.tx
    for older in enrolments.enrolments_of(tx, [row.beneficiary_id], [EnrolmentState.ACTIVE]):
        _written(desk, older, _E.METHOD_SUPERSEDED, {"by": row.id})
    done = _written(desk, row, _E.METHOD_ACTIVATED, {"from": row.from_cycle})
    if isinstance(done, Refusal):
        return done
    method = NewMethod(
        key=secrets.token_hex(12),
        beneficiary_id=row.beneficiary_id,
        method=row.method,
        provider=row.provider,
        from_cycle=row.from_cycle or "",
        source=f"enrolment:{row.id}",
        account=row.account,
        holder=row.holder,
        payee_person_id=row.person_id if row.role != Role.SELF else None,
    )
    insert_methods(tx, [method], desk.ledger.clock.now())
    return done


def _back_to_cash(desk: Desk, row: EnrolmentRow) -> None:
    now = desk.ledger.clock.now()
    first = str(next_cycle_for_change(desk.programme, local_day(now)))
    (version,) = newest_methods(desk.tx, [row.beneficiary_id]).values()
    # A later choice of the person stays as it is.
    if row.account is None or accounts_of(desk.tx, [version.id])[version.id][0] != row.account:
        return
    beneficiary, day = (
        beneficiary_with_id(desk.tx, row.beneficiary_id),
        Cycle.parse(first).first_day,
    )
    area = places.area_of(desk.programme, beneficiary.commune if beneficiary else "", day)
    if area is None or not area.paid:
        return
    leg = offers.leg_for(desk.programme, area.code, Method.CASH, day)
    method = NewMethod(
        key=secrets.token_hex(12),
        beneficiary_id=row.beneficiary_id,
        method=leg.method.value,
        provider=leg.provider.value,
        from_cycle=max(first, version.from_cycle),
        source=f"enrolment:{row.id}:suspended",
    )
    insert_methods(desk.tx, [method], now)


def _moved(
    desk: Desk, number: int, event: EventType, body: Mapping[str, Value | None], **changes: Any
) -> EnrolmentRow | Refusal:
    row = enrolments.enrolment_for_update(desk.tx, desk.ledger.tenant, number)
    if row is None:
        return Refusal(Code.METHOD_WRONG_STATE, {"state": "NONE"})
    return _written(desk, replace(row, **changes), event, body)


def _written(
    desk: Desk, row: EnrolmentRow, event: EventType, body: Mapping[str, Value | None]
) -> EnrolmentRow | Refusal:
    """The row after an event, both written; `row` carries what the event changes."""
    state = EnrolmentState(row.state) if row.state else None
    target = enrolment_moved(state, event)
    if isinstance(target, Refusal):
        return target
    now = desk.ledger.clock.now()
    after = replace(row, state=target.value, version=row.version + 1)
    (done,) = desk.ledger.record(
        desk.tx,
        [
            NewEvent(
                type=event,
                source=f"enrolment:{row.id}:{after.version}",
                actor=f"staff:{desk.by}",
                effective_at=now,
                beneficiary_id=row.beneficiary_id,
                body={"enrolment": row.id, **body},
            )
        ],
    )
    if not isinstance(done, Recorded):
        return done
    after = replace(after, last_event_id=done.id)
    if state is None:
        enrolments.insert_enrolment(desk.tx, desk.ledger.tenant, after, now)
    else:
        enrolments.update_enrolment(desk.tx, after, now)
    return after


def _fit(
    desk: Desk, beneficiary: BeneficiaryRow, wish: Wish
) -> tuple[Provider, str | None, tuple[int, Role]] | Refusal:
    provider = _provider(desk, beneficiary.commune, wish.method)
    if isinstance(provider, Refusal):
        return provider
    number = _number(wish)
    if isinstance(number, Refusal):
        return number
    holder = _holder(desk, beneficiary, wish)
    if isinstance(holder, Refusal):
        return holder
    person, role = holder
    if wish.method in _BY_NUMBER:
        years = birth_years_of(desk.tx, [person])
        young = may_open(role, years.get(person), local_day(desk.ledger.clock.now()))
        if young is not None:
            return young
    return provider, number, holder


def _provider(desk: Desk, commune: str, method: Method) -> Provider | Refusal:
    day = local_day(desk.ledger.clock.now())
    area = places.area_of(desk.programme, commune, day)
    found = offers.provider_for(desk.programme, area.code if area else "", method, day)
    return found or Refusal(Code.METHOD_NOT_IN_AREA, {"method": method})


def _number(wish: Wish) -> str | Refusal | None:
    if wish.method is Method.ACCOUNT:
        return account(wish.number)
    return mobile(wish.number) if wish.method is Method.WALLET else None


def _holder(desk: Desk, beneficiary: BeneficiaryRow, wish: Wish) -> tuple[int, Role] | Refusal:
    """Whose account it is: the person who may hold it and has that name, oneself first."""
    own = (beneficiary.person_id, Role.SELF)
    if wish.method not in _BY_NUMBER:
        return own
    day = local_day(desk.ledger.clock.now())
    beside = standings_beside(desk.tx, [beneficiary.id]).get(beneficiary.id, [])
    able = [own, *((one.person_id, one.role) for one in beside if may_hold(one, day))]
    called = names(desk.tx, [person for person, _ in able])
    named = (one for one in able if same_name(called[one[0]], wish.holder))
    return next(named, Refusal(Code.HOLDER_NAME_DIFFERS))


def _not_shared(desk: Desk, row: EnrolmentRow) -> Refusal | None:
    if row.account is None:
        return None
    found = _users(desk.tx, row.account) - {row.beneficiary_id}
    if not found:
        return None
    beside = standings_beside(desk.tx, found)
    mine = [one for all_ in beside.values() for one in all_ if one.person_id == row.person_id]
    return shared(found, mine, local_day(desk.ledger.clock.now()))


def _users(tx: Tx, number: str) -> set[int]:
    """Everybody whose money goes to this number, or is to go there."""
    sources: Iterable[dict[str, set[int]]] = (
        paid_into(tx, [number]),
        opened_for(tx, [number]),
        enrolments.wished_for(tx, [number], RUNNING),
    )
    return set().union(*(one.get(number, set()) for one in sources))

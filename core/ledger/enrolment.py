"""The life of a wish to be paid in another way (đổi hình thức nhận): one table, and its rules.

It is asked for, shown back and confirmed, checked, approved by a second person, and cools off until
a freeze at least seven days later. Whoever registers by list is paid so at once. Cash is always
possible. Source: reference ledger 6.2 and 5.6; design 3; docs/decisions/0134.

What does not live here: writing it down (`enrolling.py`), whose account it may be
(`account_rules.py`).
"""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from core.calendar import Cycle
from core.ledger.events import EventType
from core.pay_days import cut_off, freeze_day
from core.refusals import Code, Refusal
from core.terms import Programme


class EnrolmentState(StrEnum):
    """Where a wish to be paid in another way stands (tình trạng đề nghị)."""

    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    VERIFYING = "VERIFYING"
    NEEDS_PAPERS = "NEEDS_PAPERS"
    PENDING_SECOND_CHECK = "PENDING_SECOND_CHECK"
    COOLING_OFF = "COOLING_OFF"
    ACTIVE = "ACTIVE"
    SUPERSEDED = "SUPERSEDED"
    SUSPENDED = "SUSPENDED"
    WITHDRAWN = "WITHDRAWN"


class Confirmed(StrEnum):
    """How the person confirmed what was read back to them."""

    IN_PERSON = "in_person"
    OLD_PHONE = "old_phone"


_E = EventType
_S = EnrolmentState

# From where an event is possible, and where it leads; None stands for "nobody asked yet". Only a
# change cools off: a first choice is active once a second person has approved it.
ENROLMENT_MOVES: Final[Mapping[EventType, Mapping[EnrolmentState | None, EnrolmentState]]] = (
    MappingProxyType(
        {
            _E.METHOD_DRAFTED: {None: _S.DRAFT},
            _E.METHOD_SUBMITTED: {_S.DRAFT: _S.SUBMITTED},
            _E.METHOD_TAKEN_UP: dict.fromkeys((_S.SUBMITTED, _S.NEEDS_PAPERS), _S.VERIFYING),
            _E.METHOD_NEEDS_PAPERS: {_S.VERIFYING: _S.NEEDS_PAPERS},
            _E.METHOD_CHECKED: {_S.VERIFYING: _S.PENDING_SECOND_CHECK},
            _E.METHOD_APPROVED: {_S.PENDING_SECOND_CHECK: _S.COOLING_OFF},
            _E.METHOD_ACTIVATED: dict.fromkeys(
                (_S.PENDING_SECOND_CHECK, _S.COOLING_OFF), _S.ACTIVE
            ),
            # By a list of the commune's registrations.
            _E.METHOD_RECORDED: {None: _S.ACTIVE},
            _E.METHOD_SUPERSEDED: {_S.ACTIVE: _S.SUPERSEDED},
            _E.METHOD_SUSPENDED: dict.fromkeys((_S.COOLING_OFF, _S.ACTIVE), _S.SUSPENDED),
            _E.METHOD_WITHDRAWN: dict.fromkeys(
                (
                    *(_S.DRAFT, _S.SUBMITTED, _S.VERIFYING, _S.NEEDS_PAPERS),
                    *(_S.PENDING_SECOND_CHECK, _S.COOLING_OFF),
                ),
                _S.WITHDRAWN,
            ),
        }
    )
)
# Somebody still has something to do, or to wait for.
RUNNING: Final = frozenset(
    state for state in ENROLMENT_MOVES[_E.METHOD_WITHDRAWN] if state is not None
)
# So many wishes entered by one person within so many days are looked at by the district.
MASS_FROM: Final = 10
MASS_WITHIN: Final = timedelta(days=7)


def enrolment_moved(state: EnrolmentState | None, event: EventType) -> EnrolmentState | Refusal:
    """Where a wish stands after an event.

    Refuses: METHOD_WRONG_STATE.
    """
    target = ENROLMENT_MOVES[event].get(state)
    if target is None:
        stands = state.value if state is not None else "NONE"
        return Refusal(Code.METHOD_WRONG_STATE, {"state": stands})
    return target


def first_cycle(programme: Programme, approved_on: date) -> Cycle:
    """The first month that a change approved on this day is for.

    Its cut-off has not passed, and its freeze is at least the programme's cool-off away.
    Raises: NoCycleRule.
    """
    cooled = approved_on + timedelta(days=programme.settings.cool_off_days)
    cycle = Cycle.of_day(approved_on).next()
    while cut_off(programme, cycle) < approved_on or freeze_day(programme, cycle) < cooled:
        cycle = cycle.next()
    return cycle


def has_cooled(programme: Programme, approved_on: date, today: date) -> bool:
    """Whether the cool-off is over, should a month be frozen earlier than its day."""
    return today >= approved_on + timedelta(days=programme.settings.cool_off_days)


def may_approve(by: str, hands: frozenset[str], entered: int, *, is_office: bool) -> Refusal | None:
    """None when this person may be the second one.

    `hands`: who entered and who checked it; `entered`: how many wishes whoever entered it has
    entered around the same days. Refuses: METHOD_SAME_PERSON, METHOD_TOO_MANY.
    """
    if by in hands:
        return Refusal(Code.METHOD_SAME_PERSON)
    if entered >= MASS_FROM and not is_office:
        return Refusal(Code.METHOD_TOO_MANY, {"entered": entered})
    return None

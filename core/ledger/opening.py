"""The life of an account that is opened for somebody (mở tài khoản): one table, and its rules.

The commune reviews the papers, the police make an identity card where one is missing, the provider
opens the account, the card goes to the commune and into the holder's hands. Only once money has
been credited to it does the account work; until then the person is paid in cash.
Source: the plan, III.3 and III.4; docs/decisions/0130 and 0131.

What does not live here: writing it down (`openings.py`), the lists (`core/exchange`).
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from core.ledger.events import EventType
from core.people import Role
from core.refusals import Code, Refusal
from core.terms import Method


class OpeningState(StrEnum):
    """Where the opening of an account stands (tình trạng mở tài khoản)."""

    UNREVIEWED = "UNREVIEWED"
    ELIGIBLE = "ELIGIBLE"
    MISSING = "MISSING"
    NOT_WANTED = "NOT_WANTED"
    WAITING_ID = "WAITING_ID"
    SUBMITTED = "SUBMITTED"
    OPENED = "OPENED"
    REJECTED = "REJECTED"
    CARD_PRINTED = "CARD_PRINTED"
    CARD_AT_COMMUNE = "CARD_AT_COMMUNE"
    CARD_HANDED = "CARD_HANDED"
    FIRST_CREDIT_OK = "FIRST_CREDIT_OK"


class Paper(StrEnum):
    """A paper that an opening may still lack (giấy tờ)."""

    CITIZEN_ID = "citizen_id"
    BIRTH_CERTIFICATE = "birth_certificate"
    GUARDIAN_DECISION = "guardian_decision"
    AUTHORISATION = "authorisation"
    FORM = "form"
    PHONE = "phone"


_E = EventType
_S = OpeningState
_REVIEWED: Final = (_S.UNREVIEWED, _S.ELIGIBLE, _S.MISSING, _S.WAITING_ID, _S.REJECTED)

# From where an event is possible, and where it leads; None stands for "nobody asked for one yet".
# Whoever was refused by the provider is reviewed again; whoever did not want may change their mind.
OPENING_MOVES: Final[Mapping[EventType, Mapping[OpeningState | None, OpeningState]]] = (
    MappingProxyType(
        {
            _E.OPENING_LISTED: {None: _S.UNREVIEWED, _S.NOT_WANTED: _S.UNREVIEWED},
            _E.OPENING_ELIGIBLE: dict.fromkeys(_REVIEWED, _S.ELIGIBLE),
            _E.OPENING_MISSING: dict.fromkeys(_REVIEWED, _S.MISSING),
            _E.OPENING_NOT_WANTED: dict.fromkeys(_REVIEWED, _S.NOT_WANTED),
            # The police may name another day.
            _E.OPENING_WAITING_ID: dict.fromkeys((_S.MISSING, _S.WAITING_ID), _S.WAITING_ID),
            _E.OPENING_SUBMITTED: {_S.ELIGIBLE: _S.SUBMITTED},
            _E.OPENING_OPENED: {_S.SUBMITTED: _S.OPENED},
            _E.OPENING_REJECTED: {_S.SUBMITTED: _S.REJECTED},
            _E.CARD_PRINTED: {_S.OPENED: _S.CARD_PRINTED},
            _E.CARD_AT_COMMUNE: {_S.CARD_PRINTED: _S.CARD_AT_COMMUNE},
            _E.CARD_HANDED: {_S.CARD_AT_COMMUNE: _S.CARD_HANDED},
            # A wallet has no card: its first credit follows its opening.
            _E.FIRST_CREDIT_OK: dict.fromkeys((_S.CARD_HANDED, _S.OPENED), _S.FIRST_CREDIT_OK),
        }
    )
)
# A later word proves the earlier ones, whose lists may be late or lost.
_PROVES: Final[Mapping[EventType, EventType]] = MappingProxyType(
    {
        _E.OPENING_ELIGIBLE: _E.OPENING_LISTED,
        _E.OPENING_MISSING: _E.OPENING_LISTED,
        _E.OPENING_NOT_WANTED: _E.OPENING_LISTED,
        _E.OPENING_WAITING_ID: _E.OPENING_MISSING,
        _E.OPENING_OPENED: _E.OPENING_SUBMITTED,
        _E.OPENING_REJECTED: _E.OPENING_SUBMITTED,
        _E.CARD_AT_COMMUNE: _E.CARD_PRINTED,
        _E.CARD_HANDED: _E.CARD_AT_COMMUNE,
    }
)
# Papers that only show who somebody is beside the beneficiary, by role.
PAPERS_OF: Final[Mapping[Role, tuple[Paper, ...]]] = MappingProxyType(
    {
        Role.SELF: (Paper.CITIZEN_ID, Paper.FORM),
        Role.PARENT: (Paper.CITIZEN_ID, Paper.BIRTH_CERTIFICATE, Paper.FORM),
        Role.GUARDIAN: (Paper.CITIZEN_ID, Paper.GUARDIAN_DECISION, Paper.FORM),
        Role.AUTHORISED: (Paper.CITIZEN_ID, Paper.AUTHORISATION, Paper.FORM),
    }
)
# Circular 23/2014/TT-NHNN art. 11: younger than this, only through a representative.
OWN_ACCOUNT_FROM: Final = 15


def opening_moved(
    state: OpeningState | None, event: EventType, method: Method = Method.ACCOUNT
) -> OpeningState | Refusal:
    """Where an opening stands after an event.

    Refuses: OPENING_WRONG_STATE, also the first credit of an account whose card nobody has yet.
    """
    target = OPENING_MOVES[event].get(state)
    without_card = (
        event is _E.FIRST_CREDIT_OK and state is _S.OPENED and method is not Method.WALLET
    )
    if target is None or without_card:
        stands = state.value if state is not None else "NONE"
        return Refusal(Code.OPENING_WRONG_STATE, {"state": stands})
    return target


def steps_to(
    state: OpeningState | None, event: EventType, method: Method = Method.ACCOUNT
) -> tuple[EventType, ...] | Refusal:
    """The events that lead through this one: itself, after those that it proves.

    Refuses: OPENING_WRONG_STATE.
    """
    moved = opening_moved(state, event, method)
    if not isinstance(moved, Refusal):
        return (event,)
    before = _PROVES.get(event)
    steps = steps_to(state, before, method) if before is not None else moved
    return steps if isinstance(steps, Refusal) else (*steps, event)


def may_open(role: Role, birth_year: int | None, today: date) -> Refusal | None:
    """None when somebody in this role may hold the account into which the money goes.

    By the year alone, so that nobody is refused who may be old enough.
    Refuses: OPENING_ROLE, OPENING_TOO_YOUNG.
    """
    if role not in PAPERS_OF:
        return Refusal(Code.OPENING_ROLE)
    if birth_year is not None and today.year - birth_year < OWN_ACCOUNT_FROM:
        return Refusal(Code.OPENING_TOO_YOUNG, {"years": OWN_ACCOUNT_FROM})
    return None

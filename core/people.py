"""Who stands where towards a beneficiary (đối tượng), and what that lets them ask and do.

Pure: a standing, an identity level and a day in; yes, or a refusal, out.
Source: Civil Code 2015 art. 46–63, 134–143, 562–569; Decree 20/2021 art. 18–20; design 4, 5.

What does not live here: how a person is found or stored (`core/store/people.py`).
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from core.refusals import Code, Refusal


class Role(StrEnum):
    """What somebody is to a beneficiary."""

    SELF = "self"
    GUARDIAN = "guardian"
    PARENT = "parent"
    AUTHORISED = "authorised"
    CARER = "carer"
    RELATIVE = "relative"


class Basis(StrEnum):
    """On what legal ground; `NONE_YET` is a state to be mended, not an error."""

    OWN = "own"
    BIRTH_CERTIFICATE = "birth_certificate"
    GUARDIAN_DECISION = "guardian_decision"
    AUTHORISATION = "authorisation"
    CARER_DECISION = "carer_decision"
    CONSENT = "consent"
    NONE_YET = "none_yet"


class Scope(StrEnum):
    """How far a standing reaches."""

    ALL = "all"
    COLLECT = "collect"
    ASK = "ask"
    TOLD = "told"


class Purpose(StrEnum):
    """What a consent is for: notices at all, amounts in them, a relative being told."""

    NOTICE = "notice"
    AMOUNT = "amount"
    RELATIVE = "relative"


LINKED: Final = 2
NUMBER_ON_FILE: Final = 1

# The scope a role has unless its paper says less.
SCOPE_OF: Final = {
    Role.SELF: Scope.ALL,
    Role.GUARDIAN: Scope.ALL,
    Role.PARENT: Scope.ALL,
    Role.AUTHORISED: Scope.COLLECT,
    Role.CARER: Scope.ASK,
    Role.RELATIVE: Scope.TOLD,
}
_HEARS_AMOUNTS: Final = frozenset({Role.SELF, Role.GUARDIAN, Role.PARENT, Role.AUTHORISED})
_WITHOUT_PAPER: Final = frozenset({Role.SELF, Role.RELATIVE})


@dataclass(frozen=True, slots=True)
class Standing:
    """One person's place beside one beneficiary. Time: days in Asia/Ho_Chi_Minh, both inclusive."""

    id: int
    beneficiary_id: int
    person_id: int
    role: Role
    relation: str
    basis: Basis
    scope: Scope
    is_payee: bool
    valid_from: date
    valid_to: date | None

    def is_in_force(self, day: date) -> bool:
        """Whether the standing holds on `day`."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    @property
    def is_proven(self) -> bool:
        """Whether a paper (or the person's own right) stands behind it."""
        return self.role in _WITHOUT_PAPER or self.basis is not Basis.NONE_YET


@dataclass(frozen=True, slots=True)
class Ward:
    """A beneficiary seen by somebody who stands beside them (or is them)."""

    beneficiary_id: int
    code: str
    name: str
    birth_year: int | None
    commune: str
    is_frozen: bool
    standing: Standing


def may_ask_state(standing: Standing, *, level: int, day: date) -> Refusal | None:
    """None when this person may hear whether a payment arrived; otherwise why not.

    Refuses: STANDING_ENDED, LEVEL_TOO_LOW.
    """
    if not standing.is_in_force(day):
        return Refusal(Code.STANDING_ENDED)
    if level < NUMBER_ON_FILE:
        return Refusal(Code.LEVEL_TOO_LOW)
    return None


def may_hear_amount(standing: Standing, *, level: int, day: date) -> Refusal | None:
    """None when this person may hear amounts: a relative never, others when linked by code.

    Refuses: STANDING_ENDED, LEVEL_TOO_LOW, NO_STANDING.
    """
    if not standing.is_in_force(day):
        return Refusal(Code.STANDING_ENDED)
    if standing.role not in _HEARS_AMOUNTS or not standing.is_proven:
        return Refusal(Code.NO_STANDING)
    return None if level >= LINKED else Refusal(Code.LEVEL_TOO_LOW)


def may_answer_receipt(standing: Standing, *, level: int, day: date) -> Refusal | None:
    """None when this person's word moves the receipt axis: beneficiary, guardian, parent or payee.

    Refuses: STANDING_ENDED, NO_STANDING, LEVEL_TOO_LOW.
    """
    if not standing.is_in_force(day):
        return Refusal(Code.STANDING_ENDED)
    speaks = standing.role in {Role.SELF, Role.GUARDIAN, Role.PARENT} or standing.is_payee
    if not speaks or not standing.is_proven:
        return Refusal(Code.NO_STANDING)
    return None if level >= NUMBER_ON_FILE else Refusal(Code.LEVEL_TOO_LOW)


def may_ask_for_visits(standing: Standing, *, day: date) -> Refusal | None:
    """None when this person may arrange that money is brought home: who may collect it may.

    Refuses: STANDING_ENDED, NO_STANDING.
    """
    if not standing.is_in_force(day):
        return Refusal(Code.STANDING_ENDED)
    collects = standing.role in _HEARS_AMOUNTS or standing.is_payee
    return None if collects and standing.is_proven else Refusal(Code.NO_STANDING)

"""Judging one line of the registration list: a line that stands, or the first thing wrong in it."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from core.calendar import local_day
from core.exchange import cells
from core.exchange.claims import Claim
from core.exchange.intake import Desk
from core.exchange.layouts import Layout, Row
from core.exchange.person_cells import MethodWish, claim_in, commune_in, method_in
from core.exchange.reading import Reading
from core.exchange.verdicts import Problem
from core.people import Basis, Purpose, Role
from core.refusals import Code, Refusal
from core.store.engine import Tx

_MAY_AGREE: Final = frozenset({Role.SELF, Role.PARENT, Role.GUARDIAN})
_BASIS_OF: Final = {
    Role.SELF: Basis.OWN,
    Role.RELATIVE: Basis.CONSENT,
}


@dataclass(frozen=True, slots=True)
class RegistrationLine:
    """One person in one role beside one beneficiary. Time: days in Asia/Ho_Chi_Minh.

    A day that the line does not give is None: the day of the import is no part of what it says,
    or the same line in a later file would be another.
    """

    code: str
    role: Role
    claim: Claim
    commune: str | None
    hamlet: str
    relation: str
    basis: Basis
    valid_from: date | None
    valid_to: date | None
    is_payee: bool
    wish: MethodWish | None
    consents: tuple[Purpose, ...]
    agreed_by_role: Role
    agreed_on: date | None
    text_version: str

    def begins(self, today: date) -> date:
        """The first day of the standing: as given, else the day of the consent, else today."""
        return self.valid_from or self.agreed_on or today

    @property
    def amount(self) -> int:
        """Registrations move no money."""
        return 0

    def natural_key(self, tx: Tx) -> str:
        """The beneficiary, the role and (blindly) the person."""
        who = "" if self.role is Role.SELF else tx.sealer.index(self.claim.identity, purpose="row")
        return f"registration:{self.code}:{self.role}:{who}"

    def content(self) -> str:
        """Everything that counts in the line."""
        return repr(self)


def judge(row: Row, desk: Desk) -> RegistrationLine | Problem:
    """The line, or the first thing that is wrong in it."""
    reading = Reading(row)
    code = reading.value("code", cells.beneficiary_code(row.text("code")), "")
    role = _role(reading, desk.layout)
    today = local_day(desk.clock.now())
    claim = claim_in(reading, today, code=code if role is Role.SELF else None)
    commune = commune_in(reading, desk) if role is Role.SELF else None
    agreed_on = reading.day_until("consent_on", today) if row.text("consent_on") else None
    line = RegistrationLine(
        code=code,
        role=role,
        claim=claim,
        commune=commune,
        hamlet=row.text("hamlet"),
        relation=row.text("relation"),
        basis=_basis(reading, desk.layout, role),
        valid_from=_day(reading, "valid_from"),
        valid_to=_day(reading, "valid_to"),
        is_payee=reading.value("payee", cells.agreed(row.text("payee"), desk.layout), False),
        wish=method_in(reading, desk, claim, commune) if role is Role.SELF else None,
        consents=_consents(reading, desk.layout, role),
        agreed_by_role=_agreed_by(reading, desk.layout, role),
        agreed_on=agreed_on,
        text_version=row.text("consent_text"),
    )
    _check_consent(reading, line)
    if line.valid_to is not None and line.valid_to < line.begins(today):
        reading.refuse("valid_to", Refusal(Code.DAY_BEFORE_START))
    return reading.problem or line


def _role(reading: Reading, layout: Layout) -> Role:
    word = layout.word("role", reading.text("role"))
    if word is None:
        reading.refuse("role", Refusal(Code.ROLE_UNKNOWN))
    return Role(word or Role.SELF)


def _basis(reading: Reading, layout: Layout, role: Role) -> Basis:
    if role in _BASIS_OF:
        return _BASIS_OF[role]
    text = reading.text("basis")
    word = layout.word("basis", text) if text else Basis.NONE_YET
    if word is None:
        reading.refuse("basis", Refusal(Code.BASIS_UNKNOWN))
    return Basis(word or Basis.NONE_YET)


def _day(reading: Reading, field: str) -> date | None:
    text = reading.text(field)
    return reading.value(field, cells.day(text), None) if text else None


def _consents(reading: Reading, layout: Layout, role: Role) -> tuple[Purpose, ...]:
    told = reading.value(
        "consent_notice", cells.agreed(reading.text("consent_notice"), layout), False
    )
    amount = reading.value(
        "consent_amount", cells.agreed(reading.text("consent_amount"), layout), False
    )
    if role is Role.RELATIVE:
        return (Purpose.RELATIVE,) if told else ()
    return (*((Purpose.NOTICE,) if told else ()), *((Purpose.AMOUNT,) if amount else ()))


def _agreed_by(reading: Reading, layout: Layout, role: Role) -> Role:
    text = reading.text("consent_by")
    word = layout.word("consent_by", text) if text else None
    if text and word is None:
        reading.refuse("consent_by", Refusal(Code.CONSENT_UNCLEAR))
    return Role(word) if word else role


def _check_consent(reading: Reading, line: RegistrationLine) -> None:
    """A relative is registered only to be told, and told only when somebody entitled agreed."""
    if line.role is Role.RELATIVE:
        if not line.consents:
            reading.refuse("consent_notice", Refusal(Code.RELATIVE_WITHOUT_CONSENT))
        if line.claim.phone is None:
            reading.refuse("phone", Refusal(Code.PHONE_MISSING))
        if line.agreed_by_role not in _MAY_AGREE:
            reading.refuse("consent_by", Refusal(Code.RELATIVE_WITHOUT_CONSENT))
    elif line.consents and line.agreed_by_role is not line.role:
        reading.refuse("consent_by", Refusal(Code.CONSENT_UNCLEAR))
    if line.consents and not line.text_version:
        reading.refuse("consent_text", Refusal(Code.CONSENT_UNCLEAR))

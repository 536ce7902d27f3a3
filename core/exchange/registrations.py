"""The registration list: who is paid how, who acts for whom, who is told, who agreed to what.

One line is one person in one role beside one beneficiary. A line about somebody already
registered in that role, with other content, is a conflict for a person: a changed account or
phone is a request with safeguards, never an overwrite (design 3).

What does not live here: judging the cells of a line (`registration_lines.py`).
"""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from core.exchange.claims import settled_people
from core.exchange.intake import Desk, Kind
from core.exchange.layouts import Row
from core.exchange.registration_lines import RegistrationLine, judge
from core.exchange.registration_writing import Writing
from core.exchange.verdicts import Problem
from core.people import Role
from core.refusals import Code, Refusal
from core.store.engine import Tx
from core.store.people import beneficiaries_by_code, standings_beside


def disagreements(
    pairs: Sequence[tuple[Row, RegistrationLine]], desk: Desk
) -> Mapping[int, Problem]:
    """Lines that say again what an earlier line of the file said, by line number."""
    del desk
    seen: dict[tuple[str, str, str], int] = {}
    found: dict[int, Problem] = {}
    for row, line in pairs:
        who = "" if line.role is Role.SELF else line.claim.identity
        first = seen.setdefault((line.code, line.role, who), row.number)
        if first != row.number:
            found[row.number] = Problem("code", Refusal(Code.BENEFICIARY_TWICE, {"line": first}))
    return found


def rank(line: RegistrationLine) -> int:
    """Beneficiaries first, then who may agree for them, then the others."""
    order = (Role.SELF, Role.PARENT, Role.GUARDIAN, Role.AUTHORISED, Role.CARER, Role.RELATIVE)
    return order.index(line.role)


def write(
    tx: Tx, lines: Sequence[RegistrationLine], desk: Desk, source: str
) -> list[Problem | None]:
    """Write each line; a Problem where the database knows better.

    Lines of different ranks are written one rank after another, since later ones refer back.
    """
    problems: list[Problem | None] = []
    for _, group in groupby(lines, key=rank):
        problems += _write_rank(tx, list(group), desk, source)
    return problems


def _write_rank(
    tx: Tx, lines: Sequence[RegistrationLine], desk: Desk, source: str
) -> list[Problem | None]:
    now = desk.clock.now()
    known = beneficiaries_by_code(tx, sorted({line.code for line in lines}))
    beside = standings_beside(tx, [row.id for row in known.values()])
    problems: list[Problem | None] = []
    standing: list[RegistrationLine] = []
    for line in lines:
        problem = _objection(line, known, beside)
        problems.append(problem)
        if problem is None:
            standing.append(line)
    already = {
        line.claim.identity: known[line.code].person_id
        for line in standing
        if line.role is Role.SELF and line.code in known
    }
    people = settled_people(tx, [line.claim for line in standing], already, now)
    Writing(tx, desk, source, people, known, beside).all_of(standing)
    return problems


def _objection(
    line: RegistrationLine, known: Mapping[str, Any], beside: Mapping[int, Any]
) -> Problem | None:
    if line.role is Role.SELF:
        return None
    if line.code not in known:
        return Problem("code", Refusal(Code.BENEFICIARY_UNKNOWN, {"code": line.code}))
    if line.consents and line.agreed_by_role is not line.role:
        roles = {standing.role for standing in beside.get(known[line.code].id, [])}
        if line.agreed_by_role not in roles:
            return Problem("consent_by", Refusal(Code.CONSENT_UNCLEAR))
    return None


KIND = Kind(
    name="registrations",
    judge=judge,
    disagreements=disagreements,
    rank=rank,
    write=write,
)

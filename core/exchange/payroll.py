"""The monthly payment list: who is paid how much. Posasoft is the source of who is entitled.

A line is all of one person's money for the month: the same person twice is refused, because a
double payment is worse than a question. A line that came in before with other sums is a conflict
for a person (decision 0027).

What does not live here: judging the cells of a line (`payroll_lines.py`).
"""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime

from core.calendar import Cycle
from core.exchange.claims import settled_people
from core.exchange.intake import Desk, Kind
from core.exchange.layouts import Row
from core.exchange.payroll_lines import PayrollLine, judge
from core.exchange.registration_writing import (
    NewBeneficiary,
    sealed_hamlet,
    standing_row,
    write_beneficiaries,
    write_phones,
)
from core.exchange.verdicts import Problem
from core.ledger import cycles
from core.ledger.listing import NewPayment, list_payments
from core.ledger.reads import cycle_facts
from core.people import Basis, Role
from core.refusals import Code, Refusal
from core.store.engine import Tx
from core.store.methods import NewMethod, insert_methods, with_methods
from core.store.people import (
    BeneficiaryRow,
    beneficiaries_by_code,
    insert_standings,
    keep_entitlements,
    move_beneficiaries,
    sealed_entitlement,
)


def disagreements(pairs: Sequence[tuple[Row, PayrollLine]], desk: Desk) -> Mapping[int, Problem]:
    """Lines about somebody who stands in an earlier line, by line number."""
    del desk
    codes: dict[str, int] = {}
    numbers: dict[str, int] = {}
    found: dict[int, Problem] = {}
    for row, line in pairs:
        first = codes.setdefault(line.code, row.number)
        if first != row.number:
            found[row.number] = Problem("code", Refusal(Code.BENEFICIARY_TWICE, {"line": first}))
            continue
        first = numbers.setdefault(line.claim.citizen_id or line.code, row.number)
        if first != row.number:
            found[row.number] = Problem(
                "citizen_id", Refusal(Code.CITIZEN_ID_TWICE, {"line": first})
            )
    return found


def admit(tx: Tx, desk: Desk) -> Refusal | None:
    """A list is welcome until its cycle is frozen.

    Refuses: CYCLE_WRONG_STATE.
    """
    facts = cycle_facts(tx, desk.programme.tenant, desk.cycle)
    return cycles.may_import(facts.state if facts else None, desk.cycle)


def write(tx: Tx, lines: Sequence[PayrollLine], desk: Desk, source: str) -> list[Problem | None]:
    """List each payment; whoever is not known yet enters with it."""
    now = desk.clock.now()
    known = beneficiaries_by_code(tx, [line.code for line in lines])
    objections = {line.code: _objection(known.get(line.code)) for line in lines}
    standing = [line for line in lines if objections[line.code] is None]
    before = [line for line in standing if line.code in known]
    keep_entitlements(tx, {line.code: line.entitlement() for line in before}, now)
    _move(before, known, tx, desk, now)
    known |= _enter([line for line in standing if line.code not in known], tx, desk, source, now)
    _first_methods(tx, standing, known, desk, source, now)
    fates = iter(
        list_payments(
            desk.ledger,
            tx,
            [_payment(line, known[line.code], source) for line in standing],
            actor=f"staff:{desk.staff}",
        )
    )
    problems: list[Problem | None] = []
    for line in lines:
        problem = objections[line.code]
        fate = next(fates) if problem is None else None
        problems.append(Problem("", fate) if isinstance(fate, Refusal) else problem)
    return problems


def finish(tx: Tx, desk: Desk, source: str) -> None:
    """The cycle has a list now."""
    cycles.imported(tx, desk.ledger, cycle=desk.cycle, file=source, actor=f"staff:{desk.staff}")


def _move(
    lines: Sequence[PayrollLine],
    known: Mapping[str, BeneficiaryRow],
    tx: Tx,
    desk: Desk,
    now: datetime,
) -> None:
    """Whoever is listed in another commune lives there now, and its officers see to them."""
    moved = {
        known[line.code].id: (line.commune, sealed_hamlet(tx, line.code, line.hamlet))
        for line in lines
        if known[line.code].commune != line.commune
    }
    move_beneficiaries(tx, moved, month=desk.cycle, now=now)


def _objection(row: BeneficiaryRow | None) -> Problem | None:
    if row is not None and row.state == "dead":
        return Problem("code", Refusal(Code.BENEFICIARY_DIED))
    return None


def _payment(line: PayrollLine, row: BeneficiaryRow, source: str) -> NewPayment:
    return NewPayment(
        cycle=line.cycle,
        beneficiary_id=row.id,
        beneficiary_code=line.code,
        commune=line.commune,
        monthly=line.monthly,
        arrears=line.arrears,
        file=source,
    )


def _enter(
    lines: Sequence[PayrollLine], tx: Tx, desk: Desk, source: str, now: datetime
) -> Mapping[str, BeneficiaryRow]:
    """People whom only the list knows: beneficiary, standing, phone."""
    if not lines:
        return {}
    people = settled_people(tx, [line.claim for line in lines], {}, now)
    write_beneficiaries(
        tx,
        desk.programme.tenant,
        [
            NewBeneficiary(
                line.code,
                people[line.claim.identity],
                line.commune,
                hamlet=sealed_hamlet(tx, line.code, line.hamlet),
                entitlement=sealed_entitlement(tx, line.code, line.entitlement()),
            )
            for line in lines
        ],
        now,
    )
    known = beneficiaries_by_code(tx, [line.code for line in lines])
    first_day = Cycle.parse(desk.cycle).first_day
    insert_standings(
        tx,
        [
            standing_row(
                known[line.code].id,
                people[line.claim.identity],
                Role.SELF,
                source=source,
                now=now,
            )
            | {
                "relation": "",
                "basis": Basis.OWN,
                "is_payee": True,
                "valid_from": first_day,
                "valid_to": None,
            }
            for line in lines
        ],
    )
    claims = [(line.claim, people[line.claim.identity], known[line.code].id) for line in lines]
    write_phones(tx, desk, source, claims, now)
    return known


def _first_methods(
    tx: Tx,
    lines: Sequence[PayrollLine],
    known: Mapping[str, BeneficiaryRow],
    desk: Desk,
    source: str,
    now: datetime,
) -> None:
    """The list's own column counts only for who has registered no method yet."""
    wishing = [line for line in lines if line.wish is not None]
    there = with_methods(tx, [known[line.code].id for line in wishing], desk.cycle)
    insert_methods(
        tx,
        [
            NewMethod(
                key=secrets.token_hex(12),
                beneficiary_id=known[line.code].id,
                method=line.wish.method,
                provider=line.wish.provider,
                from_cycle=desk.cycle,
                source=source,
                account=line.wish.account,
                holder=line.wish.holder,
            )
            for line in wishing
            if line.wish is not None and known[line.code].id not in there
        ],
        now,
    )


KIND = Kind(
    name="payroll",
    judge=judge,
    disagreements=disagreements,
    admit=admit,
    write=write,
    # `disagreements` lets no code and no citizen id through twice.
    is_apart=True,
    finish=finish,
)

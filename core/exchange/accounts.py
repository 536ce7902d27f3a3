"""What a provider says of the accounts it was asked to open: received, opened, refused, credited.

The holder's name must be the name of whom it was opened for, and the account of nobody else but
the holder's own wards. Source: docs/decisions/0130 and 0133.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Final

from core.accounts import account
from core.calendar import local_day
from core.exchange.intake import Desk, Kind
from core.exchange.layouts import Row
from core.exchange.opening_lines import (
    About,
    code_in,
    day_in,
    happened,
    named_opening,
    no_disagreements,
    word_in,
    write_lines,
)
from core.exchange.reading import Reading
from core.exchange.verdicts import Problem
from core.failures import failure_for
from core.ledger.account_rules import same_name, shared
from core.ledger.enrolment import RUNNING
from core.ledger.events import EventType
from core.ledger.openings import Word
from core.people import Standing
from core.phones import mobile
from core.refusals import Code, Refusal
from core.store.engine import Tx
from core.store.enrolments import wished_for
from core.store.methods import paid_into
from core.store.openings import OpeningRow, opened_for
from core.store.people import beneficiaries_by_code, standings_beside
from core.terms import Method, Provider

_OPENED: Final = "opened"
_REJECTED: Final = "rejected"
_EVENTS: Final = {
    "received": EventType.OPENING_SUBMITTED,
    _OPENED: EventType.OPENING_OPENED,
    _REJECTED: EventType.OPENING_REJECTED,
    "credited": EventType.FIRST_CREDIT_OK,
}


@dataclass(frozen=True, slots=True)
class AccountLine:
    """What a provider says of one account. `day` is a day in Hà Nội."""

    cycle: str
    provider: Provider
    code: str
    name: str = field(repr=False)
    status: str
    number: str | None = field(repr=False)
    holder: str = field(repr=False)
    reason: str | None
    day: date
    said_on: str

    @property
    def amount(self) -> int:
        """Opening an account moves no money."""
        return 0

    def natural_key(self, tx: Tx) -> str:
        """The month, the provider, the beneficiary, and what is said when."""
        del tx
        return f"opening:{self.cycle}:{self.provider}:{self.code}:{self.status}:{self.said_on}"

    def content(self) -> str:
        """Everything that counts in the line."""
        return f"{self.number}|{self.holder}|{self.reason}"


def judge(row: Row, desk: Desk) -> AccountLine | Problem:
    """The line, or the first thing that is wrong in it."""
    reading = Reading(row)
    provider, status = Provider(desk.provider), word_in(reading, desk, "status")
    is_opened = status == _OPENED
    holder = row.text("holder") or (row.text("name") if is_opened else "")
    if is_opened and not holder:
        reading.refuse("holder", Refusal(Code.NAME_MISSING))
    line = AccountLine(
        cycle=desk.cycle,
        provider=provider,
        code=code_in(reading),
        name=row.text("name"),
        status=status,
        number=_number(reading, desk, provider) if is_opened else None,
        holder=holder,
        reason=failure_for(desk.programme, provider, row.text("error")).code
        if status == _REJECTED
        else None,
        day=day_in(reading, desk),
        said_on=row.text("day"),
    )
    return reading.problem or line


def write(tx: Tx, lines: Sequence[AccountLine], desk: Desk, source: str) -> list[Problem | None]:
    """Write what the provider says; a Problem where the database knows better."""
    numbers = {line.number for line in lines if line.number is not None}
    taken = paid_into(tx, numbers)
    for others in (opened_for(tx, numbers), wished_for(tx, numbers, RUNNING)):
        for number, ids in others.items():
            taken.setdefault(number, set()).update(ids)
    everybody = set().union(*taken.values()) if taken else set[int]()
    known = beneficiaries_by_code(tx, sorted({line.code for line in lines}))
    beside = standings_beside(tx, {*everybody, *(row.id for row in known.values())})
    say = partial(_said, taken, beside)
    return write_lines(tx, lines, desk, source, say, actor=f"provider:{desk.provider}")


def _said(
    taken: dict[str, set[int]],
    beside: Mapping[int, Sequence[Standing]],
    line: AccountLine,
    about: About,
) -> Word | Problem:
    opening = named_opening(line, about)
    if isinstance(opening, Problem):
        return opening
    if opening.provider != line.provider:
        return Problem("code", Refusal(Code.OPENING_OTHER_PROVIDER))
    changes: dict[str, str | None] = {}
    if line.number is not None:
        problem = _unfit(taken, beside, line, opening, about)
        if problem is not None:
            return problem
        changes = {"account": line.number, "holder": line.holder, "reason": None}
    elif line.status == _REJECTED:
        changes = {"reason": line.reason}
    return Word(
        beneficiary_id=opening.beneficiary_id,
        event=_EVENTS[line.status],
        at=happened(line.day),
        body={"file": about.source, "reason": line.reason},
        changes=changes,
    )


def _unfit(
    taken: dict[str, set[int]],
    beside: Mapping[int, Sequence[Standing]],
    line: AccountLine,
    opening: OpeningRow,
    about: About,
) -> Problem | None:
    if not same_name(line.holder, about.names[opening.person_id]):
        return Problem("holder", Refusal(Code.HOLDER_NAME_DIFFERS))
    # Lines of this file count too: the first one takes the account.
    users = taken.setdefault(line.number or "", set())
    others = users - {opening.beneficiary_id}
    if others:
        mine = [one for id_ in (*others, opening.beneficiary_id) for one in beside.get(id_, ())]
        refusal = shared(
            others,
            [one for one in mine if one.person_id == opening.person_id],
            local_day(about.desk.clock.now()),
        )
        if refusal is not None:
            return Problem("account", refusal)
    users.add(opening.beneficiary_id)
    return None


def _number(reading: Reading, desk: Desk, provider: Provider) -> str | None:
    """An account's number; a telephone number where the provider keeps wallets."""
    methods = {one.method for one in desk.programme.offers if one.provider is provider}
    text = reading.text("account")
    found = mobile(text) if Method.WALLET in methods else account(text)
    return reading.value("account", found, None)


def rank(line: AccountLine) -> int:
    """The steps of an account in their order, however the list has them."""
    return list(_EVENTS).index(line.status)


KIND = Kind(name="accounts", judge=judge, disagreements=no_disagreements, write=write, rank=rank)

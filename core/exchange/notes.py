"""What the three lists of changes have in common: a person, a month from which, one event each.

They are facts about the difference to the month before; the pay list stays the source of who is
paid how much. Category and decision number stay in the sealed line and reach no event.

What does not live here: what each list says (`increases.py`, `decreases.py`, `adjustments.py`).
"""

from collections.abc import Mapping, Sequence
from datetime import time
from typing import Final, Protocol

from core.calendar import Cycle, instant_at
from core.exchange.intake import Desk
from core.exchange.layouts import Row, cycle_in
from core.exchange.reading import Reading
from core.exchange.verdicts import Problem
from core.ledger import cycles
from core.ledger.events import EventType, NewEvent, Value
from core.ledger.reads import cycle_facts
from core.refusals import Code, Refusal
from core.store.engine import Tx
from core.store.people import BeneficiaryRow, beneficiaries_by_code

_EARLIEST: Final = 1990


class NoteLine(Protocol):
    """A line of one of the three lists."""

    @property
    def number(self) -> int:
        """The line as a person counts."""

    @property
    def code(self) -> str:
        """The beneficiary."""

    @property
    def since(self) -> Cycle:
        """From which month it is so."""

    def natural_key(self, tx: Tx) -> str:
        """What the line is about."""

    def facts(self) -> Mapping[str, Value | None]:
        """What the event may say: codes, months and amounts."""


def since_in(reading: Reading, cycle: str) -> Cycle:
    """The month from which a change holds: not later than the month of the list."""
    month, own = cycle_in(reading.text("since")), Cycle.parse(cycle)
    since = _month(month)
    if since is None:
        reading.refuse("since", Refusal(Code.MONTH_BAD))
    elif since > own:
        reading.refuse("since", Refusal(Code.MONTH_LATER, {"cycle": cycle}))
    return since or own


def word_in(reading: Reading, desk: Desk, field: str) -> str | None:
    """Our word for a cell; None where the table has none. An empty cell is refused."""
    text = reading.text(field)
    if not text:
        reading.refuse(field, Refusal(Code.REASON_MISSING))
    return desk.layout.word(field, text)


def once_each(pairs: Sequence[tuple[Row, NoteLine]]) -> dict[int, Problem]:
    """Lines about somebody who stands in an earlier line, by line number."""
    first: dict[str, int] = {}
    return {
        row.number: Problem("code", Refusal(Code.BENEFICIARY_TWICE, {"line": first[line.code]}))
        for row, line in pairs
        if first.setdefault(line.code, row.number) != row.number
    }


def admit(tx: Tx, desk: Desk) -> Refusal | None:
    """After the month's pay list came in, until the month is approved.

    Refuses: CYCLE_UNKNOWN, CYCLE_WRONG_STATE.
    """
    facts = cycle_facts(tx, desk.programme.tenant, desk.cycle)
    return cycles.may_explain(facts.state if facts else None, desk.cycle)


def write_notes(
    tx: Tx, lines: Sequence[NoteLine], desk: Desk, source: str, kind: EventType
) -> tuple[list[Problem | None], dict[int, BeneficiaryRow]]:
    """Record each line; its problem, and the beneficiaries of those that stand by line number."""
    known = beneficiaries_by_code(tx, [line.code for line in lines])
    standing = [line for line in lines if line.code in known]
    events = [_event(tx, line, known[line.code], desk, source, kind) for line in standing]
    done = dict(
        zip([line.number for line in standing], desk.ledger.record(tx, events), strict=True)
    )
    problems: list[Problem | None] = []
    written: dict[int, BeneficiaryRow] = {}
    for line in lines:
        fate = done.get(line.number)
        if fate is None:
            problems.append(Problem("code", Refusal(Code.BENEFICIARY_UNKNOWN, {"code": line.code})))
        elif isinstance(fate, Refusal):
            problems.append(Problem("", fate))
        else:
            problems.append(None)
            written[line.number] = known[line.code]
    return problems, written


def _event(
    tx: Tx, line: NoteLine, row: BeneficiaryRow, desk: Desk, source: str, kind: EventType
) -> NewEvent:
    facts: dict[str, Value | None] = {
        "file": source,
        "line": line.number,
        "since": str(line.since),
        **line.facts(),
    }
    return NewEvent(
        type=kind,
        source=line.natural_key(tx),
        actor=f"staff:{desk.staff}",
        effective_at=instant_at(line.since.first_day, time()),
        cycle=desk.cycle,
        beneficiary_id=row.id,
        body=facts,
    )


def _month(text: str | None) -> Cycle | None:
    if text is None:
        return None
    year, month = (int(part) for part in text.split("-"))
    fits = year >= _EARLIEST and 1 <= month <= 12  # noqa: PLR2004  months of a year
    return Cycle(year, month) if fits else None

"""The list of decreases (danh sách giảm): who stops, why, from which month, what to recover.

The payment of that month stops if no provider was told to pay it yet; what was ordered for months
after the entitlement ended is due back. A death is noted and nobody
in the family gets a text about it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from core import money
from core.calendar import Cycle, local_day
from core.exchange import cells, notes
from core.exchange.intake import Desk, Kind
from core.exchange.layouts import Row
from core.exchange.reading import Reading
from core.exchange.verdicts import Problem
from core.ledger import comparison, cycles
from core.ledger.events import EventType, Value
from core.ledger.facts import CycleState
from core.ledger.reads import cycle_facts
from core.ledger.recovery import Stop, note_due
from core.refusals import Code, Refusal
from core.store.deaths import mark_dead
from core.store.engine import Tx

_DIED: Final = "died"


@dataclass(frozen=True, slots=True)
class DecreaseLine:
    """Who stops. Money: whole đồng, to be recovered. `died_on`: a day in Asia/Ho_Chi_Minh."""

    number: int
    cycle: str
    code: str
    reason: str
    since: Cycle
    recover: int
    died_on: date | None

    @property
    def amount(self) -> int:
        """What is to be recovered."""
        return self.recover

    def natural_key(self, tx: Tx) -> str:
        """The month and the beneficiary."""
        del tx
        return f"decrease:{self.cycle}:{self.code}"

    def content(self) -> str:
        """Everything that counts in the line."""
        return f"{self.reason}|{self.since}|{self.recover}|{self.died_on}"

    def facts(self) -> Mapping[str, Value | None]:
        """Why, and what is to come back."""
        return {"reason": self.reason, "recover": self.recover}


def judge(row: Row, desk: Desk) -> DecreaseLine | Problem:
    """The line, or the first thing that is wrong in it."""
    reading = Reading(row)
    code = reading.value("code", cells.beneficiary_code(row.text("code")), "")
    reason = notes.word_in(reading, desk, "reason")
    if reason is None:
        reading.refuse("reason", Refusal(Code.REASON_UNKNOWN))
    recover = (
        reading.value("recover", money.amount_of(row.cell("recover"), zero=True), 0)
        if row.text("recover")
        else 0
    )
    since = notes.since_in(reading, desk.cycle)
    died_on = _died_on(reading, since, local_day(desk.clock.now())) if reason == _DIED else None
    line = DecreaseLine(
        number=row.number,
        cycle=desk.cycle,
        code=code,
        reason=reason or "",
        since=since,
        recover=recover,
        died_on=died_on,
    )
    return reading.problem or line


def disagreements(pairs: Sequence[tuple[Row, DecreaseLine]], desk: Desk) -> Mapping[int, Problem]:
    """People who stand twice in one file."""
    del desk
    return notes.once_each(pairs)


def admit(tx: Tx, desk: Desk) -> Refusal | None:
    """Somebody may stop at any time after the pay list came in, until the month is closed.

    Refuses: CYCLE_UNKNOWN, CYCLE_WRONG_STATE.
    """
    facts = cycle_facts(tx, desk.programme.tenant, desk.cycle)
    if facts is not None and facts.state is not CycleState.CLOSED:
        return None
    return cycles.may_explain(facts.state if facts else None, desk.cycle)


def write(tx: Tx, lines: Sequence[DecreaseLine], desk: Desk, source: str) -> list[Problem | None]:
    """Record each decrease, stop what can be stopped, note what is due back and who died."""
    problems, written = notes.write_notes(tx, lines, desk, source, EventType.DECREASED)
    actor = f"staff:{desk.staff}"
    stops = {
        written[line.number].id: Stop(str(line.since), line.reason, line.recover)
        for line in lines
        if line.number in written
    }
    comparison.stop_payments(tx, desk.ledger, desk.cycle, list(stops), actor=actor)
    note_due(tx, desk.ledger, stops, cycle=desk.cycle, file=source, actor=actor)
    days = {
        written[line.number].id: line.died_on
        for line in lines
        if line.number in written and line.died_on is not None
    }
    mark_dead(tx, days, desk.clock.now())
    return problems


def _died_on(reading: Reading, since: Cycle, today: date) -> date:
    """The day of death; not given, the last day of the month before the money stops."""
    if not reading.text("died_on"):
        return min(since.first_day - timedelta(days=1), today)
    return reading.day_until("died_on", today)


KIND = Kind(
    name="decreases",
    judge=judge,
    disagreements=disagreements,
    admit=admit,
    write=write,
)

"""The list of increases (danh sách tăng): who is new or gets more, from which month, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from core import money
from core.calendar import Cycle
from core.exchange import cells, notes
from core.exchange.intake import Desk, Kind
from core.exchange.layouts import Row
from core.exchange.person_cells import commune_in
from core.exchange.reading import Reading
from core.exchange.verdicts import Problem
from core.ledger.events import EventType, Value
from core.refusals import Code, Refusal
from core.store.engine import Tx

# A reason that is in no table is kept, sealed, as it was written.
_OTHER: Final = "other"


@dataclass(frozen=True, slots=True)
class IncreaseLine:
    """What somebody gets from now on. Money: whole đồng; `months` are those of truy lĩnh."""

    number: int
    cycle: str
    code: str
    commune: str
    monthly: int
    arrears: int
    months: int
    reason: str
    since: Cycle
    decision: str

    @property
    def amount(self) -> int:
        """What the list asks to be paid."""
        return self.monthly + self.arrears

    def natural_key(self, tx: Tx) -> str:
        """The month and the beneficiary."""
        del tx
        return f"increase:{self.cycle}:{self.code}"

    def content(self) -> str:
        """Everything that counts in the line; the decision number reaches only a keyed hash."""
        parts = (self.commune, self.monthly, self.arrears, self.months, self.reason, self.since)
        return "|".join(map(str, (*parts, self.decision)))

    def facts(self) -> Mapping[str, Value | None]:
        """Without category and decision number."""
        return {
            "commune": self.commune,
            "monthly": self.monthly,
            "arrears": self.arrears,
            "months": self.months,
            "reason": self.reason,
        }


def judge(row: Row, desk: Desk) -> IncreaseLine | Problem:
    """The line, or the first thing that is wrong in it."""
    reading = Reading(row)
    arrears = (
        reading.value("arrears", money.amount_of(row.cell("arrears"), zero=True), 0)
        if row.text("arrears")
        else 0
    )
    line = IncreaseLine(
        number=row.number,
        cycle=desk.cycle,
        code=reading.value("code", cells.beneficiary_code(row.text("code")), ""),
        commune=commune_in(reading, desk) or "",
        monthly=reading.value("monthly", money.amount_of(row.cell("monthly")), 0),
        arrears=arrears,
        months=_months(reading),
        reason=notes.word_in(reading, desk, "reason") or _OTHER,
        since=notes.since_in(reading, desk.cycle),
        decision=row.text("decision"),
    )
    total = reading.value("total", money.amount_of(row.cell("total")), 0)
    if total != line.amount:
        parts = {"parts": line.amount, "total": total}
        reading.refuse("total", Refusal(Code.AMOUNT_PARTS_DISAGREE, parts))
    if bool(line.arrears) != bool(line.months):
        reading.refuse("months", Refusal(Code.ARREARS_MONTHS))
    return reading.problem or line


def disagreements(pairs: Sequence[tuple[Row, IncreaseLine]], desk: Desk) -> Mapping[int, Problem]:
    """People who stand twice in one file."""
    del desk
    return notes.once_each(pairs)


def write(tx: Tx, lines: Sequence[IncreaseLine], desk: Desk, source: str) -> list[Problem | None]:
    """Record each increase; a Problem where nobody has that code."""
    return notes.write_notes(tx, lines, desk, source, EventType.INCREASED)[0]


def _months(reading: Reading) -> int:
    text = reading.text("months")
    if text in {"", "0"}:
        return 0
    if text.isascii() and text.isdigit() and len(text) <= 3:  # noqa: PLR2004  months of a life
        return int(text)
    reading.refuse("months", Refusal(Code.ARREARS_MONTHS))
    return 0


KIND = Kind(
    name="increases",
    judge=judge,
    disagreements=disagreements,
    admit=notes.admit,
    write=write,
)

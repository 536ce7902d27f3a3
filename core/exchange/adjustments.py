"""The list of adjustments (danh sách điều chỉnh): which field changed, old to new, since when.

Only the monthly sum, truy lĩnh and the commune enter the check against last month; what other
fields held stays sealed in the line.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from core import money
from core.calendar import Cycle
from core.exchange import cells, notes
from core.exchange.intake import Desk, Kind
from core.exchange.layouts import Row
from core.exchange.reading import Reading
from core.exchange.verdicts import Problem
from core.ledger.events import EventType, Value
from core.places import Ambiguous, Unknown, commune_on
from core.refusals import Code, Refusal
from core.store.engine import Tx

_SUMS: Final = frozenset({"monthly", "arrears"})
_COMMUNE: Final = "commune"


@dataclass(frozen=True, slots=True)
class AdjustmentLine:
    """One field that changed. `old`, `new`: whole đồng, a commune's code, or text as written."""

    number: int
    cycle: str
    code: str
    field: str
    old: Value
    new: Value
    since: Cycle

    @property
    def amount(self) -> int:
        """It moves nothing by itself: the pay list does."""
        return 0

    def natural_key(self, tx: Tx) -> str:
        """The month, the beneficiary and the field."""
        del tx
        return f"adjustment:{self.cycle}:{self.code}:{self.field}"

    def content(self) -> str:
        """Everything that counts in the line; it reaches only a keyed hash."""
        return f"{self.old}|{self.new}|{self.since}"

    def facts(self) -> Mapping[str, Value | None]:
        """Sums and communes; of other fields only which one it was."""
        if self.field in _SUMS or self.field == _COMMUNE:
            return {"field": self.field, "old": self.old, "new": self.new}
        return {"field": self.field}


def judge(row: Row, desk: Desk) -> AdjustmentLine | Problem:
    """The line, or the first thing that is wrong in it."""
    reading = Reading(row)
    code = reading.value("code", cells.beneficiary_code(row.text("code")), "")
    field = notes.word_in(reading, desk, "field")
    if field is None:
        reading.refuse("field", Refusal(Code.FIELD_UNKNOWN))
    old, new = (_value(reading, desk, field or "", side) for side in ("old", "new"))
    if old == new:
        reading.refuse("new", Refusal(Code.FIELD_SAME))
    line = AdjustmentLine(
        number=row.number,
        cycle=desk.cycle,
        code=code,
        field=field or "",
        old=old,
        new=new,
        since=notes.since_in(reading, desk.cycle),
    )
    return reading.problem or line


def disagreements(pairs: Sequence[tuple[Row, AdjustmentLine]], desk: Desk) -> Mapping[int, Problem]:
    """A field of one person that stands twice in one file."""
    del desk
    first: dict[tuple[str, str], int] = {}
    found: dict[int, Problem] = {}
    for row, line in pairs:
        at = first.setdefault((line.code, line.field), row.number)
        if at != row.number:
            found[row.number] = Problem("field", Refusal(Code.FIELD_TWICE, {"line": at}))
    return found


def write(tx: Tx, lines: Sequence[AdjustmentLine], desk: Desk, source: str) -> list[Problem | None]:
    """Record each adjustment; a Problem where nobody has that code."""
    return notes.write_notes(tx, lines, desk, source, EventType.ADJUSTED)[0]


def _value(reading: Reading, desk: Desk, field: str, side: str) -> Value:
    if field in _SUMS:
        cell = reading.row.cell(side)
        return reading.value(side, money.amount_of(cell, zero=field == "arrears"), 0)
    if field == _COMMUNE:
        return reading.value(side, _commune(reading.text(side), desk, is_old=side == "old"), "")
    return reading.text(side)


def _commune(text: str, desk: Desk, *, is_old: bool) -> str | Refusal:
    """The code of a commune: the old one as communes were the month before."""
    if not text:
        return Refusal(Code.COMMUNE_MISSING)
    month = Cycle.parse(desk.cycle)
    found = commune_on(desk.programme, text, (month.previous() if is_old else month).first_day)
    if isinstance(found, Unknown):
        return Refusal(Code.COMMUNE_UNKNOWN)
    return Refusal(Code.COMMUNE_AMBIGUOUS) if isinstance(found, Ambiguous) else found.code


KIND = Kind(
    name="adjustments",
    judge=judge,
    disagreements=disagreements,
    admit=notes.admit,
    write=write,
)

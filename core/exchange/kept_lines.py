"""What became of the lines of a file, and the form in which they are kept beside their file.

What does not live here: sealing and storing them (`core/store/imports.py`).
"""

from dataclasses import dataclass

from core.exchange.layouts import Row
from core.exchange.verdicts import Outcome, Problem, Rejected
from core.refusals import Code, Refusal
from core.store.imports import LineRow


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one line. `amount`: whole đồng, 0 for lists that move none."""

    outcome: Outcome
    problem: Problem | None
    amount: int
    natural_key: str
    row_hash: str


def kept_line(row: Row, fate: Fate) -> LineRow:
    """The line as it stood, and what became of it."""
    raw = row.filled()
    code = None
    if fate.problem is not None:
        code = f"{fate.problem.refusal.code}"
        raw[""] = fate.problem.field
        raw |= _details(fate.problem.refusal)
    return LineRow(row.number, fate.natural_key, fate.row_hash, fate.outcome, raw, code=code)


def _details(refusal: Refusal) -> dict[str, str]:
    """What the wording of a refusal needs, beside the cells of the line."""
    return {f"={name}": str(value) for name, value in refusal.details.items()}


def kept_reject(one: Rejected) -> LineRow:
    """A line that was refused before anything was written."""
    raw = {one.problem.field or "value": one.value, "": one.problem.field}
    raw |= _details(one.problem.refusal)
    return LineRow(
        one.number, f"rejected:{one.number}", "", one.outcome, raw, code=one.problem.refusal.code
    )


def from_kept(line: LineRow) -> Rejected:
    """The refusal that was kept."""
    field = line.raw.get("", "")
    details = {name[1:]: value for name, value in line.raw.items() if name.startswith("=")}
    refusal = Refusal(Code(line.code or Code.ROW_CONFLICT), details)
    value = line.raw.get(field or "value", "")
    return Rejected(line.row_no, Problem(field, refusal), value, Outcome(line.outcome))

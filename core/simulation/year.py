"""A district in the making: what its months share, and how a list becomes a step.

What does not live here: what stands in the lists (`district.py`, `closings.py`).
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from core.calendar import Cycle
from core.exchange.layouts import Layout
from core.ledger.states import Money
from core.simulation import staff
from core.simulation.changes import Changes
from core.simulation.diary import Diary
from core.simulation.fates import Fate, Told
from core.simulation.manifest import Expected, Step
from core.simulation.months import Entry
from core.simulation.payrolls import Payroll
from core.simulation.people import Ward
from core.simulation.reissues import Again, Left
from core.simulation.sheets import Line, Paper, write_cut, write_list
from core.terms import Programme, Provider

_REJECTS = 3
_REFUSED = 2

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
LayoutNamed = Callable[[str], Layout]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for. The same again gives the same bytes."""

    people: int
    seed: int
    cycles: int
    first: Cycle

    def rng(self, part: str) -> Random:
        """Chance of its own for each part, so that one part's needs do not move another's."""
        return Random(f"{self.seed}:{part}")  # noqa: S311  invented people need no secrecy

    def is_last(self, index: int) -> bool:
        """Whether the month with this index from 0 is the one that is never closed."""
        return index == self.cycles - 1


@dataclass(slots=True)
class Year:
    """A district in the making. Money: whole đồng.

    `funded` and `paid_out`: by provider, over all months so far. `communes`: where the office has
    everybody living. `opened`: months that a late report opened. `expect`: by transaction code.
    """

    programme: Programme
    layout: LayoutNamed
    wanted: Wanted
    folder: Path
    people: Sequence[Ward]
    steps: list[Step] = field(default_factory=list)
    expect: dict[str, Expected] = field(default_factory=dict)
    owed: dict[str, int] = field(default_factory=dict)
    before: Sequence[Entry] = ()
    left: list[Left] = field(default_factory=list)
    dead: set[str] = field(default_factory=set)
    communes: dict[str, str] = field(default_factory=dict)
    funded: Counter[Provider] = field(default_factory=Counter)
    paid_out: Counter[Provider] = field(default_factory=Counter)
    providers: dict[Cycle, tuple[Provider, ...]] = field(default_factory=dict)
    opened: list[Cycle] = field(default_factory=list)
    returnable: list[Entry] = field(default_factory=list)
    closed_at: datetime = BEGINNING


@dataclass(frozen=True, slots=True)
class Month:
    """One month in the making: who is paid, what becomes of it, and when.

    `strangers`: codes that nobody ordered and that were reported as paid, for good. `mistyped`: by
    such a code, whose payment it really was. `ends`: by transaction code, where each one stands.
    """

    index: int
    cycle: Cycle
    lists: Payroll
    changes: Changes
    paid: Sequence[Entry]
    fates: Sequence[Fate]
    again: Sequence[Again]
    diary: Diary
    told: Sequence[Told]
    reports: tuple[datetime, ...]
    strangers: list[str] = field(default_factory=list)
    mistyped: dict[str, Entry] = field(default_factory=dict)
    ends: dict[str, Money] = field(default_factory=dict)


def bring_in(
    year: Year,
    month: Month,
    kind: str,
    name: str,
    lines: Sequence[Line],
    at: datetime,
    *,
    form: str = "xlsx",
    provider: Provider | None = None,
    cycle: Cycle | None = None,
) -> None:
    """Write a list and the step that takes it in. `cycle`: where it is about an earlier month."""
    about = cycle or month.cycle
    layout = year.layout(f"{kind}-{provider}" if kind == "results" else kind)
    file = f"{month.cycle}/{name}.{form}"
    paper = write_list(year.folder, file, layout, lines, cycle=about, day=at.date())
    year.steps.append(_import_step(paper, kind, str(about), at, provider))


def break_off(
    year: Year, month: Month, name: str, lines: Sequence[Line], at: datetime, provider: Provider
) -> None:
    """Write a provider's file that broke off, and the step in which it is refused as a whole."""
    layout = year.layout(f"results-{provider}")
    file, cycle = f"{month.cycle}/{name}.xlsx", month.cycle
    write_cut(year.folder, file, layout, lines, cycle=cycle, day=at.date())
    args = ("import", "results", file, "--cycle", str(cycle), "--provider", str(provider))
    year.steps.append(Step(at, (*args, "--by", staff.LISTER), exit=_REFUSED))


def _import_step(
    paper: Paper, kind: str, cycle: str, at: datetime, provider: Provider | None
) -> Step:
    args = ["import", kind, paper.file, "--cycle", cycle]
    args += ["--provider", str(provider)] if provider is not None else []
    return Step(
        at=at,
        args=(*args, "--by", staff.LISTER),
        exit=_REJECTS if paper.rejected else 0,
        rejected=paper.rejected,
    )

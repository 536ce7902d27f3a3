"""Reading the cells of one line while remembering the first thing that is wrong.

Every cell is read even after a problem, with a blank in its place, so that judging a line is one
straight list of cells; whoever asks for the problem at the end gets the first one.
"""

from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from core.exchange import cells
from core.exchange.layouts import Row
from core.exchange.verdicts import Problem
from core.refusals import Code, Refusal

T = TypeVar("T")


@dataclass(slots=True)
class Reading:
    """One line being read."""

    row: Row
    problem: Problem | None = None

    def text(self, field: str) -> str:
        """A cell as text."""
        return self.row.text(field)

    def value(self, field: str, outcome: T | Refusal, blank: T) -> T:
        """What a cell came to; `blank` where it was refused, which is then the problem."""
        if not isinstance(outcome, Refusal):
            return outcome
        self.refuse(field, outcome)
        return blank

    def day_until(self, field: str, today: date) -> date:
        """The day in a cell, which has been; `today` where the cell was refused.

        Refuses: DAY_NOT_A_DAY, DAY_IN_FUTURE.
        """
        day = self.value(field, cells.day(self.text(field)), today)
        if day > today:
            self.refuse(field, Refusal(Code.DAY_IN_FUTURE))
        return day

    def refuse(self, field: str, refusal: Refusal) -> None:
        """Something is wrong in `field`; the first thing said is the one kept."""
        if self.problem is None:
            self.problem = Problem(field, refusal)

"""What became of each line of a list, and of the list as a whole."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from core.refusals import Refusal


class Outcome(StrEnum):
    """What became of one line."""

    ACCEPTED = "accepted"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"
    CONFLICT = "conflict"
    SUSPENSE = "suspense"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one cell; `field` is empty when it is the line as a whole."""

    field: str
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class Rejected:
    """A line that goes back to whoever wrote it. `value` is what stood in the cell."""

    number: int
    problem: Problem
    value: str
    outcome: Outcome = Outcome.REJECTED


@dataclass(frozen=True, slots=True)
class Report:
    """What importing one file came to. Money: whole đồng."""

    kind: str
    cycle: str
    provider: str
    sha256: str
    rows: int
    accepted: int
    unchanged: int
    conflicts: int
    suspense: int
    amount: int
    was_known: bool
    is_rehearsal: bool
    rejects: Sequence[Rejected] = field(default=())

    @property
    def rejected(self) -> int:
        """Lines that a person must look at: rejected, in conflict, or in suspense."""
        return len(self.rejects)

    def as_json(self) -> dict[str, Any]:
        """The report without its lines."""
        return {
            "kind": self.kind,
            "cycle": self.cycle,
            "provider": self.provider,
            "sha256": self.sha256,
            "rows": self.rows,
            "accepted": self.accepted,
            "unchanged": self.unchanged,
            "conflicts": self.conflicts,
            "suspense": self.suspense,
            "rejected": self.rejected,
            "amount": self.amount,
            "already_imported": self.was_known,
            "dry_run": self.is_rehearsal,
        }

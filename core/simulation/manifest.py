"""A manifest: what a district types at which moment, and what must be true in the end.

What does not live here: playing it (`bot/play.py`).
"""

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from core.calendar import Cycle
from core.ledger.codes import Kind, payment_code

FILE: Final = "manifest.json"
VERSION: Final = 2
NOT_LISTED: Final = "NOT_LISTED"


@dataclass(frozen=True, slots=True)
class Step:
    """One command. `at`: aware; `rejected` is None where nothing is counted."""

    at: datetime
    args: tuple[str, ...]
    exit: int = 0
    rejected: int | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """Where one person's payment of one month stands at the end. Money: whole đồng, or 0.

    `kind` and `seq`: which of a person's payments of the month, as in its transaction code. `was`:
    where it stood until the end of an earlier month, for a district that is played so far only.
    """

    code: str
    cycle: str
    state: str
    receipt: str | None
    amount: int
    provider: str | None
    method: str | None
    kind: str = "M"
    seq: int = 1
    was: tuple[tuple[str, str], ...] = ()

    @property
    def payment(self) -> str:
        """The transaction code."""
        return payment_code(self.cycle, self.code, Kind(self.kind), self.seq)

    def at(self, until: str) -> "Expected":
        """Where it stands at the end of this month (YYYY-MM)."""
        for month, state in self.was:
            if until <= month:
                return replace(self, state=state, was=())
        return self


@dataclass(frozen=True, slots=True)
class Manifest:
    """The year of a district. `now`: the moment after the last step, aware."""

    seed: int
    people: int
    cycles: int
    now: datetime
    steps: tuple[Step, ...]
    expect: tuple[Expected, ...]


def write_manifest(folder: Path, manifest: Manifest) -> Path:
    """The manifest as a file in its folder."""
    text = json.dumps(_as_json(manifest), ensure_ascii=False, indent=1)
    path = folder / FILE
    path.write_text(text + "\n", encoding="utf-8", newline="\n")
    return path


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest in a folder; None if there is none that this release can read."""
    try:
        data = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return _from_json(data) if data["version"] == VERSION else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def up_to(manifest: Manifest, until: Cycle) -> Manifest:
    """The manifest without what belongs to later months than `until`."""
    return Manifest(
        seed=manifest.seed,
        people=manifest.people,
        cycles=manifest.cycles,
        now=manifest.now,
        steps=tuple(
            step
            for step in manifest.steps
            if cycle_of(step) <= until and Cycle.of_day(step.at.date()) <= until
        ),
        expect=tuple(
            row.at(str(until)) for row in manifest.expect if Cycle.parse(row.cycle) <= until
        ),
    )


def cycle_of(step: Step) -> Cycle:
    """The month that a step is about: the one it names, else the one it is done in."""
    if "--cycle" in step.args[:-1]:
        return Cycle.parse(step.args[step.args.index("--cycle") + 1])
    if step.args[0] == "cycle":
        return Cycle.parse(step.args[2])
    # Officers are added before anything else, in the month before the first one.
    return Cycle(2000, 1) if step.args[0] == "staff" else Cycle.of_day(step.at.date())


def _as_json(manifest: Manifest) -> dict[str, Any]:
    return {
        "version": VERSION,
        "seed": manifest.seed,
        "people": manifest.people,
        "cycles": manifest.cycles,
        "now": manifest.now.isoformat(),
        "steps": [
            {
                "at": step.at.isoformat(),
                "args": list(step.args),
                "exit": step.exit,
                "rejected": step.rejected,
            }
            for step in manifest.steps
        ],
        "expect": [asdict(row) for row in manifest.expect],
    }


def _from_json(data: dict[str, Any]) -> Manifest:
    return Manifest(
        seed=data["seed"],
        people=data["people"],
        cycles=data["cycles"],
        now=datetime.fromisoformat(data["now"]),
        steps=tuple(
            Step(
                datetime.fromisoformat(step["at"]),
                tuple(step["args"]),
                step["exit"],
                step["rejected"],
            )
            for step in data["steps"]
        ),
        expect=tuple(_expected(row) for row in data["expect"]),
    )


def _expected(row: dict[str, Any]) -> Expected:
    return Expected(**row | {"was": tuple((month, state) for month, state in row["was"])})

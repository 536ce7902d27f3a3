"""Playing a manifest: every step at its moment, in one process, then the books are compared.

Each step goes through the command line's own entrance, so that what is rehearsed is what a
district types. What does not live here: making a manifest (`core/simulation`).
"""

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from bot.cli.app import run
from bot.cli.session import Session
from bot.compose import PLAYED
from core.clock import PlayClock
from core.ledger.facts import PaymentFacts
from core.ledger.reads import payments_with_codes
from core.simulation.manifest import NOT_LISTED, Expected, Manifest, Step
from core.store import schema
from core.store.commit_points import CommitPoint
from core.store.engine import Store, Tx
from core.store.installation import keep_fact

_PATH_OPTIONS: Final = frozenset({"--out", "--script"})
_AT_ONCE: Final = 1_000


@dataclass(frozen=True, slots=True)
class Played:
    """What one step came to. `said` is what the command printed."""

    number: int
    step: Step
    exit: int
    rejected: int | None
    said: str

    @property
    def is_right(self) -> bool:
        """Whether it came to what the manifest says."""
        return (self.exit, self.rejected) == (self.step.exit, self.step.rejected)

    def as_json(self) -> dict[str, Any]:
        """The step for machines."""
        return {
            "step": self.number,
            "at": self.step.at.isoformat(),
            "args": list(self.step.args),
            "exit": self.exit,
            "rejected": self.rejected,
            "ok": self.is_right,
        }


@dataclass(frozen=True, slots=True)
class Difference:
    """One person's payment that does not stand where it should. `found` has the fields of it."""

    expected: Expected
    found: Expected

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that differ."""
        names = ("state", "receipt", "amount", "provider", "method")
        return tuple(
            name for name in names if getattr(self.expected, name) != getattr(self.found, name)
        )

    def as_json(self) -> dict[str, Any]:
        """The difference for machines."""
        sides = {
            name: [getattr(self.expected, name), getattr(self.found, name)] for name in self.fields
        }
        return {"code": self.expected.code, "cycle": self.expected.cycle, "differs": sides}


Watcher = Callable[[Played], None]


def play_steps(session: Session, manifest: Manifest, folder: Path, watch: Watcher) -> Played | None:
    """Run the steps in order; the first one that came to something else, or None.

    `session` is the one that `play` itself runs in: settings are its settings.
    """
    if not manifest.steps:
        return None
    clock = PlayClock(manifest.steps[0].at)
    inner = Session(
        out=io.StringIO(),
        err=io.StringIO(),
        clock=clock,
        given_settings=session.settings,
        is_played=True,
    )
    try:
        _prepare(inner, manifest)
        for number, step in enumerate(manifest.steps, start=1):
            clock.move_to(step.at)
            played = _play(inner, number, step, folder)
            watch(played)
            if not played.is_right:
                return played
    finally:
        inner.close()
    return None


def differences(store: Store, expect: Sequence[Expected]) -> list[Difference]:
    """Where the books and the expectations part, in the order of the expectations."""
    found: list[Difference] = []
    for part in _parts(expect):
        codes = [row.payment for row in part]
        read = partial(payments_with_codes, codes=codes)
        facts = {one.code: one for one in store.read(read)}
        for row, code in zip(part, codes, strict=True):
            stands = _standing(row, facts.get(code))
            if stands != row:
                found.append(Difference(row, stands))
    return found


def _prepare(inner: Session, manifest: Manifest) -> None:
    """A database that is new gets its tables; and it is marked: its people are invented."""
    if schema.revision(inner.opened.store) != schema.head():
        run(inner, ["db", "upgrade"])

    def mark(tx: Tx) -> None:
        keep_fact(tx, PLAYED, f"seed {manifest.seed}, {manifest.people} people")

    inner.parts.store.transact(mark, CommitPoint.INSTALL)


def _play(inner: Session, number: int, step: Step, folder: Path) -> Played:
    out, err = io.StringIO(), io.StringIO()
    inner.out, inner.err = out, err
    code = run(inner, resolved(step.args, folder))
    return Played(number, step, code, inner.rejected, out.getvalue() + err.getvalue())


def resolved(args: Sequence[str], folder: Path) -> list[str]:
    """The arguments with the files in them found under the district's folder."""
    found = list(args)
    for at, word in enumerate(args[:-1]):
        if word in _PATH_OPTIONS:
            found[at + 1] = str(folder / args[at + 1])
    if args[0] == "import" and len(args) > 2:  # noqa: PLR2004  import KIND FILE
        found[2] = str(folder / args[2])
    return found


def _standing(row: Expected, facts: PaymentFacts | None) -> Expected:
    if facts is None:
        return replace(row, state=NOT_LISTED, receipt=None, amount=0, provider=None, method=None)
    return replace(
        row,
        state=facts.money.value,
        receipt=facts.receipt.value,
        amount=facts.amount,
        provider=facts.provider,
        method=facts.method,
    )


def _parts(expect: Sequence[Expected]) -> Iterator[Sequence[Expected]]:
    for start in range(0, len(expect), _AT_ONCE):
        yield expect[start : start + _AT_ONCE]

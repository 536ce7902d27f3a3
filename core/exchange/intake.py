"""Taking in one file, whatever its kind: read, judge every line, then write in small commits.

A kind of list says how to judge a line, which lines of one file disagree, and how to write
those that stand. Everything else is the same for all: the same file twice, the same line with
other content, totals, the reject list, going on after a crash.

What does not live here: what any list means (`payroll.py`, `registrations.py`, …).
"""

import gc
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, wait
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final, Protocol

from core.clock import Clock
from core.exchange.kept_lines import Fate, from_kept, kept_line, kept_reject
from core.exchange.layouts import Layout, Listing, Row, understood
from core.exchange.sheets import name_of, read_sheet
from core.exchange.totals import disagreement
from core.exchange.verdicts import Outcome, Problem, Rejected, Report
from core.ledger.record import Ledger
from core.refusals import Code, Refusal
from core.store import imports
from core.store.commit_points import CommitPoint
from core.store.engine import Store, Tx
from core.store.imports import FileKey
from core.store.locks import held
from core.terms import Programme

# Design 7: on SQLite an import may write beside the server in commits of at most 1,000 rows.
CHUNK: Final = {"sqlite": 1_000, "postgresql": 5_000}

# While PostgreSQL writes one part, the next one is got ready; SQLite has one writer.
AT_ONCE: Final = {"sqlite": 1, "postgresql": 2}

Progress = Callable[[int, int], None]


def nobody_looks(done: int, of: int) -> None:
    """The progress of an import that nobody watches."""
    del done, of


@dataclass(frozen=True, slots=True)
class Desk:
    """What an import works with."""

    store: Store
    ledger: Ledger
    programme: Programme
    clock: Clock
    layout: Layout
    cycle: str
    provider: str
    staff: str


class Line(Protocol):
    """A line that was understood."""

    @property
    def amount(self) -> int:
        """The đồng this line moves; 0 for lists that move none."""

    def natural_key(self, tx: Tx) -> str:
        """What the line is about, without anything personal in it."""

    def content(self) -> str:
        """Everything that counts in the line, in one fixed form."""


def as_it_stands(line: Line) -> int:
    """Lines are written in the order of the file."""
    del line
    return 0


def always_welcome(tx: Tx, desk: Desk) -> Refusal | None:
    """Nothing is asked of the file as a whole; each line is asked by itself."""
    del tx, desk
    return None


def nothing_more(tx: Tx, desk: Desk, source: str) -> None:
    """Nothing is true of the file as a whole."""
    del tx, desk, source


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of list."""

    name: str
    judge: Callable[[Row, Desk], Any]
    # Problems that show only when the lines of one file are seen together, by line number.
    disagreements: Callable[[Sequence[tuple[Row, Any]], Desk], Mapping[int, Problem]]
    # Writes new lines; a Problem for each line that the database knows better about.
    write: Callable[[Tx, Sequence[Any], Desk, str], Sequence[Problem | None]]
    # In which order lines are written: what others refer to comes first.
    rank: Callable[[Any], int] = as_it_stands
    # Refuses the whole file before anything is written.
    admit: Callable[[Tx, Desk], Refusal | None] = always_welcome
    # Whether no line touches what another line of the file writes: then parts may overtake.
    is_apart: bool = False
    # Once, after the last line: events about the file as a whole.
    finish: Callable[[Tx, Desk, str], None] = nothing_more


@dataclass(frozen=True, slots=True)
class _Judged:
    good: list[tuple[Row, Any]]
    bad: list[Rejected]


def take_in(
    path: Path,
    kind: Kind,
    desk: Desk,
    *,
    rehearse: bool = False,
    progress: Progress = nobody_looks,
) -> Report | Refusal:
    """The report of an import; the database holds every line that stands, exactly once.

    With `rehearse` nothing is written. Run again after a crash, it goes on where it stopped.
    Refuses: FILE_…, CYCLE_WRONG_STATE.
    """
    with _no_collections():
        return _taken_in(path, kind, desk, rehearse=rehearse, progress=progress)


def _in_turn(
    store: Store, work: Iterable[Callable[[Tx], dict[int, Fate]]], most: int
) -> Iterator[dict[int, Fate]]:
    """What each part of a file came to, in its order; at most `most` are under way at a time.

    When one part fails, those under way are still finished: what is durable is then known.
    """
    under_way: deque[Future[dict[int, Fate]]] = deque()
    try:
        for part in work:
            under_way.append(store.submit(part, CommitPoint.IMPORT_CHUNK))
            if len(under_way) == most:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()
    finally:
        wait(under_way)


@contextmanager
def _no_collections() -> Iterator[None]:
    """Python does not look for rings of garbage meanwhile: a list makes none, and the looks at its
    hundred thousands of lines took a quarter of the time (docs/decisions/0107).
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _taken_in(
    path: Path, kind: Kind, desk: Desk, *, rehearse: bool, progress: Progress
) -> Report | Refusal:
    sheet = read_sheet(path)
    if isinstance(sheet, Refusal):
        return sheet
    listing = understood(sheet, desk.layout)
    if isinstance(listing, Refusal):
        return listing
    key = FileKey(desk.programme.tenant, kind.name, desk.cycle, desk.provider, sheet.sha256)
    known = desk.store.read(lambda tx: _known_report(tx, key, desk))
    if known is not None:
        return known
    judged = _judge(listing, kind, desk)
    refusal = disagreement(listing, judged.good, judged.bad, desk.cycle, desk.layout)
    if refusal is not None:
        return refusal
    with held(desk.store, "import") as ours:
        if not ours:
            return Refusal(Code.FILE_BUSY)
        refusal = desk.store.read(lambda tx: kind.admit(tx, desk))
        if refusal is not None:
            return refusal
        if rehearse:
            return _rehearsed(kind, desk, key, listing, judged)
        return _written(kind, desk, (key, name_of(path)), listing, judged, progress)


def _judge(listing: Listing, kind: Kind, desk: Desk) -> _Judged:
    good: list[tuple[Row, Any]] = []
    bad: list[Rejected] = []
    for row in listing.rows:
        found = kind.judge(row, desk)
        if isinstance(found, Problem):
            bad.append(_rejected(row, found))
        else:
            good.append((row, found))
    disagreeing = kind.disagreements(good, desk)
    bad += [_rejected(row, disagreeing[row.number]) for row, _ in good if row.number in disagreeing]
    standing = [pair for pair in good if pair[0].number not in disagreeing]
    standing.sort(key=lambda pair: kind.rank(pair[1]))
    return _Judged(standing, sorted(bad, key=lambda one: one.number))


def _rejected(row: Row, problem: Problem, outcome: Outcome = Outcome.REJECTED) -> Rejected:
    return Rejected(row.number, problem, row.text(problem.field), outcome)


def _known_report(tx: Tx, key: FileKey, desk: Desk) -> Report | None:
    known = imports.file_known(tx, key)
    if known is None or known.state != imports.TAKEN_IN:
        return None
    lines = imports.lines_kept(
        tx, known.id, outcomes=(Outcome.REJECTED, Outcome.CONFLICT, Outcome.SUSPENSE)
    )
    return _report(
        desk,
        key,
        rows=known.rows,
        unchanged=known.unchanged,
        accepted=known.accepted,
        amount=known.amount,
        rejects=[from_kept(line) for line in lines],
        was_known=True,
    )


def _rehearsed(kind: Kind, desk: Desk, key: FileKey, listing: Listing, judged: _Judged) -> Report:
    fates = desk.store.read(lambda tx: _fates(tx, kind, judged.good, desk))
    return _counted(desk, key, listing, judged, fates, rehearsal=True)


def _written(
    kind: Kind,
    desk: Desk,
    file: tuple[FileKey, str],
    listing: Listing,
    judged: _Judged,
    progress: Progress,
) -> Report:
    store, now = desk.store, desk.clock.now()
    (key, name), rows = file, len(listing.rows)
    file_id = store.transact(
        lambda tx: imports.begin_file(tx, key, name=name, rows=rows, staff=desk.staff, now=now),
        CommitPoint.IMPORT_BEGIN,
    )
    size = CHUNK[store.dialect]
    fates: dict[int, Fate] = {}
    parts = (judged.good[at : at + size] for at in range(0, len(judged.good), size))
    work = (partial(_write_part, kind, part, desk, file_id) for part in parts)
    for written in _in_turn(store, work, AT_ONCE[store.dialect] if kind.is_apart else 1):
        fates |= written
        progress(len(fates), len(judged.good))
    report = _counted(desk, key, listing, judged, fates, rehearsal=False)
    store.transact(
        lambda tx: _finish(tx, kind, desk, file_id, report, judged.bad), CommitPoint.IMPORT_END
    )
    return report


def _fates(tx: Tx, kind: Kind, pairs: Sequence[tuple[Row, Any]], desk: Desk) -> dict[int, Fate]:
    """What would become of each line: new, unchanged, or in conflict with what stands."""
    del kind, desk
    seal = tx.sealer.index
    keys = [line.natural_key(tx) for _, line in pairs]
    hashes = [seal(line.content(), purpose="row") for _, line in pairs]
    standing = imports.hashes_standing(tx, keys)
    fates: dict[int, Fate] = {}
    for (row, line), key, mark in zip(pairs, keys, hashes, strict=True):
        before = standing.get(key)
        if before is None:
            outcome, problem = Outcome.ACCEPTED, None
        elif before == mark:
            outcome, problem = Outcome.UNCHANGED, None
        else:
            outcome, problem = Outcome.CONFLICT, Problem("", Refusal(Code.ROW_CONFLICT))
        fates[row.number] = Fate(outcome, problem, line.amount, key, mark)
    return fates


def _write_part(
    kind: Kind, pairs: Sequence[tuple[Row, Any]], desk: Desk, file_id: int, tx: Tx
) -> dict[int, Fate]:
    fates = _fates(tx, kind, pairs, desk)
    fresh = [(r, line) for r, line in pairs if fates[r.number].outcome is Outcome.ACCEPTED]
    problems = kind.write(tx, [line for _, line in fresh], desk, f"file:{file_id}")
    for (row, line), problem in zip(fresh, problems, strict=True):
        if problem is not None:
            fate = fates[row.number]
            outcome = (
                Outcome.SUSPENSE
                if problem.refusal.code is Code.RESULT_UNKNOWN_PAYMENT
                else Outcome.REJECTED
            )
            fates[row.number] = Fate(outcome, problem, line.amount, fate.natural_key, fate.row_hash)
    imports.keep_lines(tx, file_id, [kept_line(row, fates[row.number]) for row, _ in pairs])
    return fates


def _finish(
    tx: Tx, kind: Kind, desk: Desk, file_id: int, report: Report, bad: Sequence[Rejected]
) -> None:
    imports.keep_lines(tx, file_id, [kept_reject(one) for one in bad])
    kind.finish(tx, desk, f"file:{file_id}")
    imports.finish_file(
        tx,
        file_id,
        {
            "accepted": report.accepted,
            "rejected": report.rejected,
            "unchanged": report.unchanged,
            "conflicts": report.conflicts,
            "amount": report.amount,
        },
        desk.clock.now(),
    )


def _counted(
    desk: Desk,
    key: FileKey,
    listing: Listing,
    judged: _Judged,
    fates: Mapping[int, Fate],
    *,
    rehearsal: bool,
) -> Report:
    rows = {row.number: row for row, _ in judged.good}
    late = [
        _rejected(rows[number], fate.problem, fate.outcome)
        for number, fate in fates.items()
        if fate.problem is not None
    ]
    outcomes = [fate.outcome for fate in fates.values()]
    return _report(
        desk,
        key,
        rows=len(listing.rows),
        accepted=outcomes.count(Outcome.ACCEPTED),
        unchanged=outcomes.count(Outcome.UNCHANGED),
        amount=sum(f.amount for f in fates.values() if f.outcome is Outcome.ACCEPTED),
        rejects=sorted([*judged.bad, *late], key=lambda one: one.number),
        rehearsal=rehearsal,
    )


def _report(
    desk: Desk,
    key: FileKey,
    *,
    rows: int,
    accepted: int,
    unchanged: int,
    amount: int,
    rejects: Sequence[Rejected],
    was_known: bool = False,
    rehearsal: bool = False,
) -> Report:
    outcomes = [one.outcome for one in rejects]
    return Report(
        kind=key.kind,
        cycle=desk.cycle,
        provider=desk.provider,
        sha256=key.sha256,
        rows=rows,
        accepted=accepted,
        unchanged=unchanged,
        conflicts=outcomes.count(Outcome.CONFLICT),
        suspense=outcomes.count(Outcome.SUSPENSE),
        amount=amount,
        was_known=was_known,
        is_rehearsal=rehearsal,
        rejects=rejects,
    )

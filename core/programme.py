"""A programme (chương trình): its terms, read from a folder of files that officials edit.

What does not live here: the files (`programmes/`, explained in `docs/programme.md`), and the
questions put to a programme (`places`, `offers`, `rates`, `pay_days`, `working_hours`,
`quiet_hours`, `failures`).
"""

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from core.programme_files.checks import problems_between
from core.programme_files.problems import Kind, Problem, ProgrammeErrors, in_words
from core.programme_files.rows import COLUMNS, SETTINGS_FILE
from core.programme_files.tables import Tables, read_tables
from core.terms import Method, Programme, Provider, Release

__all__ = [
    "FOLDER",
    "Kind",
    "Method",
    "Problem",
    "Programme",
    "ProgrammeErrors",
    "Provider",
    "Release",
    "Unconfirmed",
    "fingerprint",
    "in_words",
    "load",
    "problems_in",
    "unconfirmed",
]

FOLDER: Final = Path(__file__).resolve().parent.parent / "programmes"
_ORDER: Final = (SETTINGS_FILE, *COLUMNS)


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """What in a programme was invented or assumed and has to be settled before going live.

    `holidays_until` is the last day that the list of holidays knows; None if it is empty.
    """

    sample_contact: bool
    sample_pay_points: int
    sample_accounts: int
    assumed_days: int
    holidays_until: date | None


def load(folder: Path) -> Programme:
    """The programme whose files stand in a folder, every one of them read and checked.

    Raises: ProgrammeErrors, with every problem of every file, the first one first.
    """
    tables, problems = _examined(folder)
    if tables is None or problems:
        raise ProgrammeErrors(problems)
    return tables.programme()


def problems_in(folder: Path) -> tuple[Problem, ...]:
    """All that is wrong with the files of a folder, in the order of files and lines."""
    return _examined(folder)[1]


def fingerprint(folder: Path) -> str:
    """Which version of the files stands in a folder: SHA-256 of their names and contents, in hex.

    The same whatever the folder is called and wherever it stands.
    """
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        for part in (path.relative_to(folder).as_posix().encode(), path.read_bytes()):
            digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def unconfirmed(programme: Programme, day: date) -> Unconfirmed:
    """What still has to be settled in the terms that hold on a day or later."""
    points = [p for p in programme.pay_points if p.sample and p.valid.last >= day]
    accounts = [a for a in programme.receiving_accounts if a.sample and a.valid.last >= day]
    assumed = [s for s in programme.special_days if s.assumed and s.day >= day]
    return Unconfirmed(
        sample_contact=programme.settings.sample_contact,
        sample_pay_points=len(points),
        sample_accounts=len(accounts),
        assumed_days=len(assumed),
        holidays_until=max((s.day for s in programme.special_days), default=None),
    )


def _examined(folder: Path) -> tuple[Tables | None, tuple[Problem, ...]]:
    if not folder.is_dir():
        return None, (Problem(folder.name, 0, "", Kind.FOLDER_MISSING),)
    tables, problems = read_tables(folder)
    bad_files = frozenset(problem.file for problem in problems)
    problems += problems_between(tables, bad_files)
    return tables, tuple(sorted(problems, key=_place))


def _place(problem: Problem) -> tuple[int, int]:
    known = problem.file in _ORDER
    return _ORDER.index(problem.file) if known else len(_ORDER), problem.line

"""A programme (chương trình): its terms, read from a folder of files that officials edit.

What does not live here: the files (`programmes/`, explained in `docs/programme.md`), and the
questions put to a programme (`places`, `offers`, `rates`, `pay_days`, `working_hours`,
`quiet_hours`, `failures`).
"""

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
    "in_words",
    "load",
    "problems_in",
]

FOLDER: Final = Path(__file__).resolve().parent.parent / "programmes"
_ORDER: Final = (SETTINGS_FILE, *COLUMNS)


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

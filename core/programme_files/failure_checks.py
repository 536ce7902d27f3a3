"""Whether the failure catalogue is whole, and every provider's code leads into it."""

from collections.abc import Iterator

from core.failures import UNCLEAR, code_key
from core.programme_files.problems import Kind, Problem
from core.programme_files.tables import Tables


def failures(tables: Tables) -> Iterator[Problem]:
    """A code stands once, and what is unclear has an entry."""
    seen: dict[str, int] = {}
    for row, failure in tables.failures:
        if failure.code in seen:
            values: dict[str, str | int] = {"value": failure.code, "line": seen[failure.code]}
            yield Problem(row.file, row.line, "code", Kind.TWICE, values)
        seen.setdefault(failure.code, row.line)
    if UNCLEAR not in seen:
        yield Problem("failures.csv", 0, "code", Kind.CATCH_ALL_MISSING, {"code": UNCLEAR})


def provider_codes(tables: Tables) -> Iterator[Problem]:
    """A provider's code means one thing, and that is in the catalogue."""
    known = {failure.code for _, failure in tables.failures}
    seen: dict[tuple[str, str], int] = {}
    for row, code in tables.provider_codes:
        if code.failure not in known:
            values: dict[str, str | int] = {"value": code.failure}
            yield Problem(row.file, row.line, "failure", Kind.UNKNOWN_FAILURE, values)
        key = (code.provider, code_key(code.text))
        if key in seen:
            values = {"value": code.text, "line": seen[key]}
            yield Problem(row.file, row.line, "text", Kind.TWICE, values)
        seen.setdefault(key, row.line)

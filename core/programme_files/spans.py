"""Stretches of days beside one another: which overlap, and what they leave open."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from datetime import date, timedelta
from typing import Protocol, TypeVar

from core.programme_files.problems import Kind, Problem
from core.programme_files.sheets import Row
from core.terms import FOR_EVER, Span

_DAY = timedelta(days=1)


class Dated(Protocol):
    """Anything that holds on some days."""

    @property
    def valid(self) -> Span:
        """The days on which it holds."""


D = TypeVar("D", bound=Dated)


def overlaps(
    rows: Iterable[tuple[Row, D]], key: Callable[[D], Hashable], column: str
) -> Iterator[Problem]:
    """A problem for each row that shares a day with an earlier row of the same key."""
    seen: defaultdict[Hashable, list[tuple[Row, D]]] = defaultdict(list)
    for row, value in rows:
        same = seen[key(value)]
        for earlier, other in same:
            if value.valid.meets(other.valid):
                name = row.cells.get(column, "")
                values: dict[str, str | int] = {
                    "value": name,
                    "line": earlier.line,
                    "days": in_days(value.valid),
                }
                yield Problem(row.file, row.line, column, Kind.OVERLAP, values)
                break
        same.append((row, value))


def gaps(over: Span, spans: Iterable[Span]) -> Iterator[Span]:
    """The stretches of `over` that no span covers, the earliest first."""
    day = over.first
    for span in sorted(spans, key=lambda span: span.first):
        if span.last < day:
            continue
        if span.first > over.last:
            break
        if span.first > day:
            yield Span(day, span.first - _DAY)
        if span.last >= over.last:
            return
        day = span.last + _DAY
    if day <= over.last:
        yield Span(day, over.last)


def common(one: Span, other: Span) -> Span | None:
    """The days that two spans share."""
    return (
        Span(max(one.first, other.first), min(one.last, other.last)) if one.meets(other) else None
    )


def from_day(first: date) -> Span:
    """From this day on, for ever."""
    return Span(first)


def in_days(span: Span) -> str:
    """`2021-07-01..2024-06-30`; an open end stays empty."""
    return f"{span.first}..{'' if span.last == FOR_EVER else span.last}"

"""Whose places a report is about: all of them, or those of one area."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from core.reports.places import place_of
from core.terms import Programme

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Scope:
    """The places of a report. `area`: the code of one area; None for the whole province."""

    programme: Programme
    day: date
    area: str | None = None

    def holds(self, commune: str | None) -> bool:
        """Whether a commune is one of them; what is of no known place is the province's."""
        if self.area is None:
            return True
        return commune is not None and (
            place_of(self.programme, commune, self.day).area == self.area
        )

    def among(self, found: Iterable[T], commune: Callable[[T], str | None]) -> tuple[T, ...]:
        """Those that are of these places."""
        return tuple(one for one in found if self.holds(commune(one)))

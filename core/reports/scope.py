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
    """The places of a report, looked at on a `day`.

    `area`: the code of one area; None for the whole province. `placed`: the day by whose names and
    areas communes are told, where that is not `day`: a month is told by its own.
    """

    programme: Programme
    day: date
    area: str | None = None
    placed: date | None = None

    @property
    def places_on(self) -> date:
        """The day by whose names and areas communes are told."""
        return self.placed or self.day

    def holds(self, commune: str | None) -> bool:
        """Whether a commune is one of them; what is of no known place is the province's."""
        if self.area is None:
            return True
        return commune is not None and (
            place_of(self.programme, commune, self.places_on).area == self.area
        )

    def among(self, found: Iterable[T], commune: Callable[[T], str | None]) -> tuple[T, ...]:
        """Those that are of these places."""
        return tuple(one for one in found if self.holds(commune(one)))

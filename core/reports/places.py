"""The places of a report: each commune under its area, by the name of the day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from core import places
from core.terms import Programme


@dataclass(frozen=True, slots=True)
class Place:
    """A commune as a report names it. `area` is empty where nobody knows the code."""

    code: str
    name: str
    area: str
    area_name: str


def place_of(programme: Programme, code: str, day: date) -> Place:
    """The commune with this code on a day, or the one that last had it: lists keep old codes."""
    ever = places.ever_with_code(programme, code)
    commune = places.with_code(programme, code, day) or (ever[-1] if ever else None)
    if commune is None:
        return Place(code, code, "", "")
    area = places.area_with_code(programme, commune.area, day)
    return Place(code, commune.full_name, commune.area, area.full_name if area else commune.area)


def in_order(programme: Programme, codes: Iterable[str], day: date) -> list[Place]:
    """These communes, those of one area together, in the order of codes."""
    found = [place_of(programme, code, day) for code in set(codes)]
    return sorted(found, key=lambda one: (one.area, one.code))

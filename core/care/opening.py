"""Opening a case: whose it is, and by when it is answered.

What does not live here: what goes into its packet (`bot/case_opening.py`).
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from core import places
from core.calendar import local_day
from core.care.kinds import PACE, CaseKind
from core.terms import Commune, Programme
from core.working_hours import add_working_time


@dataclass(frozen=True, slots=True)
class Desk:
    """The office that takes a case up: a commune's, or the common one where none is known.

    `name` is the commune as in the middle of a sentence: `phường Phú Bài`.
    """

    commune: str | None
    area: str | None
    name: str | None


COMMON: Final = Desk(None, None, None)


def due_at(programme: Programme, kind: CaseKind, now: datetime) -> datetime:
    """By when a case is answered, in working time."""
    pace = PACE[kind]
    return add_working_time(now, programme=programme, hours=pace.hours, days=pace.days)


def desk_for(programme: Programme, commune: str | None, now: datetime) -> Desk:
    """The office of a commune, or of the one it went into; the common one where none is known."""
    if commune is None:
        return COMMON
    found = _living(programme, commune, local_day(now))
    if found is None:
        return COMMON
    return Desk(found.code, found.area, f"{found.kind.lower()} {found.name}")


def _living(programme: Programme, code: str, day: date) -> Commune | None:
    there = places.with_code(programme, code, day)
    ever = places.ever_with_code(programme, code)
    return there or (places.heir(programme, ever[-1], day) if ever else None)

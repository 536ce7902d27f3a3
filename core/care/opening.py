"""Opening a case: whose it is, by when it is answered, and what is put into its packet.

What does not live here: reading what goes into the packet (`bot/commands.py`).
"""

from dataclasses import dataclass
from datetime import date, datetime

from core import places
from core.calendar import local_day
from core.care.kinds import PACE, CaseKind
from core.terms import Programme
from core.working_hours import add_working_time


@dataclass(frozen=True, slots=True)
class Desk:
    """The office that takes a case up. `area` is None where nobody knows where it belongs."""

    name: str
    commune: str | None
    area: str | None


def due_at(programme: Programme, kind: CaseKind, now: datetime) -> datetime:
    """By when a case is answered, in working time."""
    pace = PACE[kind]
    return add_working_time(now, programme=programme, hours=pace.hours, days=pace.days)


def desk_for(programme: Programme, commune: str | None, now: datetime, lang: str = "vi") -> Desk:
    """The commune's office; the programme's own where the commune is not known."""
    name = programme.settings.name_vi if lang == "vi" else programme.settings.name_en
    if commune is None:
        return Desk(name, None, None)
    day: date = local_day(now)
    found = places.with_code(programme, commune, day)
    if found is None:
        return Desk(name, commune, None)
    return Desk(f"UBND {found.full_name}", commune, found.area)

"""When a text may make a telephone ring.

What does not live here: which messages wait (`notifications`).
"""

from datetime import datetime, timedelta

from core.calendar import hanoi, instant_at
from core.terms import Programme


def is_quiet(programme: Programme, instant: datetime) -> bool:
    """Whether it is too late or too early for a text in Viet Nam.

    07:00 is loud and 21:00 is quiet, with the hours of the programme's data.
    Raises: InstantWithoutZone.
    """
    at = hanoi(instant).time()
    return not programme.settings.loud_from <= at < programme.settings.quiet_from


def next_loud(programme: Programme, instant: datetime) -> datetime:
    """The first instant from this one on that is not quiet. Time: aware, in the zone given.

    Raises: InstantWithoutZone.
    """
    if not is_quiet(programme, instant):
        return instant
    local = hanoi(instant)
    late = local.time() >= programme.settings.quiet_from
    day = local.date() + timedelta(days=1) if late else local.date()
    return instant_at(day, programme.settings.loud_from).astimezone(instant.tzinfo)

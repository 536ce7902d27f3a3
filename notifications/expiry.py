"""Until when a text about pay day is worth sending: a pay-day text is worthless the day after.

What does not live here: dropping what is too old (`settling`).
"""

from datetime import datetime, timedelta
from typing import Final

from core.calendar import instant_at, local_day
from core.terms import Programme

# A held text waits for a second person over a weekend; its day begins when it is released.
HELD_FOR: Final = timedelta(days=3)


def worth_until(programme: Programme, due: datetime) -> datetime:
    """The end of the loud hours of the day on which a text may first leave. Time: aware UTC."""
    return instant_at(local_day(due), programme.settings.quiet_from).astimezone(due.tzinfo)

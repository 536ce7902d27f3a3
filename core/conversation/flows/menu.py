"""What can be asked here."""

from enum import StrEnum

from core.calendar import Cycle
from core.conversation.ask import Command, Go, ask
from core.conversation.caller import Caller
from core.conversation.flow import OFFICER
from core.conversation.parsers import one_of


class Topic(StrEnum):
    """The lines of the menu."""

    ARRIVAL = "arrival"
    EARLIER = "earlier"
    SCHEDULE = "schedule"
    LINK = "link"
    OFFICER = "officer"


async def menu(me: Caller) -> Command | None:
    """The menu; its lines are the same on every channel."""
    match await ask("menu.topic", one_of(Topic)):
        case Topic.ARRIVAL:
            this_month = str(Cycle.of_day(me.today))
            return Go("check_arrival", answers={"arrival.month": this_month})
        case Topic.EARLIER:
            last_month = str(Cycle.of_day(me.today).previous())
            return Go("check_arrival", answers={"arrival.month": last_month})
        case Topic.SCHEDULE:
            return Go("schedule")
        case Topic.LINK:
            return Go("link")
        case Topic.OFFICER:
            return Go(OFFICER)

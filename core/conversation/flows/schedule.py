"""When and where a commune is paid, from the programme's calendar."""

from core.conversation.ask import Command, Go, Say, ask, farewell, look, say
from core.conversation.caller import Caller
from core.conversation.flows.arrival import this_month_or_named
from core.conversation.flows.queries import PayDays, PayDaysIn
from core.conversation.parsers import ward
from core.conversation.sentences import Said, Value, Words
from core.terms import Method


async def schedule(me: Caller) -> Command | None:
    """The pay days of the ward's commune; without a ward, how to be told them."""
    if not me.wards:
        await say("schedule.which_commune")
        return Go("link")
    whom = me.wards[0] if len(me.wards) == 1 else await ask("schedule.whom", ward(me.wards))
    cycle = await ask("schedule.month", this_month_or_named(me.today))
    days = await look(PayDaysIn(whom.commune, str(cycle)))
    if not days:
        return await farewell("schedule.unknown", month=cycle)
    await say("schedule.intro", month=cycle)
    for one in days:
        await Say(line(one))
    return await farewell("schedule.source")


def line(one: PayDays) -> Said:
    """One method's pay days in a sentence."""
    values: dict[str, Value] = {
        "how": Words(f"how.{one.method}"),
        "provider": Words(f"provider.{one.provider}"),
        "first": one.first,
        "last": one.last,
        "place": one.place or Words("how.pay_point"),
    }
    key = "schedule.window" if one.first != one.last else "schedule.one_day"
    if one.method != Method.CASH:
        del values["place"]
        return Said(key, values)
    return Said(f"{key}_cash", values)

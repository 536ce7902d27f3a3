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
    }
    is_one_day = one.first == one.last
    if not is_one_day:
        values["last"] = one.last
    if one.method != Method.CASH:
        return Said("schedule.one_day" if is_one_day else "schedule.window", values)
    values["place"] = one.place or Words("how.pay_point")
    return Said("schedule.one_day_cash" if is_one_day else "schedule.window_cash", values)

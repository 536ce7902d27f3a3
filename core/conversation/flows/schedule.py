"""When and where a commune is paid, from the programme's calendar."""

from core.conversation.ask import Command, Say, ask, farewell, look, say
from core.conversation.caller import Caller
from core.conversation.flows.arrival import this_month_or_named
from core.conversation.flows.queries import CommunesPaid, PayDays, PayDaysIn
from core.conversation.heard import Heard
from core.conversation.parsers import Asked, Parser, ward
from core.conversation.sentences import Said, Value, Words
from core.people import Ward
from core.terms import Method
from core.vietnamese import fold


async def schedule(me: Caller) -> Command | None:
    """The pay days of the ward's commune; whoever has no ward names a commune."""
    where = await _commune(me)
    cycle = await ask("schedule.month", this_month_or_named(me.today))
    days = await look(PayDaysIn(where, str(cycle)))
    if not days:
        return await farewell("schedule.unknown", month=cycle)
    await say("schedule.intro", month=cycle)
    for one in days:
        await Say(line(one))
    return await farewell("schedule.source")


async def _commune(me: Caller) -> str:
    """The code of the commune that is asked about."""
    if len(me.wards) == 1:
        return me.wards[0].commune
    if me.wards:
        whom: Ward = await ask("schedule.whom", ward(me.wards, spoken_of=me.about))
        return whom.commune
    named: str = await ask("schedule.commune", commune(await look(CommunesPaid(me.today))))
    return named


def commune(paid: tuple[tuple[str, str], ...]) -> Parser[str]:
    """A commune named in a message, with or without marks; None when two are meant."""
    by_name = {fold(name): code for code, name in paid}
    codes = frozenset(by_name.values())

    def named(heard: Heard) -> str | None:
        said = f" {heard.folded} "
        found = [name for name in by_name if f" {name} " in said]
        return by_name[found[0]] if len(found) == 1 else None

    def settle(heard: Heard, asked: Asked) -> str | None:
        del asked
        return named(heard)

    def value(kept: str) -> str | None:
        return kept if kept in codes else None

    return Parser(settle, value, samples=tuple(by_name.values())[:1], mention=named)


def line(one: PayDays) -> Said:
    """One method's pay days in a sentence."""
    values: dict[str, Value] = {
        "how": Words(f"way.{one.method}"),
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

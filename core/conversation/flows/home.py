"""Being paid at home: asked for, looked after, taken back; an officer decides, nothing is promised.

Source: the plan, III.1.b; docs/decisions/0138.
"""

from enum import StrEnum

from core.care.kinds import CaseKind
from core.conversation.ask import Command, Go, ask, farewell, look, say
from core.conversation.caller import Caller
from core.conversation.commands import AppealHome, AskForHome, OpenCase, StopHome
from core.conversation.flows.queries import HomeNow, HomeOf
from core.conversation.parsers import free_text, one_of, ward, yes_no
from core.conversation.sentences import Value, Words
from core.conversation.understanding.intents import Intent
from core.ledger.deliveries import DELIVERY_MOVES, RUNNING, Criterion, DeliveryState
from core.ledger.events import EventType
from core.people import Ward, may_ask_for_visits
from core.refusals import Code

_PLACES = ("cuối xóm Đình, nhà có cổng xanh",)
_DOORS = ("con dâu, buổi sáng",)
_LONGEST = 200
_MAY_STOP = frozenset(DELIVERY_MOVES[EventType.DELIVERY_WITHDRAWN])


class Often(StrEnum):
    """For one month, or for good."""

    ONCE = "once"
    STANDING = "standing"


async def home_delivery(me: Caller) -> Command | None:
    """`Xin nhận tiền tại nhà`, and `bao giờ đưa tiền đến nhà`, for one ward."""
    if not me.wards:
        await say("link.first")
        return Go("link")
    may = {one.code: may_ask_for_visits(one.standing, day=me.today) for one in me.wards}
    own = [one for one in me.wards if may[one.code] is None]
    if not own:
        return await farewell("home.not_yours")
    whom = own[0] if len(own) == 1 else await _whom(me, own)
    if not me.is_linked_for(whom):
        await say("home.link")
        return Go("link")
    if whom.is_frozen:
        await say("frozen.with_office", who=whom.name)
        return await _officer(me, whom)
    now = await look(HomeOf(whom.beneficiary_id))
    if now.state in RUNNING:
        return await _under_way(whom, now)
    if now.state is DeliveryState.DECLINED:
        return await _declined(whom, now)
    if now.refusal is not None:
        await say(f"home.{WHY_NOT[now.refusal]}", now.facts, who=whom.name)
        return await _officer(me, whom)
    return await _asked(whom)


async def _asked(whom: Ward) -> Command | None:
    await say("home.intro", who=whom.name)
    reason = await ask("home.reason", one_of(Criterion))
    often = await ask("home.often", one_of(Often))
    where = await ask("home.where", free_text(samples=_PLACES, longest=_LONGEST))
    door = await ask("home.door", free_text(samples=_DOORS, longest=_LONGEST))
    sure = await ask(
        "home.sure",
        yes_no,
        shows=(whom.code, reason, often, where, door),
        who=whom.name,
        reason=Words(f"home.because.{reason}"),
        often=Words(f"home.how.{often}"),
        where=where,
        door=door,
    )
    if not sure:
        return await farewell("home.dropped")
    return AskForHome(whom.beneficiary_id, reason, where, door, often is Often.STANDING)


async def _under_way(whom: Ward, now: HomeNow) -> Command | None:
    """Where it stands, and what comes next; taken back while nobody is on the way."""
    await say(f"home.state.{str(now.state).lower()}", now.facts, **_values(whom, now))
    if now.state not in _MAY_STOP:
        return None
    if not await ask("home.stop", yes_no, shows=(now.number, now.state), who=whom.name):
        return await farewell("home.goes_on")
    return StopHome(whom.beneficiary_id, now.number)


async def _declined(whom: Ward, now: HomeNow) -> Command | None:
    """Why not, and another officer who looks again if that is wished."""
    why = Words(f"home.declined.{now.declined}")
    await say("home.state.declined", now.facts, who=whom.name, why=why)
    if not await ask("home.appeal", yes_no, shows=now.number):
        return await farewell("home.no_appeal")
    return AppealHome(whom.beneficiary_id, now.number)


async def _officer(me: Caller, whom: Ward) -> Command | None:
    if not await ask("home.officer", yes_no):
        return None
    about = me.subject or Intent.HOME_DELIVERY
    return OpenCase(CaseKind.QUESTION, about, whom.beneficiary_id)


async def _whom(me: Caller, own: list[Ward]) -> Ward:
    whom: Ward = await ask("home.whom", ward(own, spoken_of=me.about))
    return whom


def _values(whom: Ward, now: HomeNow) -> dict[str, Value]:
    values: dict[str, Value] = {"who": whom.name}
    if now.state in {DeliveryState.SCHEDULED, DeliveryState.EN_ROUTE} and now.day and now.window:
        values |= {"day": now.day, "window": Words(f"home.window.{now.window}")}
    return values


WHY_NOT = {
    Code.DELIVERY_STANDING: "standing",
    Code.DELIVERY_NOT_CASH: "not_cash",
    Code.DELIVERY_NOT_PAID_THERE: "not_paid_there",
}

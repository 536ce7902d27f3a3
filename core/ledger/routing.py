"""By which way each payment of a month goes (chặng): fixed once, when the month is frozen.

What does not live here: what is offered where (`core/offers.py`), the freezing (`cycles.py`).
"""

from collections.abc import Callable
from dataclasses import dataclass

from core import offers, places
from core.calendar import Cycle
from core.store.methods import MethodVersion
from core.terms import Desk, Method, Programme


@dataclass(frozen=True, slots=True)
class Route:
    """How one payment goes. `version_id` is the choice of the person that is followed, if any."""

    method: str
    provider: str
    version_id: int | None = None
    pay_point: str | None = None


# (commune, the version in force) → the route, or None where the programme pays nobody.
Router = Callable[[str, MethodVersion | None], Route | None]


def router(programme: Programme, cycle: str) -> Router:
    """The routes of a cycle: as people chose where that is offered there, otherwise cash.

    Source: the plan, III.6: cash for all who have no account.
    """
    known: dict[tuple[str, str | None], Route | None] = {}
    month = Cycle.parse(cycle)

    def route(commune: str, version: MethodVersion | None) -> Route | None:
        wanted = _wanted(version)
        key = (commune, wanted)
        if key not in known:
            known[key] = _route(programme, month, commune, wanted)
        found = known[key]
        if found is None or version is None or found.method != version.method:
            return found
        return Route(found.method, found.provider, version.id, found.pay_point)

    return route


def _wanted(version: MethodVersion | None) -> Method | None:
    """The method chosen; none if it needs a number and has none."""
    if version is None:
        return None
    method = Method(version.method)
    needs_number = method in {Method.ACCOUNT, Method.WALLET}
    return None if needs_number and version.account_index is None else method


def _route(programme: Programme, month: Cycle, commune: str, wanted: Method | None) -> Route | None:
    day = month.first_day
    area = places.area_of(programme, commune, day)
    if area is None or not area.paid:
        return None
    leg = offers.leg_for(programme, area.code, wanted, day)
    if leg.method is not Method.CASH:
        return Route(leg.method.value, leg.provider.value)
    points = offers.pay_points(programme, commune, day, provider=leg.provider)
    own = [point for point in points if point.desk is Desk.COMMUNE_DAY] or list(points)
    return Route(leg.method.value, leg.provider.value, None, own[0].code if own else None)

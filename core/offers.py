"""Who pays by which method where, and where the money can be collected.

What does not live here: what a person chose (`core/store/methods.py`), and on which days
(`core/pay_days.py`).
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from core import places
from core.faults import Fault
from core.terms import Desk, Method, PayPoint, Programme, Provider, ReceivingAccount


class NotPaidThere(Fault):
    """The programme pays nobody in the area {area} on {day}."""


@dataclass(frozen=True, slots=True)
class Leg:
    """The way a payment goes (chặng): by which method and through whom."""

    method: Method
    provider: Provider


def methods_in(programme: Programme, area: str, day: date) -> tuple[Method, ...]:
    """The methods that people of an area can choose on a day, in the order of `Method`."""
    offered = {o.method for o in programme.offers if o.area == area and o.valid.holds(day)}
    return tuple(method for method in Method if method in offered)


@lru_cache(maxsize=4_096)
def provider_for(programme: Programme, area: str, method: Method, day: date) -> Provider | None:
    """The provider that pays by a method in an area on a day; None where nobody does."""
    for offer in programme.offers:
        if offer.area == area and offer.method == method and offer.valid.holds(day):
            return offer.provider
    return None


def leg_for(programme: Programme, area: str, wanted: Method | None, day: date) -> Leg:
    """The way a payment goes: as wanted where that is offered, else in cash. There always is one.

    Source: the plan, III.6: cash for all who have no account.
    Raises: NotPaidThere, for an area outside the programme.
    """
    for method in (wanted, Method.CASH):
        provider = provider_for(programme, area, method, day) if method else None
        if method and provider:
            return Leg(method, provider)
    raise NotPaidThere(area=area, day=day)


def providers_on(programme: Programme, day: date) -> tuple[Provider, ...]:
    """The providers that pay anybody on a day, in the order of `Provider`."""
    active = {offer.provider for offer in programme.offers if offer.valid.holds(day)}
    return tuple(provider for provider in Provider if provider in active)


def pay_points(
    programme: Programme,
    commune: str,
    day: date,
    *,
    desk: Desk | None = None,
    provider: Provider | None = None,
) -> tuple[PayPoint, ...]:
    """The pay points for the people of a commune on a day: its own first, then the area's."""
    area = places.area_of(programme, commune, day)
    index = _points(programme)
    return tuple(
        point
        for point in index.get(commune, ()) + index.get(area.code if area else "", ())
        if point.valid.holds(day)
        and (desk is None or point.desk is desk)
        and (provider is None or point.provider is provider)
    )


def pay_point(programme: Programme, code: str) -> PayPoint | None:
    """The pay point with this code."""
    return next((point for point in programme.pay_points if point.code == code), None)


@lru_cache(maxsize=8)
def _points(programme: Programme) -> Mapping[str, tuple[PayPoint, ...]]:
    found: defaultdict[str, list[PayPoint]] = defaultdict(list)
    for point in programme.pay_points:
        found[point.serves].append(point)
    return {serves: tuple(points) for serves, points in found.items()}


def receiving_account(
    programme: Programme, provider: Provider, day: date
) -> ReceivingAccount | None:
    """Where the Treasury sends a provider its money on a day; None where nobody wrote it down."""
    return next(
        (
            one
            for one in programme.receiving_accounts
            if one.provider is provider and one.valid.holds(day)
        ),
        None,
    )

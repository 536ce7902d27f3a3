"""Where the people of an invented district live, as many in each commune as it is big.

What does not live here: the communes themselves (`programmes/`).
"""

from random import Random
from typing import Final

from core import places
from core.calendar import Cycle
from core.terms import Commune, Programme
from core.vietnamese import unaccented

# Roughly how many of a thousand live there; a commune that is not named counts as middling.
_SHARES: Final = {
    "19960": 55, "19963": 20, "19966": 32, "19969": 45, "19972": 52, "19975": 38,
    "19978": 30, "19981": 26, "19984": 18, "19987": 40, "19990": 6, "19993": 6,
    "20107": 38, "20110": 42, "20113": 18, "20116": 27, "20122": 24, "20125": 30,
    "20128": 46, "20131": 30, "20134": 9, "20137": 28, "20140": 44, "20143": 48,
    "20146": 33, "20149": 24, "20152": 30, "20155": 10, "20158": 12,
}  # fmt: skip
_MIDDLING: Final = 30
# Mountain and lagoon communes where the groups of very hard places exist.
_HARD: Final = frozenset({"19990", "19993", "20134", "20155", "20158"})
_HAMLETS: Final = ("Thôn", "Tổ")


def homes(programme: Programme, rng: Random, heads: int, *, month: Cycle) -> list[Commune]:
    """A commune for each head, each commune at least once if there is room."""
    there = places.paid_communes(programme, month.first_day)
    weights = [_SHARES.get(commune.code, _MIDDLING) for commune in there]
    found = list(there) if heads >= 2 * len(there) else []
    found += rng.choices(there, weights, k=heads - len(found))
    rng.shuffle(found)
    return found


def hard_communes(programme: Programme, month: Cycle) -> tuple[Commune, ...]:
    """The communes of very hard conditions that are paid in a month."""
    there = places.paid_communes(programme, month.first_day)
    return tuple(one for one in there if one.code in _HARD and one.kind == "Xã")


def commune_in(programme: Programme, code: str, *, first: Cycle, month: Cycle) -> Commune | None:
    """The commune of a later month in which one of the first month lies; None if not paid then."""
    then = places.with_code(programme, code, first.first_day)
    now = places.heir(programme, then, month.first_day) if then is not None else None
    area = places.area_of(programme, now.code, month.first_day) if now is not None else None
    return now if area is not None and area.paid else None


def code_prefix(programme: Programme, area: str, month: Cycle) -> str:
    """What codes of an area's people begin with: HT for Hương Thủy."""
    found = places.area_with_code(programme, area, month.first_day)
    name = found.name if found is not None else area
    return "".join(word[0] for word in unaccented(name).upper().split())


def hamlet(rng: Random, commune: Commune) -> str:
    """A hamlet of a commune, or a neighbourhood of a ward or town."""
    return f"{_HAMLETS[commune.kind != 'Xã']} {rng.randint(1, 9)}"

"""Why somebody is entitled: a circumstance that lasts while the category on the list follows age.

A child of three moves from 5.1a to 5.1b on a birthday, an old person from 5.5a1 to 5.5a2: that is
how increases and decreases come about by themselves. Source: Decree 20/2021/ND-CP art. 5, 6, 18,
20; Decree 136/2013/ND-CP for the months before July 2021.

What does not live here: what a category is worth (`core/rates.py`).
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from random import Random
from typing import Final

from core import rates
from core.calendar import Cycle
from core.terms import Programme


class Circumstance(StrEnum):
    """What entitles somebody."""

    ORPHAN = "orphan"
    HIV = "hiv"
    SINGLE_PARENT = "single-parent"
    OLD_ALONE = "old-alone"
    OLD = "old"
    OLD_HOSTED = "old-hosted"
    WORST_DISABILITY = "worst-disability"
    SEVERE_DISABILITY = "severe-disability"
    SMALL_CHILD = "small-child"
    FOSTER_CARER = "foster-carer"
    CARER = "carer"


@dataclass(frozen=True, slots=True)
class Band:
    """A circumstance at ages met in it, and how common it is. `remote`: only in hard communes."""

    circumstance: Circumstance
    youngest: int
    oldest: int
    weight: int
    remote: bool = False


_C = Circumstance
BANDS: Final = (
    Band(_C.OLD, 80, 98, 380),
    Band(_C.SEVERE_DISABILITY, 17, 58, 165),
    Band(_C.SEVERE_DISABILITY, 60, 88, 70),
    Band(_C.SEVERE_DISABILITY, 3, 14, 35),
    Band(_C.WORST_DISABILITY, 17, 58, 50),
    Band(_C.WORST_DISABILITY, 60, 90, 30),
    Band(_C.WORST_DISABILITY, 2, 14, 18),
    Band(_C.SINGLE_PARENT, 24, 50, 75),
    Band(_C.OLD_ALONE, 62, 78, 36),
    Band(_C.OLD_ALONE, 80, 92, 24),
    Band(_C.OLD_HOSTED, 66, 90, 3),
    Band(_C.ORPHAN, 1, 3, 5),
    Band(_C.ORPHAN, 4, 15, 38),
    Band(_C.ORPHAN, 17, 21, 9),
    Band(_C.HIV, 1, 3, 1),
    Band(_C.HIV, 5, 14, 2),
    Band(_C.HIV, 22, 55, 6),
    Band(_C.CARER, 30, 66, 40),
    Band(_C.FOSTER_CARER, 35, 64, 5),
    Band(_C.OLD, 75, 78, 7, remote=True),
    Band(_C.SMALL_CHILD, 0, 2, 6, remote=True),
)
_ALWAYS: Final = tuple(band for band in BANDS if not band.remote)
_REFORM: Final = Cycle(2021, 7)


def bands(rng: Random, heads: int, *, month: Cycle, remote: bool) -> list[Band]:
    """A band for each head, the remote ones last: each band at least once if there is room.

    `remote`: whether there are hard communes to live in; their bands exist from July 2021 on.
    """
    there = BANDS if month >= _REFORM and remote else _ALWAYS
    found = list(there[:heads]) if heads >= 2 * len(there) else []
    found += rng.choices(there, [band.weight for band in there], k=heads - len(found))
    rng.shuffle(found)
    found.sort(key=lambda band: band.remote)
    return found


def category_in(
    circumstance: Circumstance, *, born: date, children: int, studies: bool, month: Cycle
) -> str | None:
    """The category on the list of a month; None when there is no entitlement (any more, or yet)."""
    age = age_on(born, month.first_day)
    by_circumstance = {
        _C.ORPHAN: _orphan(age, studies=studies),
        _C.HIV: "5.3a" if age < 4 else "5.3b" if age < 16 else "5.8",  # noqa: PLR2004  the law's ages
        _C.SINGLE_PARENT: "5.4b" if children > 1 and month < _REFORM else "5.4",
        _C.OLD_ALONE: "5.5a1" if age < 80 else "5.5a2",  # noqa: PLR2004  the law's age
        _C.OLD: _old(age, month),
        _C.OLD_HOSTED: "5.5d",
        _C.WORST_DISABILITY: "5.6a" if _is_of_working_age(age) else "5.6b",
        _C.SEVERE_DISABILITY: "5.6c" if _is_of_working_age(age) else "5.6d",
        _C.SMALL_CHILD: "5.7" if age < 3 and month >= _REFORM else None,  # noqa: PLR2004  the law's age
        _C.FOSTER_CARER: "18.1" if children > 1 else "18.2",
        _C.CARER: "20.1",
    }
    return by_circumstance[circumstance]


def monthly(programme: Programme, category: str, *, children: int, month: Cycle) -> int:
    """What the category is worth in a month, for each child where it counts children.

    Money: whole đồng.
    """
    times = children if category == "5.4" else 1
    found = rates.monthly_amount(programme, [category] * times, month)
    assert isinstance(found, int)  # noqa: S101  categories come from `category_in`
    return found


def coefficient(programme: Programme, category: str, *, children: int, month: Cycle) -> str:
    """The coefficient as a list writes it: 1,5."""
    value = rates.coefficient(programme, category, month.first_day)
    times = children if category == "5.4" else 1
    return f"{(value or 1) * times:.1f}".replace(".", ",")


def age_on(born: date, day: date) -> int:
    """Full years lived on a day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _orphan(age: int, *, studies: bool) -> str | None:
    if age < 4:  # noqa: PLR2004  the law's ages
        return "5.1a"
    if age < 16:  # noqa: PLR2004
        return "5.1b"
    return "5.2" if studies and age <= 22 else None  # noqa: PLR2004


def _old(age: int, month: Cycle) -> str | None:
    if age >= 80:  # noqa: PLR2004  the law's ages
        return "5.5c"
    return "5.5b" if age >= 75 and month >= _REFORM else None  # noqa: PLR2004


def _is_of_working_age(age: int) -> bool:
    return 16 <= age < 60  # noqa: PLR2004  the law's ages

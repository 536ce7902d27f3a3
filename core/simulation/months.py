"""The months of a district: who is owed what in each, and by which way it goes.

What somebody was not listed for while entitled is owed, and comes as arrears (truy lĩnh) with the
next list. What does not live here: what becomes of a payment (`fates.py`).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from core import offers
from core.calendar import Cycle
from core.simulation import circumstances
from core.simulation.people import Ward
from core.simulation.wards import commune_of
from core.terms import Commune, Method, Programme, Provider


@dataclass(frozen=True, slots=True)
class Entry:
    """What one ward is owed in one month. Money: whole đồng."""

    ward: Ward
    month: Cycle
    commune: Commune
    category: str
    coefficient: str
    monthly: int
    arrears: int
    method: Method
    provider: Provider

    @property
    def amount(self) -> int:
        """What is paid."""
        return self.monthly + self.arrears


def month_of(
    programme: Programme,
    wards: Sequence[Ward],
    *,
    first: Cycle,
    index: int,
    owed: Mapping[str, int],
) -> tuple[list[Entry], list[Entry]]:
    """The month with this index from 0: who is listed, and who is entitled but not listed.

    `owed`: what stands open of earlier months by code.
    """
    listed: list[Entry] = []
    waiting: list[Entry] = []
    for ward in wards:
        entry = _entry(programme, ward, first, index, owed.get(ward.code, 0))
        if entry is not None:
            (listed if _is_listed(ward, index) else waiting).append(entry)
    return listed, waiting


def owed_after(
    owed: Mapping[str, int], listed: Collection[Entry], left_out: Collection[Entry]
) -> dict[str, int]:
    """What stands open after a month, by code: paid is no longer owed."""
    paid = {entry.ward.code for entry in listed}
    still = {code: sum_ for code, sum_ in owed.items() if code not in paid}
    return still | {entry.ward.code: entry.amount for entry in left_out}


def is_known(ward: Ward, index: int) -> bool:
    """Whether anybody knows of the ward by this month."""
    return index >= ward.enters


def _is_listed(ward: Ward, index: int) -> bool:
    return index >= ward.listed_from and index not in ward.missed


def _entry(programme: Programme, ward: Ward, first: Cycle, index: int, owed: int) -> Entry | None:
    month = first.plus(index)
    is_gone = ward.gone_from is not None and index >= ward.gone_from
    commune = commune_of(programme, ward, first=first, month=month)
    if is_gone or commune is None or not is_known(ward, index):
        return None
    category = circumstances.category_in(
        ward.circumstance,
        born=ward.human.born,
        children=ward.children,
        studies=ward.studies,
        month=month,
    )
    if category is None:
        return None
    leg = offers.leg_for(programme, commune.area, ward.method, month.first_day)
    monthly = circumstances.monthly(programme, category, children=ward.children, month=month)
    return Entry(
        ward=ward,
        month=month,
        commune=commune,
        category=category,
        coefficient=circumstances.coefficient(
            programme, category, children=ward.children, month=month
        ),
        monthly=monthly,
        arrears=owed,
        method=leg.method,
        provider=leg.provider,
    )

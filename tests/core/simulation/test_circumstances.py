"""Categories follow age and month; amounts follow the programme."""

from datetime import date
from random import Random

import pytest

from core import rates
from core.calendar import Cycle
from core.simulation.circumstances import BANDS, Circumstance, bands, category_in, monthly
from core.terms import Programme

APRIL, SEPTEMBER = Cycle(2021, 4), Cycle(2021, 9)
C = Circumstance


@pytest.mark.parametrize(
    ("circumstance", "born", "month", "category"),
    [
        (C.ORPHAN, date(2017, 4, 2), APRIL, "5.1a"),
        (C.ORPHAN, date(2017, 4, 1), APRIL, "5.1b"),
        (C.ORPHAN, date(2003, 1, 1), APRIL, "5.2"),
        (C.ORPHAN, date(1998, 1, 1), APRIL, None),
        (C.OLD, date(1941, 4, 1), APRIL, "5.5c"),
        (C.OLD, date(1941, 5, 1), APRIL, None),
        (C.OLD, date(1944, 5, 1), SEPTEMBER, "5.5b"),
        (C.SMALL_CHILD, date(2020, 1, 1), APRIL, None),
        (C.SMALL_CHILD, date(2020, 1, 1), SEPTEMBER, "5.7"),
        (C.WORST_DISABILITY, date(1961, 4, 1), APRIL, "5.6b"),
        (C.SEVERE_DISABILITY, date(1980, 4, 1), APRIL, "5.6c"),
    ],
)
def test_the_category_follows_age_and_law(
    circumstance: C, born: date, month: Cycle, category: str | None
) -> None:
    found = category_in(circumstance, born=born, children=1, studies=True, month=month)

    assert found == category


def test_a_single_parent_is_paid_per_child_since_july_2021(programme: Programme) -> None:
    before = category_in(
        C.SINGLE_PARENT, born=date(1990, 1, 1), children=3, studies=False, month=APRIL
    )
    after = category_in(
        C.SINGLE_PARENT, born=date(1990, 1, 1), children=3, studies=False, month=SEPTEMBER
    )

    assert (before, after) == ("5.4b", "5.4")
    assert monthly(programme, "5.4b", children=3, month=APRIL) == 540_000
    assert monthly(programme, "5.4", children=3, month=SEPTEMBER) == 1_080_000


@pytest.mark.parametrize("month", [APRIL, SEPTEMBER])
def test_every_category_of_the_programme_is_met(programme: Programme, month: Cycle) -> None:
    """Age at the middle of its band is enough to reach each one."""
    found = set()
    for band in BANDS:
        for age in (band.youngest, band.oldest):
            for children in (1, 2):
                born = date(month.year - age - 1, 12, 1)
                found.add(
                    category_in(
                        band.circumstance, born=born, children=children, studies=True, month=month
                    )
                )
    there = {c.code for c in programme.categories if c.valid.holds(month.first_day)}

    assert found - {None} == there


def test_every_amount_is_the_base_level_times_the_coefficient(programme: Programme) -> None:
    for month in (APRIL, SEPTEMBER):
        for category in ("5.1a", "5.5c", "5.6a", "20.1"):
            assert monthly(programme, category, children=2, month=month) == rates.amount_for(
                programme, category, month
            )


def test_each_band_is_met_in_a_district_of_some_size() -> None:
    found = bands(Random(1), 400, month=SEPTEMBER, remote=True)

    assert len(found) == 400
    assert set(found) == set(BANDS)
    assert [band.remote for band in found] == sorted(band.remote for band in found)

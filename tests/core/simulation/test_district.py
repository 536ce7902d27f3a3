"""A district in files: its manifest is whole, and has an example of everything."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.calendar import Cycle
from core.exchange.layouts import Layout, load_layout
from core.simulation.diary import diary
from core.simulation.district import make_district
from core.simulation.fates import Times
from core.simulation.manifest import cycle_of, read_manifest, up_to
from core.simulation.year import Wanted
from core.terms import Programme
from tests.core.simulation.conftest import FOLDER

NEEDED = {"SETTLED", "FAILED", "READY_CASH", "INSTRUCTED", "NOT_LISTED"}


def layout(name: str) -> Layout:
    return load_layout(FOLDER, name)


@pytest.mark.parametrize(
    ("seed", "cycles", "first"),
    [(1, 1, "2021-04"), (2, 2, "2021-06"), (3, 3, "2021-12"), (4, 1, "2025-07"), (5, 2, "2026-08")],
)
def test_each_last_month_has_somebody_in_each_state(
    programme: Programme, tmp_path: Path, seed: int, cycles: int, first: str
) -> None:
    wanted = Wanted(people=400, seed=seed, cycles=cycles, first=Cycle.parse(first))
    made = make_district(programme, layout, wanted, tmp_path)
    last = str(wanted.first.plus(cycles - 1))
    states = Counter(row.state for row in made.expect if row.cycle == last)

    assert set(states) >= NEEDED
    assert states["SETTLED"] > 200


def test_the_manifest_is_read_back_as_it_was_written(programme: Programme, tmp_path: Path) -> None:
    wanted = Wanted(people=120, seed=3, cycles=2, first=Cycle(2021, 4))
    made = make_district(programme, layout, wanted, tmp_path)

    assert read_manifest(tmp_path) == made


def test_steps_stand_in_the_order_of_time_and_name_files_that_exist(
    programme: Programme, tmp_path: Path
) -> None:
    wanted = Wanted(people=450, seed=3, cycles=2, first=Cycle(2021, 4))
    made = make_district(programme, layout, wanted, tmp_path)
    moments = [step.at for step in made.steps]
    lists = [step.args[2] for step in made.steps if step.args[0] == "import"]
    scripts = [step.args[-1] for step in made.steps if step.args[0] == "chat"]

    assert moments == sorted(moments)
    assert made.now > moments[-1]
    assert all((tmp_path / file).is_file() for file in (*lists, *scripts))
    assert len(set(lists)) == len(lists) > 15
    assert made.steps[0].args[:2] == ("staff", "add")
    assert "--no-login" in made.steps[0].args


def test_a_step_with_rejects_ends_with_three_and_others_with_nothing(
    programme: Programme, tmp_path: Path
) -> None:
    wanted = Wanted(people=450, seed=3, cycles=2, first=Cycle(2021, 4))
    made = make_district(programme, layout, wanted, tmp_path)

    for step in made.steps:
        is_broken = step.args[0] == "import" and step.args[2].endswith("-dut.xlsx")
        assert step.exit == (2 if is_broken else 3 if step.rejected else 0)
        assert (step.rejected is None) == (is_broken or step.args[0] != "import")


def test_everybody_known_has_a_row_for_each_month_since(
    programme: Programme, tmp_path: Path
) -> None:
    wanted = Wanted(people=450, seed=3, cycles=3, first=Cycle(2021, 4))
    made = make_district(programme, layout, wanted, tmp_path)
    rows = Counter(row.cycle for row in made.expect if row.kind == "M")
    keys = [row.payment for row in made.expect]

    assert len(set(keys)) == len(keys)
    assert rows["2021-06"] == 450
    assert rows["2021-04"] < rows["2021-05"] < rows["2021-06"]
    assert all((row.amount == 0) == (row.state == "NOT_LISTED") for row in made.expect)


def test_an_earlier_end_leaves_out_later_months_only(programme: Programme, tmp_path: Path) -> None:
    wanted = Wanted(people=120, seed=3, cycles=3, first=Cycle(2021, 4))
    made = make_district(programme, layout, wanted, tmp_path)
    short = up_to(made, Cycle(2021, 5))

    assert {row.cycle for row in short.expect} == {"2021-04", "2021-05"}
    # What June pays again is still left where May ends.
    again = {row.payment for row in made.expect if row.was and row.was[-1][0] == "2021-05"}
    found = {row.state for row in short.expect if row.payment in again}
    assert found <= {"FAILED", "RETURNED", "UNCLAIMED"}
    assert all(cycle_of(step) <= Cycle(2021, 5) for step in short.steps)
    assert up_to(made, Cycle(2021, 6)) == made


@settings(max_examples=60)
@given(st.integers(0, 5 * 12 + 8))
def test_a_month_is_lived_in_order_whatever_the_holidays(programme: Programme, after: int) -> None:
    month = Cycle(2021, 4).plus(after)
    pay = date(month.year, month.month, 5)
    days = diary(programme, month, Times(pay, pay.replace(day=8), pay.replace(day=12)))
    order = [
        *(days.staff, days.registrations, days.registrations_mended, days.payroll),
        *(
            days.payroll_mended,
            days.changes,
            days.freeze,
            days.first_signature,
            days.second_signature,
        ),
        *(days.funding, days.instruct, *days.reports, days.close),
    ]

    assert order == sorted(order)
    assert len(set(order)) == len(order)


def test_each_later_month_says_what_changed_before_it_is_frozen(
    programme: Programme, tmp_path: Path
) -> None:
    wanted = Wanted(people=450, seed=3, cycles=3, first=Cycle(2021, 4))
    made = make_district(programme, layout, wanted, tmp_path)
    kinds = {"increases", "decreases", "adjustments"}
    brought = [step for step in made.steps if step.args[0] == "import" and step.args[1] in kinds]

    assert {str(cycle_of(step)) for step in brought} == {"2021-05", "2021-06"}
    assert {step.args[1] for step in brought} == kinds
    assert all((step.rejected or 0) >= 2 for step in brought)
    for step in brought:
        frozen = next(
            one for one in made.steps if one.args[:3] == ("cycle", "freeze", str(cycle_of(step)))
        )
        assert step.at < frozen.at


def test_all_months_but_the_last_are_closed_with_everything_that_went_wrong(
    programme: Programme, tmp_path: Path
) -> None:
    wanted = Wanted(people=450, seed=3, cycles=4, first=Cycle(2021, 4))
    made = make_district(programme, layout, wanted, tmp_path)
    words = [step.args for step in made.steps]

    closed = [args[2] for args in words if args[:2] == ("cycle", "close")]
    # A late return opened April and May; each was closed again with the month after it.
    assert closed == ["2021-04", "2021-04", "2021-05", "2021-05", "2021-06"]
    assert {args[1] for args in words if args[0] == "import"} >= {"unclaimed", "balances"}
    ways = {args[4] for args in words if args[:2] == ("suspense", "settle")}
    assert ways == {"provider", "payment"}
    again = Counter(row.cycle for row in made.expect if row.kind == "R")
    assert set(again) == {"2021-05", "2021-06", "2021-07"}
    states = Counter(row.state for row in made.expect if row.cycle == "2021-04")
    assert states["REISSUED"] > 3
    assert states["INSTRUCTED"] == states["ACCEPTED"] == states["READY_CASH"] == 0


def test_a_year_has_files_that_broke_off_and_money_given_back(
    programme: Programme, tmp_path: Path
) -> None:
    wanted = Wanted(people=400, seed=7, cycles=6, first=Cycle(2021, 4))
    made = make_district(programme, layout, wanted, tmp_path)
    broken = [step for step in made.steps if step.exit == 2]
    given_back = [row for row in made.expect if row.state == "REFUNDED"]

    assert len(broken) >= wanted.cycles
    assert all(step.args[2].endswith("-dut.xlsx") and step.rejected is None for step in broken)
    assert given_back
    assert all(row.was for row in given_back)

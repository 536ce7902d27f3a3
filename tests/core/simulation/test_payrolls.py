"""The monthly lists of a district go in with exactly their wrong lines handed back."""

from datetime import UTC, date, datetime
from pathlib import Path
from random import Random

import pytest

from core.calendar import Cycle
from core.clock import PlayClock
from core.exchange import payroll as payroll_kind
from core.exchange.intake import Desk, take_in
from core.exchange.layouts import load_layout
from core.exchange.verdicts import Report
from core.ledger.record import Ledger
from core.refusals import Code
from core.simulation.months import month_of, owed_after
from core.simulation.payrolls import payroll
from core.simulation.sheets import Line, write_list
from core.simulation.wards import wards
from core.store.engine import Store
from core.terms import Programme
from tests.core.simulation.conftest import FOLDER

APRIL = Cycle(2021, 4)
HEADS = 2_200


def sums(lines: list[Line]) -> int:
    return sum(line.amount for line in lines if not line.is_wrong)


def test_what_a_list_leaves_out_comes_with_the_next_one(programme: Programme) -> None:
    people = wards(programme, Random(5), heads=HEADS, first=APRIL, months=3)
    listed, waiting = month_of(programme, people, first=APRIL, index=0, owed={})
    lists = payroll(Random(1), listed)
    paid = [entry for entry in listed if entry not in lists.left_out]
    owed = owed_after({}, paid, [*waiting, *lists.left_out])
    code = lists.left_out[0].ward.code
    later, _ = month_of(programme, people, first=APRIL, index=1, owed=owed)
    entry = next(entry for entry in later if entry.ward.code == code)

    assert entry.arrears == lists.left_out[0].amount > 0
    assert entry.amount == entry.monthly + entry.arrears
    assert code not in owed_after(owed, later, [])


def test_people_come_and_go_from_month_to_month(programme: Programme) -> None:
    people = wards(programme, Random(5), heads=HEADS, first=APRIL, months=3)
    first, _ = month_of(programme, people, first=APRIL, index=0, owed={})
    later, _ = month_of(programme, people, first=APRIL, index=2, owed={})
    before, after = ({entry.ward.code for entry in month} for month in (first, later))

    assert after - before
    assert before - after


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_wrong_lines_come_back_and_the_rest_is_listed(
    store: Store, programme: Programme, tmp_path: Path, form: str
) -> None:
    people = wards(programme, Random(5), heads=HEADS, first=APRIL, months=2)
    listed, _ = month_of(programme, people, first=APRIL, index=0, owed={})
    lists = payroll(Random(1), listed)
    clock = PlayClock(datetime(2021, 3, 22, 2, tzinfo=UTC))
    layout = load_layout(FOLDER, "payroll")
    ledger = Ledger(programme.tenant, (), clock)
    desk = Desk(store, ledger, programme, clock, layout, "2021-04", "", "lan")
    reports = []
    for name, lines in (("chi-tra", lists.lines), ("bo-sung", lists.mended)):
        file = f"{name}.{form}"
        paper = write_list(tmp_path, file, layout, lines, cycle=APRIL, day=date(2021, 3, 22))
        report = take_in(tmp_path / file, payroll_kind.KIND, desk)
        assert isinstance(report, Report)
        assert report.rejected == paper.rejected
        reports.append(report)
    first, second = reports

    assert (first.accepted, first.amount) == (
        len(lists.lines) - first.rejected,
        sums(lists.lines),
    )
    assert {one.problem.refusal.code for one in first.rejects} == {
        Code.AMOUNT_PARTS_DISAGREE,
        Code.CATEGORY_UNKNOWN,
        Code.COMMUNE_UNKNOWN,
        Code.PHONE_WRONG_LENGTH,
        Code.CITIZEN_ID_WRONG_LENGTH,
        Code.NAME_LEGACY_ENCODING,
        Code.AMOUNT_NOT_A_NUMBER,
        Code.AMOUNT_NOT_POSITIVE,
        Code.METHOD_NOT_IN_AREA,
        Code.DAY_NOT_A_DAY,
        Code.BENEFICIARY_TWICE,
        Code.CITIZEN_ID_TWICE,
    }
    assert (second.conflicts, second.unchanged, second.rejected) == (1, 2, 1)
    assert first.accepted + second.accepted == len(listed) - len(lists.left_out)

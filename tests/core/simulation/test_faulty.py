"""A list of 10,000 lines with 200 different faults: just those come back, each with a reason."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from core.calendar import Cycle
from core.clock import PlayClock
from core.exchange import payroll
from core.exchange.intake import Desk, take_in
from core.exchange.layouts import load_layout
from core.exchange.rejects import write_rejects
from core.exchange.verdicts import Report
from core.ledger.record import Ledger
from core.simulation.faulty import COUNT, FaultyList, faulty_payroll
from core.simulation.sheets import write_list
from core.store.engine import Store
from core.terms import Programme
from tests.core.simulation.conftest import FOLDER

APRIL = Cycle(2021, 4)
ROWS = 10_000
# Title, month, office, day and headings stand above the first line.
ABOVE = 5


@pytest.fixture(scope="module")
def faulty(programme: Programme) -> FaultyList:
    return faulty_payroll(programme, seed=8, month=APRIL, rows=ROWS)


def test_no_fault_is_like_another(faulty: FaultyList) -> None:
    seen = {
        (fault.field, fault.code, faulty.lines[number - 1].cells.get(fault.field))
        for number, fault in faulty.faults.items()
    }

    assert len(faulty.lines) == ROWS
    assert len(seen) == len(faulty.faults) == COUNT


def test_exactly_the_faulty_lines_come_back_with_their_reasons(
    store: Store, programme: Programme, faulty: FaultyList, tmp_path: Path
) -> None:
    clock = PlayClock(datetime(2021, 3, 22, 2, tzinfo=UTC))
    layout = load_layout(FOLDER, "payroll")
    ledger = Ledger(programme.tenant, (), clock)
    desk = Desk(store, ledger, programme, clock, layout, "2021-04", "", "lan")
    write_list(tmp_path, "chi-tra.xlsx", layout, faulty.lines, cycle=APRIL, day=date(2021, 3, 22))
    report = take_in(tmp_path / "chi-tra.xlsx", payroll.KIND, desk)
    assert isinstance(report, Report)
    found = {
        one.number - ABOVE: (one.problem.field, one.problem.refusal.code) for one in report.rejects
    }

    assert found == {number: (fault.field, fault.code) for number, fault in faulty.faults.items()}
    assert (report.accepted, report.rejected) == (ROWS - COUNT, COUNT)
    write_rejects(tmp_path / "tu-choi.xlsx", report, layout, "vi")
    sheet = CalamineWorkbook.from_path(str(tmp_path / "tu-choi.xlsx")).get_sheet_by_index(0)
    rows = sheet.to_python()[1:]
    assert len(rows) == COUNT
    assert all(row[3] and row[4] for row in rows)

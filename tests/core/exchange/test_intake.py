"""A long list goes in by parts: on PostgreSQL two at a time, and no part is lost or doubled."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from core.exchange import intake, payroll
from core.exchange.intake import Desk, take_in
from core.exchange.layouts import Row
from core.exchange.payroll_lines import PayrollLine
from core.exchange.verdicts import Problem, Report
from core.store.engine import Store, Tx
from core.store.tables.ledger import import_row, payment
from core.store.tables.people import beneficiary
from tests.core.exchange.conftest import DeskFor
from tests.core.exchange.lists import Line, write_list

COMMUNES = ("Phường Phú Bài", "Xã Vinh Hưng", "Xã Thủy Thanh")


def line(number: int) -> Line:
    return {
        "number": number,
        "code": f"HT{number:06}",
        "name": "Nguyễn Thị Hoa",
        "citizen_id": f"046138{number:06}",
        "commune": COMMUNES[number % 3],
        "category": "5.5c",
        "coefficient": "1,0",
        "decision": f"{number}/QĐ-UBND",
        "monthly": 270000,
        "total": 270000,
    }


class Broke(Exception):
    """Something outside broke while a part was written."""


def breaking_at(code: str) -> intake.Kind:
    def write(
        tx: Tx, lines: Sequence[PayrollLine], desk: Desk, source: str
    ) -> Sequence[Problem | None]:
        if any(one.code == code for one in lines):
            raise Broke
        return payroll.write(tx, lines, desk, source)

    return replace(payroll.KIND, write=write)


@pytest.fixture
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "CHUNK", {"sqlite": 7, "postgresql": 7})


def listed(store: Store) -> list[str]:
    query = sa.select(payment.c.code).order_by(payment.c.code)
    return list(store.read(lambda tx: tx.connection.execute(query).scalars().all()))


def taken(path: Path, desk: Desk) -> Report:
    found = take_in(path, payroll.KIND, desk)
    assert isinstance(found, Report), found
    return found


@pytest.mark.usefixtures("_small_parts")
def test_what_broke_in_the_middle_is_made_whole_by_the_next_try(
    store: Store, desk_for: DeskFor, tmp_path: Path
) -> None:
    desk, lines = desk_for(), [line(number) for number in range(1, 51)]
    path = write_list(tmp_path / "a.xlsx", desk.layout, lines)
    with pytest.raises(Broke):
        take_in(path, breaking_at("HT000030"), desk)
    assert 0 < len(listed(store)) < len(lines)
    report = taken(path, desk)
    assert listed(store) == [f"2104-HT{number:06}-M-1" for number in range(1, 51)]
    kept = sa.select(import_row.c.row_no).order_by(import_row.c.row_no)
    numbers = store.read(lambda tx: tx.connection.execute(kept).scalars().all())
    assert len(numbers) == len(set(numbers)) == len(lines)
    assert (report.accepted + report.unchanged, report.rejected) == (50, 0)


@pytest.mark.usefixtures("_small_parts")
def test_progress_is_told_in_the_order_of_the_list(
    store: Store, desk_for: DeskFor, tmp_path: Path
) -> None:
    desk, seen = desk_for(), list[tuple[int, int]]()
    path = write_list(tmp_path / "a.xlsx", desk.layout, [line(n) for n in range(1, 21)])
    found = take_in(path, payroll.KIND, desk, progress=lambda done, of: seen.append((done, of)))
    assert isinstance(found, Report)
    assert seen == [(7, 20), (14, 20), (20, 20)]
    assert len(listed(store)) == 20


def test_only_an_entitlement_that_changed_is_written_again(
    store: Store, desk_for: DeskFor, tmp_path: Path
) -> None:
    def sealed() -> dict[str, bytes]:
        query = sa.select(beneficiary.c.code, beneficiary.c.entitlement)
        return {row.code: row.entitlement for row in store.read(lambda tx: _all(tx, query))}

    def opened(code: str) -> str:
        raw = sealed()[code]
        return store.sealer.unseal(raw, column="beneficiary.entitlement", row=code)

    april, may = desk_for(), desk_for(cycle="2021-05")
    lines = [line(number) for number in range(1, 7)]
    taken(write_list(tmp_path / "a.xlsx", april.layout, lines), april)
    before = sealed()
    lines[3] = dict(lines[3]) | {"decision": "99/QĐ-UBND", "coefficient": "1.5"}
    path = write_list(tmp_path / "b.xlsx", may.layout, lines, cycle="05/2021")
    taken(path, may)
    after = sealed()
    assert {code for code, raw in after.items() if raw != before[code]} == {"HT000004"}
    assert "99/QĐ-UBND" in opened("HT000004")
    assert '"1.5"' in opened("HT000004")


def _all(tx: Tx, query: Any) -> Any:
    return tx.connection.execute(query).all()


def test_a_short_line_has_empty_cells() -> None:
    row = Row(4, {"code": 0, "name": 1, "phone": 2}, [" HT1 ", 12.0])
    assert (row.text("code"), row.text("name"), row.text("phone")) == ("HT1", "12", "")
    assert (row.cell("name"), row.cell("phone"), row.cell("nothing")) == (12.0, "", "")
    assert row.filled() == {"code": "HT1", "name": "12"}
    assert Row.of(1, {"name": "Hoa", "phone": ""}).filled() == {"name": "Hoa"}

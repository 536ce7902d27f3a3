"""Reports of a played district: every total is summed again, from other things than the report."""

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa

from core.calendar import Cycle, local_day
from core.pay_days import pay_window
from core.reports.month import month_found, month_report
from core.reports.progress import progress_found, progress_report
from core.reports.scope import Scope
from core.reports.tables import Level, Report, Table
from core.simulation.manifest import Manifest, read_manifest, write_manifest
from core.store.tables.everything import metadata
from core.terms import Method
from tests.bot.parts import Office

PLAYED = ("2021-04", "2021-05")
OWED = {"FAILED", "RETURNED", "UNCLAIMED"}
NOT_DUE = {"NOT_LISTED", "CANCELLED", "REISSUED"}


def cells(table: Table, column: str, level: Level) -> list[Any]:
    at = [one.title for one in table.columns].index(column)
    return [row.cells[at] for row in table.rows if row.level is level]


def rows(office: Office, name: str) -> list[Any]:
    with office.session.parts.store.engine.connect() as connection:
        return list(connection.execute(sa.select(metadata.tables[name])))


def month_of(office: Office, month: str) -> Report:
    parts, now = office.session.parts, office.clock.now()
    scope = Scope(parts.programme, local_day(now))
    found = parts.store.read(lambda tx: month_found(tx, scope, Cycle.parse(month), now))
    return month_report(found, "vi")


def progress_of(office: Office, day: date, area: str | None = None) -> Report:
    parts = office.session.parts
    scope = Scope(parts.programme, day, area)
    found = parts.store.read(lambda tx: progress_found(tx, scope, office.clock.now()))
    return progress_report(found, "vi")


def expected(manifest: Manifest, months: set[str]) -> dict[str, Any]:
    """The sums of what the district itself says should have come of it."""
    mine = [one for one in manifest.expect if one.cycle in months and one.state not in NOT_DUE]
    paid = [one for one in mine if one.state == "SETTLED"]
    said = Counter(one.receipt for one in mine)
    return {
        "due": len(mine),
        "due_amount": sum(one.amount for one in mine),
        "paid": len(paid),
        "paid_amount": sum(one.amount for one in paid),
        "cashless": sum(1 for one in paid if one.method in {"account", "wallet"}),
        "came_back": sum(1 for one in mine if one.state in OWED),
        "came_back_amount": sum(one.amount for one in mine if one.state in OWED),
        "home_paid": sum(1 for one in paid if one.method == "home"),
        "full": said["CONFIRMED_FULL"],
        "short": said["SHORT"],
        "not_received": said["NOT_RECEIVED"],
        "silent": said["SILENT"],
    }


def test_a_months_totals_are_those_of_the_district(office: Office, manifest: Manifest) -> None:
    for month in ("2021-04", "2021-05"):
        wanted = expected(manifest, {month})
        found = month_of(office, month).totals

        assert {name: found[name] for name in wanted} == wanted
        assert wanted["paid"] > 300


def test_every_row_of_a_month_is_summed_again_from_the_payments(
    office: Office, manifest: Manifest
) -> None:
    del manifest
    report = month_of(office, "2021-05")
    programme = office.session.parts.programme
    status = {row.payment_id: row for row in rows(office, "payment_status")}
    due: Counter[str] = Counter()
    paid: Counter[tuple[str, str]] = Counter()
    in_time = reasons = 0
    for one in rows(office, "payment"):
        stands = status[one.id]
        if one.cycle != "2021-05" or stands.money in NOT_DUE:
            continue
        due[stands.provider] += one.amount
        reasons += stands.money in OWED
        if stands.money == "SETTLED":
            paid[stands.provider, stands.method] += one.amount
            window = pay_window(programme, Cycle(2021, 5), Method(stands.method), one.commune)
            in_time += stands.effective_on <= window.last
    money = report.table("money")
    by_provider: Counter[str] = Counter()
    for name, amount in zip(
        cells(money, "Đơn vị chi trả", Level.LINE),
        cells(money, "Phải chi (đồng)", Level.LINE),
        strict=True,
    ):
        by_provider[name] += amount

    assert sorted(by_provider.values()) == sorted(due.values())
    assert sum(paid.values()) == report.totals["paid_amount"]
    assert report.totals["on_time"] == in_time > 0
    assert sum(report.totals["failures"].values()) == reasons > 0


def test_a_month_is_told_by_the_places_of_that_month(office: Office, manifest: Manifest) -> None:
    """Years later codes mean larger units, and two communes lie in another town."""
    del manifest
    asked_then = month_of(office, "2021-05")
    office.clock.move_to(datetime(2026, 11, 24, tzinfo=UTC))
    later = month_of(office, "2021-05")
    places = cells(later.table("communes"), "Xã, phường", Level.LINE)

    for name in ("communes", "money", "failures", "arrival", "agents"):
        first, again = asked_then.table(name), later.table(name)
        assert [row.cells[:3] for row in again.rows] == [row.cells[:3] for row in first.rows], name
    assert {"Phường Thủy Dương", "Xã Thủy Vân", "Phường Thủy Châu"} <= set(places)
    assert "Cộng Thị xã Hương Thủy" in cells(later.table("communes"), "Xã, phường", Level.AREA)


@pytest.mark.parametrize("name", ["communes", "money", "words", "failures", "complaints"])
def test_lines_come_to_areas_and_areas_to_all(
    office: Office, manifest: Manifest, name: str
) -> None:
    del manifest
    table = month_of(office, "2021-05").table(name)
    for at, column in enumerate(table.columns):
        if column.kind not in {"count", "money"}:
            continue
        sums = {
            level: sum(row.cells[at] or 0 for row in table.rows if row.level is level)  # type: ignore[misc]
            for level in Level
        }
        assert sums[Level.LINE] == sums[Level.AREA] == sums[Level.ALL], column.title


def test_an_arrival_curve_rises_to_the_share_paid(office: Office, manifest: Manifest) -> None:
    del manifest
    report = month_of(office, "2021-04")
    table = report.table("arrival")
    for row in table.rows:
        shares = [cell for cell in row.cells[3:] if isinstance(cell, float)]
        assert shares == sorted(shares)
        assert 0 <= shares[0] <= shares[-1] <= 1
    due = [row.cells[2] for row in table.rows if row.level is Level.ALL]
    last = [row.cells[-1] for row in table.rows if row.level is Level.ALL]

    assert (
        sum(
            round(n * part)
            for n, part in zip(due, last, strict=True)
            if isinstance(n, int) and isinstance(part, float)
        )
        == (report.totals["paid"])
    )


def test_progress_adds_all_months_and_counts_people_once(
    office: Office, manifest: Manifest
) -> None:
    day = local_day(manifest.now)
    report = progress_of(office, day)
    wanted = expected(manifest, {"2021-04", "2021-05"})
    paid = {one.code for one in manifest.expect if one.state == "SETTLED"}
    listed = {one.code for one in manifest.expect if one.state != "NOT_LISTED"}

    assert {name: report.totals[name] for name in wanted} == wanted
    assert report.totals["paid_people"] == len(paid)
    assert report.totals["listed_people"] == len(listed)
    assert report.totals["people"] == len(rows(office, "beneficiary"))
    table = report.table("progress")
    assert cells(table, "Người đã được chi", Level.ALL) == [len(paid)]
    assert sum(cells(table, "Đối tượng", Level.LINE)) == report.totals["people"]
    by_method = [
        cells(table, title, Level.ALL)[0]
        for title in (
            *("Đăng ký tài khoản", "Đăng ký ví", "Đăng ký tiền mặt"),
            *("Đăng ký nhận tại nhà", "Chưa đăng ký"),
        )
    ]
    assert sum(by_method) == report.totals["people"]


def test_complaints_are_the_cases_there_are(office: Office, manifest: Manifest) -> None:
    kinds = Counter(row.kind for row in rows(office, "care_case"))
    table = progress_of(office, local_day(manifest.now)).table("complaints")

    assert cells(table, "Tranh chấp nhận tiền", Level.ALL) == [kinds["dispute"]]
    assert kinds["dispute"] > 0


def test_disputes_are_counted_from_their_events(office: Office, manifest: Manifest) -> None:
    events = rows(office, "event")
    months = {row.id: row.cycle for row in rows(office, "payment")}
    opened = {row.payment_id for row in events if row.type == "dispute_opened"}
    day = local_day(manifest.now)
    report = progress_of(office, day)
    table = report.table("disputes")

    assert (
        cells(table, "Đã mở", Level.ALL) == [len(opened)] == [report.totals["disputes"]["opened"]]
    )
    # Nobody settles any in this district, and the months are long over.
    assert cells(table, "Đang mở", Level.ALL) == [len(opened)]
    assert 0 < cells(table, "Trong đó quá hạn", Level.ALL)[0] <= len(opened)
    by_month = [month_of(office, month).totals["disputes"]["opened"] for month in PLAYED]
    assert sum(by_month) == len(opened) == sum(cells(table, "Đã mở", Level.LINE))
    assert by_month[0] == sum(months[number] == "2021-04" for number in opened)


def test_the_report_of_a_day_can_be_made_again_later(office: Office, district: Path) -> None:
    whole = read_manifest(district)
    assert whole is not None
    day = date(2021, 4, 14)
    until = [step for step in whole.steps if local_day(step.at) <= day]
    write_manifest(district, replace(whole, steps=tuple(until), expect=()))
    office.does([["play", district]])
    then = progress_of(office, day)
    write_manifest(district, whole)
    office.does([["play", district]])
    later = progress_of(office, day)

    assert 0 < len(until) < len(whole.steps)
    assert later.totals["due"] == then.totals["due"] > then.totals["paid"] > 0
    for before, after in zip(then.tables, later.tables, strict=True):
        assert after.rows == before.rows, after.name
    assert later.totals == then.totals
    assert later.head != then.head


def test_an_areas_report_is_its_own_part_of_the_whole(office: Office, manifest: Manifest) -> None:
    day = local_day(manifest.now)
    areas = {one.code for one in office.session.parts.programme.areas if one.paid}
    whole = progress_of(office, day).totals
    found = [progress_of(office, day, area).totals for area in areas]

    assert sum(one["due_amount"] for one in found) == whole["due_amount"]
    assert all(0 < one["paid"] < whole["paid"] for one in found)


def test_the_spreadsheets_hold_the_same_and_their_charts(
    office: Office, manifest: Manifest, tmp_path: Path
) -> None:
    del manifest
    files = (tmp_path / "thang.xlsx", tmp_path / "tien-do.xlsx")
    assert office.types("report", "month", "2021-05", "--out", files[0], "--json") == 0
    month = json.loads(office.out.getvalue())
    words = ("--as-of", "2021-06-20", "--out", files[1], "--json")
    assert office.types("report", "progress", *words) == 0
    progress = json.loads(office.out.getvalue())

    for file, said, sheet, charts in (
        (files[0], month, "Chi trả", {"Theo xã": 1, "Lỗi theo mã": 1, "Đường tiền về": 5}),
        (files[1], progress, "Chi trả", {"Theo xã": 1, "Lỗi theo mã": 1, "Theo tháng": 3}),
    ):
        book = openpyxl.load_workbook(file)
        for one in book.worksheets:
            assert said["head"] in str(one["A3"].value)
            assert len(one._charts) == charts.get(one.title, 0), one.title  # type: ignore[attr-defined]
        heads = [cell.value for cell in book[sheet][6]]
        total = [cell.value for cell in list(book[sheet].rows)[-1]]
        assert total[heads.index("Đã chi (đồng)")] == said["paid_amount"]
        assert total[heads.index("Phải chi (khoản)")] == said["due"]


def test_what_nobody_keeps_yet_is_said_to_be_so(
    office: Office, manifest: Manifest, tmp_path: Path
) -> None:
    del manifest
    file = tmp_path / "tien-do.xlsx"
    assert office.types("report", "progress", "--as-of", "2021-06-20", "--out", file) == 0
    assert "đã chi" in office.out.getvalue()
    sheet = openpyxl.load_workbook(file)["Tiến độ"]
    heads = [cell.value for cell in sheet[6]]
    row = [cell.value for cell in sheet[7]]

    assert row[heads.index("Thẻ đã phát")] == "chưa theo dõi"
    assert isinstance(row[heads.index("Đối tượng")], int)


def test_a_month_nobody_began_and_a_day_that_is_none_are_refused(
    office: Office, tmp_path: Path
) -> None:
    assert office.types("report", "month", "2021-07", "--out", tmp_path / "x.xlsx") == 2
    words = ("--as-of", "20/06/2021", "--out", tmp_path / "x.xlsx")
    assert office.types("report", "progress", *words) == 2
    assert "2021-06-20" in office.err.getvalue()
    assert not list(tmp_path.glob("*.xlsx"))


def test_the_same_report_is_the_same_bytes(
    office: Office, manifest: Manifest, tmp_path: Path
) -> None:
    files = [tmp_path / "a.xlsx", tmp_path / "b.xlsx"]
    for file in files:
        office.clock.move_to(manifest.now)
        assert office.types("report", "month", "2021-05", "--out", file) == 0

    assert openpyxl.load_workbook(files[0]).sheetnames
    assert len(files[0].read_bytes()) == len(files[1].read_bytes())


def test_deliveries_at_home_are_counted_by_their_steps(office: Office, manifest: Manifest) -> None:
    report = progress_of(office, local_day(office.clock.now()))
    steps = Counter(row.type for row in rows(office, "event") if row.type.startswith("delivery_"))
    table = report.table("home")
    assert steps["delivery_handed_over"] > 0
    for name, title in (
        ("delivery_handed_over", "Đã giao tiền"),
        ("delivery_requested", "Đề nghị"),
        ("delivery_missed", "Lần đến không gặp"),
    ):
        assert cells(table, title, Level.ALL) == [steps[name]]
        assert sum(cells(table, title, Level.LINE)) == steps[name]
    assert report.totals["home_done"] == steps["delivery_handed_over"]
    early = progress_of(office, date(2021, 3, 15))
    assert early.totals["home_done"] == 0

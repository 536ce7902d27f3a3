"""Accounts that are opened for people, from the command line: lists out and in, cash meanwhile."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from python_calamine import CalamineWorkbook

from core.exchange.layouts import load_layout
from core.ledger import enrolling
from core.reports.tables import said
from core.store.commit_points import CommitPoint
from core.store.engine import Tx
from core.store.enrolments import EnrolmentRow
from core.store.outbox import MessageRow, messages
from core.store.people import beneficiaries_by_code
from core.store.tables.ledger import payment_status
from core.store.tables.messages import message
from core.terms import Method
from notifications.conditions import NOT_TRUE, untrue
from tests.bot.parts import Office
from tests.core.exchange.conftest import FOLDER
from tests.core.exchange.lists import Line, write_list
from tests.core.exchange.test_openings import BA, OPENED
from tests.core.exchange.test_registrations import CHILD, GRANDMOTHER, HOA

MONTH = ("--cycle", "2021-04")
DAY = date(2021, 3, 10)


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    made = Office(database_url, tmp_path / "var", datetime(2021, 3, 10, 2, tzinfo=UTC))
    registered = a_list(tmp_path, "registrations", HOA, BA, CHILD, GRANDMOTHER)
    made.does(
        [
            ("db", "upgrade"),
            ("staff", "add", "an", "--role", "district", "--place", "479", "--no-login"),
            ("staff", "add", "binh", "--role", "district", "--place", "479", "--no-login"),
            ("import", "registrations", registered, *MONTH),
        ]
    )
    yield made
    made.close()


def a_list(folder: Path, kind: str, *lines: Line, cycle: str = "04/2021") -> Path:
    path = folder / f"{kind}-{len(list(folder.iterdir()))}.xlsx"
    return write_list(path, load_layout(FOLDER, kind), lines, cycle=cycle)


def exported(office: Office, folder: Path, kind: str, *words: str) -> list[dict[str, Any]]:
    file = folder / f"{kind}.xlsx"
    ask = ("export", kind, *MONTH, *words, "--out", str(file), "--json")
    assert office.types(*ask) == 0, office.err.getvalue()
    rows = CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()
    heads = [str(cell) for cell in rows[3]]
    lines = [dict(zip(heads, row, strict=True)) for row in rows[4:] if isinstance(row[0], float)]
    assert json.loads(office.out.getvalue())["rows"] == len(lines)
    return lines


def test_only_who_has_all_papers_is_on_the_list_for_the_provider(
    office: Office, tmp_path: Path
) -> None:
    reviewed = a_list(
        tmp_path,
        "papers",
        {"code": "HT000200", "status": "Thiếu", "missing": "CCCD"},
        {"code": "PL000001", "role": "giám hộ", "name": "Lê Thị Gái", "status": "Đủ"},
    )
    office.does([("import", "papers", reviewed, *MONTH)])

    assert exported(office, tmp_path, "account-opening", "--provider", "vietinbank") == []
    (line,) = exported(office, tmp_path, "account-opening", "--provider", "viettel")
    assert (line["Họ tên"], line["Ngày sinh"], line["CCCD"]) == (
        *("Lê Thị Gái", "1955", "046155000777"),
    )
    assert (line["Vai trò"], line["SĐT"]) == ("người giám hộ", "0987654321")
    assert line["Đối tượng liên quan"] == "Trần Văn Bé (PL000001)"
    assert "quyết định giám hộ" in line["Giấy tờ kèm"]
    assert office.types("export", "account-opening", *MONTH, "--out", tmp_path / "x.xlsx") == 2

    (missing,) = exported(office, tmp_path, "missing-papers")
    assert missing["Giấy tờ thiếu"] == "CCCD/CMND còn hạn"
    assert "công an" in missing["Hướng dẫn bổ sung"]
    assert (missing["Hạn"], missing["Tình trạng"]) == ("25/03/2021", "Thiếu")
    (asked,) = exported(office, tmp_path, "id-cards")
    assert (asked["Họ tên"], asked["Số CMND cũ"], asked["Cấp mới/đổi"], asked["Lưu động"]) == (
        *("Lê Văn Ba", "191234567", "Đổi", "Không"),
    )
    assert "Phú Bài" in asked["Địa chỉ"]
    # What we wrote is what we read: the commune fills it in and sends it back.
    office.does([("import", "papers", tmp_path / "missing-papers.xlsx", *MONTH)])
    assert office.types("import", "id-cards", tmp_path / "id-cards.xlsx", *MONTH) == 3


def test_a_list_is_rehearsed_and_says_what_is_wrong_in_vietnamese(
    office: Office, tmp_path: Path
) -> None:
    enough = a_list(tmp_path, "papers", {"code": "HT000200", "status": "Đủ"})
    office.does([("import", "papers", enough, *MONTH, "--dry-run")])
    opened = a_list(tmp_path, "accounts", {**OPENED, "day": "09/03/2021"})
    assert office.types("import", "accounts", opened, *MONTH) == 2
    told = ("import", "accounts", opened, *MONTH, "--provider", "vietinbank", "--json")
    assert office.types(*told) == 3
    report = json.loads(office.out.getvalue())
    assert (report["rows"], report["rejected"]) == (1, 1)
    rows = CalamineWorkbook.from_path(report["reject_file"]).get_sheet_by_index(0).to_python()
    assert "Chưa rà soát giấy tờ" in str(rows[1][3])


def test_cash_until_the_account_works(office: Office, tmp_path: Path) -> None:
    enough = a_list(tmp_path, "papers", {"code": "HT000200", "status": "Đủ"})
    opened = a_list(tmp_path, "accounts", {**OPENED, "day": "09/03/2021"})
    handed = a_list(tmp_path, "cards", {"code": "HT000200", "status": "Đã trao"})
    of_bank = (*MONTH, "--provider", "vietinbank")
    office.does(
        [
            ("import", "papers", enough, *MONTH),
            ("import", "accounts", opened, *of_bank),
            ("import", "cards", handed, *MONTH),
        ]
    )
    assert way_of(office, tmp_path, "2021-04") == ("cash", "post")
    office.clock.move_to(datetime(2021, 3, 12, 2, tzinfo=UTC))
    credited = a_list(tmp_path, "cards", {"code": "HT000200", "status": "Đã ghi có lần đầu"})
    office.does([("import", "cards", credited, *MONTH)])
    assert way_of(office, tmp_path, "2021-05") == ("account", "vietinbank")
    assert office.types("ledger", "verify") == 0


def way_of(office: Office, folder: Path, cycle: str) -> tuple[str, str]:
    """How Ba is paid in a month that is listed and frozen now."""
    line: Line = {
        "code": "HT000200",
        "name": "Lê Văn Ba",
        "commune": "Phường Phú Bài",
        "category": "5.6a",
        "monthly": 540000,
        "total": 540000,
    }
    pay = a_list(folder, "payroll", line, cycle=f"{cycle[5:]}/{cycle[:4]}")
    office.does(
        [
            ("import", "payroll", pay, "--cycle", cycle),
            ("cycle", "freeze", cycle, "--by", "an"),
        ]
    )
    query = sa.select(payment_status.c.method, payment_status.c.provider).where(
        payment_status.c.cycle == cycle
    )
    (row,) = office.session.parts.store.read(lambda tx: tx.connection.execute(query).all())
    return row.method, row.provider


def of_progress(office: Office, folder: Path, day: str) -> dict[str, Any]:
    """The sum over everybody, by heading."""
    file = folder / f"progress-{day}.xlsx"
    office.does([("report", "progress", "--as-of", day, "--out", file)])
    rows = CalamineWorkbook.from_path(file).get_sheet_by_name("Tiến độ").to_python()
    return dict(zip(map(str, rows[5]), rows[-1], strict=False))


def test_the_progress_report_counts_papers_id_cards_accounts_and_cards_by_day(
    office: Office, tmp_path: Path
) -> None:
    heads = ("papers_complete", "papers_missing", "id_cards", "accounts", "cards")
    names = [said(f"column.{name}", "vi") for name in heads]

    def on(day: int) -> None:
        office.clock.move_to(datetime(2021, 3, day, 2, tzinfo=UTC))

    def counted(day: str) -> list[Any]:
        found = of_progress(office, tmp_path, day)
        return [found[name] for name in names]

    on(11)
    registered = counted("2021-03-10")[3]
    assert counted("2021-03-10") == [*["chưa theo dõi"] * 3, registered, "chưa theo dõi"]
    missing = {"code": "PL000001", "role": "giám hộ", "name": "Lê Thị Gái"}
    reviewed = a_list(
        tmp_path,
        "papers",
        {"code": "HT000200", "status": "Thiếu", "missing": "CCCD"},
        missing | {"status": "Thiếu", "missing": "quyết định giám hộ"},
    )
    issued = {"code": "HT000200", "name": "Lê Văn Ba", "result": "Đã cấp", "day": "12/03/2021"}
    office.does([("import", "papers", reviewed, *MONTH)])
    on(12)
    office.does(
        [
            (
                *("import", "id-cards"),
                a_list(tmp_path, "id-cards", issued | {"new_id": "046050000777"}),
                *MONTH,
            )
        ]
    )
    on(13)
    opened = a_list(tmp_path, "accounts", {**OPENED, "day": "12/03/2021"})
    handed = a_list(tmp_path, "cards", {"code": "HT000200", "status": "Đã trao"})
    office.does(
        [
            ("import", "accounts", opened, *MONTH, "--provider", "vietinbank"),
            ("import", "cards", handed, *MONTH),
        ]
    )
    on(14)

    assert counted("2021-03-11") == [0, 2, 0, registered, 0]
    assert counted("2021-03-12") == [1, 1, 1, registered, 0]
    assert counted("2021-03-13") == [1, 1, 1, registered + 1, 1]


@pytest.mark.parametrize("table", ["account_opening", "enrolment"])
def test_a_row_that_somebody_altered_is_found_and_mended(
    office: Office, tmp_path: Path, table: str
) -> None:
    store, parts = office.session.parts.store, office.session.parts
    review = a_list(tmp_path, "papers", {"code": "HT000200", "status": "Đủ"})
    office.does([("import", "papers", review, *MONTH)])

    def drafted(tx: Tx) -> None:
        desk = enrolling.Desk(tx, parts.ledger, parts.programme, "an")
        person = beneficiaries_by_code(tx, ["HT000123"])["HT000123"]
        assert isinstance(enrolling.draft(desk, person, enrolling.Wish(Method.CASH)), EnrolmentRow)

    store.transact(drafted, CommitPoint.DECISION)
    state = sa.text(f"SELECT state FROM {table}")
    before = store.read(lambda tx: tx.connection.execute(state).scalars().all())
    assert office.types("ledger", "rebuild", "--check") == 0
    change = sa.text(f"UPDATE {table} SET state = 'ACTIVE'")
    store.transact(lambda tx: tx.connection.execute(change) and None, CommitPoint.SIMULATE)

    assert office.types("ledger", "rebuild", "--check") == 1
    assert office.types("ledger", "rebuild") == 0
    assert store.read(lambda tx: tx.connection.execute(state).scalars().all()) == before
    assert office.types("ledger", "rebuild", "--check") == 0


def test_the_list_of_missing_papers_comes_back_as_it_went_out(
    office: Office, tmp_path: Path
) -> None:
    lacks: Line = {"code": "HT000200", "status": "Thiếu", "missing": "CCCD; phiếu đăng ký"}
    office.does([("import", "papers", a_list(tmp_path, "papers", lacks), *MONTH)])
    exported(office, tmp_path, "missing-papers")
    back = tmp_path / "missing-papers.xlsx"
    office.does([("import", "papers", back, *MONTH)])
    (missing,) = exported(office, tmp_path, "missing-papers")
    assert missing["Giấy tờ thiếu"] == "CCCD/CMND còn hạn, phiếu đăng ký"


def test_reminders_of_papers_wait_for_a_second_person_and_come_once_a_month(
    office: Office, tmp_path: Path
) -> None:
    ward: Line = {"code": "PL000001", "role": "giám hộ", "name": "Lê Thị Gái"}
    lacks: Line = {**ward, "status": "Thiếu", "missing": "CCCD", "due": "30/03/2021"}
    review = a_list(tmp_path, "papers", lacks)
    office.does([("import", "papers", review, *MONTH), ("notify", "papers", "--by", "an")])
    assert "1 tin nhắc giấy tờ" in office.out.getvalue()

    def written() -> list[MessageRow]:
        def work(tx: Tx) -> list[MessageRow]:
            of_papers = sa.select(message.c.id).where(message.c.purpose == "papers")
            return messages(tx, tx.connection.execute(of_papers).scalars())

        return office.session.parts.store.read(work)

    (one,) = written()
    assert (one.state, one.address) == ("held", "0987654321")
    assert one.text == (
        "CHITRA: Ho so mo tai khoan con thieu giay to, xin mang den xa truoc 30/03/2021."
        " Trong luc cho, tien van tra nhu cu. Khong gui giay to, ma qua dien thoai."
    )
    assert one.segments == 1
    assert office.types("notify", "release", "--cycle", "2021-03", "--by", "an") == 2
    office.does([("notify", "release", "--cycle", "2021-03", "--by", "binh")])
    assert [one.state for one in written()] == ["queued"]
    office.does([("notify", "papers", "--by", "an")])
    assert "Không có ai cần nhắc" in office.out.getvalue()

    read = office.session.parts.store.read
    assert read(lambda tx: untrue(tx, written(), DAY)) == {}
    enough = a_list(tmp_path, "papers", {**ward, "status": "Đủ"})
    office.does([("import", "papers", enough, *MONTH)])
    assert set(read(lambda tx: untrue(tx, written(), DAY)).values()) == {NOT_TRUE}
    office.clock.move_to(datetime(2021, 4, 1, 2, tzinfo=UTC))
    office.does([("notify", "papers", "--by", "an", "--json")])
    assert json.loads(office.out.getvalue()) == {"cycle": "2021-04", "messages": 0}

"""A whole payday through the command line, on both engines."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from core.exchange.layouts import load_layout
from core.ledger.reads import payment_with_code
from core.ledger.states import Money
from core.settings import Environment, keys_of
from core.store import outbox
from tests.bot.parts import Office
from tests.core.exchange.conftest import FOLDER
from tests.core.exchange.lists import Line, write_list
from tests.core.exchange.test_registrations import CHILD, DAUGHTER, GRANDMOTHER, HOA

PAYROLL: list[Line] = [
    {
        "code": "HT000123",
        "name": "Nguyễn Thị Hoa",
        "citizen_id": "046138000123",
        "commune": "Phường Phú Bài",
        "category": "5.5c",
        "monthly": 270000,
        "total": 270000,
    },
    {
        "code": "HT000200",
        "name": "Lê Văn Cơ",
        "commune": "Phường Thủy Châu",
        "category": "5.6a",
        "monthly": 540000,
        "total": 540000,
    },
    {
        "code": "PL000001",
        "name": "Trần Văn Bé",
        "commune": "Xã Vinh Hưng",
        "category": "5.1b",
        "monthly": 405000,
        "total": 405000,
    },
]


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    made = Office(database_url, tmp_path / "var", datetime(2021, 3, 20, 2, tzinfo=UTC))
    yield made
    made.close()


def lists(folder: Path) -> dict[str, Path]:
    def written(name: str, lines: list[Line]) -> Path:
        return write_list(folder / f"{name}.xlsx", load_layout(FOLDER, name), lines)

    return {
        "registrations": written("registrations", [HOA, DAUGHTER, CHILD, GRANDMOTHER]),
        "payroll": written("payroll", PAYROLL),
        "funding": written(
            "funding",
            [
                {"voucher": "KB01", "day": "01/04/2021", "provider": name, "amount": amount}
                for name, amount in (
                    ("VietinBank", 270000),
                    ("Bưu điện", 540000),
                    ("Viettel", 405000),
                )
            ],
        ),
        "vietinbank": written(
            "results-vietinbank",
            [
                {
                    "payment": "2104-HT000123-M-1",
                    "day": "05/04/2021",
                    "amount": 270000,
                    "status": "Thành công",
                }
            ],
        ),
        "post": written(
            "results-post",
            [
                {
                    "payment": "2104-HT000200-M-1",
                    "status": "Từ chối",
                    "day": "08/04/2021",
                    "amount": 540000,
                    "error": "Hết hạn ủy quyền",
                },
                {
                    "payment": "2104-HT999999-M-1",
                    "status": "Đã chi",
                    "day": "08/04/2021",
                    "amount": 100,
                },
            ],
        ),
    }


def to_instruction(office: Office, files: dict[str, Path], out: Path) -> None:
    office.does(
        [
            ("staff", "add", "an", "--role", "district", "--place", "479", "--no-login"),
            ("staff", "add", "binh", "--role", "district", "--place", "479", "--no-login"),
            ("import", "registrations", files["registrations"], "--cycle", "2021-04"),
            ("import", "payroll", files["payroll"], "--cycle", "2021-04", "--by", "an"),
            ("cycle", "freeze", "2021-04", "--by", "an"),
            ("cycle", "approve", "2021-04", "--by", "an"),
            ("cycle", "approve", "2021-04", "--by", "binh"),
        ]
    )
    assert office.types("cycle", "instruct", "2021-04", "--by", "an", "--out", out) == 2
    office.clock.move_to(datetime(2021, 4, 2, 2, tzinfo=UTC))
    office.does(
        [
            ("import", "funding", files["funding"], "--cycle", "2021-04", "--by", "an"),
            ("cycle", "instruct", "2021-04", "--by", "an", "--out", out),
        ]
    )
    office.clock.move_to(datetime(2021, 4, 9, 2, tzinfo=UTC))


def money_of(office: Office, code: str) -> Money:
    found = office.session.parts.store.read(lambda tx: payment_with_code(tx, code))
    assert found is not None
    return found.money


def test_a_month_goes_from_list_to_results(office: Office, tmp_path: Path) -> None:
    files, out = lists(tmp_path), tmp_path / "orders"
    to_instruction(office, files, out)
    order = CalamineWorkbook.from_path(out / "lenh-chi-vietinbank-2021-04.xlsx")
    rows = order.get_sheet_by_index(0).to_python()
    assert ["2104-HT000123-M-1", "HT000123", "NGUYEN THI HOA", "101234567890", 270000.0] in [
        row[1:6] for row in rows
    ]
    bank = ("import", "results", files["vietinbank"], "--cycle", "2021-04")
    assert office.types(*bank, "--provider", "vietinbank") == 0
    post = ("import", "results", files["post"], "--cycle", "2021-04", "--provider", "post")
    assert office.types(*post, "--json") == 3
    report = json.loads(office.out.getvalue())
    assert (report["accepted"], report["rejected"], report["suspense"]) == (1, 1, 1)
    assert Path(report["reject_file"]).is_file()
    assert money_of(office, "2104-HT000123-M-1") is Money.SETTLED
    assert money_of(office, "2104-HT000200-M-1") is Money.FAILED
    assert money_of(office, "2104-PL000001-M-1") is Money.INSTRUCTED
    assert office.types("ledger", "verify") == 0
    assert office.types("ledger", "rebuild", "--check") == 0


def test_every_step_done_again_changes_nothing_and_ends_the_same(
    office: Office, tmp_path: Path
) -> None:
    files, out = lists(tmp_path), tmp_path / "orders"
    to_instruction(office, files, out)
    steps = [
        ("staff", "add", "an", "--role", "district", "--place", "479", "--no-login"),
        ("import", "registrations", files["registrations"], "--cycle", "2021-04"),
        ("import", "payroll", files["payroll"], "--cycle", "2021-04", "--by", "an"),
        ("cycle", "freeze", "2021-04", "--by", "an"),
        ("cycle", "approve", "2021-04", "--by", "an"),
        ("cycle", "approve", "2021-04", "--by", "binh"),
        ("import", "funding", files["funding"], "--cycle", "2021-04", "--by", "an"),
        ("cycle", "instruct", "2021-04", "--by", "an", "--out", out),
    ]
    post = ("import", "results", files["post"], "--cycle", "2021-04", "--provider", "post")
    office.types(*post)
    office.types("ledger", "verify", "--json")
    before = json.loads(office.out.getvalue())["events"]
    for step in steps:
        assert office.types(*step) == 0, step
    assert office.types(*post) == 3
    office.types("ledger", "verify", "--json")
    assert json.loads(office.out.getvalue())["events"] == before


def test_one_person_cannot_approve_alone(office: Office, tmp_path: Path) -> None:
    files = lists(tmp_path)
    office.does(
        [
            ("staff", "add", "an", "--role", "district", "--place", "479", "--no-login"),
            ("import", "payroll", files["payroll"], "--cycle", "2021-04", "--by", "an"),
            ("cycle", "freeze", "2021-04", "--by", "an"),
            ("cycle", "approve", "2021-04", "--by", "an"),
            ("cycle", "approve", "2021-04", "--by", "an"),
        ]
    )
    assert money_of(office, "2104-HT000123-M-1") is Money.LISTED


def test_a_stranger_to_the_office_moves_nothing(office: Office, tmp_path: Path) -> None:
    files = lists(tmp_path)
    office.types("import", "payroll", files["payroll"], "--cycle", "2021-04")
    assert office.types("cycle", "freeze", "2021-04", "--by", "la") == 2
    assert "la" in office.err.getvalue()


def test_the_person_and_the_relative_are_told_once_and_only_what_each_may_hear(
    office: Office, tmp_path: Path
) -> None:
    files, out = lists(tmp_path), tmp_path / "orders"
    to_instruction(office, files, out)
    bank = ("import", "results", files["vietinbank"], "--cycle", "2021-04", "--by", "an")
    for _ in range(2):
        assert office.types(*bank, "--provider", "vietinbank") == 0
    store = office.session.parts.store
    told = {
        row.address: row
        for row in store.read(lambda tx: outbox.messages(tx, range(1, 50)))
        if row.channel == "sms"
    }
    assert set(told) == {"0912345678", "0901112223"}
    # A number that only a list gave us hears no amount, whatever was agreed to (design 4).
    assert "270" not in told["0912345678"].text
    assert "VietinBank bao da chuyen" in told["0912345678"].text
    assert "270" not in told["0901112223"].text
    assert all(row.state == "held" and row.segments == 1 for row in told.values())
    assert office.types("notify", "release", "--cycle", "2021-04", "--by", "an") == 2
    assert office.types("notify", "release", "--cycle", "2021-04", "--by", "binh") == 0
    assert office.types("notify", "release", "--cycle", "2021-04", "--by", "binh") == 0


def test_a_list_is_taken_in_by_an_officer_or_by_nobody_known(
    office: Office, tmp_path: Path
) -> None:
    files = lists(tmp_path)
    to_instruction(office, files, tmp_path / "orders")
    list_ = ("import", "results", files["vietinbank"], "--cycle", "2021-04")
    bank = (*list_, "--provider", "vietinbank")
    release = ("notify", "release", "--cycle", "2021-04", "--by")

    for words in (("--by", "la"), ("--by", "la", "--dry-run")):
        assert office.types(*bank, *words) == 2
        assert office.err.getvalue().startswith("Không có cán bộ mang mã la.")
    office.does([bank])
    given = office.session.settings
    keys = keys_of(given)
    real = replace(
        given,
        env=Environment.PRODUCTION,
        encryption_keys=keys.sealing,
        index_key=keys.indexing,
    )
    office.session.turn_to(real, office.clock)
    office.does([(*release, "an"), (*release, "an")])
    assert "chờ người thứ hai" in office.out.getvalue()
    assert messages(office) == {"held"}

    office.does([(*release, "binh")])
    assert "đã cho gửi" in office.out.getvalue()
    assert messages(office) == {"queued"}


def test_in_a_rehearsal_one_person_releases_a_list_of_nobody_known(
    office: Office, tmp_path: Path
) -> None:
    files = lists(tmp_path)
    to_instruction(office, files, tmp_path / "orders")
    list_ = ("import", "results", files["vietinbank"], "--cycle", "2021-04")
    office.does([(*list_, "--provider", "vietinbank")])
    assert messages(office) == {"held"}
    office.does([("notify", "release", "--cycle", "2021-04", "--by", "binh")])
    assert messages(office) == {"queued"}


def test_nobody_is_called_as_the_unknown_importer(office: Office) -> None:
    assert office.types("staff", "add", "cli", "--role", "province", "--place", "*") == 2


def messages(office: Office) -> set[str]:
    """The states of all messages."""
    store = office.session.parts.store
    return {one.state for one in store.read(lambda tx: outbox.messages(tx, range(1, 50)))}

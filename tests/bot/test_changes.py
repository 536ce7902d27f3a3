"""The three lists of changes from the command line: shown, refused, mended, on both engines."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.exchange.layouts import load_layout
from core.store.commit_points import CommitPoint
from tests import builders
from tests.bot.citizens import rows
from tests.bot.parts import Office
from tests.core.exchange.conftest import FOLDER
from tests.core.exchange.lists import Line, write_list
from tests.core.exchange.test_changes import APRIL_TAM, LAN, LAN_NEW, TAM_GONE
from tests.core.exchange.test_payroll import HOA

MAY = "2021-05"


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    made = Office(database_url, tmp_path / "var", datetime(2021, 4, 20, 2, tzinfo=UTC))
    for code in ("an", "binh"):
        made.does([("staff", "add", code, "--role", "district", "--place", "479", "--no-login")])
    yield made
    made.close()


def brings(
    office: Office, folder: Path, kind: str, *lines: Line, cycle: str = MAY, dry_run: bool = False
) -> int:
    amount = sum(int(line.get("total", line.get("recover", 0))) for line in lines)
    path = folder / f"{kind}-{cycle}-{len(list(folder.iterdir()))}.xlsx"
    declared = f"{cycle[5:]}/{cycle[:4]}"
    write_list(path, load_layout(FOLDER, kind), lines, cycle=declared, amount=amount)
    words = ("--dry-run",) if dry_run else ()
    return office.types("import", kind, path, "--cycle", cycle, "--by", "an", *words)


def test_an_approval_waits_until_each_person_is_explained(office: Office, tmp_path: Path) -> None:
    assert brings(office, tmp_path, "payroll", HOA, APRIL_TAM, cycle="2021-04") == 0
    assert brings(office, tmp_path, "payroll", HOA, LAN) == 0
    assert brings(office, tmp_path, "increases", LAN_NEW, dry_run=True) == 0
    assert brings(office, tmp_path, "increases", LAN_NEW) == 0
    office.does([("cycle", "freeze", MAY, "--by", "an")])

    assert office.types("cycle", "status", MAY) == 0
    said = office.out.getvalue()
    assert "PL000045 (Xã Vinh Hưng), kỳ trước 540.000 đ, kỳ này 0 đ" in said
    assert "dòng trong danh sách giảm" in said
    assert office.types("cycle", "approve", MAY, "--by", "an") == 2
    refused = office.err.getvalue()
    assert "Xã Vinh Hưng còn 1 người" in refused
    assert "PL000045" in refused
    assert brings(office, tmp_path, "decreases", TAM_GONE) == 0
    office.does([("cycle", "approve", MAY, "--by", by) for by in ("an", "binh")])
    assert office.types("cycle", "status", MAY) == 0
    assert "Mọi thay đổi đều có trong danh sách." in office.out.getvalue()
    assert office.types("ledger", "verify") == 0
    assert office.types("ledger", "rebuild", "--check") == 0


def test_everybody_who_changed_is_named_with_the_lines_behind_it(
    office: Office, tmp_path: Path
) -> None:
    assert brings(office, tmp_path, "payroll", HOA, APRIL_TAM, cycle="2021-04") == 0
    assert brings(office, tmp_path, "payroll", HOA, LAN) == 0
    assert brings(office, tmp_path, "increases", LAN_NEW) == 0
    assert brings(office, tmp_path, "decreases", TAM_GONE) == 0
    assert office.types("cycle", "status", MAY, "--changes") == 0
    said = office.out.getvalue()
    new = next(line for line in said.splitlines() if "HT000200" in line)
    assert "mới vào danh sách, có truy lĩnh" in new
    assert "kỳ trước 0 đ, kỳ này 270.000 đ và truy lĩnh 540.000 đ" in new
    assert "dòng 6 danh sách chi trả" in new
    assert "dòng 5 danh sách tăng" in new
    assert "increases-2021-05-" in new
    gone = next(line for line in said.splitlines() if "PL000045" in line)
    assert "thôi nhận" in gone
    assert "dòng 5 danh sách giảm" in gone
    assert "HT000123" not in said
    assert office.types("cycle", "status", MAY, "--changes", "--json") == 0
    (first, second) = json.loads(office.out.getvalue())["comparison"]["differences"]
    assert (first["code"], first["changes"], first["arrears"]) == (
        *("HT000200", ["new", "arrears"]),
        540000,
    )
    assert (second["code"], second["lines"][0]["list"]) == ("PL000045", "decreased")


def test_whoever_has_no_way_to_be_paid_is_named_and_holds_up_the_month(
    office: Office, tmp_path: Path
) -> None:
    assert brings(office, tmp_path, "payroll", HOA) == 0
    parts = office.session.parts
    parts.store.transact(
        lambda tx: builders.a_payment(tx, parts.ledger, "XX000001", cycle=MAY, commune="00001"),
        CommitPoint.CYCLE_MOVE,
    )
    assert office.types("cycle", "status", MAY) == 0
    assert "Chưa có đường chi trả" not in office.out.getvalue()
    office.does([("cycle", "freeze", MAY, "--by", "an")])

    assert office.types("cycle", "approve", MAY, "--by", "an") == 2
    assert "còn 1 khoản chưa có đường chi trả, ví dụ 2105-XX000001-M-1" in office.err.getvalue()
    assert "cycle status 2021-05" in office.err.getvalue()
    assert office.types("cycle", "status", MAY) == 0
    assert "Chưa có đường chi trả: 2105-XX000001-M-1 (00001)" in office.out.getvalue()
    assert office.types("cycle", "status", MAY, "--json") == 0
    assert json.loads(office.out.getvalue())["unrouted"] == ["2105-XX000001-M-1"]


def test_a_month_names_its_files_and_never_where_they_lay(office: Office, tmp_path: Path) -> None:
    assert brings(office, tmp_path, "payroll", HOA, LAN) == 0
    (first,) = tmp_path.glob("payroll-*.xlsx")
    assert brings(office, tmp_path, "payroll", HOA, LAN, LAN) == 3
    assert office.types("cycle", "status", MAY) == 0
    said = office.out.getvalue()
    assert f"Tệp payroll ({first.name}): an nhập lúc" in said
    assert "nhận 2 dòng, đã có 0, không nhận 0" in said
    assert str(tmp_path) not in said

    # The same file under another name is the same file, and keeps its first.
    renamed = first.rename(tmp_path / "Danh sách bà Lan.xlsx")
    assert office.types("import", "payroll", renamed, "--cycle", MAY, "--by", "an") == 0
    assert office.types("cycle", "status", MAY, "--json") == 0
    files = json.loads(office.out.getvalue())["files"]
    assert files[0]["name"] == first.name
    assert "Danh sách bà Lan.xlsx" not in [one["name"] for one in files]
    assert (files[0]["kind"], files[0]["accepted"], files[0]["finished"]) == ("payroll", 2, True)


def test_what_a_file_was_called_is_sealed(office: Office, tmp_path: Path) -> None:
    path = write_list(
        tmp_path / "Trợ cấp của Nguyễn Thị Lan.xlsx",
        load_layout(FOLDER, "payroll"),
        [HOA, LAN],
        cycle="05/2021",
        amount=sum(int(line["total"]) for line in (HOA, LAN)),
    )
    assert office.types("import", "payroll", path, "--cycle", MAY, "--by", "an") == 0

    (file,) = rows(office.session.parts, "import_file")
    assert b"Lan" not in bytes(file["name"])
    assert office.types("cycle", "status", MAY) == 0
    assert "(Trợ cấp của Nguyễn Thị Lan.xlsx)" in office.out.getvalue()


def test_machines_read_the_same(office: Office, tmp_path: Path) -> None:
    assert brings(office, tmp_path, "payroll", HOA, APRIL_TAM, cycle="2021-04") == 0
    assert office.types("cycle", "status", "2021-04", "--json") == 0
    assert json.loads(office.out.getvalue())["comparison"] is None
    assert brings(office, tmp_path, "payroll", HOA, LAN) == 0
    assert office.types("cycle", "status", MAY, "--json") == 0
    found = json.loads(office.out.getvalue())["comparison"]

    assert (found["before"], found["lists"]) == ("2021-04", 0)
    assert [one["code"] for one in found["unexplained"]] == ["HT000200", "PL000045"]
    assert found["changes"] == {"arrears": 1, "new": 1, "stopped": 1}
    assert found["communes"]["19960"]["off_heads"] == 1


def test_the_quality_of_a_list_is_for_lists_of_people_only(office: Office, tmp_path: Path) -> None:
    layout = load_layout(FOLDER, "payroll")
    path = write_list(tmp_path / "cu.xlsx", layout, [HOA], cycle="06/2020")
    out = tmp_path / "chat-luong.xlsx"
    words = ("--cycle", "2020-06", "--quality", out)

    assert office.types("import", "payroll", path, *words, "--dry-run") == 0
    assert out.is_file()
    assert office.types("import", "decreases", path, *words) == 2
    assert "--quality" in office.err.getvalue()

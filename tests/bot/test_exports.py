"""What the office gives to the Treasury, the Post and the portal: read back as they read it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from core.ledger import chain
from core.ledger.events import EventType, NewEvent
from core.ledger.reads import payment_with_code
from core.ledger.states import Money
from core.store.commit_points import CommitPoint
from tests.bot.months import APRIL, BA, CO, HOA, MAY, Month, april_is_closed, may_is_approved
from tests.bot.parts import Office
from tests.bot.test_payday import lists, money_of, to_instruction
from tests.builders import NOW
from tests.core.exchange.test_registrations import CHILD, GRANDMOTHER


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    made = Office(database_url, tmp_path / "var", datetime(2021, 3, 20, 2, tzinfo=UTC))
    yield made
    made.close()


def written(office: Office, folder: Path, kind: str, cycle: str, *words: str) -> dict[str, Any]:
    file = folder / f"{kind}.xlsx"
    ask = ("export", kind, "--cycle", cycle, *words, "--out", str(file), "--json")
    assert office.types(*ask) == 0, office.err.getvalue()
    told: dict[str, Any] = json.loads(office.out.getvalue())
    return told


def table(folder: Path, kind: str) -> list[dict[str, Any]]:
    """The lines below the headings, by heading; and what stands below them is left out."""
    rows = CalamineWorkbook.from_path(folder / f"{kind}.xlsx").get_sheet_by_index(0).to_python()
    heads = [str(cell) for cell in rows[3]]
    return [dict(zip(heads, row, strict=True)) for row in rows[4:] if isinstance(row[0], float)]


def everything(folder: Path, kind: str) -> str:
    rows = CalamineWorkbook.from_path(folder / f"{kind}.xlsx").get_sheet_by_index(0).to_python()
    return "\n".join(" ".join(str(cell) for cell in row) for row in rows)


def test_the_treasury_is_asked_for_what_is_missing_and_no_more(
    office: Office, tmp_path: Path
) -> None:
    april_is_closed(office, tmp_path)
    may_is_approved(office, tmp_path)

    told = written(office, tmp_path, "treasury-summary", MAY)

    asked = {one["provider"]: one for one in told["providers"]}
    assert {name: one["requested"] for name, one in asked.items()} == {
        "vietinbank": 270000,
        "post": 810000,
        "viettel": 405000,
    }
    assert (asked["post"]["heads"], asked["post"]["amount"], asked["post"]["carried"]) == (
        *(3, 1350000),
        540000,
    )
    lines = table(tmp_path, "treasury-summary")
    by_commune = {(one["Đơn vị chi trả"], one["Xã/phường"]): one for one in lines}
    chau = by_commune["Bưu điện", "Phường Thủy Châu"]
    assert (chau["Số khoản tiền mặt"], chau["Tiền mặt"]) == (2, 1080000)
    # Two payments of one person: this month's, and what she did not collect last month.
    assert (chau["Số đối tượng"], chau["Tổng số khoản"]) == (1, 2)
    assert asked["post"]["people"] == 2
    assert (chau["Chuyển từ kỳ trước"], chau["Đề nghị cấp"]) == (540000, 540000)
    bai = by_commune["Bưu điện", "Phường Phú Bài"]
    assert (bai["Chuyển từ kỳ trước"], bai["Đề nghị cấp"]) == (0, 270000)
    assert sum(one["Đề nghị cấp"] for one in lines) == told["requested"] == 1485000
    assert chau["Tài khoản nhận"] == (
        "000000000002 - Bưu điện tỉnh, tại VietinBank Thừa Thiên Huế (SỐ MẪU, huyện điền số thật)"
    )
    text = everything(tmp_path, "treasury-summary")
    assert "một triệu bốn trăm tám mươi lăm nghìn đồng" in text
    assert f"Tổng số đối tượng (mỗi người tính một lần): {told['people']}" in text
    head = office.session.parts.store.read(chain.verify).head
    assert head is not None
    assert head in text
    assert told["head"] == head


def test_the_request_stays_what_was_approved_when_somebody_is_taken_off(
    office: Office, tmp_path: Path
) -> None:
    april_is_closed(office, tmp_path)
    may_is_approved(office, tmp_path)
    before = written(office, tmp_path, "treasury-summary", MAY)["providers"]
    parts = office.session.parts
    for code, kind in ((f"2105-{CO}-M-1", "cancelled"), (f"2105-{HOA}-M-1", "held")):
        found = parts.store.read(lambda tx, code=code: payment_with_code(tx, code))  # type: ignore[misc]
        assert found is not None
        event = NewEvent(EventType(kind), f"{kind}:{code}", "staff:an", NOW, payment_id=found.id)
        parts.store.transact(
            lambda tx, event=event: parts.ledger.record(tx, [event]),  # type: ignore[misc]
            CommitPoint.CYCLE_MOVE,
        )
    assert written(office, tmp_path, "treasury-summary", MAY)["providers"] == before


def test_a_month_that_is_not_approved_asks_for_nothing(office: Office, tmp_path: Path) -> None:
    april_is_closed(office, tmp_path)
    file = tmp_path / "x.xlsx"
    assert office.types("export", "treasury-summary", "--cycle", MAY, "--out", file) == 2
    assert not file.exists()


def test_the_post_gets_a_list_to_sign_by_pay_point(office: Office, tmp_path: Path) -> None:
    april_is_closed(office, tmp_path)
    may_is_approved(office, tmp_path)

    told = written(office, tmp_path, "cash-list", MAY, "--provider", "post")

    assert (told["rows"], told["amount"]) == (3, 1350000)
    lines = table(tmp_path, "cash-list")
    points = [one["Điểm chi trả"] for one in lines]
    assert points == sorted(points)
    mine = {one["Mã giao dịch"]: one for one in lines}
    assert set(mine) == {f"2105-{HOA}-R-1", f"2105-{CO}-M-1", f"2105-{CO}-R-1"}
    again = mine[f"2105-{HOA}-R-1"]
    assert (again["Tiền của tháng"], again["Số tiền"], again["Ký nhận"]) == ("04/2021", 270000, "")
    assert again["Họ tên"] == "Nguyễn Thị Hoa"


def test_who_was_paid_is_not_called_to_the_pay_point(office: Office, tmp_path: Path) -> None:
    to_instruction(office, lists(tmp_path), tmp_path / "orders")
    april = Month(office, tmp_path, APRIL)
    assert written(office, tmp_path, "cash-list", APRIL, "--provider", "post")["rows"] == 1
    april.reports(
        "post",
        {
            "payment": f"2104-{CO}-M-1",
            "day": "08/04/2021",
            "amount": 540000,
            "status": "Đã chi",
        },
    )
    assert written(office, tmp_path, "cash-list", APRIL, "--provider", "post")["rows"] == 0


def test_the_portal_gets_whoever_may_receive_in_somebodys_place(
    office: Office, tmp_path: Path
) -> None:
    to_instruction(office, lists(tmp_path), tmp_path / "orders")

    told = written(office, tmp_path, "portal-upload", APRIL, "--provider", "viettel")

    assert (told["rows"], told["amount"]) == (1, 405000)
    (line,) = table(tmp_path, "portal-upload")
    assert (line["Mã giao dịch"], line["Đối tượng hưởng"]) == (f"2104-{BA}-M-1", CHILD["name"])
    assert line["Người được ủy quyền"] == GRANDMOTHER["name"]
    assert line["CCCD người được ủy quyền"] == GRANDMOTHER["citizen_id"]
    assert line["Họ tên người nhận"] == GRANDMOTHER["name"]


def test_the_order_to_viettel_names_the_receiver_with_the_receivers_own_number(
    office: Office, tmp_path: Path
) -> None:
    to_instruction(office, lists(tmp_path), tmp_path / "orders")

    written(office, tmp_path, "payment-order", APRIL, "--provider", "viettel")

    (line,) = table(tmp_path, "payment-order")
    assert (line["Họ tên người nhận"], line["CCCD người nhận"]) == (
        GRANDMOTHER["name"],
        GRANDMOTHER["citizen_id"],
    )
    assert line["Đối tượng hưởng"] == CHILD["name"]
    # Whoever has no wallet is paid in cash: the order must say so, and where and when.
    assert line["SĐT ViettelPay"] == ""
    assert line["Hình thức"] == "tiền mặt tại điểm chi trả"
    assert line["Điểm chi trả"]
    assert line["Ngày chi"]


def test_an_authority_that_has_run_out_receives_nothing(office: Office, tmp_path: Path) -> None:
    files = lists(tmp_path)
    month = Month(office, tmp_path, APRIL)
    ended = dict(GRANDMOTHER) | {"valid_from": "01/01/2021", "valid_to": "31/03/2021"}
    office.does(
        [
            ("staff", "add", "an", "--role", "district", "--place", "479", "--no-login"),
            ("staff", "add", "binh", "--role", "district", "--place", "479", "--no-login"),
        ]
    )
    assert month.sends("registrations", CHILD, ended) == 0, office.err.getvalue()
    office.does([("import", "payroll", files["payroll"], "--cycle", APRIL, "--by", "an")])
    month.moves(("freeze", "an"), ("approve", "an"), ("approve", "binh"))
    written(office, tmp_path, "portal-upload", APRIL, "--provider", "viettel")
    (line,) = table(tmp_path, "portal-upload")
    assert (line["Người được ủy quyền"], line["Họ tên người nhận"]) == ("", CHILD["name"])


def test_a_provider_without_a_portal_is_refused(office: Office, tmp_path: Path) -> None:
    to_instruction(office, lists(tmp_path), tmp_path / "orders")
    file = tmp_path / "x.xlsx"
    ask = ("export", "portal-upload", "--cycle", APRIL, "--provider", "post", "--out", file)
    assert office.types(*ask) == 2
    assert "Bưu điện" in office.err.getvalue() or "post" in office.err.getvalue()
    assert office.types("export", "cash-list", "--cycle", APRIL, "--out", file) == 2
    assert not file.exists()


@pytest.mark.parametrize(
    "kind",
    [
        ("payment-order", "--provider", "post"),
        ("cash-list", "--provider", "post"),
        ("treasury-summary",),
        ("reconciliation",),
    ],
)
def test_a_file_that_cannot_be_written_is_refused_with_its_place(
    office: Office, tmp_path: Path, kind: tuple[str, ...]
) -> None:
    to_instruction(office, lists(tmp_path), tmp_path / "orders")
    place = tmp_path / "orders" / "lenh-chi-post-2021-04.xlsx" / "x.xlsx"
    assert office.types("export", *kind, "--cycle", APRIL, "--out", place) == 2
    assert str(place) in office.err.getvalue()


def test_orders_that_cannot_be_written_are_not_given(office: Office, tmp_path: Path) -> None:
    blocked = tmp_path / "a-file"
    blocked.touch()
    with pytest.raises(AssertionError, match="instruct"):
        to_instruction(office, lists(tmp_path), blocked)
    assert str(blocked) in office.err.getvalue()
    assert money_of(office, f"2104-{HOA}-M-1") is Money.APPROVED

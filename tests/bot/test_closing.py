"""A month is closed from the command line, with the files that a district has: on both engines."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from core.exchange.layouts import load_layout
from core.ledger import chain
from core.ledger.facts import CycleState
from core.ledger.reads import cycle_facts
from core.ledger.states import Money
from tests.bot.parts import Office
from tests.bot.test_payday import lists, money_of, to_instruction
from tests.core.exchange.conftest import FOLDER
from tests.core.exchange.lists import Line, write_list

HOA, CO, BA = "2104-HT000123-M-1", "2104-HT000200-M-1", "2104-PL000001-M-1"
STRANGER = "2104-HT777777-M-1"
PAID: Line = {"day": "05/04/2021", "status": "Thành công"}


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    made = Office(database_url, tmp_path / "var", datetime(2021, 3, 20, 2, tzinfo=UTC))
    to_instruction(made, lists(tmp_path), tmp_path / "orders")
    yield made
    made.close()


@pytest.fixture
def sends(office: Office, tmp_path: Path) -> "Sends":
    return Sends(office, tmp_path)


class Sends:
    """Whoever sends files in April 2021."""

    def __init__(self, office: Office, folder: Path) -> None:
        self.office, self.folder, self.files = office, folder, 0

    def __call__(self, kind: str, *lines: Line, provider: str = "") -> int:
        self.files += 1
        name = f"{kind}-{provider}" if kind == "results" else kind
        path = self.folder / f"{self.files}.xlsx"
        write_list(path, load_layout(FOLDER, name), lines)
        of = ("--provider", provider) if provider else ()
        return self.office.types("import", kind, path, "--cycle", "2021-04", *of)

    def close(self) -> int:
        return self.office.types("cycle", "close", "2021-04", "--by", "an")


def everybody_but_the_post_reports(sends: Sends) -> None:
    paid = {**PAID, "payment": HOA, "amount": 270000}
    assert sends("results", paid, provider="vietinbank") == 0
    wallet = {**PAID, "payment": BA, "amount": 405000}
    assert sends("results", wallet, provider="viettel") == 0


def balances(sends: Sends, *, number: int, post: int, bank: int = 0) -> int:
    held = {"VietinBank": bank, "Bưu điện": post, "Viettel": 0}
    lines: list[Line] = [
        {"voucher": f"XN{number}", "day": "09/04/2021", "provider": name, "amount": amount}
        for name, amount in held.items()
    ]
    return sends("balances", *lines)


def state(office: Office) -> CycleState | None:
    parts = office.session.parts
    facts = parts.store.read(lambda tx: cycle_facts(tx, parts.programme.tenant, "2021-04"))
    return facts.state if facts is not None else None


def test_cash_that_nobody_collects_is_given_up_and_the_month_closed(
    office: Office, sends: Sends, tmp_path: Path
) -> None:
    everybody_but_the_post_reports(sends)
    waits: Line = {
        "payment": CO, "status": "Chưa đến nhận", "day": "08/04/2021", "amount": 540000
    }  # fmt: skip
    assert sends("results", waits, provider="post") == 0
    assert sends.close() == 2
    assert sends("unclaimed", {"payment": CO, "amount": 540000}, provider="post") == 0
    assert money_of(office, CO) is Money.UNCLAIMED
    assert sends.close() == 2
    assert balances(sends, number=1, post=540000) == 0
    assert state(office) is CycleState.RECONCILING

    assert sends.close() == 0

    assert state(office) is CycleState.CLOSED
    assert office.types("cycle", "status", "2021-04") == 0
    assert "Kỳ 2021-04: đã đóng." in office.out.getvalue()
    file = tmp_path / "bien-ban.xlsx"
    ask = ("export", "reconciliation", "--cycle", "2021-04", "--out", file, "--json")
    assert office.types(*ask) == 0
    assert not json.loads(office.out.getvalue())["provisional"]
    rows = CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()
    assert not any("BẢN TẠM" in str(row[0]) for row in rows)
    assert sends.close() == 0
    assert office.types("ledger", "verify") == 0
    assert office.types("ledger", "rebuild", "--check") == 0


def test_the_minutes_of_a_month_say_what_the_ledger_says(
    office: Office, sends: Sends, tmp_path: Path
) -> None:
    everybody_but_the_post_reports(sends)
    waits: Line = {
        "payment": CO, "status": "Chưa đến nhận", "day": "08/04/2021", "amount": 540000
    }  # fmt: skip
    stranger = {**PAID, "payment": STRANGER, "amount": 99000}
    assert sends("results", waits, provider="post") == 0
    assert sends("results", stranger, provider="vietinbank") == 3
    assert balances(sends, number=1, post=7) == 0
    file = tmp_path / "bien-ban.xlsx"
    ask = ("export", "reconciliation", "--cycle", "2021-04", "--out", file, "--json")
    assert office.types(*ask) == 0
    told = json.loads(office.out.getvalue())
    by_name = {one["provider"]: one for one in told["providers"]}

    for one in by_name.values():
        came = one["carried"] + one["funded"]
        gone = one["paid"] + one["in_transit"] + one["given_back"] + one["passed_on"]
        assert came == gone + one["suspense"] + one["held"]
    assert (by_name["vietinbank"]["paid_heads"], by_name["vietinbank"]["paid"]) == (1, 270000)
    assert (by_name["vietinbank"]["suspense"], by_name["vietinbank"]["held"]) == (99000, -99000)
    assert (by_name["post"]["in_transit"], by_name["post"]["difference"]) == (540000, 7)
    head = office.session.parts.store.read(chain.verify).head or ""
    assert len(head) == 64
    assert told["head"] == head
    rows = CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()
    assert rows[0][0] == "BIÊN BẢN ĐỐI SOÁT KỲ CHI TRẢ"
    assert any(head in str(row[0]) for row in rows)
    assert ["Tổng cộng", 3.0, 1215000.0] in [row[:3] for row in rows]
    assert told["provisional"]
    assert "BẢN TẠM, chưa dùng để ký" in str(rows[3][0])


def test_a_month_nobody_listed_has_no_minutes(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "bien-ban.xlsx"
    ask = ("export", "reconciliation", "--cycle", "2021-09", "--out", file)
    assert office.types(*ask) == 2
    assert not file.exists()


def test_the_list_of_unclaimed_cash_twice_gives_up_once(office: Office, sends: Sends) -> None:
    waits: Line = {
        "payment": CO, "status": "Chưa đến nhận", "day": "08/04/2021", "amount": 540000
    }  # fmt: skip
    assert sends("results", waits, provider="post") == 0
    given_up: Line = {"payment": CO, "amount": 540000}
    assert sends("unclaimed", given_up, provider="post") == 0
    again = {**given_up, "reference": "gửi lại"}
    assert sends("unclaimed", again, provider="post") == 0
    assert money_of(office, CO) is Money.UNCLAIMED


def test_cash_that_was_never_ready_cannot_be_given_up(office: Office, sends: Sends) -> None:
    assert sends("unclaimed", {"payment": CO, "amount": 540000}, provider="post") == 3
    assert money_of(office, CO) is Money.INSTRUCTED


def test_what_nobody_explains_is_withdrawn_by_who_reported_it(office: Office, sends: Sends) -> None:
    everybody_but_the_post_reports(sends)
    stranger = {**PAID, "payment": STRANGER, "amount": 99000}
    assert sends("results", stranger, provider="vietinbank") == 3
    no: Line = {"payment": CO, "status": "Từ chối", "day": "08/04/2021", "amount": 540000}
    assert sends("results", no, provider="post") == 0
    assert balances(sends, number=1, post=540000) == 0
    assert sends.close() == 2

    back = {**stranger, "status": "Hủy dòng", "day": "09/04/2021"}
    assert sends("results", {**back, "amount": 98000}, provider="vietinbank") == 3
    assert sends("results", back, provider="vietinbank") == 0
    assert sends("results", {**back, "day": "08/04/2021"}, provider="vietinbank") == 3
    assert balances(sends, number=2, post=540000) == 0
    assert sends.close() == 0


def test_a_real_payment_is_not_withdrawn(office: Office, sends: Sends) -> None:
    everybody_but_the_post_reports(sends)
    unsaid = {**PAID, "payment": HOA, "amount": 270000, "status": "Hủy dòng"}
    assert sends("results", unsaid, provider="vietinbank") == 3
    assert money_of(office, HOA) is Money.SETTLED


def test_a_late_return_opens_a_closed_month(office: Office, sends: Sends) -> None:
    everybody_but_the_post_reports(sends)
    no: Line = {"payment": CO, "status": "Từ chối", "day": "08/04/2021", "amount": 540000}
    sends("results", no, provider="post")
    balances(sends, number=1, post=540000)
    assert sends.close() == 0
    back: Line = {
        "payment": HOA, "day": "09/04/2021", "amount": 270000, "status": "Hoàn trả", "error": "R02"
    }  # fmt: skip
    assert sends("results", back, provider="vietinbank") == 0
    assert state(office) is CycleState.RECONCILING
    assert balances(sends, number=2, post=540000, bank=270000) == 0
    assert sends.close() == 0
    assert office.types("ledger", "verify") == 0

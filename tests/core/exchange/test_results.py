"""What providers report, and what they should not have: on both engines."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.exchange.layouts import load_layout
from core.ledger.states import Money
from core.refusals import Code
from tests.bot.parts import Office
from tests.bot.test_payday import lists, money_of, to_instruction
from tests.core.exchange.conftest import FOLDER
from tests.core.exchange.lists import Line, write_list

HOA = "2104-HT000123-M-1"
CO = "2104-HT000200-M-1"
BANK: Line = {"payment": HOA, "day": "05/04/2021", "amount": 270000, "status": "Thành công"}


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    made = Office(database_url, tmp_path / "var", datetime(2021, 3, 20, 2, tzinfo=UTC))
    to_instruction(made, lists(tmp_path), tmp_path / "orders")
    yield made
    made.close()


def reported(office: Office, folder: Path, name: str, *lines: Line, provider: str) -> int:
    layout = load_layout(FOLDER, f"results-{provider}")
    path = write_list(folder / f"{name}.xlsx", layout, lines)
    command = ("import", "results", path, "--cycle", "2021-04", "--provider", provider)
    return office.types(*command)


def events(office: Office) -> int:
    from core.ledger import chain

    return office.session.parts.store.read(chain.verify).events


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"payment": "2104-HT999999-M-1"}, Code.RESULT_UNKNOWN_PAYMENT),
        ({"payment": ""}, Code.RESULT_UNKNOWN_PAYMENT),
        ({"amount": 270001}, Code.RESULT_WRONG_AMOUNT),
        ({"amount": "hai trăm"}, Code.AMOUNT_NOT_A_NUMBER),
        ({"status": "chắc rồi"}, Code.RESULT_STATUS_UNKNOWN),
        ({"day": "31/04/2021"}, Code.DAY_NOT_A_DAY),
        ({"day": "05/04/2031"}, Code.DAY_IN_FUTURE),
        ({"day": "05/04/2020"}, Code.RESULT_BEFORE_ORDER),
        ({"day": "01/01/2021", "status": "Thất bại", "error": "TK_SAI"}, Code.RESULT_BEFORE_ORDER),
        ({"payment": CO, "amount": 540000}, Code.RESULT_WRONG_PROVIDER),
    ],
)
def test_a_line_that_cannot_be_believed_goes_to_a_person(
    office: Office, tmp_path: Path, change: Line, code: Code
) -> None:
    assert reported(office, tmp_path, "a", {**BANK, **change}, provider="vietinbank") == 3
    assert office.session.rejected == 1
    assert money_of(office, HOA) is Money.INSTRUCTED
    from core.exchange import results
    from core.exchange.intake import Desk, take_in
    from core.exchange.verdicts import Report

    parts = office.session.parts
    desk = Desk(
        parts.store, parts.ledger, parts.programme, parts.clock,
        parts.layout("results-vietinbank"), "2021-04", "vietinbank", "an",
    )  # fmt: skip
    again = take_in(tmp_path / "a.xlsx", results.KIND, desk)
    assert isinstance(again, Report)
    assert [one.problem.refusal.code for one in again.rejects] == [code]


def test_the_same_result_in_a_later_file_happens_once(office: Office, tmp_path: Path) -> None:
    assert reported(office, tmp_path, "a", BANK, provider="vietinbank") == 0
    before = events(office)
    again = dict(BANK) | {"number": 7, "note": "gửi lại"}
    assert reported(office, tmp_path, "b", again, provider="vietinbank") == 0
    assert events(office) == before


def test_a_late_return_comes_after_the_payment_it_returns(office: Office, tmp_path: Path) -> None:
    back = dict(BANK) | {"day": "08/04/2021", "status": "Hoàn trả", "error": "R02"}
    # In one file, the return before its payment: order must not matter.
    assert reported(office, tmp_path, "a", back, BANK, provider="vietinbank") == 0
    assert money_of(office, HOA) is Money.RETURNED
    assert office.types("ledger", "verify") == 0


def test_a_contradiction_keeps_what_was_reported_first(office: Office, tmp_path: Path) -> None:
    assert reported(office, tmp_path, "a", BANK, provider="vietinbank") == 0
    failed = dict(BANK) | {"status": "Thất bại", "error": "R03"}
    assert reported(office, tmp_path, "b", failed, provider="vietinbank") == 3
    assert money_of(office, HOA) is Money.SETTLED


def test_money_paid_for_nothing_we_know_stands_in_suspense(office: Office, tmp_path: Path) -> None:
    stranger = dict(BANK) | {"payment": "2104-HT777777-M-1", "amount": 99000}
    assert reported(office, tmp_path, "a", BANK, stranger, provider="vietinbank") == 3
    assert money_of(office, HOA) is Money.SETTLED
    import sqlalchemy as sa

    from core.store.tables.ledger import posting

    held = office.session.parts.store.read(
        lambda tx: tx.connection.scalar(
            sa.select(sa.func.sum(posting.c.amount)).where(posting.c.account == "C400")
        )
    )
    assert held == 99000
    assert office.types("ledger", "verify") == 0


def test_cash_that_waited_is_collected(office: Office, tmp_path: Path) -> None:
    waits: Line = {
        "payment": CO, "status": "Chưa đến nhận", "day": "08/04/2021", "amount": 540000
    }  # fmt: skip
    assert reported(office, tmp_path, "a", waits, provider="post") == 0
    assert money_of(office, CO) is Money.READY_CASH
    paid = dict(waits) | {"status": "Đã chi", "day": "09/04/2021"}
    assert reported(office, tmp_path, "b", paid, provider="post") == 0
    assert money_of(office, CO) is Money.SETTLED

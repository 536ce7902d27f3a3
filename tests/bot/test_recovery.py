"""What was ordered for a month without entitlement comes back: on both engines."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.ledger.states import Money
from tests.bot.months import APRIL, BA, CO, HOA, MAY, Month, april_is_closed
from tests.bot.parts import Office
from tests.bot.test_payday import PAYROLL, money_of
from tests.core.exchange.lists import Line
from verifier.verify_ledger import main

PAID, WAITS, FAILED = (f"2104-{code}-M-1" for code in (BA, CO, HOA))


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    made = Office(database_url, tmp_path / "var", datetime(2021, 3, 20, 2, tzinfo=UTC))
    yield made
    made.close()


def gone(code: str, reason: str, recover: int | str = "") -> Line:
    return {"code": code, "reason": reason, "since": "04/2021", "recover": recover}


def repaid(number: str, payment: str, amount: int) -> Line:
    return {
        "voucher": number,
        "day": "26/04/2021",
        "provider": "Kho bạc",
        "payer": "Gia đình",
        "amount": amount,
        "payment": payment,
    }


def dues(office: Office) -> dict[str, tuple[int, int]]:
    assert office.types("recovery", "list", "--json") == 0
    rows = [json.loads(line) for line in office.out.getvalue().splitlines()]
    return {row["payment"]: (row["due"], row["repaid"]) for row in rows}


def all_is_well(office: Office) -> None:
    assert office.types("ledger", "verify") == 0
    assert office.types("ledger", "rebuild", "--check") == 0


@pytest.fixture
def april(office: Office, tmp_path: Path) -> Month:
    """April is closed; May's list of decreases says that two had no right to it any more.

    One of them, Ba, lives in Phú Lộc, whose officers are loc and vinh.
    """
    april = april_is_closed(office, tmp_path)
    for code in ("loc", "vinh"):
        office.does([("staff", "add", code, "--role", "district", "--place", "482", "--no-login")])
    office.clock.move_to(datetime(2021, 4, 27, 2, tzinfo=UTC))
    assert office.types("recovery", "list") == 0
    assert "Không có khoản nào phải thu hồi." in office.out.getvalue()
    may = Month(office, tmp_path, MAY)
    assert may.sends("payroll", *PAYROLL, amount=1215000) == 0, office.err.getvalue()
    lines = (gone(BA, "Chết"), gone(CO, "Chuyển đi", 540000))
    assert may.sends("decreases", *lines, amount=540000) == 0, office.err.getvalue()
    return april


def test_what_was_paid_is_repaid_in_parts(office: Office, april: Month) -> None:
    assert dues(office) == {PAID: (405000, 0), WAITS: (540000, 0)}
    assert april.sends("funding", repaid("TH1", PAID, 100000)) == 0, office.err.getvalue()
    assert office.types("ledger", "explain", PAID) == 0
    assert "đã thu 100.000 đồng, còn 305.000 đồng" in office.out.getvalue()
    assert april.sends("funding", repaid("TH2", PAID, 305001)) == 3
    assert april.sends("funding", repaid("TH3", PAID, 305000)) == 0
    assert april.sends("funding", repaid("TH3", PAID, 305000), repaid("TH9", PAID, 1)) == 3
    assert dues(office)[PAID] == (405000, 405000)
    assert office.types("ledger", "explain", PAID) == 0
    assert "Đã thu hồi đủ 405.000" in office.out.getvalue()
    assert money_of(office, PAID) is Money.SETTLED
    # Nothing that a provider holds has changed: the month stays closed.
    assert office.types("cycle", "status", APRIL) == 0
    assert "đã đóng" in office.out.getvalue()
    all_is_well(office)


@pytest.mark.parametrize("payment", ["", WAITS, FAILED, "2104-HT009999-M-1"])
def test_only_what_was_paid_and_is_due_is_taken(office: Office, april: Month, payment: str) -> None:
    assert april.sends("funding", repaid("TH1", payment, 1000)) == 3
    assert dues(office) == {PAID: (405000, 0), WAITS: (540000, 0)}


def test_what_the_provider_still_has_is_not_paid_again_and_goes_back(
    office: Office, april: Month, tmp_path: Path
) -> None:
    Month(office, tmp_path, MAY).moves(("freeze", "an"))
    assert office.types("ledger", "explain", f"2105-{HOA}-R-1") == 0
    assert office.types("ledger", "explain", f"2105-{CO}-R-1") == 2
    back: Line = {**repaid("HT1", WAITS, 540000), "payer": "Bưu điện"}
    assert april.sends("funding", back) == 0, office.err.getvalue()
    assert money_of(office, WAITS) is Money.REFUNDED
    assert office.types("recovery", "list", "--json") == 0
    rows = [json.loads(line) for line in office.out.getvalue().splitlines()]
    assert [row["left"] for row in rows if row["payment"] == WAITS] == [0]
    all_is_well(office)


def test_the_same_list_again_asks_for_nothing_more(
    office: Office, april: Month, tmp_path: Path
) -> None:
    may = Month(office, tmp_path / "again", MAY)
    may.folder.mkdir()
    assert may.sends("decreases", gone(BA, "Chết"), amount=0) == 0, office.err.getvalue()
    assert dues(office) == {PAID: (405000, 0), WAITS: (540000, 0)}


def forgives(office: Office, by: str, why: str = "hardship", payment: str = PAID) -> int:
    return office.types("recovery", "forgive", payment, "--why", why, "--by", by)


def test_two_people_forgive_what_is_left_after_a_part(office: Office, april: Month) -> None:
    assert april.sends("funding", repaid("TH1", PAID, 100000)) == 0
    assert forgives(office, "loc") == 0
    assert "Cần một người khác" in office.out.getvalue()
    assert forgives(office, "loc") == 0
    assert "Cần một người khác" in office.out.getvalue()
    assert office.types("recovery", "list") == 0
    assert "loc đề nghị miễn thu 305.000 đồng" in office.out.getvalue()
    assert forgives(office, "vinh") == 0
    assert "Đã miễn thu 305.000 đồng" in office.out.getvalue()
    assert office.types("recovery", "list", "--json") == 0
    rows = [json.loads(line) for line in office.out.getvalue().splitlines()]
    (one,) = [row for row in rows if row["payment"] == PAID]
    sums = {name: one[name] for name in ("due", "repaid", "forgiven", "left", "proposed")}
    assert sums == {
        "due": 405000,
        "repaid": 100000,
        "forgiven": 305000,
        "left": 0,
        "proposed": None,
    }
    assert office.types("ledger", "explain", PAID) == 0
    assert "miễn thu hồi 305.000" in office.out.getvalue()
    assert forgives(office, "loc") == 2
    assert april.sends("funding", repaid("TH2", PAID, 1)) == 3
    assert money_of(office, PAID) is Money.SETTLED
    all_is_well(office)


def test_another_reason_or_another_rest_is_another_word(office: Office, april: Month) -> None:
    assert forgives(office, "loc") == 0
    assert forgives(office, "vinh", why="no_heir") == 0
    assert april.sends("funding", repaid("TH1", PAID, 5000)) == 0
    assert forgives(office, "loc", why="no_heir") == 0
    assert "Cần một người khác" in office.out.getvalue()
    assert forgives(office, "vinh", why="no_heir") == 0
    assert "Đã miễn thu 400.000 đồng" in office.out.getvalue()
    all_is_well(office)


@pytest.mark.parametrize("payment", [WAITS, FAILED, "2104-HT009999-M-1"])
def test_only_what_was_paid_and_is_due_is_forgiven(
    office: Office, april: Month, payment: str
) -> None:
    assert april.cycle == APRIL
    assert forgives(office, "an", payment=payment) == 2
    assert forgives(office, "nobody") == 2


def test_the_verifier_agrees_with_what_was_forgiven(
    office: Office, april: Month, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert april.sends("funding", repaid("TH1", PAID, 100000)) == 0
    assert forgives(office, "loc") == 0
    assert forgives(office, "vinh") == 0
    place = database_url.removeprefix("sqlite:///").replace("+psycopg", "")
    assert main([place]) == 0, capsys.readouterr().out


def test_an_officer_of_another_area_forgives_nothing(office: Office, april: Month) -> None:
    assert forgives(office, "an") == 2
    assert f"Không có khoản chi nào mang mã {PAID}." in office.err.getvalue()
    assert forgives(office, "loc") == 0
    assert forgives(office, "binh") == 2
    assert dues(office)[PAID] == (405000, 0)
    rows = [json.loads(line) for line in office.out.getvalue().splitlines()]
    assert [row["left"] for row in rows if row["payment"] == PAID] == [405000]

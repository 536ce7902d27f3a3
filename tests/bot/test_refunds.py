"""What a provider gives back to the Treasury: for one payment, or what was left over."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.ledger.states import Money
from tests.bot.months import (
    APRIL,
    CO,
    HOA,
    MAY,
    Month,
    april_is_closed,
    may_is_approved,
    may_is_paid,
)
from tests.bot.parts import Office
from tests.bot.test_payday import money_of
from tests.core.exchange.lists import Line

UNCOLLECTED = f"2104-{CO}-M-1"


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    made = Office(database_url, tmp_path / "var", datetime(2021, 3, 20, 2, tzinfo=UTC))
    yield made
    made.close()


def back(number: str, payer: str, amount: int, payment: str = "", day: str = "09/04/2021") -> Line:
    return {
        "voucher": number,
        "day": day,
        "provider": "Kho bạc Nhà nước",
        "payer": payer,
        "amount": amount,
        "payment": payment,
    }


def given_back(office: Office, folder: Path, cycle: str = APRIL) -> dict[str, int]:
    file = str(folder / "bb.xlsx")
    assert office.types("export", "reconciliation", "--cycle", cycle, "--out", file, "--json") == 0
    told = json.loads(office.out.getvalue())
    for one in told["providers"]:
        came = one["carried"] + one["funded"]
        gone = one["paid"] + one["in_transit"] + one["given_back"] + one["passed_on"]
        assert came == gone + one["suspense"] + one["held"], one
    return {one["provider"]: one["given_back"] for one in told["providers"]}


def all_is_well(office: Office) -> None:
    assert office.types("ledger", "verify") == 0
    assert office.types("ledger", "rebuild", "--check") == 0


def test_a_payment_that_nobody_will_get_goes_back_to_the_treasury(
    office: Office, tmp_path: Path
) -> None:
    april = april_is_closed(office, tmp_path)
    paper = back("HT01", "Bưu điện", 540000, UNCOLLECTED)

    assert april.sends("funding", paper) == 0, office.err.getvalue()

    assert money_of(office, UNCOLLECTED) is Money.REFUNDED
    assert given_back(office, tmp_path) == {"post": 540000, "vietinbank": 0, "viettel": 0}
    all_is_well(office)
    # The same paper in another list changes nothing; refunded money is not paid again.
    assert april.sends("funding", paper, back("HT09", "VietinBank", 1)) == 3
    assert given_back(office, tmp_path)["post"] == 540000
    may_is_approved(office, tmp_path)
    assert office.types("ledger", "explain", f"2105-{CO}-R-1") == 2
    all_is_well(office)


def test_what_another_provider_paid_in_its_place_is_surplus(office: Office, tmp_path: Path) -> None:
    april = april_is_closed(office, tmp_path)
    rest = back("HT02", "VietinBank", 270000)
    # Until somebody else is to pay it, it is owed to Hoa.
    assert april.sends("funding", rest) == 3
    may_is_paid(may_is_approved(office, tmp_path))

    late = back("HT03", "VietinBank", 270000, day="08/05/2021")
    assert april.sends("funding", late) == 0, office.err.getvalue()

    assert given_back(office, tmp_path)["vietinbank"] == 270000
    all_is_well(office)
    may = Month(office, tmp_path, MAY)
    may.states("09/05/2021", vietinbank=0, post=0, viettel=0)
    may.moves(("close", "an"))
    all_is_well(office)


@pytest.mark.parametrize(
    "paper",
    [
        back("HT04", "Bưu điện", 540001, UNCOLLECTED),
        back("HT05", "VietinBank", 540000, UNCOLLECTED),
        back("HT06", "Viettel", 405000, "2104-PL000001-M-1"),
        back("HT07", "Bưu điện", 540000, f"2105-{HOA}-M-1"),
        back("HT08", "Viettel", 1),
        back("HT10", "", 540000),
        back("HT12", "Bưu điện", 540000, UNCOLLECTED, day="10/04/2021"),
    ],
    ids=["amount", "provider", "settled", "unknown", "nothing held", "no payer", "tomorrow"],
)
def test_a_paper_that_cannot_be_true_changes_nothing(
    office: Office, tmp_path: Path, paper: Line
) -> None:
    april = april_is_closed(office, tmp_path)
    assert april.sends("funding", paper) == 3
    assert given_back(office, tmp_path) == {"post": 0, "vietinbank": 0, "viettel": 0}
    assert money_of(office, UNCOLLECTED) is Money.UNCLAIMED


def test_one_paper_may_name_several_payments(office: Office, tmp_path: Path) -> None:
    april = april_is_closed(office, tmp_path)
    both = (
        back("HT11", "Bưu điện", 540000, UNCOLLECTED),
        back("HT11", "VietinBank", 270000, f"2104-{HOA}-M-1"),
    )
    assert april.sends("funding", *both) == 0, office.err.getvalue()
    assert given_back(office, tmp_path) == {"post": 540000, "vietinbank": 270000, "viettel": 0}
    all_is_well(office)

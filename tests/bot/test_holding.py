"""Payments held back before their order and let go by another person: on both engines."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.store.tables.ledger import payment, payment_status
from tests.bot.months import APRIL, CO, HOA, Month
from tests.bot.parts import Office
from tests.bot.test_payday import lists

HOAS, COS = f"2104-{HOA}-M-1", f"2104-{CO}-M-1"


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    made = Office(database_url, tmp_path / "var", datetime(2021, 3, 20, 2, tzinfo=UTC))
    yield made
    made.close()


def stands(office: Office, code: str) -> str:
    query = (
        sa.select(payment_status.c.money)
        .join(payment, payment.c.id == payment_status.c.payment_id)
        .where(payment.c.code == code)
    )
    return str(office.session.parts.store.read(lambda tx: tx.connection.scalar(query)))


def listed(office: Office, folder: Path) -> dict[str, Path]:
    """April is listed: nobody has frozen it yet."""
    files = lists(folder)
    office.does(
        [
            ("db", "upgrade"),
            ("staff", "add", "an", "--role", "district", "--place", "479", "--no-login"),
            ("staff", "add", "binh", "--role", "district", "--place", "479", "--no-login"),
            ("staff", "add", "xa", "--role", "commune", "--place", "19960", "--no-login"),
            ("import", "registrations", files["registrations"], "--cycle", APRIL, "--by", "an"),
            ("import", "payroll", files["payroll"], "--cycle", APRIL, "--by", "an"),
        ]
    )
    return files


def holds(office: Office, code: str, by: str = "an", why: str = "duplicate") -> int:
    return office.types("payment", "hold", code, "--why", why, "--by", by)


def releases(office: Office, code: str, by: str) -> int:
    return office.types("payment", "release", code, "--by", by)


def test_another_person_lets_go_what_somebody_held(office: Office, tmp_path: Path) -> None:
    listed(office, tmp_path)
    assert holds(office, HOAS.lower(), why="recipient") == 0
    assert stands(office, HOAS) == "HELD"
    assert "Một cán bộ khác mới được bỏ giữ" in office.out.getvalue()
    assert holds(office, HOAS) == 2
    assert office.types("payment", "held", "--json") == 0
    (line,) = [json.loads(text) for text in office.out.getvalue().splitlines()]
    assert (line["payment"], line["why"], line["by"], line["held_from"]) == (
        *(HOAS, "recipient", "an", "LISTED"),
    )
    assert releases(office, HOAS, "an") == 2
    assert "không được tự bỏ giữ" in office.err.getvalue()
    assert releases(office, HOAS, "binh") == 0
    assert stands(office, HOAS) == "LISTED"
    assert releases(office, HOAS, "binh") == 2
    assert "không bị tạm giữ" in office.err.getvalue()
    # The same payment may be held once more.
    assert holds(office, HOAS, "binh", "death") == 0
    assert releases(office, HOAS, "an") == 0
    assert office.types("ledger", "verify") == 0


def test_only_offices_hold_payments_and_only_those_there_are(
    office: Office, tmp_path: Path
) -> None:
    listed(office, tmp_path)
    assert holds(office, HOAS, "xa") == 2
    assert holds(office, "2104-HT999999-M-1") == 2
    assert "2104-HT999999-M-1" in office.err.getvalue()
    assert stands(office, HOAS) == "LISTED"


def test_a_signature_stands_for_the_sum_that_was_seen(office: Office, tmp_path: Path) -> None:
    listed(office, tmp_path)
    april = Month(office, tmp_path, APRIL)
    april.moves(("freeze", "an"), ("approve", "an"))
    assert holds(office, COS, "binh") == 0
    assert "hai người duyệt lại" in office.out.getvalue()
    april.moves(("approve", "binh"))
    assert stands(office, HOAS) == "LISTED"
    april.moves(("approve", "an"))
    assert (stands(office, HOAS), stands(office, COS)) == ("APPROVED", "HELD")


def test_what_missed_its_approval_stays_held(office: Office, tmp_path: Path) -> None:
    listed(office, tmp_path)
    assert holds(office, HOAS) == 0
    Month(office, tmp_path, APRIL).moves(("freeze", "an"), ("approve", "an"), ("approve", "binh"))
    assert releases(office, HOAS, "binh") == 2
    assert "truy lĩnh" in office.err.getvalue()
    assert (stands(office, HOAS), stands(office, COS)) == ("HELD", "APPROVED")


def test_held_after_approval_it_is_paid_by_a_further_order(office: Office, tmp_path: Path) -> None:
    files, april = listed(office, tmp_path), Month(office, tmp_path, APRIL)
    april.moves(("freeze", "an"), ("approve", "an"), ("approve", "binh"))
    assert holds(office, HOAS) == 0
    office.clock.move_to(datetime(2021, 4, 2, 2, tzinfo=UTC))
    office.does([("import", "funding", files["funding"], "--cycle", APRIL, "--by", "an")])
    april.moves(("instruct", "an"))
    assert (stands(office, HOAS), stands(office, COS)) == ("HELD", "INSTRUCTED")
    assert holds(office, COS) == 2
    assert releases(office, HOAS, "binh") == 0
    assert stands(office, HOAS) == "APPROVED"
    april.moves(("instruct", "an"))
    assert stands(office, HOAS) == "INSTRUCTED"
    assert office.types("ledger", "verify") == 0


def test_an_officer_of_another_area_neither_holds_nor_lets_go(
    office: Office, tmp_path: Path
) -> None:
    listed(office, tmp_path)
    office.does([("staff", "add", "phu", "--role", "district", "--place", "482", "--no-login")])
    assert holds(office, HOAS, by="phu") == 2
    assert f"Không có khoản chi nào mang mã {HOAS}." in office.err.getvalue()
    assert stands(office, HOAS) == "LISTED"
    assert holds(office, HOAS) == 0
    assert releases(office, HOAS, "phu") == 2
    assert stands(office, HOAS) == "HELD"
    assert releases(office, HOAS, "binh") == 0

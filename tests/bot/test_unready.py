"""What every command answers on a database that was never brought to this release's schema."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot.parts import Office

ASKED = [
    ("import", "payroll", "list.xlsx", "--cycle", "2021-04"),
    ("export", "payment-order", "--cycle", "2021-04", "--provider", "post", "--out", "o.xlsx"),
    ("export", "reconciliation", "--cycle", "2021-04", "--out", "o.xlsx"),
    ("cycle", "status", "2021-04"),
    ("cycle", "freeze", "2021-04", "--by", "an"),
    ("ledger", "verify"),
    ("ledger", "rebuild"),
    ("ledger", "explain", "2104-HT000001-M-1"),
    ("notify", "preview", "--cycle", "2021-04"),
    ("notify", "release", "--cycle", "2021-04", "--by", "an"),
    ("staff", "add", "an", "--role", "province", "--place", "*"),
    ("staff", "reset", "an"),
    ("link-code", "HT000001"),
    ("chat", "--as", "HT000001"),
    ("programme", "load"),
    ("serve",),
    ("worker",),
    ("telegram",),
]


@pytest.fixture
def office(bare_url: str, tmp_path: Path) -> Iterator[Office]:
    made = Office(bare_url, tmp_path)
    yield made
    made.close()


@pytest.mark.parametrize("words", ASKED, ids=" ".join)
def test_it_says_to_upgrade(office: Office, words: tuple[str, ...]) -> None:
    assert office.types(*words) == 2
    assert office.out.getvalue() == ""
    (line,) = office.err.getvalue().splitlines()
    assert line.endswith("Chạy: python -m bot db upgrade")


def test_after_the_upgrade_commands_work(office: Office) -> None:
    assert office.types("db", "check") == 1
    assert office.types("staff", "add", "an", "--role", "province", "--place", "*") == 2
    office.does(
        [
            ("db", "upgrade"),
            ("db", "check"),
            ("staff", "add", "an", "--role", "province", "--place", "*"),
            ("ledger", "verify"),
        ]
    )


def test_doctor_looks_at_such_a_database_too(office: Office) -> None:
    assert office.types("doctor") == 1
    assert "database" in office.out.getvalue()

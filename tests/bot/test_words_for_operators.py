"""What an operator reads is a sentence of their language, whatever was typed."""

import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.cli.app import main
from bot.logs import configure
from core.clock import parse_instant
from core.ledger import chain
from core.ledger.findings import Finding, Wrong
from core.settings import LogLevel
from core.store import schema
from core.store.engine import open_store
from core.store.sealing import Keyring
from tests.bot.parts import Office


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    made = Office(database_url, tmp_path)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--now", "garbage", "doctor"], "“garbage” không phải là thời điểm"),
        (["cycle", "status", "2021-13"], "“2021-13” không phải là tháng"),
        (["import", "payroll", "a.xlsx", "--cycle", "thang tu"], "“thang tu” không phải là tháng"),
    ],
    ids=["now", "month", "words"],
)
def test_a_bad_time_is_answered_in_vietnamese(
    sqlite_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    told: str,
) -> None:
    monkeypatch.setenv("CHITRA_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("CHITRA_DATA_DIR", str(tmp_path))

    assert main(words) == 2
    assert capsys.readouterr().err.startswith(told)

    monkeypatch.setenv("CHITRA_LANG", "en")
    assert main(words) == 2
    assert " is not a " in capsys.readouterr().err


def test_what_is_wrong_in_the_ledger_is_a_sentence(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    verdict = replace(
        office.session.parts.store.read(chain.verify),
        findings=(
            Finding(Wrong.EVENT_CHANGED, 7),
            Finding(Wrong.PROVIDER_SHORT, -405000, "2021-04:post"),
        ),
    )
    monkeypatch.setattr("bot.cli.ledger.chain.verify", lambda *_: verdict)

    assert office.types("ledger", "verify") == 1
    said = office.out.getvalue()
    assert "Sự kiện 7 đã bị sửa." in said
    assert "Sổ của 2021-04:post thiếu 405.000 đồng" in said
    assert "event_changed" not in said


@pytest.mark.parametrize("words", [["ledger", "verify"], ["doctor"], ["db", "upgrade"]], ids=str)
@pytest.mark.parametrize(
    "url",
    ["postgresql://nobody:secret@127.0.0.1:1/x", "sqlite:////proc/x/y.db", "sqlite:///{}/bad.db"],
)
def test_a_database_that_cannot_be_opened_is_named(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    url: str,
    words: list[str],
) -> None:
    (tmp_path / "bad.db").write_text("no database of any kind, and longer than a header" * 9)
    monkeypatch.setenv("CHITRA_DATABASE_URL", url.format(tmp_path))
    monkeypatch.setenv("CHITRA_DATA_DIR", str(tmp_path))

    assert main(words) == 1
    told = capsys.readouterr().err
    assert told.startswith("Không mở được cơ sở dữ liệu ")
    assert "secret" not in told
    assert len(told.splitlines()) == 1


def test_an_upgrade_says_nothing_of_its_steps(
    bare_sqlite_url: str, keyring: Keyring, capsys: pytest.CaptureFixture[str]
) -> None:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    store = open_store(bare_sqlite_url, keyring)
    try:
        configure(LogLevel.INFO)
        schema.upgrade(store)
    finally:
        store.close()
        root.handlers[:] = before
        root.setLevel(level)

    assert capsys.readouterr().err == ""


def test_doctor_says_in_words_what_of_the_programme_is_not_confirmed(office: Office) -> None:
    assert office.types("doctor") == 1
    (line,) = [one for one in office.out.getvalue().splitlines() if "programme-confirmed" in one]
    assert "Unconfirmed" not in line
    assert "điểm chi mẫu" in line


@pytest.mark.parametrize("out", ["/proc/x", "/proc/version/x"])
def test_a_district_that_cannot_be_written_is_refused(office: Office, out: str) -> None:
    words = ("--people", "10", "--seed", "1", "--cycles", "1", "--out", out)

    assert office.types("simulate", *words) == 2
    assert out in office.err.getvalue()


def test_a_moment_in_json_is_written_as_everywhere(office: Office) -> None:
    office.does([("db", "upgrade")])
    from tests.bot.test_payday import lists

    files = lists(office.session.settings.data_dir)
    office.does(
        [
            ("import", "payroll", files["payroll"], "--cycle", "2021-04"),
            ("link-code", "HT000123", "--json"),
        ]
    )
    expires = json.loads(office.out.getvalue())["expires_at"]
    assert parse_instant(expires).isoformat() == expires

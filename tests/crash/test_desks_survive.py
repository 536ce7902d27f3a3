"""kill -9 where an officer decides, writes a relative down, or the clock asks: done again, once."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.exchange.layouts import load_layout
from core.store import outbox
from core.store.commit_points import CommitPoint
from core.store.engine import Tx
from core.store.tables.everything import metadata
from notifications import dispatch
from tests.bot.citizens import rows
from tests.bot.months import MAY, Month, april_is_closed
from tests.bot.parts import Office
from tests.bot.test_payday import PAYROLL, lists, to_instruction
from tests.core.exchange.conftest import FOLDER
from tests.core.exchange.lists import Line, write_list
from tests.crash.desk import act
from tests.crash.test_imports_survive import killed as killed_at_the_command_line

ROOT = Path(__file__).parents[2]
DAY = datetime(2021, 4, 9, 3, tzinfo=UTC)
BOOKS = ("event", "posting", "payment", "standing", "consent", "contact", "decision", "message")
MOMENTS = pytest.mark.parametrize("moment", ["before", "after"])


@pytest.fixture
def empty(database_url: str, tmp_path: Path) -> Iterator[Office]:
    made = Office(database_url, tmp_path / "var", datetime(2021, 3, 20, 2, tzinfo=UTC))
    yield made
    made.close()


@pytest.fixture
def office(empty: Office, tmp_path: Path) -> Office:
    files = lists(tmp_path)
    to_instruction(empty, files, tmp_path / "orders")
    bank = ("import", "results", files["vietinbank"], "--cycle", "2021-04")
    empty.does([(*bank, "--provider", "vietinbank", "--by", "an"),
                ("notify", "release", "--cycle", "2021-04", "--by", "binh")])  # fmt: skip
    empty.clock.move_to(DAY)
    return empty


def killed(office: Office, point: str, moment: str, what: str, *numbers: int) -> None:
    settings, at = office.session.settings, office.clock.now().isoformat()
    words = [settings.database_url, settings.data_dir, at, point, moment, what, *numbers]
    done = subprocess.run(
        [sys.executable, "-m", "tests.crash.desk", *map(str, words)],
        cwd=ROOT,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()


def counted(office: Office) -> dict[str, int]:
    return {name: len(rows(office.session.parts, name)) for name in BOOKS}


def grown(office: Office, before: dict[str, int]) -> dict[str, int]:
    now = counted(office)
    return {name: now[name] - before[name] for name in BOOKS if now[name] != before[name]}


def does_once(office: Office, point: str, moment: str, what: str, *numbers: int) -> dict[str, int]:
    """By how much the books grew: killed at the commit, then done again, and again."""
    before = counted(office)
    killed(office, point, moment, what, *numbers)
    act(office.session.parts, what, *numbers)
    once = grown(office, before)
    act(office.session.parts, what, *numbers)
    assert grown(office, before) == once
    assert office.types("ledger", "verify") == 0
    assert office.types("ledger", "rebuild", "--check") == 0
    return once


@MOMENTS
def test_a_relative_is_written_down_once_and_ended_once(office: Office, moment: str) -> None:
    made = does_once(office, "relative", moment, "add")
    assert made == {"event": 1, "standing": 1, "consent": 1, "contact": 1}
    here = max(rows(office.session.parts, "standing"), key=lambda row: int(row["id"]))
    ended = does_once(office, "relative", moment, "end", here["beneficiary_id"], here["id"])
    assert ended == {"event": 1}


@MOMENTS
def test_a_line_is_decided_once(office: Office, tmp_path: Path, moment: str) -> None:
    back: Line = {"payment": "2104-HT000123-M-1", "day": "05/04/2021", "amount": 260000,
            "status": "Thành công"}  # fmt: skip
    path = write_list(tmp_path / "again.xlsx", load_layout(FOLDER, "results-vietinbank"), [back])
    told = ("--cycle", "2021-04", "--by", "an", "--provider", "vietinbank")
    assert office.types("import", "results", path, *told) == 3
    (line,) = [row for row in rows(office.session.parts, "import_row") if row["code"]]

    once = does_once(office, "decision", moment, "keep", line["file_id"], line["row_no"])
    assert once == {"decision": 1}


@MOMENTS
@pytest.mark.parametrize(("what", "state"), [("reached", "sent"), ("again", "queued")])
def test_a_message_in_doubt_is_settled_once(
    office: Office, moment: str, what: str, state: str
) -> None:
    (number,) = [
        row["id"] for row in rows(office.session.parts, "message") if row["purpose"] == "settled"
    ][:1]

    def doubt(tx: Tx) -> None:
        states = ["held", "queued", "sent", "delivered"]
        assert outbox.move(tx, [number], sources=states, target="unknown") == [number]

    office.session.parts.store.transact(doubt, CommitPoint.OUTCOME)
    assert does_once(office, "decision", moment, what, number) == {"decision": 1}
    (found,) = [row for row in rows(office.session.parts, "message") if row["id"] == number]
    assert found["state"] == state


@MOMENTS
def test_a_question_that_was_sent_is_noted_once(office: Office, moment: str) -> None:
    parts = office.session.parts
    asyncio.run(dispatch.drain(parts.store, parts.gateways, parts.clock, parts.programme))

    assert does_once(office, "asked", moment, "ask") == {"event": 1}
    status = metadata.tables["payment_status"]
    query = sa.select(status.c.receipt).where(status.c.receipt != "NOT_ASKED")
    assert parts.store.read(lambda tx: tx.connection.scalars(query).all()) == ["ASKED"]


@MOMENTS
def test_a_freeze_that_takes_over_what_was_left_takes_it_once(
    empty: Office, tmp_path: Path, moment: str
) -> None:
    april_is_closed(empty, tmp_path)
    empty.clock.move_to(datetime(2021, 4, 25, 2, tzinfo=UTC))
    may = Month(empty, tmp_path, MAY)
    assert may.sends("payroll", *PAYROLL, amount=1215000) == 0
    before = counted(empty)
    command = ("cycle", "freeze", MAY, "--by", "an")
    killed_at_the_command_line(empty, "cycle_move", moment, 1, *command)
    assert empty.types(*command) == 0, empty.err.getvalue()
    once = grown(empty, before)
    assert once["payment"] == 2
    assert empty.types(*command) == 0
    assert grown(empty, before) == once
    again = [row for row in rows(empty.session.parts, "payment") if row["kind"] == "R"]
    assert len({row["parent_id"] for row in again}) == len(again) == 2
    assert empty.types("ledger", "verify") == 0

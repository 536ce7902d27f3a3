"""kill -9 at every commit of an import and of a cycle: done again, nothing is lost or twice."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.exchange.layouts import load_layout
from core.store.engine import Tx
from core.store.tables.everything import metadata
from tests.bot.parts import Office
from tests.bot.test_payday import PAYROLL
from tests.core.exchange.conftest import FOLDER
from tests.core.exchange.lists import Line, write_list

ROOT = Path(__file__).parents[2]
AT = "2021-03-20T09:00:00+07:00"
COUNTED = ("event", "posting", "payment", "payment_status", "import_row", "person", "message")


def many(lines: int) -> list[Line]:
    return [
        dict(PAYROLL[1]) | {"code": f"HT{number:06}", "name": "Lê Văn Cơ"}
        for number in range(1, lines + 1)
    ]


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    made = Office(database_url, tmp_path / "var", datetime(2021, 3, 20, 2, tzinfo=UTC))
    made.does(
        [
            ("staff", "add", "an", "--role", "district", "--place", "479", "--no-login"),
            ("staff", "add", "binh", "--role", "district", "--place", "479", "--no-login"),
        ]
    )
    yield made
    made.close()


def killed(office: Office, point: str, moment: str, nth: int, *command: str | Path) -> None:
    settings = office.session.settings
    arguments = [settings.database_url, settings.data_dir, AT, point, moment, nth, *command]
    done = subprocess.run(
        [sys.executable, "-m", "tests.crash.office", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()


def counts(office: Office) -> dict[str, int]:
    def work(tx: Tx) -> dict[str, int]:
        return {
            name: int(
                tx.connection.scalar(sa.select(sa.func.count()).select_from(metadata.tables[name]))
                or 0
            )
            for name in COUNTED
        }

    return office.session.parts.store.read(work)


@pytest.mark.parametrize(
    ("point", "moment", "nth"),
    [
        ("import_begin", "before", 1),
        ("import_begin", "after", 1),
        ("import_chunk", "before", 1),
        ("import_chunk", "after", 1),
        ("import_chunk", "before", 2),
        ("import_end", "before", 1),
        ("import_end", "after", 1),
    ],
)
def test_an_import_goes_on_where_it_was_killed(
    office: Office, tmp_path: Path, point: str, moment: str, nth: int
) -> None:
    # One more line than a chunk, so that there are two chunks on SQLite.
    lines = 1_001 if office.session.parts.store.dialect == "sqlite" else 5_001
    nth = min(nth, 2)
    path = write_list(tmp_path / "list.xlsx", load_layout(FOLDER, "payroll"), many(lines))
    command = ("import", "payroll", path, "--cycle", "2021-04", "--by", "an")
    killed(office, point, moment, nth, *command)
    # Nobody waits for a dead process: its lock died with it.
    assert office.types(*command) == 0, office.err.getvalue()
    found = counts(office)
    assert (found["payment"], found["payment_status"], found["import_row"]) == (lines,) * 3
    assert found["event"] == lines + 1
    assert office.types("ledger", "verify", "--json") == 0
    assert json.loads(office.out.getvalue())["events"] == lines + 1


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("step", ["freeze", "approve"])
def test_a_move_of_the_cycle_happens_wholly_or_not_at_all(
    office: Office, tmp_path: Path, step: str, moment: str
) -> None:
    path = write_list(tmp_path / "list.xlsx", load_layout(FOLDER, "payroll"), many(20))
    office.does([("import", "payroll", path, "--cycle", "2021-04", "--by", "an")])
    if step == "approve":
        office.does(
            [
                ("cycle", "freeze", "2021-04", "--by", "an"),
                ("cycle", "approve", "2021-04", "--by", "an"),
            ]
        )
    command = ("cycle", step, "2021-04", "--by", "binh")
    killed(office, "cycle_move", moment, 1, *command)
    assert office.types(*command) == 0, office.err.getvalue()
    found = counts(office)
    assert office.types(*command) == 0
    assert counts(office) == found
    assert office.types("ledger", "verify") == 0
    expected = {"freeze": 1 + 20 + 20 + 1, "approve": 1 + 20 + 20 + 1 + 1 + 20 + 1}
    assert found["event"] == expected[step]


def test_two_imports_at_once_are_one_import_and_one_clear_refusal(
    office: Office, tmp_path: Path
) -> None:
    from core.store.locks import held

    path = write_list(tmp_path / "list.xlsx", load_layout(FOLDER, "payroll"), many(3))
    with held(office.session.parts.store, "import") as ours:
        assert ours
        command = ("import", "payroll", path, "--cycle", "2021-04", "--by", "an")
        assert office.types(*command) == 2
        assert "lượt nhập khác" in office.err.getvalue()
    assert office.types(*command) == 0

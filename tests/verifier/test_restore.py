"""The drill of docs/operations/backup.md, word for word: what comes back is proven the same."""

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.sealing import heads_file, seal
from core.store.commit_points import CommitPoint
from tests import builders, postgres, sources
from tests.bot.parts import Office
from tests.verifier.ledgers import played, program, verified

PAGE = (sources.ROOT / "docs" / "operations" / "backup.md").read_text(encoding="utf-8")


def commands(section: str) -> list[str]:
    """What the page tells to type for one engine."""
    part = PAGE.partition(f"## {section}\n")[2].partition("\n## ")[0]
    blocks = re.findall(r"```sh\n(.*?)```", part, re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


def typed(lines: list[str], words: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """The last of these commands, after the ones before it went well."""
    path = f"{Path(program('pg_dump')).parent}{os.pathsep}{os.environ['PATH']}"
    done = None
    for line in lines:
        text = line
        for word, place in words.items():
            text = re.sub(rf"(?<![\w/]){re.escape(word)}\b", place.replace("\\", r"\\"), text)
        done = subprocess.run(
            text,
            shell=True,
            cwd=sources.ROOT,
            env=dict(os.environ) | {"PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
        if line is not lines[-1]:
            assert done.returncode == 0, (text, done.stderr)
    assert done is not None
    return done


@pytest.fixture
def empty(database_url: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where a restored ledger goes: a file that is not there, or an empty database."""
    if database_url.startswith("sqlite"):
        yield str(tmp_path / "restored.db")
        return
    server: postgres.Server = request.getfixturevalue("postgres_server")
    name = server.create()
    yield server.url(name)
    server.drop(name)


def test_a_restored_ledger_is_proven_the_same(
    database_url: str, empty: str, tmp_path: Path
) -> None:
    original = played(database_url, tmp_path)
    steps = commands("SQLite" if database_url.startswith("sqlite") else "PostgreSQL")
    heads = tmp_path / "noted"
    heads.write_text(original.heads, encoding="ascii")
    words = {
        "DATABASE": database_url.removeprefix("sqlite:///"),
        "BACKUP": str(tmp_path / "backup"),
        "RESTORED": empty,
        "HEADS": str(heads),
        ".venv/bin/python": sys.executable,
        "python3": sys.executable,
    }
    done = typed(steps, words)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout == verified(words["DATABASE"], "--heads", heads)[1]

    url = empty if empty.startswith("postgres") else f"sqlite:///{empty}"
    again = Office(url, original.folder)
    again.does([["ledger", "verify"], ["ledger", "rebuild", "--check"]])
    again.close()

    newer = f"9999 99999 {'0' * 64} 2021-06-01T01:00:00+00:00\n"
    heads.write_text(original.heads + newer, encoding="ascii")
    older = typed(steps[-1:], words)
    assert older.returncode == 1
    assert "is not there" in older.stdout + older.stderr


def test_a_backup_taken_while_somebody_writes_is_whole(
    database_url: str, empty: str, tmp_path: Path
) -> None:
    original = played(database_url, tmp_path)
    backup, *restore = commands("SQLite" if database_url.startswith("sqlite") else "PostgreSQL")
    heads = tmp_path / "noted"
    words = {
        "DATABASE": database_url.removeprefix("sqlite:///"),
        "BACKUP": str(tmp_path / "backup"),
        "RESTORED": empty,
        "HEADS": str(heads),
        ".venv/bin/python": sys.executable,
        "python3": sys.executable,
    }
    with _serving(database_url, original.folder) as written:
        _wait_for(written, 3)
        heads.write_bytes(heads_file(written.office.session.parts).read_bytes())
        noted = written.count
        assert typed([backup], words).returncode == 0
        _wait_for(written, noted + 3)

    done = typed(restore, words)
    assert done.returncode == 0, done.stdout + done.stderr
    events = int(done.stdout.split(" ", 1)[0])
    assert events >= noted


@dataclass
class _Written:
    """What somebody wrote so far."""

    office: Office
    count: int = 0


@contextmanager
def _serving(url: str, folder: Path) -> Iterator[_Written]:
    """A product that is at work: it lists payment after payment, and seals each."""
    written, stop = _Written(Office(url, folder)), threading.Event()
    parts = written.office.session.parts

    def works() -> None:
        while not stop.is_set():
            code = f"HT{900000 + written.count:06}"
            parts.store.transact(
                lambda tx, code=code: builders.a_payment(  # type: ignore[misc]
                    tx, parts.ledger, code, cycle="2021-05"
                ),
                CommitPoint.CYCLE_MOVE,
            )
            seal(parts)
            written.count += 1

    thread = threading.Thread(target=works)
    thread.start()
    try:
        yield written
    finally:
        stop.set()
        thread.join(timeout=30)
        written.office.close()


def _wait_for(written: _Written, count: int) -> None:
    for _ in range(600):
        if written.count >= count:
            return
        time.sleep(0.05)
    pytest.fail(f"only {written.count} were written")

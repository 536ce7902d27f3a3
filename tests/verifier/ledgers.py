"""A district's ledger that was played once, and copies of it to tamper with."""

import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import psycopg

from bot.sealing import heads_file
from tests import postgres, sources
from tests.bot.parts import Office

VERIFIER = sources.ROOT / "verifier" / "verify_ledger.py"
DUMP = sources.ROOT / "verifier" / "dump.sql"


@dataclass
class Copy:
    """A copy of a ledger with its data folder: at home in an office, and in an auditor's hands."""

    url: str
    folder: Path
    office: Office = field(init=False)

    def __post_init__(self) -> None:
        self.office = Office(self.url, self.folder)

    @property
    def heads(self) -> Path:
        return heads_file(self.office.session.parts)

    def tamper(self, *statements: str) -> None:
        """Change rows as whoever owns the database can."""
        if self.url.startswith("sqlite"):
            with closing(sqlite3.connect(self.url.removeprefix("sqlite:///"))) as connection:
                names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
                for (name,) in names.fetchall():
                    connection.execute(f"DROP TRIGGER {name}")
                for statement in statements:
                    assert connection.execute(statement).rowcount, statement
                connection.commit()
            return
        with psycopg.connect(self.url) as owner:
            owner.execute("SET session_replication_role = replica")
            for statement in statements:
                assert owner.execute(statement.encode()).rowcount, statement

    def ours(self) -> int:
        """What `ledger verify` ends with."""
        return self.office.types("ledger", "verify", "--json")

    def theirs(self, *words: str | Path, at: str | Path = "") -> tuple[int, str]:
        """What the verifier ends with, and says."""
        place = str(at) or self.url.removeprefix("sqlite:///")
        return verified(place, "--heads", self.heads, *words)

    def dumped(self) -> Path:
        """A dump made as the page for operators says."""
        folder = self.folder / "dump"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        words = [program("psql"), "-X", "-q", self.url, "-f", str(DUMP)]
        subprocess.run(words, cwd=folder, check=True)
        return folder


@dataclass
class Played:
    """The original: nobody writes in it any more."""

    url: str
    folder: Path
    heads: str
    server: postgres.Server | None = None

    def copy(self, folder: Path) -> tuple[Copy, Callable[[], None]]:
        """A copy in a fresh folder, and what removes it."""
        var = folder / "var"
        shutil.copytree(self.folder, var)
        drop = _nothing
        if self.server is not None:
            server, name = self.server, self.server.create(template=self.url.rpartition("/")[2])
            url, drop = server.url(name), lambda: server.drop(name)
        else:
            url = f"sqlite:///{folder / 'copy.db'}"
            shutil.copyfile(self.url.removeprefix("sqlite:///"), folder / "copy.db")
        made = Copy(url, var)
        made.heads.write_text(self.heads, encoding="ascii")
        return made, drop


def played(url: str, folder: Path, server: postgres.Server | None = None) -> Played:
    """A small district, its months played to their end."""
    office = Office(url, folder / "var")
    district = folder / "district"
    words = ("--people", "40", "--seed", "7", "--cycles", "2")
    office.does([["simulate", *words, "--out", district], ["play", district]])
    heads = heads_file(office.session.parts).read_text(encoding="ascii")
    office.close()
    return Played(url, folder / "var", heads, server)


def verified(place: str | Path, *words: str | Path) -> tuple[int, str]:
    """The verifier as an auditor starts it: away from our code, with nothing but its folder."""
    script = Path(_carried_away().name) / "verifier" / VERIFIER.name
    done = subprocess.run(
        [sys.executable, "-I", script, place, *words],
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@cache
def _carried_away() -> tempfile.TemporaryDirectory[str]:
    folder = tempfile.TemporaryDirectory()
    shutil.copytree(VERIFIER.parent, Path(folder.name) / "verifier")
    return folder


def program(name: str) -> str:
    """A program of the PostgreSQL that the tests run."""
    places: Sequence[Path] = postgres._candidates()
    found = [place / name for place in places if (place / name).exists()]
    assert found, f"{name} is not among the programs of PostgreSQL: {places}"
    return str(found[0])


def _nothing() -> None:
    return

"""What every figure stands on: databases as durable as production's, clocks, medians, figures.

SQLite runs with the product's pragmas. PostgreSQL is a private server with fsync on, started for
the run and gone after it.
"""

import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any, Final

from core.clock import PlayClock
from core.programme import load
from core.store import schema
from core.store.engine import Store, open_store
from core.store.sealing import Keyring
from core.terms import Programme
from tests import postgres

ENGINES: Final = ("sqlite", "postgresql")
PROGRAMME: Final = Path(__file__).parents[1] / "programmes" / "thua-thien-hue-2021"
CYCLE: Final = "2021-04"
DAY: Final = datetime(2021, 3, 25, 2, tzinfo=UTC)
# As in production where it touches durability; the rest is a small machine's.
DURABLE: Final = {
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "jit": "off",
    "max_connections": "60",
    "max_wal_size": "4GB",
    "shared_buffers": "512MB",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number. `ratio` is how many times the floor it costs, 1 being as good."""

    name: str
    engine: str
    value: float
    unit: str
    target: float | None = None
    floor: float | None = None
    peer: float | None = None
    ratio: float | None = None
    # What `floor` and `peer` are.
    beside: str = ""
    more_is_better: bool = False

    def plain(self) -> dict[str, Any]:
        """The figure as JSON."""
        return asdict(self)


@dataclass(slots=True)
class Ground:
    """Where figures are measured: engines, sizes, and fresh databases on demand."""

    engines: Sequence[str]
    runs: int
    share: float
    folder: Path
    programme: Programme
    _server: postgres.Server | None = None
    _templates: dict[str, str] = field(default_factory=dict)
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    def size(self, full: int) -> int:
        """A full size, or the share of it that this run was asked for."""
        return max(int(full * self.share), 20)

    def clock(self) -> PlayClock:
        """A clock in the month before the payment."""
        return PlayClock(DAY)

    @contextmanager
    def store(self, engine: str) -> Iterator[Store]:
        """A fresh database with the schema and no rows."""
        url = self.url(engine)
        opened = open_store(url, KEYS)
        try:
            yield opened
        finally:
            opened.close()
            self._drop(url)

    @contextmanager
    def copy_of(self, store: Store) -> Iterator[Store]:
        """A copy of a database at which nobody writes now."""
        if store.dialect == "sqlite":
            path = self.folder / f"{next(self._numbers)}.db"
            source = sqlite3.connect(store.engine.url.database or "")
            source.execute("VACUUM INTO ?", (str(path),))
            source.close()
            url = f"sqlite:///{path}"
        else:
            store.engine.dispose()
            server = self._the_server()
            url = server.url(server.create(template=store.engine.url.database or ""))
        opened = open_store(url, KEYS)
        try:
            yield opened
        finally:
            opened.close()
            self._drop(url)

    def url(self, engine: str) -> str:
        """The address of a fresh database with the schema and no rows."""
        if engine not in self._templates:
            self._templates[engine] = self._template(engine)
        if engine == "postgresql":
            return self._the_server().url(self._the_server().create(template=self._template_name()))
        path = self.folder / f"{next(self._numbers)}.db"
        shutil.copyfile(self._templates[engine].removeprefix("sqlite:///"), path)
        return f"sqlite:///{path}"

    def close(self) -> None:
        """Stop the server and remove the files."""
        if self._server is not None:
            self._server.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _template(self, engine: str) -> str:
        if engine == "postgresql":
            url = self._the_server().url(self._the_server().create())
        else:
            url = f"sqlite:///{self.folder / 'template.db'}"
        opened = open_store(url, KEYS)
        schema.upgrade(opened)
        opened.close()
        return url

    def _template_name(self) -> str:
        return self._templates["postgresql"].rpartition("/")[2]

    def _the_server(self) -> postgres.Server:
        if self._server is None:
            self._server = postgres.start(DURABLE)
        return self._server

    def _drop(self, url: str) -> None:
        if url.startswith("sqlite:"):
            for path in self.folder.glob(f"{Path(url).name}*"):
                path.unlink()
        else:
            self._the_server().drop(url.rpartition("/")[2])


@contextmanager
def ground(
    engines: Sequence[str] = ENGINES, *, runs: int = 3, share: float = 1.0
) -> Iterator[Ground]:
    """A ground to measure on; `share` makes every size smaller, for trying out."""
    made = Ground(
        engines, runs, share, Path(tempfile.mkdtemp(prefix="chitra-bench-")), load(PROGRAMME)
    )
    try:
        yield made
    finally:
        made.close()


def seconds(work: Callable[[], object]) -> float:
    """How long `work` takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def middle(times: Sequence[float]) -> float:
    """The median, rounded to what is worth reading."""
    return rounded(median(times))


def rounded(value: float) -> float:
    """Four digits that count."""
    return float(f"{value:.4g}")


def at_share(times: Sequence[float], share: float) -> float:
    """The time that a share of all stays under."""
    ordered = sorted(times)
    return rounded(ordered[min(int(len(ordered) * share), len(ordered) - 1)])


KEYS: Final = Keyring({"bench": bytes(range(32))}, bytes(range(32, 64)))

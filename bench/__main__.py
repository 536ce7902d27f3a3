"""`python -m bench`: every figure beside its floor, into bench/results.json and bench/RESULTS.md.

Names after it run only those, and leave the other lines as they were. A run at a share of the
sizes, or on one engine, only prints: `python -m bench imports turns --share 0.1 --runs 1`.
"""

import argparse
import importlib
import json
import os
import platform
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import psycopg

from bench.ground import ENGINES, Figure, Ground, ground

HERE: Final = Path(__file__).parent
NAMES: Final = (
    "imports",
    "imports_province",
    "million",
    "lookup",
    "outbox",
    "dispatch",
    "turns",
    "turns_http",
    "understanding",
)
_PACKAGES: Final = ("sqlalchemy", "psycopg", "python-calamine", "cryptography", "fastapi")


def main(words: Sequence[str]) -> int:
    """0 when every figure was measured."""
    asked = _asked(words)
    with ground(asked.engine or ENGINES, runs=asked.runs, share=asked.share) as here:
        machine = _machine(here)
        whole = not asked.engine and asked.share == 1
        for name in asked.names or NAMES:
            figures = measured(name, here)
            print(_table(figures), flush=True)
            if whole:
                _keep(name, {"machine": machine, "runs": asked.runs, "figures": figures})
    return 0


def _keep(name: str, found: dict[str, Any]) -> None:
    """Put the figures of one file in place of those of its last run."""
    path = HERE / "results.json"
    kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    kept = {one: found if one == name else kept.get(one) for one in NAMES}
    kept = {one: told for one, told in kept.items() if told}
    path.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    figures = [figure for told in kept.values() for figure in told["figures"]]
    page = _page(found["machine"], found["runs"], _table(figures))
    (HERE / "RESULTS.md").write_text(page, encoding="utf-8")


def measured(name: str, here: Ground) -> list[dict[str, Any]]:
    """The figures of one file, as JSON has them."""
    run: Callable[..., list[Any]] = importlib.import_module(f"bench.{name}").run
    print(f"{name} …", file=sys.stderr, flush=True)
    found = run() if name == "understanding" else run(here)
    return [one.plain() if isinstance(one, Figure) else one for one in found]


def _asked(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="figure", help=", ".join(NAMES))
    parser.add_argument("--runs", type=int, default=3, help="runs of which the median counts")
    parser.add_argument("--share", type=float, default=1.0, help="of the full sizes")
    parser.add_argument("--engine", action="append", choices=ENGINES)
    asked = parser.parse_args(words)
    for unknown in set(asked.names) - set(NAMES):
        parser.error(f"no figure is called {unknown}")
    return asked


def _machine(here: Ground) -> dict[str, str]:
    packages = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    found = {
        "processors": f"{_cores()} × {_processor()}",
        "memory": _memory(),
        "system": f"{platform.system()} {platform.release()}",
        "busy before the last run": f"{os.getloadavg()[0]:.1f} processes wanted to run",
        "Python": platform.python_version(),
        "packages": packages,
        "SQLite": f"{sqlite3.sqlite_version}, WAL, synchronous=FULL",
    }
    if "postgresql" in here.engines:
        with here.store("postgresql") as store, store.engine.connect() as connection:
            told = connection.exec_driver_sql("SHOW server_version").scalar_one()
        found["PostgreSQL"] = f"{told}, fsync=on, synchronous_commit=on, same machine"
        found["psycopg"] = psycopg.pq.__impl__
    return found


def _cores() -> int:
    return int(subprocess.run(["nproc"], capture_output=True, check=True).stdout)


def _processor() -> str:
    lines = _lines("/proc/cpuinfo", "model name")
    return lines[0].partition(":")[2].strip() if lines else platform.machine()


def _memory() -> str:
    lines = _lines("/proc/meminfo", "MemTotal")
    return f"{int(lines[0].split()[1]) >> 20} GiB" if lines else "unknown"


def _lines(path: str, word: str) -> list[str]:
    place = Path(path)
    text = place.read_text(encoding="utf-8") if place.exists() else ""
    return [line for line in text.splitlines() if line.startswith(word)]


def _table(figures: Sequence[dict[str, Any]]) -> str:
    head = "| figure | engine | median | target | | floor | peer | times the floor |"
    lines = [head, "|---|---|---|---|---|---|---|---|"]
    for one in figures:
        cells = (
            str(one["name"]),
            str(one.get("engine") or "–"),
            f"{_number(one['value'])} {one['unit']}",
            _number(one.get("target")),
            _met(one),
            _number(one.get("floor")),
            _number(one.get("peer")),
            _number(one.get("ratio")),
        )
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _met(one: dict[str, Any]) -> str:
    if one.get("target") is None:
        return ""
    over = one["value"] / one["target"]
    return "met" if (over >= 1 if one.get("more_is_better") else over <= 1) else "missed"


def _page(machine: dict[str, str], runs: int, table: str) -> str:
    return (
        (HERE / "page.md")
        .read_text(encoding="utf-8")
        .format(
            machine="\n".join(f"- {name}: {told}" for name, told in machine.items()),
            runs=runs,
            table=table,
        )
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

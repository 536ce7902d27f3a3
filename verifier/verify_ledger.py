#!/usr/bin/env python3
"""A second reading of a Chi Trả ledger, written from docs/ledger-format.md alone.

    python3 verifier/verify_ledger.py DATABASE [--heads FILE] [--head NUMBER:HASH] [--balances]

DATABASE is a SQLite file, a postgresql:// address (needs psycopg), or a folder with a dump as
docs/operations/backup.md makes it. Nothing is written. Needs Python 3.11, this folder, and
memory for one short row for each payment.
Exit codes: 0 everything agrees, 1 something differs (a sentence for each), 2 it cannot be read.
"""

import argparse
import sqlite3
import sys
from collections.abc import Sequence
from contextlib import closing
from io import TextIOWrapper
from pathlib import Path
from typing import Final

# The folder is carried about as it is: its files find one another wherever it lies.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from verifier.audit import NOT_OURS, Audit
from verifier.stored import Reader, dump_reader, postgresql_reader, sqlite_reader

SHOWN: Final = 200
HEAD_WORDS: Final = 4


def noted(path: Path) -> set[str]:
    """The heads in a file of heads, as `number:hash`."""
    lines = [line.split() for line in path.read_text(encoding="ascii").splitlines()]
    if any(len(words) != HEAD_WORDS for words in lines):
        raise ValueError(path)
    return {f"{words[0]}:{words[2]}" for words in lines}


def report(read: Reader, wanted: argparse.Namespace, *, is_gapless: bool) -> int:
    """Say what differs; the exit code."""
    audit = Audit(read, is_gapless=is_gapless)
    audit.heads({*wanted.head, *(noted(wanted.heads) if wanted.heads else ())})
    audit.walk()
    audit.money()
    audit.projections()
    for sentence in audit.differs[:SHOWN]:
        print(sentence)
    if len(audit.differs) > SHOWN:
        print(f"The first {SHOWN} of {len(audit.differs)} differences are shown.")
    if wanted.balances:
        for (cycle, provider, account), amount in sorted(audit.sums.items()):
            if amount:
                print(f"{cycle} {provider or '-'} {account} {amount}")
    head = f"{audit.blocks[-1][0]}:{audit.blocks[-1][5]}" if audit.blocks else "none"
    unsealed = audit.events - sum(row[3] for row in audit.blocks)
    print(
        f"{audit.events} events, {unsealed} unsealed, {len(audit.payments)} payments; head {head};"
        f" {len(audit.differs)} differences."
    )
    return 1 if audit.differs else 0


def on_postgresql(place: str, wanted: argparse.Namespace) -> int:
    """The exit code for a live database."""
    import psycopg  # noqa: PLC0415  needed here only

    try:
        with psycopg.connect(place) as connection:
            return report(postgresql_reader(connection), wanted, is_gapless=False)
    except psycopg.Error as error:
        raise OSError(str(error)) from error


def main(words: Sequence[str]) -> int:
    """Read the command line, open what it names, report."""
    parser = argparse.ArgumentParser(description="Verify a Chi Trả ledger.")
    parser.add_argument("database")
    parser.add_argument("--heads", type=Path, help="a file of heads")
    parser.add_argument("--head", action="append", default=[], help="NUMBER:HASH, or HASH alone")
    parser.add_argument("--balances", action="store_true", help="print the sum of every account")
    wanted = parser.parse_args(words)
    place = str(wanted.database)
    try:
        if place.startswith(("postgresql:", "postgres:")):
            return on_postgresql(place, wanted)
        if Path(place).is_dir():
            return report(dump_reader(Path(place)), wanted, is_gapless=False)
        with closing(sqlite3.connect(f"{Path(place).absolute().as_uri()}?mode=ro", uri=True)) as db:
            return report(sqlite_reader(db), wanted, is_gapless=True)
    except (OSError, ImportError, sqlite3.Error, *NOT_OURS) as error:
        print(f"It cannot be read: {error!r}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    sys.exit(main(sys.argv[1:]))

"""An officer's doing, or the clock's, that is killed at a commit: run by the crash tests.

Arguments: database URL, data folder, ISO time, point, moment (before/after), what is done, and what
it is done to.
"""

import os
import signal
import sys
import time
from pathlib import Path
from typing import Final

from bot.asking import note_questions
from bot.cli.session import Session
from bot.compose import Parts
from bot.console.decisions import keep_as_it_was, settle_message
from bot.console.doors import Officer
from bot.console.relatives import add_relative, end_relative
from core.clock import PlayClock, parse_instant
from core.exchange.relative_entry import Entry
from core.exchange.verdicts import Problem
from core.refusals import Code
from core.settings import Settings
from core.store.commit_points import CommitPoint

OFFICER: Final = Officer("an", "district", "479")
HUNG: Final = Entry(
    code="HT000123",
    name="Nguyễn Văn Hùng",
    phone="0935111222",
    relation="con trai",
    consent_by="self",
    consent_on="09/04/2021",
    agreed="yes",
)
_PATIENCE: Final = 20.0


def act(parts: Parts, what: str, *numbers: int) -> None:
    """Do one thing, as the page or the worker does it."""
    match what:
        case "add":
            _add(parts)
        case "end":
            end_relative(parts, OFFICER, *numbers)
        case "keep":
            keep_as_it_was(parts, OFFICER, numbers[0], numbers[1], "ngân hàng xác nhận")
        case "reached":
            settle_message(parts, OFFICER, *numbers, reached=True)
        case "again":
            settle_message(parts, OFFICER, *numbers, reached=False)
        case "ask":
            note_questions(parts)
        case _:
            raise AssertionError(what)


def _add(parts: Parts) -> None:
    """PostgreSQL notices a moment later that a process is dead, and frees its lock only then."""
    until = time.monotonic() + _PATIENCE
    done = add_relative(parts, OFFICER, HUNG)
    while isinstance(done, Problem) and done.refusal.code is Code.FILE_BUSY:
        assert time.monotonic() < until, "the lock of a dead process is still held"
        time.sleep(0.05)
        done = add_relative(parts, OFFICER, HUNG)


def main(argv: list[str]) -> int:
    url, folder, at, point, moment, what, *numbers = argv

    def watch(reached: CommitPoint, when: str) -> None:
        if (reached.value, when) == (point, moment):
            os.kill(os.getpid(), signal.SIGKILL)

    session = Session(
        clock=PlayClock(parse_instant(at)),
        watch=watch,
        given_settings=Settings(database_url=url, data_dir=Path(folder)),
    )
    act(session.parts, what, *map(int, numbers))
    session.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

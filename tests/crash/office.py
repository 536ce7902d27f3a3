"""A command line that is killed at a commit: run as a process of its own by the crash tests.

Arguments: database URL, data folder, ISO time, point, moment (before/after), which time, command…
"""

import os
import signal
import sys
from collections import Counter
from pathlib import Path

from bot.cli.app import run
from bot.cli.session import Session
from core.clock import PlayClock, parse_instant
from core.settings import Settings
from core.store.commit_points import CommitPoint


def main(argv: list[str]) -> int:
    url, folder, at, point, moment, nth, *command = argv
    seen: Counter[tuple[str, str]] = Counter()

    def watch(reached: CommitPoint, when: str) -> None:
        seen[reached.value, when] += 1
        if (reached.value, when) == (point, moment) and seen[reached.value, when] == int(nth):
            os.kill(os.getpid(), signal.SIGKILL)

    session = Session(
        clock=PlayClock(parse_instant(at)),
        watch=watch,
        given_settings=Settings(database_url=url, data_dir=Path(folder)),
    )
    try:
        return run(session, command)
    finally:
        session.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

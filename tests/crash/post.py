"""A worker that sends and is killed at a commit: run by the crash tests.

Arguments: database URL, ISO time, point, moment (before/after), which time.
"""

import asyncio
import os
import signal
import sys
from collections import Counter

from core import programme as terms
from core.clock import PlayClock, parse_instant
from core.store.commit_points import CommitPoint
from core.store.engine import open_store
from notifications import dispatch
from notifications.gateways.sandbox import SandboxGateway
from tests.crash.talk import KEYS


def main(argv: list[str]) -> int:
    url, at, point, moment, nth = argv
    seen: Counter[tuple[str, str]] = Counter()

    def watch(reached: CommitPoint, when: str) -> None:
        seen[reached.value, when] += 1
        if (reached.value, when) == (point, moment) and seen[reached.value, when] == int(nth):
            os.kill(os.getpid(), signal.SIGKILL)

    clock = PlayClock(parse_instant(at))
    store = open_store(url, KEYS, watch=watch)
    programme = terms.load(terms.FOLDER / "thua-thien-hue-2021")
    asyncio.run(dispatch.drain(store, [SandboxGateway(store, clock)], clock, programme))
    store.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""A process that takes messages and is killed at a commit: run by the crash tests.

Arguments: database URL, point, moment (before/after), which time, then messages as `key=text`.
A text with `HONG` in it makes its turn fault.
"""

import os
import signal
import sys
from collections import Counter

from core.store.commit_points import CommitPoint
from core.store.engine import open_store
from core.store.sealing import Keyring
from tests.bot.turns import Process

KEYS = Keyring({"test": bytes(range(32))}, bytes(range(32, 64)))


def main(argv: list[str]) -> int:
    url, point, moment, nth, *messages = argv
    seen: Counter[tuple[str, str]] = Counter()

    def watch(reached: CommitPoint, when: str) -> None:
        seen[reached.value, when] += 1
        if (reached.value, when) == (point, moment) and seen[reached.value, when] == int(nth):
            os.kill(os.getpid(), signal.SIGKILL)

    store = open_store(url, KEYS, watch=watch)
    process = Process(store, breaks=lambda text: "HONG" in text)
    futures = [
        process.begin(text, key=key) for key, _, text in (m.partition("=") for m in messages)
    ]
    for future in futures:
        future.result(30)
    store.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

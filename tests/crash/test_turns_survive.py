"""kill -9 around every commit of a turn: sent again, each message is answered exactly once."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.turn import replay_unanswered
from core.store.engine import Store
from core.store.inbound import silent
from tests.bot.turns import Process

ROOT = Path(__file__).parents[2]
MESSAGES = {"k1": "menu", "k2": "1", "k3": "tháng 4 HONG", "k4": "tháng 4", "k5": "2"}


def killed(url: str, point: str, moment: str, nth: int) -> None:
    messages = [f"{key}={text}" for key, text in MESSAGES.items()]
    done = subprocess.run(
        [sys.executable, "-m", "tests.crash.talk", url, point, moment, str(nth), *messages],
        cwd=ROOT,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()


@pytest.mark.parametrize(
    ("point", "moment", "nth"),
    [
        ("turn", "before", 1),
        ("turn", "after", 1),
        ("turn", "before", 2),
        ("turn", "after", 2),
        ("turn_fault", "before", 1),
        ("turn_fault", "after", 1),
        ("turn", "after", 4),
    ],
)
def test_a_message_sent_again_after_a_kill_is_answered_once(
    store: Store, database_url: str, point: str, moment: str, nth: int
) -> None:
    killed(database_url, point, moment, nth)
    after = Process(store)
    before = {row["key"]: row["id"] for row in after.rows("inbound")}

    after.later(11)
    for key, text in MESSAGES.items():
        after.hears(text, key=key)
    replay_unanswered(after.parts)

    rows = after.rows("inbound")
    assert [row["key"] for row in rows] == [f"sms:{key}" for key in MESSAGES]
    assert {row["key"]: row["id"] for row in rows}.items() >= before.items()
    assert {row["state"] for row in rows} == {"answered"}
    assert len(after.rows("message")) == len(MESSAGES)
    assert after.store.read(silent) == []
    assert after.rows("conversation")[0]["version"] == len(MESSAGES)

"""kill -9 around every commit of a send: no phone shows a text twice, and none goes without."""

import signal
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from core import programme as terms
from core.clock import PlayClock
from core.store.engine import Store
from core.store.tables.messages import sandbox_sms
from notifications import dispatch
from notifications.gateways.sandbox import SandboxGateway
from notifications.leaving import LEASE
from tests.notifications.district import NOW
from tests.notifications.post import Post

ROOT = Path(__file__).parents[2]
TEXTS = 5


def killed(url: str, point: str, moment: str, nth: int) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.crash.post", url, NOW.isoformat(), point, moment, str(nth)],
        cwd=ROOT,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()


def on_phones(store: Store) -> Counter[int]:
    query = sa.select(sandbox_sms.c.message_id)
    return Counter(store.read(lambda tx: list(tx.connection.execute(query).scalars())))


@pytest.mark.parametrize(
    ("point", "moment", "nth"),
    [
        ("claim", "before", 1),
        ("claim", "after", 1),
        ("calling", "before", 1),
        ("calling", "after", 1),
        ("sandbox", "before", 1),
        ("sandbox", "after", 1),
        ("sandbox", "after", 3),
        ("outcome", "before", 1),
        ("outcome", "after", 1),
    ],
)
async def test_a_text_reaches_its_phone_once_whenever_the_worker_is_killed(
    store: Store, database_url: str, point: str, moment: str, nth: int
) -> None:
    clock = PlayClock(NOW)
    programme = terms.load(terms.FOLDER / "thua-thien-hue-2021")
    post = Post(store, clock, programme)
    ids = post.notices(TEXTS)

    killed(database_url, point, moment, nth)
    before = on_phones(store)
    assert set(before.values()) <= {1}

    gateway = SandboxGateway(store, clock)
    line = dispatch.line_of(store, gateway, clock, programme)
    for _ in range(6):
        clock.move_to(clock.now() + LEASE + timedelta(minutes=2))
        await post.drain(gateway)
        await dispatch.look_up(line)

    assert on_phones(store) == Counter(ids)
    assert set(post.states(ids)) == {"delivered"}

"""The private server of the tests: it never outlives them, and its absence is never a skip."""

import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from tests import postgres, sources

STARTS_AND_DIES = """
import os, signal
from tests import postgres
server = postgres.start()
print(server.port, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_the_server_does_not_outlive_a_killed_test_process() -> None:
    died = subprocess.run(
        [sys.executable, "-c", STARTS_AND_DIES],
        cwd=sources.ROOT,
        env={**os.environ, "PYTHONPATH": str(sources.ROOT)},
        stdout=subprocess.PIPE,
        check=False,
        text=True,
    )

    assert died.returncode == -signal.SIGKILL
    assert _is_gone(int(died.stdout))


def test_without_any_server_the_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "_candidates", list)

    with pytest.raises(postgres.NoPostgres, match="apt-get install postgresql"):
        postgres.start()


def test_the_wheel_carries_a_server_for_machines_without_one() -> None:
    assert [place for place in postgres._wheel() if (place / "initdb").exists()]


def _is_gone(port: int) -> bool:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return True
        time.sleep(0.05)
    return False

"""The fixtures that every other test stands on, and the files around the code."""

import asyncio
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_socket import SocketConnectBlockedError

from core.store import schema
from core.store.engine import Store
from tests import sources


def test_a_store_has_the_schema_of_this_release(store: Store) -> None:
    assert schema.revision(store) == schema.head()


@pytest.mark.parametrize("turn", ["first", "second"])
def test_each_test_has_a_database_of_its_own(database_url: str, turn: str) -> None:
    assert database_url.startswith(("sqlite:", "postgresql:"))


def test_no_test_reaches_the_network() -> None:
    with (
        socket.socket() as outside,
        pytest.warns(UserWarning, match="192.0.2.1"),
        pytest.raises(SocketConnectBlockedError),
    ):
        outside.connect(("192.0.2.1", 80))


async def test_this_machine_is_in_reach() -> None:
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    async with server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        assert await reader.read() == b""
        writer.close()
        await writer.wait_closed()


def test_no_file_names_a_registry_or_a_place_on_somebodys_machine() -> None:
    """Pieces are joined here so that this file does not find itself."""
    needles = (
        *("py" + "pi.org", "python" + "hosted.org", "npm" + "js.", "deb." + "debian.org"),
        *("crates" + ".io", "proxy." + "golang", "docker" + ".io", "--index" + "-url"),
        *("--find" + "-links", "/wo" + "rk/", "/tmp/te" + "am", "/ro" + "ot/", "/ho" + "me/"),
    )
    wrong = [
        f"{path}: {needle}"
        for path in sources.files()
        for needle in needles
        if needle in sources.text(path).lower()
    ]

    assert wrong == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_is_pinned_and_hashed(name: str) -> None:
    lines = (sources.ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    wanted = [line for line in lines if line.strip() and not line.startswith("#")]

    assert wanted
    assert [line for line in wanted if "==" not in line or "--hash=sha256:" not in line] == []


def test_the_makefile_explains_each_target() -> None:
    makefile = (sources.ROOT / "Makefile").read_text(encoding="utf-8")
    declared = set(re.findall(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)[0].split())

    assert declared == set(re.findall(r"^([a-z0-9]+):.*## ", makefile, re.MULTILINE))


def test_the_makefile_runs_modules_that_exist() -> None:
    makefile = (sources.ROOT / "Makefile").read_text(encoding="utf-8")
    ours = list(re.findall(r"\$\(PY\) -m ((?:bot|bench)[\w.]*)", makefile))
    places = [sources.ROOT.joinpath(*name.split(".")) for name in ours]

    assert ours
    assert [
        str(place)
        for place in places
        if not place.with_suffix(".py").exists() and not (place / "__main__.py").exists()
    ] == []


def test_the_procfile_names_commands_that_exist() -> None:
    lines = (sources.ROOT / "Procfile").read_text(encoding="utf-8").splitlines()

    assert {line.split(": ")[0] for line in lines} == {"web", "worker", "telegram"}
    assert all(line.split(": ")[1].startswith("python -m bot ") for line in lines)


def test_what_must_run_in_ci_is_counted(tmp_path: Path) -> None:
    cases = ("tests.a", "t[sqlite]"), ("tests.a", "t[postgresql]"), ("tests.e2e.b", "t")
    assert _ran(tmp_path, cases) == 0
    for missing in cases:
        assert _ran(tmp_path, tuple(case for case in cases if case != missing)) == 1
    assert _ran(tmp_path, (*cases, ("tests.c", "left <skipped/>"))) == 1


def _ran(folder: Path, cases: tuple[tuple[str, str], ...]) -> int:
    report = folder / "report.xml"
    rows = "".join(
        f'<testcase classname="{where}" name="{name.split(" ")[0]}">'
        f"{'<skipped/>' if 'skipped' in name else ''}</testcase>"
        for where, name in cases
    )
    report.write_text(f"<testsuites><testsuite>{rows}</testsuite></testsuites>")
    script = sources.ROOT / ".ci" / "ran.py"
    return subprocess.run([sys.executable, script, report], check=False).returncode

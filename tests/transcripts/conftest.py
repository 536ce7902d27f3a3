"""One town, founded once for each engine; every talk gets a copy of its own."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.compose import Parts, compose
from core.clock import PlayClock
from core.settings import Settings
from tests import postgres
from tests.transcripts.town import NOW, found_town


def opened(url: str, folder: Path) -> tuple[Parts, PlayClock]:
    clock = PlayClock(NOW)
    return compose(Settings(database_url=url, data_dir=folder), clock=clock), clock


@pytest.fixture(scope="session")
def town_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("town")


@pytest.fixture(scope="session")
def sqlite_town(town_folder: Path) -> Path:
    path = town_folder / "town.db"
    _found(f"sqlite:///{path}", town_folder)
    return path


@pytest.fixture(scope="session")
def postgres_town(postgres_server: postgres.Server, town_folder: Path) -> str:
    name = postgres_server.create()
    _found(postgres_server.url(name), town_folder)
    return name


@pytest.fixture
def fresh_town(
    sqlite_town: Path, town_folder: Path, tmp_path: Path
) -> Iterator[Callable[[], Parts]]:
    towns: list[Parts] = []

    def fresh() -> Parts:
        path = tmp_path / f"town-{len(towns)}.db"
        shutil.copyfile(sqlite_town, path)
        towns.append(opened(f"sqlite:///{path}", town_folder)[0])
        return towns[-1]

    yield fresh
    for parts in towns:
        parts.close()


@pytest.fixture
def town_on_sqlite(fresh_town: Callable[[], Parts]) -> Parts:
    return fresh_town()


@pytest.fixture
def town_on_postgres(
    postgres_server: postgres.Server, postgres_town: str, town_folder: Path
) -> Iterator[Parts]:
    name = postgres_server.create(template=postgres_town)
    parts, _ = opened(postgres_server.url(name), town_folder)
    yield parts
    parts.close()
    postgres_server.drop(name)


def _found(url: str, folder: Path) -> None:
    parts, clock = opened(url, folder)
    found_town(parts, clock)
    parts.close()

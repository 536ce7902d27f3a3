"""Pages on a payday, on both engines; the payday is made once for each."""

import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.bot.parts import Office
from tests.bot.web import offices
from tests.postgres import Server

Opening = Callable[..., Office]


@pytest.fixture(scope="session")
def payday_file(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("payday")
    shutil.copyfile(sqlite_template, folder / "payday.db")
    offices.fill(f"sqlite:///{folder / 'payday.db'}", folder / "var", folder)
    return folder


@pytest.fixture(scope="session")
def payday_name(
    postgres_server: Server, postgres_template: str, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path]:
    folder = tmp_path_factory.mktemp("payday-postgresql")
    name = postgres_server.create(template=postgres_template)
    offices.fill(postgres_server.url(name), folder / "var", folder)
    return name, folder


@pytest.fixture
def payday_sqlite(payday_file: Path, tmp_path: Path) -> tuple[str, Path]:
    shutil.copyfile(payday_file / "payday.db", tmp_path / "payday.db")
    return f"sqlite:///{tmp_path / 'payday.db'}", payday_file / "var"


@pytest.fixture
def payday_postgres(
    postgres_server: Server, payday_name: tuple[str, Path]
) -> Iterator[tuple[str, Path]]:
    name = postgres_server.create(template=payday_name[0])
    yield postgres_server.url(name), payday_name[1] / "var"
    postgres_server.drop(name)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def payday(request: pytest.FixtureRequest) -> tuple[str, Path]:
    name = "payday_sqlite" if request.param == "sqlite" else "payday_postgres"
    url, folder = request.getfixturevalue(name)
    return str(url), Path(folder)


@pytest.fixture
def opening(payday_sqlite: tuple[str, Path]) -> Iterator[Opening]:
    """The office on SQLite with other settings."""
    made: list[Office] = []

    def open_(**settings: Any) -> Office:
        made.append(offices.opened(*payday_sqlite, **settings))
        return made[-1]

    yield open_
    for one in made:
        one.close()


@pytest.fixture
def office(payday: tuple[str, Path]) -> Iterator[Office]:
    made = offices.opened(*payday)
    yield made
    made.close()


@pytest.fixture
async def page(office: Office) -> AsyncIterator[httpx.AsyncClient]:
    async with offices.browser(office) as made:
        yield made


@pytest.fixture
async def desk(office: Office) -> AsyncIterator[httpx.AsyncClient]:
    """The browser of an officer of the commune, signed in."""
    async with offices.browser(office) as made:
        assert (await offices.signs_in(made, "xa-here")).status_code == 303
        yield made

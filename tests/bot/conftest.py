"""The town of the transcripts, on both engines, for tests of what is done in it."""

import pytest

from bot.compose import Parts
from tests.conftest import ENGINES
from tests.transcripts.conftest import (
    fresh_town,
    postgres_town,
    sqlite_town,
    town_folder,
    town_on_postgres,
    town_on_sqlite,
)

__all__ = [
    "fresh_town",
    "postgres_town",
    "sqlite_town",
    "town_folder",
    "town_on_postgres",
    "town_on_sqlite",
]


@pytest.fixture(params=ENGINES)
def town(request: pytest.FixtureRequest) -> Parts:
    name = "town_on_sqlite" if request.param == "sqlite" else "town_on_postgres"
    parts: Parts = request.getfixturevalue(name)
    return parts

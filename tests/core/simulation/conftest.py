"""The programme that invented districts live in."""

from pathlib import Path

import pytest

from core.programme import load
from core.terms import Programme

FOLDER = Path(__file__).parents[3] / "programmes" / "thua-thien-hue-2021"


@pytest.fixture(scope="session")
def programme() -> Programme:
    return load(FOLDER)

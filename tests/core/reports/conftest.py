"""A played district, on both engines."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.simulation.manifest import Manifest, read_manifest
from tests.bot.parts import Office


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    made = Office(database_url, tmp_path / "var")
    yield made
    made.close()


@pytest.fixture
def district(office: Office, tmp_path: Path) -> Path:
    folder = tmp_path / "district"
    words = ("--people", "400", "--seed", "7", "--cycles", "2")
    office.does([["simulate", *words, "--out", folder]])
    return folder


@pytest.fixture
def manifest(office: Office, district: Path) -> Manifest:
    """The manifest, after it was played."""
    office.does([["play", district]])
    found = read_manifest(district)
    assert found is not None
    office.clock.move_to(found.now)
    return found

"""Simulating a district and playing it: compared, refused, and done again without effect."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.compose import DemoInProduction, compose
from bot.play import resolved
from core.settings import Environment
from core.simulation.manifest import Manifest, read_manifest, write_manifest
from core.store.engine import Store
from core.store.tables.everything import metadata
from tests.bot.parts import Office

PEOPLE = "120"


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    made = Office(database_url, tmp_path / "var")
    yield made
    made.close()


@pytest.fixture
def folder(office: Office, tmp_path: Path) -> Path:
    made = tmp_path / "district"
    office.does([["simulate", "--people", PEOPLE, "--seed", "4", "--cycles", "2", "--out", made]])
    return made


def manifest_in(folder: Path) -> Manifest:
    found = read_manifest(folder)
    assert found is not None
    return found


def rows(store: Store) -> dict[str, int]:
    def counted(name: str) -> int:
        table = metadata.tables[name]
        with store.engine.connect() as connection:
            count: int | None = connection.scalar(sa.select(sa.func.count()).select_from(table))
        return count or 0

    names = ("event", "posting", "message", "inbound", "payment", "staff", "consent")
    return {name: counted(name) for name in names}


def test_a_district_ends_as_its_manifest_says(office: Office, folder: Path) -> None:
    assert office.types("play", folder) == 0, office.out.getvalue()
    assert office.types("ledger", "verify") == 0


def test_played_again_it_adds_nothing(office: Office, folder: Path) -> None:
    office.does([["play", folder]])
    before = rows(office.session.parts.store)
    office.does([["play", folder]])

    assert rows(office.session.parts.store) == before
    assert before["message"] > 100


def test_each_confirmation_is_there_once(office: Office, folder: Path) -> None:
    office.does([["play", folder]])
    message = metadata.tables["message"]
    store = office.session.parts.store
    with store.engine.connect() as connection:
        keys = list(connection.scalars(sa.select(message.c.dedup_key)))

    assert len(keys) == len(set(keys))
    assert any("settled" in key for key in keys)


def test_a_step_that_comes_to_something_else_stops_it(office: Office, folder: Path) -> None:
    manifest = manifest_in(folder)
    at = next(n for n, step in enumerate(manifest.steps) if step.rejected)
    wrong = replace(manifest.steps[at], rejected=77)
    steps = (*manifest.steps[:at], wrong, *manifest.steps[at + 1 :])
    write_manifest(folder, replace(manifest, steps=steps))

    assert office.types("play", folder) == 1
    said = office.out.getvalue()
    assert f"Bước {at + 1} " in said
    assert "mong đợi 77" in said


def test_a_row_that_stands_otherwise_is_named(office: Office, folder: Path) -> None:
    manifest = manifest_in(folder)
    paid = next(n for n, row in enumerate(manifest.expect) if row.state == "SETTLED")
    wrong = replace(manifest.expect[paid], state="FAILED", amount=1)
    expect = (*manifest.expect[:paid], wrong, *manifest.expect[paid + 1 :])
    write_manifest(folder, replace(manifest, expect=expect))

    assert office.types("play", folder, "--json") == 1
    *_, difference, end = [json.loads(line) for line in office.out.getvalue().splitlines()]
    assert difference["code"] == wrong.code
    assert difference["differs"]["state"] == ["FAILED", "SETTLED"]
    assert end["differences"] == 1


def test_with_json_each_step_is_a_line(office: Office, folder: Path) -> None:
    office.does([["play", folder, "--json"]])
    lines = [json.loads(line) for line in office.out.getvalue().splitlines()]

    assert [line["step"] for line in lines[:-1]] == list(range(1, len(lines)))
    assert all(line["ok"] for line in lines[:-1])
    assert lines[-1]["differences"] == 0


def test_it_can_end_with_an_earlier_month(office: Office, folder: Path) -> None:
    office.does([["play", folder, "--until", "2021-04"]])
    assert office.types("cycle", "status", "2021-05", "--json") == 2
    office.does([["play", folder]])
    assert office.types("cycle", "status", "2021-05", "--json") == 0


def test_the_state_of_a_month_is_told_in_words(office: Office, folder: Path) -> None:
    office.does([["play", folder], ["cycle", "status", "2021-05"]])

    assert "post: duyệt" in office.out.getvalue()
    assert "đủ tiền: có; đã có lệnh chi: có." in office.out.getvalue()


def test_a_folder_without_a_manifest_is_refused(office: Office, tmp_path: Path) -> None:
    assert office.types("play", tmp_path) == 2
    assert "manifest.json" in office.err.getvalue()


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--people", "0", "--cycles", "1"), "Số người"),
        (("--people", "10", "--cycles", "0"), "Số tháng"),
        (("--people", "10", "--cycles", "1", "--from", "2021-03"), "2021-04"),
        (("--people", "10", "--cycles", "1", "--from", "thang tu"), "thang tu"),
    ],
)
def test_what_cannot_be_simulated_is_refused(
    office: Office, tmp_path: Path, options: tuple[str, ...], says: str
) -> None:
    out = tmp_path / "none"

    assert office.types("simulate", "--seed", "1", "--out", out, *options) == 2
    assert says in office.err.getvalue()
    assert not out.exists()


def test_a_folder_with_other_things_is_left_alone(office: Office, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("giữ lại", encoding="utf-8")
    words = ("--people", "10", "--cycles", "1", "--seed", "1")

    assert office.types("simulate", *words, "--out", tmp_path / "mine") == 2
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["letter.txt"]


def test_production_refuses_a_database_that_was_played(office: Office, folder: Path) -> None:
    office.does([["play", folder, "--until", "2021-04"]])
    settings = office.session.settings
    office.close()
    production = replace(
        settings,
        env=Environment.PRODUCTION,
        encryption_keys={"k1": bytes(32)},
        index_key=bytes(32),
    )

    with pytest.raises(DemoInProduction):
        compose(production)


def test_two_databases_may_share_a_data_folder(
    office: Office, sqlite_template: Path, tmp_path: Path, folder: Path
) -> None:
    shutil.copyfile(sqlite_template, tmp_path / "other.db")
    other = Office(f"sqlite:///{tmp_path / 'other.db'}", tmp_path / "var")
    for one in (office, other):
        one.does([["play", folder, "--until", "2021-04"], ["ledger", "verify"]])
    assert office.types("ledger", "verify") == 0
    other.close()


def test_the_playing_database_says_that_its_people_are_invented(
    office: Office, folder: Path
) -> None:
    office.does([["play", folder]])
    installation = metadata.tables["installation"]
    with office.session.parts.store.engine.connect() as connection:
        names = set(connection.scalars(sa.select(installation.c.name)))

    assert "played" in names


def test_nothing_is_played_where_others_can_reach_it(
    sqlite_url: str, tmp_path: Path, folder: Path
) -> None:
    public = Office(sqlite_url, tmp_path / "var")
    assert public.session.given_settings is not None
    public.session.given_settings = replace(public.session.given_settings, host="0.0.0.0")

    assert public.types("play", folder) == 2
    public.close()
    assert public.session.given_settings.is_production is False


def test_files_are_found_under_the_folder_of_the_district() -> None:
    folder = Path("d")

    assert resolved(["import", "payroll", "a.xlsx", "--cycle", "2021-04"], folder)[2] == "d/a.xlsx"
    assert resolved(["chat", "--as", "X", "--script", "s.txt"], folder)[-1] == "d/s.txt"
    assert resolved(["cycle", "instruct", "2021-04", "--out", "o", "--by", "x"], folder)[4] == "d/o"

"""A whole district, as a newcomer to the product tries it: lists in, money out, people answered.

On both engines with 400 people, and with 10,000 once.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from core.money import dotted
from core.simulation.manifest import Expected, Manifest, read_manifest
from core.store.engine import Store, Tx
from core.store.people import names_of
from core.store.tables.everything import metadata
from tests.bot.parts import Office

NEEDED = {"SETTLED", "FAILED", "READY_CASH", "INSTRUCTED", "NOT_LISTED"}
CONFIRMATIONS = ("settled", "collected", "handed", "ready_cash", "delayed")


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    made = Office(database_url, tmp_path / "var")
    yield made
    made.close()


def district(office: Office, folder: Path, people: int, cycles: int) -> Manifest:
    words = ("--people", str(people), "--seed", "7", "--cycles", str(cycles))
    office.does([["simulate", *words, "--out", folder], ["play", folder]])
    manifest = read_manifest(folder)
    assert manifest is not None
    return manifest


def last_of(manifest: Manifest) -> list[Expected]:
    """The last month, without people who are paid twice in it."""
    cycle = max(row.cycle for row in manifest.expect)
    rows = [row for row in manifest.expect if row.cycle == cycle]
    twice = {row.code for row in rows if row.kind != "M"}
    return [row for row in rows if row.code not in twice]


def counted(store: Store, *names: str) -> list[int | None]:
    with store.engine.connect() as connection:
        return [
            connection.scalar(sa.select(sa.func.count()).select_from(metadata.tables[name]))
            for name in names
        ]


def confirmations(store: Store) -> list[tuple[str, int]]:
    """(purpose, payment, contact) of each text about a payment."""
    message, about = metadata.tables["message"], metadata.tables["message_payment"]
    query = (
        sa.select(message.c.purpose, message.c.contact_id, about.c.payment_id)
        .join(about, about.c.message_id == message.c.id)
        .where(message.c.purpose.in_(CONFIRMATIONS))
    )
    with store.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(query)]


def answers(office: Office, folder: Path, code: str) -> list[dict[str, Any]]:
    script = folder / "hoi.txt"
    script.write_text("thang ni tien ve chua o\n", encoding="utf-8")
    assert office.types("chat", "--as", code, "--script", script, "--json") == 0
    (line,) = [json.loads(line) for line in office.out.getvalue().splitlines()]
    assert line["in"] == "thang ni tien ve chua o"
    return list(line["out"])


def test_a_district_of_400_is_paid_told_and_answered(office: Office, tmp_path: Path) -> None:
    folder = tmp_path / "district"
    manifest = district(office, folder, 400, 2)
    store = office.session.parts.store
    last = last_of(manifest)

    assert {row.state for row in last} >= NEEDED
    assert office.types("ledger", "verify") == 0
    assert office.types("ledger", "rebuild", "--check") == 0
    texts = confirmations(store)
    assert len(texts) == len(set(texts)) > 200

    office.clock.move_to(manifest.now)
    month, year = last[0].cycle[5:].lstrip("0"), last[0].cycle[:4]
    held = {step.args[2] for step in manifest.steps if step.args[0] == "chat"}
    names = named(store)
    for row in last:
        if row.code in held:  # an officer may hold the talk by now
            continue
        said = answers(office, folder, row.code)
        text = str(said[0]["text"])
        assert names[row.code] in text, (row, text)
        assert f"{month}/{year}" in text, (row, text)
        assert not {"arrival.whom"} & {part["key"] for part in said}, (row, said)
        assert set(said[0]["facts"]) <= events_of(store, row.code), (row, said)
        if row.state != "NOT_LISTED":
            assert said[0]["facts"], (row, said)
        if row.state in {"SETTLED", "READY_CASH", "INSTRUCTED"}:
            assert dotted(row.amount) in text, (row, text)
        if row.state != "SETTLED":
            assert "đã chi " not in text, (row, text)


def named(store: Store) -> dict[str, str]:
    """The name of each beneficiary, by code."""

    def work(tx: Tx) -> dict[str, str]:
        table = metadata.tables["beneficiary"]
        rows = tx.connection.execute(sa.select(table.c.code, table.c.person_id)).all()
        names = names_of(tx, [row.person_id for row in rows])
        return {row.code: names[row.person_id] for row in rows}

    return store.read(work)


def events_of(store: Store, code: str) -> set[int]:
    """The ids of everything that the ledger holds about a beneficiary."""
    event, person = metadata.tables["event"], metadata.tables["beneficiary"]
    query = (
        sa.select(event.c.id)
        .join(person, person.c.id == event.c.beneficiary_id)
        .where(person.c.code == code)
    )
    with store.engine.connect() as connection:
        return set(connection.scalars(query))


def test_played_again_a_district_stays_as_it_is(office: Office, tmp_path: Path) -> None:
    folder = tmp_path / "district"
    district(office, folder, 400, 1)
    names = ("event", "posting", "message", "inbound", "care_case", "consent", "contact_person")
    before = counted(office.session.parts.store, *names)
    office.does([["play", folder]])

    assert counted(office.session.parts.store, *names) == before


def test_months_are_closed_paid_again_and_played_twice(office: Office, tmp_path: Path) -> None:
    folder = tmp_path / "district"
    manifest = district(office, folder, 400, 4)
    store = office.session.parts.store
    for month in ("2021-04", "2021-05", "2021-06"):
        assert office.types("cycle", "status", month) == 0
        assert "đã đóng" in office.out.getvalue()
    again = [row for row in manifest.expect if row.kind == "R"]
    assert {row.state for row in again} >= {"SETTLED", "REISSUED"}
    assert {row.state for row in last_of(manifest)} >= NEEDED
    assert office.types("ledger", "verify") == 0
    assert office.types("ledger", "rebuild", "--check") == 0
    names = ("event", "posting", "message", "payment", "import_row")
    before = counted(store, *names)
    office.does([["play", folder]])
    assert counted(store, *names) == before


def test_the_same_arguments_write_the_same_bytes(office: Office, tmp_path: Path) -> None:
    words = ("--people", "60", "--seed", "5", "--cycles", "2", "--from", "2021-06")
    for name in ("one", "two"):
        office.does([["simulate", *words, "--out", tmp_path / name]])
    files = sorted(p.relative_to(tmp_path / "one") for p in (tmp_path / "one").rglob("*.*"))

    assert len(files) > 15
    assert all(
        (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()
        for file in files
    )


def test_ten_thousand_people_are_paid(sqlite_url: str, tmp_path: Path) -> None:
    office = Office(sqlite_url, tmp_path / "var")
    manifest = district(office, tmp_path / "district", 10_000, 1)

    assert {row.state for row in last_of(manifest)} >= NEEDED
    assert office.types("ledger", "verify") == 0
    texts = confirmations(office.session.parts.store)
    assert len(texts) == len(set(texts)) > 5_000
    office.close()


@pytest.mark.parametrize(
    ("people", "first"), [(1, "2021-04"), (7, "2021-12"), (401, "2021-05"), (130, "2025-06")]
)
def test_small_districts_and_other_years_end_well_too(
    sqlite_url: str, tmp_path: Path, people: int, first: str
) -> None:
    """Between June and July 2021 communes leave, and in July 2025 they are merged."""
    office = Office(sqlite_url, tmp_path / "var")
    words = ("--people", str(people), "--seed", "3", "--cycles", "3", "--from", first)
    office.does(
        [
            ["simulate", *words, "--out", tmp_path / "district"],
            ["play", tmp_path / "district"],
            ["ledger", "verify"],
        ]
    )
    office.close()

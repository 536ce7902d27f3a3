"""Whatever is done in whatever order, the ledger agrees with a second bookkeeper."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from core.store.engine import Store, open_store
from core.store.sealing import Keyring
from tests import postgres
from tests.core.ledger.machine import LedgerMachine


def run(fresh: Callable[[], tuple[Store, Callable[[], None]]], examples: int) -> None:
    machine = type("Machine", (LedgerMachine,), {"fresh": staticmethod(fresh)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],  # making a failure shorter takes minutes on a real database
        ),
    )


def test_the_ledger_agrees_with_a_second_bookkeeper_on_sqlite(
    sqlite_template: Path, tmp_path: Path, keyring: Keyring
) -> None:
    path = tmp_path / "machine.db"

    def fresh() -> tuple[Store, Callable[[], None]]:
        for leftover in tmp_path.glob("machine.db*"):
            leftover.unlink()
        shutil.copyfile(sqlite_template, path)
        return open_store(f"sqlite:///{path}", keyring), lambda: None

    run(fresh, 14)


@pytest.mark.postgresql
def test_the_ledger_agrees_with_a_second_bookkeeper_on_postgresql(
    postgres_server: postgres.Server, postgres_template: str, keyring: Keyring
) -> None:
    def fresh() -> tuple[Store, Callable[[], None]]:
        name = postgres_server.create(template=postgres_template)
        return open_store(postgres_server.url(name), keyring), lambda: postgres_server.drop(name)

    run(fresh, 6)

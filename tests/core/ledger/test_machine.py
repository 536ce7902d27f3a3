"""Whatever is done in whatever order, the ledger agrees with a second bookkeeper."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from core.store.engine import Store, open_store
from core.store.sealing import Keyring
from tests import postgres
from tests.core.ledger.machine import LedgerMachine

Fresh = Callable[[], tuple[Store, Callable[[], None]]]
# One night's history is long enough for closed months to be opened and closed again.
_NIGHTLY_LENGTH = 50
_AT_ONCE = 20


def run(fresh: Fresh, examples: int, soak: int) -> None:
    """So many short histories, always the same; with `soak` at least so many steps, new ones."""
    taken = [0]

    class Machine(LedgerMachine):
        @invariant()
        def one_more_step_was_taken(self) -> None:
            taken[0] += 1

        def teardown(self) -> None:
            super().teardown()
            taken[0] -= 1  # the beginning is looked at too, and is no step

    Machine.fresh = staticmethod(fresh)
    if not soak:
        played(Machine, examples, length=25, is_same=True)
        return
    while taken[0] < soak:
        played(Machine, _AT_ONCE, length=_NIGHTLY_LENGTH, is_same=False)
        print(f"{taken[0]} steps", flush=True)


def played(machine: type[LedgerMachine], examples: int, *, length: int, is_same: bool) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=length,
            deadline=None,
            derandomize=is_same,
            database=None,
            phases=[Phase.generate],  # making a failure shorter takes minutes on a real database
        ),
    )


def test_the_ledger_agrees_with_a_second_bookkeeper_on_sqlite(
    sqlite_template: Path, tmp_path: Path, keyring: Keyring, soak: int
) -> None:
    path = tmp_path / "machine.db"

    def fresh() -> tuple[Store, Callable[[], None]]:
        for leftover in tmp_path.glob("machine.db*"):
            leftover.unlink()
        shutil.copyfile(sqlite_template, path)
        return open_store(f"sqlite:///{path}", keyring), lambda: None

    run(fresh, 14, soak)


@pytest.mark.postgresql
def test_the_ledger_agrees_with_a_second_bookkeeper_on_postgresql(
    postgres_server: postgres.Server, postgres_template: str, keyring: Keyring, soak: int
) -> None:
    def fresh() -> tuple[Store, Callable[[], None]]:
        name = postgres_server.create(template=postgres_template)
        return open_store(postgres_server.url(name), keyring), lambda: postgres_server.drop(name)

    run(fresh, 6, soak)

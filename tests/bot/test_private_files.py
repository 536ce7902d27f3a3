"""What holds names and accounts is readable for nobody but the user who runs Chi Trả."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.store import schema
from core.store.engine import open_store
from core.store.sealing import Keyring
from tests.bot.parts import Office
from tests.bot.test_payday import lists, to_instruction


@pytest.fixture(autouse=True)
def _everybody_may_read() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def office(sqlite_url: str, tmp_path: Path) -> Iterator[Office]:
    made = Office(sqlite_url, tmp_path / "var")
    yield made
    made.close()


def mode(path: Path) -> str:
    return oct(stat.S_IMODE(path.stat().st_mode))


def test_a_new_database_is_private_and_an_old_one_is_left_alone(
    tmp_path: Path, keyring: Keyring
) -> None:
    path = tmp_path / "new" / "chitra.db"
    for _ in range(2):
        store = open_store(f"sqlite:///{path}", keyring)
        schema.upgrade(store)
        assert {mode(one) for one in path.parent.iterdir()} == {"0o600"}
        store.close()

    path.chmod(0o640)
    open_store(f"sqlite:///{path}", keyring).close()
    assert mode(path) == "0o640"


def test_orders_and_rejects_are_private(office: Office, tmp_path: Path) -> None:
    files, orders = lists(tmp_path), tmp_path / "orders"
    orders.mkdir()
    # What an older release wrote is narrowed when it is written again.
    (orders / "lenh-chi-post-2021-04.xlsx").touch(mode=0o644)
    to_instruction(office, files, orders)
    month = ("--cycle", "2021-04")
    once_more = tmp_path / "again" / "order.xlsx"
    told = ("--provider", "post")
    office.does([("export", "payment-order", *month, *told, "--out", once_more)])
    assert office.types("import", "results", files["post"], *month, *told) == 3

    written = [*orders.iterdir(), once_more, *tmp_path.glob("*.tu-choi.xlsx")]
    assert len(written) >= 5
    assert {mode(one) for one in written} == {"0o600"}

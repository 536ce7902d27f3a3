"""What is asked again and again costs what it must: not the square of a list, not all of history.

Counted in steps of SQLite's own machine, so that a slow computer fails no test.
"""

from collections.abc import Callable, Iterator

import pytest

from core.ledger.listing import NewPayment, list_payments
from core.store import sums, suspense
from core.store.commit_points import CommitPoint
from core.store.comparisons import pairs_that_differ
from core.store.engine import Store, Tx, open_store
from core.store.sealing import Keyring
from tests import builders

MONTHS = ("2021-04", "2021-05")
FEW, MANY = 200, 1600


@pytest.fixture
def sqlite(sqlite_url: str, keyring: Keyring) -> Iterator[Store]:
    opened = open_store(sqlite_url, keyring)
    yield opened
    opened.close()


def listed(store: Store, first: int, last: int) -> None:
    """Two months of so many more people, each paid the same in both but for the first of them."""
    ledger = builders.a_ledger()
    codes = [f"HT{number:06}" for number in range(first, last)]

    def work(tx: Tx) -> None:
        ids = builders.beneficiaries(tx, codes)
        for month in MONTHS:
            new = [
                NewPayment(month, owner, code, builders.PHU_BAI, 270_000)
                for owner, code in zip(ids, codes, strict=True)
            ]
            if month == MONTHS[1]:
                new[0] = NewPayment(month, ids[0], codes[0], builders.PHU_BAI, 540_000)
            list_payments(ledger, tx, new, actor="staff:T1")

    store.transact(work, CommitPoint.IMPORT_CHUNK)


def steps(store: Store, work: Callable[[Tx], object]) -> int:
    """How many times a hundred instructions SQLite needed."""
    count = 0

    def tick() -> int:
        nonlocal count
        count += 1
        return 0

    def counted(tx: Tx) -> None:
        raw = tx.connection.connection.dbapi_connection
        assert raw is not None
        raw.set_progress_handler(tick, 100)
        try:
            work(tx)
        finally:
            raw.set_progress_handler(None, 0)

    store.read(counted)
    return count


def test_laying_two_months_side_by_side_costs_as_much_as_the_lists_are_long(sqlite: Store) -> None:
    def compared(tx: Tx) -> None:
        found = pairs_that_differ(tx, builders.TENANT, *MONTHS)
        differ.append([one.before.monthly for one in found if one.before is not None])

    differ: list[list[int]] = []
    listed(sqlite, 1, FEW)
    few = steps(sqlite, compared)
    listed(sqlite, FEW, MANY)
    many = steps(sqlite, compared)

    assert differ == [[270_000], [270_000, 270_000]]
    assert many < 2 * few * MANY // FEW


@pytest.mark.parametrize(
    "look",
    [
        lambda tx: suspense.lines_named(tx, builders.TENANT, "2104-HT900001-M-1"),
        lambda tx: suspense.open_lines(tx, builders.TENANT, cycle="2021-04"),
        lambda tx: suspense.wishes_for(tx, builders.TENANT, [1, 2]),
        lambda tx: sums.suspended(tx, builders.TENANT, "suspense:result:post:"),
    ],
    ids=["named", "open", "wishes", "of a file"],
)
def test_a_line_in_suspense_is_found_without_reading_all_payments(
    sqlite: Store, look: Callable[[Tx], object]
) -> None:
    listed(sqlite, 1, FEW)
    few = steps(sqlite, look)
    listed(sqlite, FEW, MANY)

    assert steps(sqlite, look) <= few + 2

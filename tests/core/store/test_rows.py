"""Many rows at once, and few statements for an answer."""

from collections.abc import Callable
from typing import Any, TypeVar

import pytest
import sqlalchemy as sa

from core.ledger import reads
from core.store.commit_points import CommitPoint
from core.store.engine import Store, Tx
from core.store.rows import among, insert_rows, upsert_rows
from core.store.tables.ledger import approval, payment
from tests import builders
from tests.core.ledger.conftest import Office, office

__all__ = ["office"]
T = TypeVar("T")


def do(store: Store, work: Callable[[Tx], T]) -> T:
    return store.transact(work, CommitPoint.CYCLE_MOVE)


def signatures(count: int, at: int = 1) -> list[tuple[Any, ...]]:
    return [("t", "2021-04", "approve", f"ĐẶNG'{number};--", at) for number in range(count)]


def stored(store: Store) -> list[tuple[Any, ...]]:
    query = sa.text("SELECT * FROM approval ORDER BY staff")
    return store.read(lambda tx: [tuple(row) for row in tx.connection.execute(query)])


@pytest.mark.parametrize("count", [0, 1, 3, 4, 500])
def test_rows_are_inserted_as_they_are(store: Store, count: int) -> None:
    do(store, lambda tx: insert_rows(tx, approval, signatures(count)))

    assert stored(store) == sorted(signatures(count))


@pytest.mark.parametrize("count", [1, 50])
def test_rows_that_stand_take_over_what_is_given(store: Store, count: int) -> None:
    do(store, lambda tx: upsert_rows(tx, approval, signatures(count)))
    do(store, lambda tx: upsert_rows(tx, approval, signatures(count + 2, at=9)))

    assert stored(store) == sorted(signatures(count + 2, at=9))


def test_rows_are_found_among_numbers_and_texts(office: Office) -> None:
    def found(tx: Tx, column: sa.Column[Any], values: list[Any]) -> list[int]:
        query = sa.select(payment.c.id).where(among(tx, column, values)).order_by(payment.c.id)
        return list(tx.connection.execute(query).scalars())

    first, _, third = office.payments
    codes = ["2104-HT000003-M-1", "2104-HT000001-M-1", "'); DROP TABLE payment; --"]

    assert office.read(lambda tx: found(tx, payment.c.code, codes)) == [first, third]
    assert office.read(lambda tx: found(tx, payment.c.id, [third, 10**12])) == [third]
    assert office.read(lambda tx: found(tx, payment.c.id, [])) == []


def test_an_answer_takes_two_statements_at_most(office: Office) -> None:
    seen: list[str] = []

    def counted(work: Callable[[Tx], object]) -> int:
        seen.clear()
        assert office.read(work)
        return len([text for text in seen if not text.startswith(("BEGIN", "SET"))])

    def watch(*args: object) -> None:
        seen.append(str(args[2]))

    sa.event.listen(office.store.reader, "before_cursor_execute", watch)
    code = "2104-HT000001-M-1"
    owner = office.read(lambda tx: reads.payment_with_code(tx, code))
    assert owner is not None
    counts = [
        counted(lambda tx: reads.payments_of(tx, owner.beneficiary_id)),
        counted(lambda tx: reads.payments_in(tx, owner.beneficiary_id, builders.CYCLE)),
        counted(lambda tx: reads.payment_with_code(tx, code)),
        counted(lambda tx: reads.cycle_facts(tx, builders.TENANT, builders.CYCLE)),
    ]
    sa.event.remove(office.store.reader, "before_cursor_execute", watch)

    assert counts == [2, 2, 2, 2]


def test_the_latest_payments_come_first(store: Store) -> None:
    ledger = builders.a_ledger()
    for month in ("2021-05", "2021-04", "2022-01", "2021-06"):
        do(store, lambda tx, month=month: builders.a_payment(tx, ledger, cycle=month))  # type: ignore[misc]
    query = sa.select(payment.c.beneficiary_id).limit(1)
    owner = store.read(lambda tx: int(tx.connection.execute(query).scalar_one()))

    found = store.read(lambda tx: reads.payments_of(tx, owner, limit=3))

    assert [one.cycle for one in found] == ["2022-01", "2021-06", "2021-05"]
    assert all(one.event_ids for one in found)
    assert store.read(lambda tx: reads.payments_in(tx, owner, "2020-01")) == ()

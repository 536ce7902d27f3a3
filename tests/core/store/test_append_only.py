"""What is written in the ledger stays: every way to change or remove it is tried."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from core.ledger import chain
from core.ledger.events import EventType, NewEvent
from core.store.commit_points import CommitPoint
from core.store.engine import Store, Tx, open_store
from core.store.sealing import Keyring
from tests import builders

TABLES = ("event", "posting", "chain_block")
KEYS = {"event": "id", "posting": "event_id, line", "chain_block": "id"}
# A table that others refer to is not even asked.
REFUSED = "append-only|cannot truncate a table referenced"


def wrote(store: Store) -> Store:
    """The store, with an event, its postings and a block in it."""
    ledger = builders.a_ledger()

    def work(tx: Tx) -> None:
        number = builders.a_payment(tx, ledger)
        approved = NewEvent(EventType.APPROVED, "a", "t", builders.NOW, payment_id=number)
        ledger.record(tx, [approved])

    store.transact(work, CommitPoint.IMPORT_CHUNK)
    store.transact(lambda tx: chain.seal(tx, builders.NOW), CommitPoint.SEAL)
    return store


@pytest.fixture
def written(store: Store) -> Store:
    return wrote(store)


@pytest.fixture
def sqlite_written(sqlite_url: str, keyring: Keyring) -> Iterator[Store]:
    store = open_store(sqlite_url, keyring)
    yield wrote(store)
    store.close()


@pytest.fixture
def postgres_written(postgres_url: str, keyring: Keyring) -> Iterator[Store]:
    store = open_store(postgres_url, keyring)
    yield wrote(store)
    store.close()


def contents(store: Store) -> list[object]:
    with store.engine.connect() as connection:
        return [
            connection.exec_driver_sql(f"SELECT * FROM {table} ORDER BY {KEYS[table]}").all()
            for table in TABLES
        ]


def refuses(store: Store, statement: str) -> None:
    before = contents(store)
    with pytest.raises(sa.exc.DBAPIError, match=REFUSED), store.engine.begin() as connection:
        connection.exec_driver_sql(statement)
    assert contents(store) == before


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {table} SET {column} = {column}",
        "UPDATE {table} SET {column} = NULL WHERE {column} IS NOT NULL",
        "DELETE FROM {table}",
        "DELETE FROM {table} WHERE {column} IS NOT NULL",
        (
            "INSERT INTO {table} SELECT * FROM {table} WHERE true"
            " ON CONFLICT ({key}) DO UPDATE SET {column} = excluded.{column}"
        ),
    ],
)
def test_no_engine_changes_or_removes_a_row(written: Store, table: str, statement: str) -> None:
    column = {"event": "actor", "posting": "commune", "chain_block": "hash"}[table]

    refuses(written, statement.format(table=table, column=column, key=KEYS[table]))


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "statement",
    [
        "INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
        "REPLACE INTO {table} SELECT * FROM {table}",
        "UPDATE OR REPLACE {table} SET {first} = {first}",
        "UPDATE OR IGNORE {table} SET {first} = {first} + 1",
    ],
)
def test_sqlite_has_no_way_round(sqlite_written: Store, table: str, statement: str) -> None:
    refuses(sqlite_written, statement.format(table=table, first=KEYS[table].split(",")[0]))


def test_sqlite_does_not_replace_an_event_by_its_cause(sqlite_written: Store) -> None:
    refuses(
        sqlite_written,
        "INSERT OR REPLACE INTO event SELECT id + 100, tenant, cycle, payment_id, beneficiary_id,"
        " type, effective_at, recorded_at, actor, source, body, hash FROM event",
    )


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE {table}",
        "TRUNCATE {table} CASCADE",
        "MERGE INTO {table} t USING {table} s ON t.{first} = s.{first} WHEN MATCHED THEN DELETE",
        "WITH gone AS (DELETE FROM {table} RETURNING *) SELECT count(*) FROM gone",
    ],
)
def test_postgresql_has_no_way_round(postgres_written: Store, table: str, statement: str) -> None:
    refuses(postgres_written, statement.format(table=table, first=KEYS[table].split(",")[0]))

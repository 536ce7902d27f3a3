"""What is only ever added stays: every way to change or remove it is tried, on both engines.

Which tables these are is derived from the code (`core/store/guards.py`), not listed here.
"""

import re
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from core.ledger import chain
from core.ledger.events import EventType, NewEvent
from core.store import decisions, guards, months, schema
from core.store.commit_points import CommitPoint
from core.store.decisions import Decided
from core.store.engine import Store, Tx, open_store
from core.store.sealing import Keyring
from core.store.tables.everything import metadata
from tests import builders, postgres, sources

TABLES = guards.only_added()
# A table that others refer to is not even asked.
REFUSED = "append-only|cannot truncate (a table referenced|only a partitioned table)"
ALLOWING = (
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql"
    " AS $$ BEGIN RETURN NULL; END $$"
)
PAGE = sources.ROOT / "docs" / "operations" / "database-role.md"


def wrote(store: Store) -> Store:
    """The store, with a row in every table that is only added to, and months of their own."""
    ledger = builders.a_ledger()

    def work(tx: Tx) -> None:
        months.open_month(tx, builders.CYCLE)
        number = builders.a_payment(tx, ledger)
        approved = NewEvent(EventType.APPROVED, "a", "t", builders.NOW, payment_id=number)
        ledger.record(tx, [approved])
        decisions.decide(tx, Decided("line:1:1", "kept", "T1", "as it was", builders.NOW))

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


@pytest.fixture
def as_a_mere_role(
    postgres_server: postgres.Server, postgres_written: Store, keyring: Keyring
) -> Iterator[Store]:
    """The same database, opened by a role made as the page for operators says."""
    (page,) = re.findall(r"```sql\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    made = page.replace("LOGIN PASSWORD 'SECRET'", "LOGIN")
    with postgres_written.engine.begin() as owner:
        owner.exec_driver_sql(made)
    url = postgres_written.engine.url.set(username="chitra_app")
    store = open_store(url.set(drivername="postgresql").render_as_string(), keyring)
    yield store
    store.close()
    with postgres_written.engine.begin() as owner:
        owner.exec_driver_sql("DROP OWNED BY chitra_app")
        owner.exec_driver_sql("DROP ROLE chitra_app")


def contents(store: Store) -> dict[str, list[tuple[object, ...]]]:
    with store.engine.connect() as connection:
        return {
            table.name: [
                tuple(row) for row in connection.execute(sa.select(table).order_by(*table.columns))
            ]
            for table in TABLES
        }


def refuses(store: Store, statement: str, why: str = REFUSED) -> None:
    before = contents(store)
    assert all(before.values()), "a statement about no row proves nothing"
    with pytest.raises(sa.exc.DBAPIError, match=why), store.engine.begin() as connection:
        connection.exec_driver_sql(statement)
    assert contents(store) == before


def places(store: Store, table: sa.Table) -> tuple[str, ...]:
    """The table, and each part that PostgreSQL keeps of it, by name."""
    with store.engine.connect() as connection:
        return (table.name, *months.parts(connection).get(table.name, ()))


def keys(table: sa.Table, dialect: str = "sqlite") -> list[list[str]]:
    """The columns of every key that no two rows may share."""
    constraints = [one for one in table.constraints if isinstance(one, sa.UniqueConstraint)]
    found = [[c.name for c in one.columns] for one in (table.primary_key, *constraints)]
    parted = dialect == "postgresql" and table.name in months.by_month()
    return [[*key, "cycle"] for key in found] if parted else found


def anew(table: sa.Table, key: list[str]) -> str:
    """A SELECT of the same rows that shares with them nothing but this key, among keys."""
    others = {keys[0] for keys in keys(table) if keys[0] not in key}
    columns = ", ".join(
        (f"{c.name} + 1000" if isinstance(c.type, sa.Integer) else f"{c.name} || 'x'")
        if c.name in others
        else c.name
        for c in table.columns
    )
    return f"SELECT {columns} FROM {table.name} WHERE true"


def changes(table: sa.Table, name: str, dialect: str) -> list[str]:
    """UPDATE and DELETE of every column and row, and INSERT that takes over a row."""
    upserts = [
        f"INSERT INTO {name} {rows} ON CONFLICT ({', '.join(key)})"
        f" DO UPDATE SET {column.name} = excluded.{column.name}"
        for key in keys(table, dialect)
        for rows in (f"SELECT * FROM {name} WHERE true", anew(table, key))
        for column in table.columns
    ]
    updates = [f"UPDATE {name} SET {column.name} = {column.name}" for column in table.columns]
    nulls = [f"UPDATE {name} SET {c.name} = NULL" for c in table.columns if c.nullable]
    one = f"DELETE FROM {name} WHERE {table.columns[0].name} IS NOT NULL"
    return [*updates, *nulls, *upserts, f"DELETE FROM {name}", one]


def by_name(table: sa.Table) -> str:
    return table.name


def test_the_tables_are_those_that_the_database_guards(written: Store) -> None:
    """Both ways: none without its triggers, no trigger for a table that does not say so."""
    with written.engine.connect() as connection:
        guarded = {
            str(name).partition("_refuses_")[0]
            for name in connection.exec_driver_sql(
                "SELECT name FROM sqlite_master WHERE type = 'trigger'"
                if written.dialect == "sqlite"
                else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
            ).scalars()
        }
        assert guards.missing(connection) == []

    assert guarded == {table.name for table in TABLES}
    assert {"event", "posting", "chain_block", "decision"} <= guarded <= set(metadata.tables)


@pytest.mark.parametrize("table", TABLES, ids=by_name)
def test_no_engine_changes_or_removes_a_row(written: Store, table: sa.Table) -> None:
    for name in places(written, table):
        for statement in changes(table, name, written.dialect):
            refuses(written, statement)


@pytest.mark.parametrize("table", TABLES, ids=by_name)
def test_sqlite_has_no_way_round(sqlite_written: Store, table: sa.Table) -> None:
    name, first = table.name, table.columns[0].name
    for statement in [
        f"INSERT OR REPLACE INTO {name} SELECT * FROM {name}",
        f"UPDATE OR REPLACE {name} SET {first} = {first}",
        f"UPDATE OR IGNORE {name} SET {first} = {first} + 1",
        *(f"REPLACE INTO {name} {anew(table, key)}" for key in keys(table)),
        *(f"INSERT OR REPLACE INTO {name} {anew(table, key)}" for key in keys(table)),
        f"WITH old AS (SELECT * FROM {name}) REPLACE INTO {name} SELECT * FROM old",
        f"UPDATE {name} SET {first} = s.{first} FROM {name} s WHERE s.{first} = {name}.{first}",
    ]:
        refuses(sqlite_written, statement)


@pytest.mark.parametrize("table", TABLES, ids=by_name)
def test_postgresql_has_no_way_round(postgres_written: Store, table: sa.Table) -> None:
    first = table.columns[0].name
    for name in places(postgres_written, table):
        merge = f"MERGE INTO {name} t USING {name} s ON t.{first} = s.{first} WHEN MATCHED THEN"
        for statement in [
            f"TRUNCATE {name}",
            f"TRUNCATE {name} CASCADE",
            f"TRUNCATE ONLY {name}",
            f"TRUNCATE {', '.join(table.name for table in TABLES)}",
            f"{merge} DELETE",
            f"{merge} UPDATE SET {first} = s.{first}",
            f"WITH gone AS (DELETE FROM {name} RETURNING *) SELECT count(*) FROM gone",
            f"UPDATE {name} SET {first} = s.{first} FROM {name} s WHERE s.{first} = {name}.{first}",
            f"DELETE FROM {name} USING {name} s WHERE s.{first} = {name}.{first}",
        ]:
            refuses(postgres_written, statement)


def test_a_role_that_owns_nothing_works_and_cannot_take_a_guard_away(
    as_a_mere_role: Store, postgres_written: Store
) -> None:
    held = NewEvent(EventType.HELD, "b", "t", builders.NOW, payment_id=1)
    ledger = builders.a_ledger()
    as_a_mere_role.transact(lambda tx: ledger.record(tx, [held]), CommitPoint.TURN)
    as_a_mere_role.transact(lambda tx: chain.seal(tx, builders.NOW), CommitPoint.SEAL)
    verdict = as_a_mere_role.read(chain.verify)
    assert (verdict.is_clean, verdict.blocks, verdict.unsealed) == (True, 2, 0)

    as_a_mere_role.transact(lambda tx: months.open_month(tx, "2021-05"), CommitPoint.IMPORT_BEGIN)

    for table, name in [(one, name) for one in TABLES for name in places(postgres_written, one)]:
        refuses(as_a_mere_role, f"UPDATE {name} SET {table.columns[0].name} = 1")
        for statement in [
            f"DROP TRIGGER {table.name}_refuses_change ON {name}",
            f"ALTER TABLE {name} DISABLE TRIGGER {table.name}_refuses_change",
            f"ALTER TABLE {name} DISABLE TRIGGER ALL",
            f"ALTER TABLE {name} RENAME TO elsewhere",
            f"DROP TABLE {name} CASCADE",
            *(
                f"ALTER TABLE {table.name} DETACH PARTITION {name}"
                for _ in name[len(table.name) :][:1]
            ),
            f"TRUNCATE {name}",
            f"CREATE RULE away AS ON INSERT TO {name} DO INSTEAD NOTHING",
            "SET session_replication_role = replica",
            "DROP FUNCTION refuse_change() CASCADE",
            ALLOWING,
        ]:
            refuses(as_a_mere_role, statement, "permission denied|must be owner")
    assert schema.differences(postgres_written) == []


def unguard(store: Store, table: str) -> None:
    """Take the guards of a table away, as its owner can."""
    with store.engine.begin() as owner:
        if store.dialect == "postgresql":
            owner.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER {table}_refuses_change")
            return
        for verb in ("update", "delete", "replace"):
            owner.exec_driver_sql(f"DROP TRIGGER {table}_refuses_{verb}")


@pytest.mark.parametrize("table", TABLES, ids=by_name)
def test_a_guard_that_is_gone_is_a_difference(written: Store, table: sa.Table) -> None:
    """For what stands outside the chain, such as decisions, it is the one thing that tells."""
    assert schema.differences(written) == []
    unguard(written, table.name)

    found = schema.differences(written)

    assert found
    assert all(f"trigger {table.name}_refuses_" in one for one in found)


@pytest.mark.parametrize(
    ("table", "statement"),
    [
        ("event", "UPDATE event SET actor = 'staff:T9' WHERE id = 2"),
        ("event", "UPDATE event SET effective_at = effective_at - 1 WHERE id = 1"),
        ("posting", "UPDATE posting SET amount = -amount"),
        ("posting", "DELETE FROM posting"),
        ("posting", "DELETE FROM posting WHERE line = 2"),
        ("chain_block", "UPDATE chain_block SET last_event = 1"),
        ("chain_block", "DELETE FROM chain_block"),
    ],
)
def test_what_an_owner_changes_without_the_guards_is_found_by_verify(
    written: Store, table: str, statement: str
) -> None:
    assert written.read(chain.verify).is_clean
    unguard(written, table)
    with written.engine.begin() as owner:
        assert owner.exec_driver_sql(statement).rowcount

    assert not written.read(chain.verify).is_clean


def test_sqlite_rows_replaced_without_the_guards_are_found_by_verify(
    sqlite_written: Store,
) -> None:
    unguard(sqlite_written, "chain_block")
    with sqlite_written.engine.begin() as owner:
        owner.exec_driver_sql(
            "REPLACE INTO chain_block SELECT id, first_event, last_event, events, previous_hash,"
            " previous_hash, sealed_at FROM chain_block"
        )

    assert not sqlite_written.read(chain.verify).is_clean


def test_a_decision_stands_as_it_was_first_made(written: Store) -> None:
    again = Decided("line:1:1", "reached", "T2", "", builders.NOW)
    written.transact(lambda tx: decisions.decide(tx, again), CommitPoint.DECISION)

    (kept,) = written.read(decisions.decisions)
    assert (kept.word, kept.staff, kept.note) == ("kept", "T1", "as it was")

"""Postings month by month on PostgreSQL: made in time, in nobody's way, guarded like the whole."""

import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory

from core.ledger import chain, projection
from core.ledger.events import EventType, NewEvent
from core.store import imports, months, schema
from core.store.commit_points import CommitPoint
from core.store.engine import Store, Tx, open_store
from core.store.sealing import Keyring
from core.store.tables.everything import metadata
from core.store.tables.ledger import posting
from tests import builders, sources

MAY = "2021-05"
PAGE = sources.ROOT / "docs" / "operations" / "months.md"


@pytest.fixture
def on_postgres(postgres_url: str, keyring: Keyring) -> Iterator[Store]:
    store = open_store(postgres_url, keyring)
    yield store
    store.close()


@pytest.fixture
def before_it(bare_postgres_url: str, keyring: Keyring) -> Iterator[Store]:
    """A database as it was before postings were kept by month, with a role that may read them."""
    store = open_store(bare_postgres_url, keyring)
    scripts = ScriptDirectory.from_config(schema._config(None))
    with store.engine.begin() as owner:
        command.upgrade(schema._config(owner), str(scripts.get_revision("0013").down_revision))
        owner.exec_driver_sql("CREATE ROLE month_reader")
        owner.exec_driver_sql("GRANT SELECT ON posting TO month_reader")
    yield store
    with store.engine.begin() as owner:
        owner.exec_driver_sql("DROP OWNED BY month_reader")
        owner.exec_driver_sql("DROP ROLE month_reader")
    store.close()


def posted(store: Store, *, cycle: str = builders.CYCLE, code: str = "HT000123") -> None:
    """A payment of a month is approved, which posts, and sealed."""
    ledger = builders.a_ledger()

    def work(tx: Tx) -> None:
        number = builders.a_payment(tx, ledger, code, cycle=cycle)
        approved = NewEvent(
            EventType.APPROVED, f"approved:{cycle}:{code}", "t", builders.NOW, payment_id=number
        )
        ledger.record(tx, [approved])

    store.transact(work, CommitPoint.IMPORT_CHUNK)
    store.transact(lambda tx: chain.seal(tx, builders.NOW), CommitPoint.SEAL)


def opened(store: Store, month: str) -> None:
    store.transact(lambda tx: months.open_month(tx, month), CommitPoint.IMPORT_BEGIN)


def parts_of(store: Store) -> dict[str, int]:
    """How many rows each part of the postings holds."""
    with store.engine.connect() as connection:
        names = months.parts(connection)["posting"]
        return {
            name: connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar_one()
            for name in names
        }


def rows(store: Store) -> list[tuple[Any, ...]]:
    with store.engine.connect() as connection:
        found = connection.execute(sa.select(posting).order_by(posting.c.event_id, posting.c.line))
        return [tuple(row) for row in found]


def is_whole(store: Store) -> None:
    """The chain holds, what is folded agrees, and nothing is missing in the schema."""
    verdict = store.read(chain.verify)
    assert verdict.is_clean
    assert verdict.unsealed == 0
    assert store.read(projection.check) == []
    assert schema.differences(store) == []


def test_the_first_file_of_a_month_gives_it_a_part(store: Store) -> None:
    key = imports.FileKey(builders.TENANT, "payroll", builders.CYCLE, "", "0" * 64)
    for _ in range(2):
        store.transact(
            lambda tx: imports.begin_file(
                tx, key, name="list.xlsx", rows=1, staff="T1", now=builders.NOW
            ),
            CommitPoint.IMPORT_BEGIN,
        )
    posted(store)
    posted(store, cycle=MAY)

    is_whole(store)
    if store.dialect == "postgresql":
        assert parts_of(store) == {"posting_2021_04": 2, "posting_other": 2}


@pytest.mark.parametrize("month", ["", "2021-13", "2021-4", "other", "2021-04; --", "x' OR 'x'='x"])
def test_what_is_no_month_makes_nothing(on_postgres: Store, month: str) -> None:
    opened(on_postgres, month)

    assert list(parts_of(on_postgres)) == ["posting_other"]


def test_a_month_that_began_without_a_part_goes_on_as_it_began(on_postgres: Store) -> None:
    posted(on_postgres)
    opened(on_postgres, builders.CYCLE)
    posted(on_postgres, code="HT000124")

    assert parts_of(on_postgres) == {"posting_other": 4}
    is_whole(on_postgres)


def test_many_who_open_the_same_months_at_once_make_each_once(on_postgres: Store) -> None:
    asked = [f"2021-{month:02}" for month in (4, 5, 6, 4, 5, 6, 4, 5, 6, 4, 5, 6)]
    ready = threading.Barrier(len(asked))

    def work(month: str) -> None:
        ready.wait()
        opened(on_postgres, month)
        posted(on_postgres, cycle=month, code=f"HT{threading.get_ident() % 1_000_000:06}")

    with ThreadPoolExecutor(len(asked)) as threads:
        list(threads.map(work, asked))

    held = parts_of(on_postgres)
    assert held.pop("posting_other") == 0
    assert list(held) == ["posting_2021_04", "posting_2021_05", "posting_2021_06"]
    assert sum(held.values()) == 2 * len(asked)
    is_whole(on_postgres)


def test_a_long_reader_is_not_waited_for(on_postgres: Store) -> None:
    """Whoever reads everything holds every part: the month begins without its own."""
    with on_postgres.reader.connect() as reader, reader.begin():
        reader.execute(sa.select(posting)).all()
        opened(on_postgres, builders.CYCLE)
        posted(on_postgres, cycle=MAY)
    assert parts_of(on_postgres) == {"posting_other": 2}

    opened(on_postgres, builders.CYCLE)
    posted(on_postgres)

    assert parts_of(on_postgres) == {"posting_2021_04": 2, "posting_other": 2}
    is_whole(on_postgres)


def test_who_may_not_post_opens_no_month(on_postgres: Store) -> None:
    with on_postgres.engine.begin() as owner:
        owner.exec_driver_sql("CREATE ROLE month_stranger LOGIN")
    url = on_postgres.engine.url.set(username="month_stranger", drivername="postgresql")
    stranger = open_store(url.render_as_string(), Keyring({"t": bytes(32)}, bytes(32)))
    with pytest.raises(sa.exc.DBAPIError, match="must be able to post"):
        opened(stranger, MAY)
    stranger.close()
    with on_postgres.engine.begin() as owner:
        owner.exec_driver_sql("DROP ROLE month_stranger")

    assert list(parts_of(on_postgres)) == ["posting_other"]


def test_a_part_without_its_guard_is_a_difference(on_postgres: Store) -> None:
    opened(on_postgres, MAY)
    with on_postgres.engine.begin() as owner:
        owner.exec_driver_sql("ALTER TABLE posting_2021_05 DISABLE TRIGGER posting_refuses_change")

    assert schema.differences(on_postgres) == [
        "trigger posting_refuses_change on posting_2021_05 is missing"
    ]


def test_a_month_is_asked_for_in_its_part_alone(on_postgres: Store) -> None:
    for month in (builders.CYCLE, MAY):
        opened(on_postgres, month)
    query = (
        "EXPLAIN SELECT account, sum(amount) FROM posting"
        f" WHERE tenant = '{builders.TENANT}' AND cycle = '{MAY}' GROUP BY account"
    )
    with on_postgres.engine.connect() as connection:
        plan = "\n".join(connection.exec_driver_sql(query).scalars())

    assert "posting_2021_05" in plan
    assert "posting_2021_04" not in plan
    assert "posting_other" not in plan


def told(section: str) -> list[str]:
    """The statements that the page for operators gives."""
    part = PAGE.read_text(encoding="utf-8").partition(f"## {section}\n")[2].partition("\n## ")[0]
    return re.findall(r"```sql\n(.*?)```", part, re.DOTALL)


def test_an_old_month_moves_to_another_disk_as_the_page_says(on_postgres: Store) -> None:
    opened(on_postgres, builders.CYCLE)
    posted(on_postgres)
    before = rows(on_postgres)
    (moved,) = told("Moving old months to a slower disk")
    with on_postgres.engine.connect() as owner:
        owner.exec_driver_sql("SET allow_in_place_tablespaces = on")
        owner.commit()
        driver: Any = owner.connection.driver_connection
        driver.autocommit = True
        driver.execute("CREATE TABLESPACE archive LOCATION ''")
        driver.execute(moved)
        is_whole(on_postgres)
        assert rows(on_postgres) == before
        driver.execute("ALTER TABLE posting_2021_04 SET TABLESPACE pg_default")
        driver.execute("DROP TABLESPACE archive")
        driver.autocommit = False


def test_a_month_that_is_out_is_missed_and_can_be_put_back(on_postgres: Store) -> None:
    for month, code in ((builders.CYCLE, "HT000123"), (MAY, "HT000124")):
        opened(on_postgres, month)
        posted(on_postgres, cycle=month, code=code)
    out, back = told("Taking a month out")
    with on_postgres.engine.begin() as owner:
        owner.exec_driver_sql(out)
    assert not on_postgres.read(chain.verify).is_clean
    with (
        pytest.raises(sa.exc.DBAPIError, match="append-only"),
        on_postgres.engine.begin() as owner,
    ):
        owner.exec_driver_sql("DELETE FROM posting_2021_04")

    with on_postgres.engine.begin() as owner:
        owner.exec_driver_sql(back)

    is_whole(on_postgres)


def test_a_line_twice_in_two_months_is_found_by_verify(on_postgres: Store) -> None:
    """No key refuses it there: its month is part of the key."""
    posted(on_postgres)
    with on_postgres.engine.begin() as owner:
        owner.exec_driver_sql(
            "INSERT INTO posting SELECT event_id, line, tenant, '2021-05', account, provider,"
            " commune, payment_id, amount FROM posting"
        )

    assert not on_postgres.read(chain.verify).is_clean


def moved_back(source: Store, target: Store) -> None:
    """Every row of one database in another with an older schema."""
    old = sa.MetaData()
    with source.engine.connect() as there, target.engine.begin() as here:
        old.reflect(here)
        for table in metadata.sorted_tables:
            kept = old.tables.get(table.name)
            if kept is None or table.name == "installation":
                continue
            names = [column.name for column in kept.columns if column.name in table.c]
            columns = ", ".join(names)
            found = there.exec_driver_sql(f"SELECT {columns} FROM {table.name}").mappings().all()
            if found:
                here.execute(sa.insert(kept), [dict(row) for row in found])
        for name, value in there.exec_driver_sql("SELECT name, value FROM installation"):
            here.execute(
                sa.text(
                    "INSERT INTO installation VALUES (:name, :value)"
                    " ON CONFLICT (name) DO UPDATE SET value = excluded.value"
                ),
                {"name": name, "value": value},
            )


def test_an_older_database_keeps_every_row(on_postgres: Store, before_it: Store) -> None:
    posted(on_postgres)
    posted(on_postgres, cycle=MAY, code="HT000124")
    moved_back(on_postgres, before_it)
    before = rows(before_it)
    assert len(before) == 4

    assert schema.upgrade(before_it) == schema.head()

    assert rows(before_it) == before == rows(on_postgres)
    assert parts_of(before_it) == {
        "posting_2021_04": 2,
        "posting_2021_05": 2,
        "posting_other": 0,
    }
    is_whole(before_it)
    for name in ("posting", "posting_2021_04", "posting_2021_05", "posting_other"):
        for statement in (f"DELETE FROM {name}", f"TRUNCATE {name}"):
            with (
                pytest.raises(sa.exc.DBAPIError, match="append-only"),
                before_it.engine.begin() as owner,
            ):
                owner.exec_driver_sql(statement)
    with before_it.engine.begin() as owner:
        owner.exec_driver_sql("SET LOCAL ROLE month_reader")
        assert owner.exec_driver_sql("SELECT count(*) FROM posting").scalar_one() == 4


def test_a_move_that_fails_changes_nothing_and_runs_again(
    on_postgres: Store, before_it: Store
) -> None:
    posted(on_postgres)
    moved_back(on_postgres, before_it)
    before, revision = rows(before_it), schema.revision(before_it)
    with before_it.engine.begin() as owner:
        owner.exec_driver_sql("CREATE VIEW mine AS SELECT sum(amount) FROM posting")

    with pytest.raises(sa.exc.DBAPIError, match="depend"):
        schema.upgrade(before_it)

    assert (rows(before_it), schema.revision(before_it)) == (before, revision)
    with before_it.engine.begin() as owner:
        owner.exec_driver_sql("DROP VIEW mine")
    schema.upgrade(before_it)
    assert rows(before_it) == before
    is_whole(before_it)

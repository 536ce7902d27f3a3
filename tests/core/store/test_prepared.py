"""Prepared statements say what Core would say, and fail as Core fails."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError

from core.store import engine
from core.store.commit_points import CommitPoint
from core.store.engine import Store, Tx, open_store
from core.store.prepared import Prepared
from core.store.sealing import Keyring
from core.store.tables.people import contact, standing

AT = datetime(2021, 4, 5, 3, 4, 5, 678901, tzinfo=UTC)
NAMES = ("id", "channel", "address_index", "address", "language", "accents", "created_at")
INSERT = Prepared(sa.insert(contact), NAMES)
RETURNING = Prepared(sa.insert(contact).returning(contact.c.id, contact.c.created_at), NAMES)
ALL = Prepared(sa.select(contact).where(contact.c.channel == sa.bindparam("wanted")))


def values(**changed: Any) -> dict[str, Any]:
    """A contact, column by column."""
    first = {"id": 1, "channel": "sms", "address_index": "i1", "address": b"sealed"}
    return first | {"language": "vi", "accents": True, "created_at": AT} | changed


def write(store: Store, statement: Prepared, **changed: Any) -> list[Any]:
    return store.transact(lambda tx: statement.all(tx, values(**changed)), CommitPoint.SIMULATE)


def test_values_come_back_as_core_gives_them(store: Store) -> None:
    def work(tx: Tx) -> tuple[Any, Any]:
        INSERT.run(tx, values())
        by_core = tx.connection.execute(sa.select(contact)).one()
        (by_text,) = ALL.all(tx, {"wanted": "sms"})
        return by_core, by_text

    by_core, by_text = store.transact(work, CommitPoint.SIMULATE)

    assert tuple(by_text) == tuple(by_core)
    assert by_text.created_at == AT
    assert by_text.accents is True
    assert by_text.address == b"sealed"


def test_nothing_is_none(store: Store) -> None:
    write(store, RETURNING, accents=None)

    found = store.read(lambda tx: ALL.first(tx, {"wanted": "sms"}))

    assert found is not None
    assert found.accents is None
    assert store.read(lambda tx: ALL.first(tx, {"wanted": "telegram"})) is None


def test_what_is_written_is_yielded(store: Store) -> None:
    assert [tuple(row) for row in write(store, RETURNING)] == [(1, AT)]


def test_days_and_fixed_values_are_converted(store: Store) -> None:
    day = sa.cast(sa.literal("2021-04-05"), standing.c.valid_from.type)
    query = Prepared(
        sa.select(day.label("day"), sa.literal(AT, contact.c.created_at.type).label("at"))
    )

    (found,) = store.read(lambda tx: query.all(tx, {}))

    assert tuple(found) == (date(2021, 4, 5), AT)


def test_a_missing_value_is_named(store: Store) -> None:
    with pytest.raises(KeyError, match="wanted"):
        store.read(lambda tx: ALL.all(tx, {}))


def test_a_naive_time_is_refused(store: Store) -> None:
    with pytest.raises(TypeError):
        write(store, RETURNING, created_at=datetime(2021, 4, 5))


def test_it_fails_as_core_fails_and_shows_no_value(store: Store) -> None:
    write(store, RETURNING)

    with pytest.raises(IntegrityError) as caught:
        write(store, RETURNING, address=b"a secret of somebody")

    assert "secret" not in str(caught.value)
    assert len(store.read(lambda tx: ALL.all(tx, {"wanted": "sms"}))) == 1


@pytest.fixture
def postgres(postgres_url: str, keyring: Keyring) -> Iterator[Store]:
    opened = open_store(postgres_url, keyring)
    yield opened
    opened.close()


@pytest.mark.postgresql
def test_work_whose_connection_was_lost_is_run_again(postgres: Store) -> None:
    """A server that was restarted: pooled connections are dead, and nobody is told so."""
    tries: list[int] = []

    def work(tx: Tx) -> int:
        tries.append(len(tries))
        RETURNING.all(tx, values())
        if len(tries) == 1:
            _end_its_connection(postgres, tx)
        return len(ALL.all(tx, {"wanted": "sms"}))

    assert postgres.transact(work, CommitPoint.SIMULATE) == 1
    assert tries == [0, 1]


@pytest.mark.postgresql
def test_a_connection_lost_every_time_is_an_error(postgres: Store) -> None:
    def work(tx: Tx) -> None:
        _end_its_connection(postgres, tx)
        ALL.all(tx, {"wanted": "sms"})

    with pytest.raises(DBAPIError):
        postgres.transact(work, CommitPoint.SIMULATE)


@pytest.mark.postgresql
def test_a_connection_that_died_while_idle_is_not_handed_out(
    postgres: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "_IDLE", 0.0)
    number = postgres.transact(_number, CommitPoint.SIMULATE)
    _end(postgres, number)
    tries: list[int] = []

    def work(tx: Tx) -> None:
        tries.append(1)
        RETURNING.all(tx, values())

    postgres.transact(work, CommitPoint.SIMULATE)

    assert tries == [1]


def _end_its_connection(store: Store, tx: Tx) -> None:
    _end(store, _number(tx))


def _number(tx: Tx) -> int:
    found: int = tx.connection.execute(sa.text("SELECT pg_backend_pid()")).scalar_one()
    return found


def _end(store: Store, number: int) -> None:
    """From outside: the store's own pool might hand out the very connection that is to die."""
    other = sa.create_engine(store.engine.url, poolclass=sa.NullPool)
    with other.connect() as connection:
        connection.execute(sa.text("SELECT pg_terminate_backend(:number)"), {"number": number})

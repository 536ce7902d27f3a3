"""Transactions that wait together: one that fails takes none of the others with it."""

import threading
from concurrent.futures import Future
from functools import partial

import pytest
from sqlalchemy.exc import IntegrityError

from core.store.commit_points import CommitPoint
from core.store.engine import Store, Tx
from core.store.rows import insert_named
from core.store.tables.talk import installation


class Slipped(Exception):
    """What goes wrong in a job."""


def keep(name: str, tx: Tx) -> str:
    insert_named(tx, installation, [{"name": name, "value": "kept"}])
    return name


def keep_and_slip(name: str, tx: Tx) -> str:
    keep(name, tx)
    raise Slipped


def names(tx: Tx) -> set[str]:
    kept = installation.select().where(installation.c.value == "kept")
    return {row.name for row in tx.connection.execute(kept)}


def test_one_that_fails_takes_no_other_with_it(store: Store) -> None:
    gate = threading.Event()

    def wait(tx: Tx) -> None:
        del tx
        assert gate.wait(20)

    first = store.submit(wait, CommitPoint.IMPORT_CHUNK)
    jobs = [keep, keep_and_slip, keep, keep, keep_and_slip]
    waiting: list[Future[str]] = [
        store.submit(partial(job, f"k{number}"), CommitPoint.IMPORT_CHUNK)
        for number, job in enumerate(jobs)
    ]
    gate.set()
    first.result(20)
    assert [waiting[at].result(20) for at in (0, 2, 3)] == ["k0", "k2", "k3"]
    for at in (1, 4):
        with pytest.raises(Slipped):
            waiting[at].result(20)
    assert store.read(names) == {"k0", "k2", "k3"}


def test_one_that_fails_alone_writes_nothing_and_the_next_one_does(store: Store) -> None:
    with pytest.raises(Slipped):
        store.transact(partial(keep_and_slip, "a"), CommitPoint.IMPORT_CHUNK)
    assert store.transact(partial(keep, "b"), CommitPoint.IMPORT_CHUNK) == "b"
    with pytest.raises(IntegrityError):
        store.transact(partial(keep, "b"), CommitPoint.IMPORT_CHUNK)
    assert store.read(names) == {"b"}

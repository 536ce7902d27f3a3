"""Many rows at once come back exactly as they went in, on both engines."""

import pytest
from sqlalchemy.exc import IntegrityError

from core.store.commit_points import CommitPoint
from core.store.engine import Store, Tx
from core.store.rows import among, fresh_ids, insert_named, insert_named_or_ignore
from core.store.tables.people import person
from core.store.tables.talk import installation
from tests.builders import NOW

AWKWARD = (
    "",
    "NULL",
    "\\N",
    "\\.",
    "a,b",
    '"',
    "\\",
    '\\"',
    "{}",
    "{a}",
    "Huế\n\t\r",
    " x ",
    "'",
    "%s",
    "🙂",
)


def written(tx: Tx) -> dict[str, str]:
    columns = installation.c
    query = installation.select().where(among(tx, columns.name, [f"k{n}" for n in range(99)]))
    return {row.name: row.value for row in tx.connection.execute(query)}


def test_awkward_texts_come_back_as_they_went_in(store: Store) -> None:
    rows = [{"name": f"k{n}", "value": text} for n, text in enumerate(AWKWARD)]
    store.transact(lambda tx: insert_named(tx, installation, rows), CommitPoint.IMPORT_CHUNK)
    assert store.read(written) == {row["name"]: row["value"] for row in rows}


def test_rows_that_stand_are_left_as_they_are(store: Store) -> None:
    rows = [{"name": f"k{n}", "value": "old"} for n in range(5)]
    store.transact(lambda tx: insert_named(tx, installation, rows[:2]), CommitPoint.IMPORT_CHUNK)
    newer = [row | {"value": "new"} for row in rows]
    store.transact(
        lambda tx: insert_named_or_ignore(tx, installation, newer), CommitPoint.IMPORT_CHUNK
    )
    assert list(dict(sorted(store.read(written).items())).values()) == ["old"] * 2 + ["new"] * 3


def test_a_key_that_stands_is_an_error_without_values(store: Store) -> None:
    rows = [{"name": f"k{n}", "value": "a secret"} for n in range(9)]
    store.transact(lambda tx: insert_named(tx, installation, rows), CommitPoint.IMPORT_CHUNK)

    with pytest.raises(IntegrityError) as caught:
        store.transact(lambda tx: insert_named(tx, installation, rows), CommitPoint.IMPORT_CHUNK)

    assert "a secret" not in str(caught.value)


def test_instants_bytes_and_blanks_come_back_as_they_went_in(store: Store) -> None:
    def write(tx: Tx) -> list[int]:
        ids = list(fresh_ids(tx, person, 5))
        rows = [
            {
                "id": id_,
                "key": f"p{id_}",
                "name": bytes(range(250 + at)),
                "name_index": "x",
                "birth": None if at % 2 else b"\x00\\",
                "birth_year": None if at % 2 else 1930,
                "created_at": NOW,
            }
            for at, id_ in enumerate(ids)
        ]
        insert_named(tx, person, rows)
        return ids

    ids = store.transact(write, CommitPoint.IMPORT_CHUNK)
    found = store.read(
        lambda tx: tx.connection.execute(person.select().order_by(person.c.id)).all()
    )
    assert [row.id for row in found] == ids
    assert [row.name for row in found] == [bytes(range(250 + at)) for at in range(5)]
    assert [row.birth for row in found] == [b"\x00\\", None] * 2 + [b"\x00\\"]
    assert [row.birth_year for row in found] == [1930, None] * 2 + [1930]
    assert {row.created_at for row in found} == {NOW}
    assert min(store.transact(lambda tx: fresh_ids(tx, person, 2), CommitPoint.IMPORT_CHUNK)) > max(
        ids
    )

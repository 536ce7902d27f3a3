"""What the migrations make is what the tables say, on both engines."""

import sqlalchemy as sa

from core.store import schema
from core.store.commit_points import CommitPoint
from core.store.engine import Store


def test_the_migrated_schema_differs_in_nothing_from_the_tables(store: Store) -> None:
    assert schema.differences(store) == []


def test_a_column_too_many_is_a_difference(store: Store) -> None:
    store.transact(
        lambda tx: tx.connection.execute(sa.text("ALTER TABLE batch ADD COLUMN odd INTEGER")),
        CommitPoint.INSTALL,
    )
    assert any("odd" in one for one in schema.differences(store))

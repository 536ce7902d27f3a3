"""The fixtures that every other test stands on."""

import pytest

from core.store import schema
from core.store.engine import Store


def test_a_store_has_the_schema_of_this_release(store: Store) -> None:
    assert schema.revision(store) == schema.head()


@pytest.mark.parametrize("turn", ["first", "second"])
def test_each_test_has_a_database_of_its_own(database_url: str, turn: str) -> None:
    assert database_url.startswith(("sqlite:", "postgresql:"))

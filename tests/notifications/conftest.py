import pytest

from core import programme as terms
from core.clock import PlayClock
from core.store.engine import Store
from core.terms import Programme
from tests.notifications.district import NOW
from tests.notifications.post import Post


@pytest.fixture(scope="session")
def programme() -> Programme:
    return terms.load(terms.FOLDER / "thua-thien-hue-2021")


@pytest.fixture
def clock() -> PlayClock:
    return PlayClock(NOW)


@pytest.fixture
def post(store: Store, clock: PlayClock, programme: Programme) -> Post:
    return Post(store, clock, programme)

"""An import desk in April 2021, on both engines."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.clock import PlayClock
from core.exchange.intake import Desk
from core.exchange.layouts import load_layout
from core.ledger.record import Ledger
from core.programme import load
from core.store.engine import Store
from core.terms import Programme

FOLDER = Path(__file__).parents[3] / "programmes" / "thua-thien-hue-2021"

DeskFor = Callable[..., Desk]


@pytest.fixture(scope="session")
def programme() -> Programme:
    return load(FOLDER)


@pytest.fixture
def desk_for(store: Store, programme: Programme) -> DeskFor:
    clock = PlayClock(datetime(2021, 3, 25, 2, tzinfo=UTC))
    ledger = Ledger(programme.tenant, (), clock)

    def desk(layout: str = "payroll", *, cycle: str = "2021-04", provider: str = "") -> Desk:
        return Desk(
            store, ledger, programme, clock, load_layout(FOLDER, layout), cycle, provider, "lan"
        )

    return desk

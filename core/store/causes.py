"""The events that set off texts which are not about a payment, with whom they are about."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from core.ledger.events import Value, body_of
from core.store.engine import Tx
from core.store.rows import among
from core.store.tables.ledger import event
from core.store.tables.people import beneficiary, person


@dataclass(frozen=True, slots=True)
class Cause:
    """One event. `died_on`: the day on which the beneficiary died, if known."""

    event_id: int
    beneficiary_id: int
    died_on: date | None
    body: Mapping[str, Value]


def causes(tx: Tx, event_ids: Iterable[int]) -> dict[int, Cause]:
    """These events by id; one about no beneficiary is absent."""
    query = (
        sa.select(event.c.id, event.c.beneficiary_id, person.c.died_on, event.c.body)
        .join(beneficiary, beneficiary.c.id == event.c.beneficiary_id)
        .join(person, person.c.id == beneficiary.c.person_id)
        .where(among(tx, event.c.id, sorted(set(event_ids))))
    )
    return {
        row.id: Cause(row.id, row.beneficiary_id, row.died_on, body_of(row.body))
        for row in tx.connection.execute(query)
    }

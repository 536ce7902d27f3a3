"""What the office says of a death: the person's day, and every beneficiary that the person is.

What does not live here: stopping payments (`core/ledger/comparison.py`).
"""

from collections.abc import Mapping
from datetime import date, datetime

import sqlalchemy as sa

from core.store.engine import Tx
from core.store.rows import among
from core.store.tables.people import beneficiary, person


def mark_dead(tx: Tx, days: Mapping[int, date], now: datetime) -> None:
    """Note the day by beneficiary id; a day that is known already stays as it is."""
    if not days:
        return
    query = sa.select(beneficiary.c.id, beneficiary.c.person_id).where(
        among(tx, beneficiary.c.id, days)
    )
    people = {row.id: row.person_id for row in tx.connection.execute(query)}
    tx.connection.execute(
        sa.update(person)
        .where(person.c.id == sa.bindparam("of_id"), person.c.died_on.is_(None))
        .values(died_on=sa.bindparam("new_day")),
        [{"of_id": people[number], "new_day": day} for number, day in days.items()],
    )
    tx.connection.execute(
        sa.update(beneficiary)
        .where(among(tx, beneficiary.c.id, days))
        .values(state="dead", updated_at=now)
    )

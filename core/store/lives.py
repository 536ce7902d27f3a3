"""Openings and wishes beside the events that moved them, for a check of one against the other."""

from collections.abc import Collection, Mapping

import sqlalchemy as sa

from core.ledger.events import Value, body_of
from core.store.engine import Tx
from core.store.tables.enrolment import account_opening, enrolment
from core.store.tables.ledger import event


def moves_of_people(tx: Tx, types: Collection[str]) -> list[tuple[int, str, Mapping[str, Value]]]:
    """Events of these types in their order: of which beneficiary, which type, what it says."""
    query = (
        sa.select(event.c.beneficiary_id, event.c.type, event.c.body)
        .where(event.c.type.in_(sorted(types)), event.c.beneficiary_id.is_not(None))
        .order_by(event.c.id)
    )
    return [(row[0], row[1], _body(row[2])) for row in tx.connection.execute(query)]


def _body(text: str) -> Mapping[str, Value]:
    """What an event says; nothing where somebody altered it beyond reading."""
    try:
        return body_of(text)
    except ValueError:
        return {}


def opening_states(tx: Tx) -> dict[int, str]:
    """Where each opening stands, by beneficiary id."""
    query = sa.select(account_opening.c.beneficiary_id, account_opening.c.state)
    return {row[0]: row[1] for row in tx.connection.execute(query)}


def enrolment_states(tx: Tx) -> dict[int, str]:
    """Where each wish stands, by its number."""
    query = sa.select(enrolment.c.id, enrolment.c.state)
    return {row[0]: row[1] for row in tx.connection.execute(query)}


def mend_openings(tx: Tx, states: Mapping[int, str]) -> None:
    """Write where openings stand, by beneficiary id."""
    _mend(tx, account_opening, account_opening.c.beneficiary_id, states)


def mend_enrolments(tx: Tx, states: Mapping[int, str]) -> None:
    """Write where wishes stand, by number."""
    _mend(tx, enrolment, enrolment.c.id, states)


def _mend(tx: Tx, table: sa.Table, key: sa.Column[int], states: Mapping[int, str]) -> None:
    if states:
        statement = (
            sa.update(table)
            .where(key == sa.bindparam("of_key"))
            .values(state=sa.bindparam("new_state"))
        )
        rows = [{"of_key": number, "new_state": state} for number, state in states.items()]
        tx.connection.execute(statement, rows)

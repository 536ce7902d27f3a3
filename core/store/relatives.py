"""Relatives who are told about somebody's payments, and the consents behind it.

What does not live here: who may be told what (`notifications/recipients.py`).
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from core.people import Purpose, Role
from core.store.engine import Tx
from core.store.tables.people import consent, contact, contact_person, person, standing


@dataclass(frozen=True, slots=True)
class Relative:
    """A relative beside a beneficiary. The consent's fields are None when nobody agrees any more.

    `has_stopped`: the relative asked for no more messages at this phone.
    """

    standing_id: int
    person_id: int
    name: str = field(repr=False)
    relation: str
    phone: str = field(repr=False)
    has_stopped: bool
    agreed_at: datetime | None
    agreed_by: int | None
    consent_id: int | None

    @property
    def is_told(self) -> bool:
        """Whether messages go to them."""
        return self.agreed_at is not None and not self.has_stopped


def relatives_of(tx: Tx, beneficiary_id: int) -> list[Relative]:
    """The relatives beside a beneficiary, the newest first; one line for each of their phones."""
    agreed = _newest_consents(tx, beneficiary_id)
    query = (
        sa.select(
            standing.c.id,
            standing.c.person_id,
            standing.c.relation,
            person.c.key,
            person.c.name,
            contact.c.channel,
            contact.c.address,
            contact.c.address_index,
            contact.c.stopped_at,
        )
        .join(person, person.c.id == standing.c.person_id)
        .join(contact_person, contact_person.c.person_id == person.c.id)
        .join(contact, contact.c.id == contact_person.c.contact_id)
        .where(
            standing.c.beneficiary_id == beneficiary_id,
            standing.c.role == Role.RELATIVE,
            contact.c.channel == "sms",
            contact_person.c.unlinked_at.is_(None),
        )
        .order_by(standing.c.id.desc(), contact.c.id)
    )
    found = []
    for row in tx.connection.execute(query):
        number, at, by = agreed.get(row.person_id, (None, None, None))
        found.append(
            Relative(
                standing_id=row.id,
                person_id=row.person_id,
                name=tx.sealer.unseal(row.name, column="person.name", row=row.key),
                relation=row.relation,
                phone=tx.sealer.unseal(
                    row.address, column="contact.address", row=f"{row.channel}:{row.address_index}"
                ),
                has_stopped=row.stopped_at is not None,
                agreed_at=at,
                agreed_by=by,
                consent_id=number,
            )
        )
    return found


def end_relative(tx: Tx, beneficiary_id: int, one: Relative, day: date, now: datetime) -> None:
    """Take the consent back: from now on this relative is told and may ask nothing."""
    tx.connection.execute(
        sa.update(consent)
        .where(
            consent.c.beneficiary_id == beneficiary_id,
            consent.c.person_id == one.person_id,
            consent.c.purpose == Purpose.RELATIVE,
            consent.c.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=now)
    )
    # A last day is inclusive: yesterday ends it today.
    _until(tx, one.standing_id, day - timedelta(days=1))


def begin_again(tx: Tx, one: Relative) -> None:
    """The standing of a relative whose consent had been taken back is in force again."""
    _until(tx, one.standing_id, None)


def _until(tx: Tx, standing_id: int, last: date | None) -> None:
    tx.connection.execute(
        sa.update(standing).where(standing.c.id == standing_id).values(valid_to=last)
    )


def _newest_consents(tx: Tx, beneficiary_id: int) -> dict[int, tuple[int, datetime, int]]:
    query = (
        sa.select(consent.c.person_id, consent.c.id, consent.c.given_at, consent.c.agreed_by)
        .where(
            consent.c.beneficiary_id == beneficiary_id,
            consent.c.purpose == Purpose.RELATIVE,
            consent.c.withdrawn_at.is_(None),
        )
        .order_by(consent.c.given_at, consent.c.id)
    )
    return {
        row.person_id: (row.id, row.given_at, row.agreed_by) for row in tx.connection.execute(query)
    }

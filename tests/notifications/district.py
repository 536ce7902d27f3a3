"""People, phones and payments put straight into the tables, as few as a test needs."""

import secrets
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa

from core.people import Basis, Purpose, Role
from core.store import contacts
from core.store.engine import Tx
from core.store.tables.ledger import payment, payment_status
from core.store.tables.people import beneficiary, consent, person, standing

TENANT = "thua-thien-hue-2021"
CYCLE = "2021-04"
# A Thursday at 09:00 in Hà Nội.
NOW = datetime(2021, 4, 15, 2, 0, tzinfo=UTC)
DAY = date(2021, 4, 15)


def insert(tx: Tx, table: sa.Table, **values: Any) -> int:
    return int(
        tx.connection.execute(sa.insert(table).values(**values).returning(table.c.id)).scalar_one()
    )


def a_person(tx: Tx, name: str = "Nguyễn Thị Lan", *, died_on: date | None = None) -> int:
    key = secrets.token_hex(8)
    return insert(
        tx,
        person,
        key=key,
        name=tx.sealer.seal(name, column="person.name", row=key),
        name_index=tx.sealer.index(name, purpose="name"),
        died_on=died_on,
        created_at=NOW,
    )


def a_beneficiary(tx: Tx, code: str, name: str = "Nguyễn Thị Lan", **of: Any) -> tuple[int, int]:
    """(beneficiary id, person id)."""
    person_id = a_person(tx, name, **of)
    beneficiary_id = insert(
        tx,
        beneficiary,
        tenant=TENANT,
        code=code,
        person_id=person_id,
        commune="19804",
        state="active",
        frozen_self_service=False,
        created_at=NOW,
        updated_at=NOW,
    )
    stands(tx, beneficiary_id, person_id, Role.SELF)
    return beneficiary_id, person_id


def stands(
    tx: Tx,
    beneficiary_id: int,
    person_id: int,
    role: Role,
    *,
    basis: Basis = Basis.OWN,
    is_payee: bool = False,
    valid_to: date | None = None,
) -> int:
    return insert(
        tx,
        standing,
        beneficiary_id=beneficiary_id,
        person_id=person_id,
        role=role,
        relation="",
        basis=basis,
        scope="all",
        is_payee=is_payee,
        valid_from=date(2021, 1, 1),
        valid_to=valid_to,
        source="test",
        created_at=NOW,
    )


def a_phone(tx: Tx, person_id: int, number: str, *, level: int = 1, channel: str = "sms") -> int:
    """A contact id, linked to the person."""
    contact_id = contacts.ensure_contact(tx, channel, number, NOW).id
    contacts.link(tx, [(contact_id, person_id)], level=level, how="test", now=NOW)
    return contact_id


def agrees(
    tx: Tx, beneficiary_id: int, person_id: int, purpose: Purpose, *, by: int | None = None
) -> int:
    return insert(
        tx,
        consent,
        beneficiary_id=beneficiary_id,
        person_id=person_id,
        purpose=purpose,
        agreed_by=by or person_id,
        text_version="v1",
        channel="paper",
        given_at=NOW,
    )


def a_payment(
    tx: Tx,
    beneficiary_id: int,
    code: str,
    *,
    money: str = "SETTLED",
    amount: int = 540_000,
    provider: str = "vietinbank",
    reason: str | None = None,
    cycle: str = CYCLE,
    seq: int = 1,
) -> int:
    payment_id = insert(
        tx,
        payment,
        tenant=TENANT,
        cycle=cycle,
        code=code,
        beneficiary_id=beneficiary_id,
        kind="M",
        seq=seq,
        commune="19804",
        amount=amount,
        monthly=amount,
        arrears=0,
        listed_at=NOW,
    )
    tx.connection.execute(
        sa.insert(payment_status).values(
            payment_id=payment_id,
            tenant=TENANT,
            cycle=cycle,
            beneficiary_id=beneficiary_id,
            money=money,
            receipt="NOT_ASKED",
            provider=provider,
            reason=reason,
            effective_on=DAY,
            changed_at=NOW,
            last_event_id=payment_id,
            version=1,
        )
    )
    return payment_id


def set_money(tx: Tx, payment_id: int, money: str) -> None:
    tx.connection.execute(
        sa.update(payment_status)
        .where(payment_status.c.payment_id == payment_id)
        .values(money=money)
    )


def dies(tx: Tx, person_id: int, day: date) -> None:
    tx.connection.execute(sa.update(person).where(person.c.id == person_id).values(died_on=day))


def takes_back_all(tx: Tx, at: datetime) -> None:
    tx.connection.execute(sa.update(consent).values(withdrawn_at=at))

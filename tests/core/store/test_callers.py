"""Who is at an address, and whom they may ask for, is read in one statement."""

from datetime import date
from typing import Any

import sqlalchemy as sa

from core.people import Basis, Role
from core.store import contacts
from core.store.callers import NOBODY, AtAddress, at_address
from core.store.commit_points import CommitPoint
from core.store.engine import Store, Tx
from tests.notifications.district import NOW, a_beneficiary, a_person, a_phone, stands

TODAY = date(2021, 4, 20)
PHONE = "0912345678"


def at(tx: Tx) -> AtAddress:
    return at_address(tx, contacts.ensure_contact(tx, "sms", PHONE, NOW).id, TODAY)


def test_nobody_is_at_an_address_that_is_not_linked(store: Store) -> None:
    assert store.transact(at, CommitPoint.SIMULATE) == NOBODY


def test_a_person_asks_for_themselves_first_then_for_their_wards_by_code(store: Store) -> None:
    def work(tx: Tx) -> AtAddress:
        _, mother = a_beneficiary(tx, "HT3", "Trần Thị Cúc")
        for code, name in (("HT2", "Trần Văn Bình"), ("HT1", "Trần Văn An")):
            ward, _ = a_beneficiary(tx, code, name)
            stands(tx, ward, mother, Role.GUARDIAN, basis=Basis.GUARDIAN_DECISION)
        a_phone(tx, mother, PHONE, level=2)
        return at(tx)

    here = store.transact(work, CommitPoint.SIMULATE)

    assert [(ward.code, ward.name) for ward in here.wards] == [
        ("HT3", "Trần Thị Cúc"),
        ("HT1", "Trần Văn An"),
        ("HT2", "Trần Văn Bình"),
    ]
    assert here.levels == (2,)


def test_people_who_share_a_phone_are_known_each_by_their_own_level(store: Store) -> None:
    def work(tx: Tx) -> tuple[AtAddress, int, int]:
        _, first = a_beneficiary(tx, "HT1")
        _, second = a_beneficiary(tx, "HT2")
        a_phone(tx, first, PHONE, level=1)
        a_phone(tx, second, PHONE, level=2)
        return at(tx), first, second

    here, first, second = store.transact(work, CommitPoint.SIMULATE)

    assert here.person_ids == (second, first)
    assert here.levels == (2, 1)
    assert [ward.code for ward in here.wards] == ["HT1", "HT2"]


def test_a_standing_that_has_ended_counts_no_more(store: Store) -> None:
    def work(tx: Tx) -> AtAddress:
        ward, _ = a_beneficiary(tx, "HT1")
        carer = a_person(tx, "Lê Văn Cơ")
        stands(tx, ward, carer, Role.CARER, valid_to=date(2021, 4, 19))
        a_phone(tx, carer, PHONE)
        return at(tx)

    here = store.transact(work, CommitPoint.SIMULATE)

    assert here.wards == ()
    assert here.levels == (1,)


def test_of_two_standings_beside_one_ward_the_stronger_counts(store: Store) -> None:
    def work(tx: Tx) -> AtAddress:
        ward, _ = a_beneficiary(tx, "HT1")
        aunt = a_person(tx, "Lê Thị Dung")
        stands(tx, ward, aunt, Role.RELATIVE)
        stands(tx, ward, aunt, Role.GUARDIAN, basis=Basis.GUARDIAN_DECISION)
        a_phone(tx, aunt, PHONE)
        return at(tx)

    (ward,) = store.transact(work, CommitPoint.SIMULATE).wards

    assert ward.standing.role is Role.GUARDIAN


def test_an_ended_link_is_nobody(store: Store) -> None:
    def work(tx: Tx) -> AtAddress:
        _, person_id = a_beneficiary(tx, "HT1")
        contact_id = a_phone(tx, person_id, PHONE)
        contacts.unlink(tx, contact_id, person_id, NOW)
        return at(tx)

    assert store.transact(work, CommitPoint.SIMULATE) == NOBODY


def test_it_takes_one_statement(store: Store) -> None:
    statements: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        statements.append(statement)

    def work(tx: Tx) -> None:
        _, person_id = a_beneficiary(tx, "HT1")
        contact_id = a_phone(tx, person_id, PHONE)
        sa.event.listen(store.engine, "before_cursor_execute", note)
        at_address(tx, contact_id, TODAY)
        sa.event.remove(store.engine, "before_cursor_execute", note)

    store.transact(work, CommitPoint.SIMULATE)

    assert len(statements) == 1

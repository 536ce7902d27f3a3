from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.calendar import local_day
from core.clock import PlayClock
from core.exchange import registrations
from core.exchange.intake import take_in
from core.exchange.verdicts import Outcome, Report
from core.ledger.events import body_of
from core.people import Purpose, Role
from core.refusals import Code, Refusal
from core.store.contacts import contact_at, persons_at
from core.store.engine import Store
from core.store.methods import accounts_of, methods_in_force
from core.store.people import beneficiaries_by_code, standings_beside, wards_of
from core.store.tables.ledger import event
from core.store.tables.people import consent
from tests.core.exchange.conftest import DeskFor
from tests.core.exchange.lists import Line, write_list

DAY = date(2021, 4, 15)
HOA: Line = {
    "code": "HT000123",
    "role": "đối tượng",
    "name": "Nguyễn Thị Hoa",
    "birth": "1938",
    "citizen_id": "046138000123",
    "commune": "Phường Phú Bài",
    "phone": "0912345678",
    "method": "tài khoản",
    "account": "101234567890",
    "holder": "NGUYEN THI HOA",
    "consent_notice": "có",
    "consent_amount": "có",
    "consent_on": "10/03/2021",
    "consent_text": "v1",
    "consent_by": "đối tượng",
}
CHILD: Line = {
    "code": "PL000001",
    "role": "đối tượng",
    "name": "Trần Văn Bé",
    "birth": "01/06/2014",
    "commune": "Xã Vinh Hưng",
    "method": "tiền mặt",
}
SIBLING: Line = dict(CHILD) | {"code": "PL000002", "name": "Trần Thị Na", "birth": "02/07/2016"}
GRANDMOTHER: Line = {
    "code": "PL000001",
    "role": "người giám hộ",
    "name": "Lê Thị Gái",
    "birth": "1955",
    "citizen_id": "046155000777",
    "relation": "bà nội",
    "basis": "quyết định giám hộ",
    "payee": "có",
    "phone": "0987654321",
    "consent_notice": "có",
    "consent_on": "10/03/2021",
    "consent_text": "v1",
    "consent_by": "người giám hộ",
}
DAUGHTER: Line = {
    "code": "HT000123",
    "role": "người thân",
    "name": "Phan Thị Lụa",
    "phone": "0901112223",
    "relation": "con gái",
    "consent_notice": "có",
    "consent_on": "10/03/2021",
    "consent_text": "v1",
    "consent_by": "đối tượng",
}


def done(found: Report | Refusal) -> Report:
    assert isinstance(found, Report), found
    return found


def taken_in(desk_for: DeskFor, tmp_path: Path, *lines: Line, name: str = "a") -> Report:
    desk = desk_for("registrations")
    path = write_list(tmp_path / f"{name}.xlsx", desk.layout, lines)
    return done(take_in(path, registrations.KIND, desk))


def test_a_registered_person_has_a_method_a_phone_and_consents(
    store: Store, desk_for: DeskFor, tmp_path: Path
) -> None:
    report = taken_in(desk_for, tmp_path, HOA)
    assert (report.accepted, report.rejected) == (1, 0)
    hoa = store.read(lambda tx: beneficiaries_by_code(tx, ["HT000123"]))["HT000123"]
    version = store.read(lambda tx: methods_in_force(tx, [hoa.id], "2021-04"))[hoa.id]
    assert (version.method, version.provider) == ("account", "vietinbank")
    assert store.read(lambda tx: accounts_of(tx, [version.id])) == {
        version.id: ("101234567890", "NGUYEN THI HOA")
    }
    contact = store.read(lambda tx: contact_at(tx, "sms", "0912345678"))
    assert contact is not None
    linked = store.read(lambda tx: persons_at(tx, contact.id))
    assert [(one.person_id, one.level) for one in linked] == [(hoa.person_id, 1)]
    purposes = store.read(lambda tx: tx.connection.scalars(sa.select(consent.c.purpose)).all())
    assert sorted(purposes) == [Purpose.AMOUNT, Purpose.NOTICE]


def test_consents_and_the_method_stand_in_the_ledger_once_and_name_nobody(
    store: Store, desk_for: DeskFor, tmp_path: Path
) -> None:
    named: Line = {**GRANDMOTHER, "consent_text": "bản của bà Hoa 0912345678"}
    desk = desk_for("registrations")
    for name, lines in (
        ("a", [HOA]),
        ("b", [HOA]),
        ("c", [HOA, CHILD, named]),
    ):
        path = write_list(tmp_path / f"{name}.xlsx", desk.layout, lines)
        assert isinstance(take_in(path, registrations.KIND, desk), Report)

    query = sa.select(event).where(event.c.type.in_(["consent_given", "method_recorded"]))
    with store.engine.connect() as connection:
        rows = connection.execute(query.order_by(event.c.id)).all()
        kept = connection.scalar(sa.select(sa.func.count()).select_from(consent))
    given = [row for row in rows if row.type == "consent_given"]
    assert len(given) == kept == 3
    assert [body_of(row.body).get("text") for row in given] == ["v1", "v1", None]
    assert {body_of(row.body)["purpose"] for row in given} == {"notice", "amount"}
    assert {local_day(row.effective_at) for row in given} == {date(2021, 3, 10)}
    methods = [body_of(row.body) for row in rows if row.type == "method_recorded"]
    assert [one["method"] for one in methods] == ["account", "cash"]
    assert not any(word in row.body for row in rows for word in ("Hoa", "0912", "10123456"))


def test_a_guardian_of_two_children_is_one_person_with_two_wards(
    store: Store, desk_for: DeskFor, tmp_path: Path
) -> None:
    of_sibling = dict(GRANDMOTHER) | {"code": "PL000002"}
    # Guardians stand before their wards in the file: order must not matter.
    report = taken_in(desk_for, tmp_path, GRANDMOTHER, of_sibling, CHILD, SIBLING)
    assert (report.accepted, report.rejected) == (4, 0)
    contact = store.read(lambda tx: contact_at(tx, "sms", "0987654321"))
    assert contact is not None
    (person,) = store.read(lambda tx: persons_at(tx, contact.id))
    wards = store.read(lambda tx: wards_of(tx, [person.person_id], DAY))
    assert [(w.code, w.name, w.standing.role) for w in wards] == [
        ("PL000001", "Trần Văn Bé", Role.GUARDIAN),
        ("PL000002", "Trần Thị Na", Role.GUARDIAN),
    ]
    assert all(ward.standing.is_payee for ward in wards)


def test_another_number_for_somebody_who_has_one_stands_in_the_ledger(
    store: Store, desk_for: DeskFor, tmp_path: Path
) -> None:
    taken_in(desk_for, tmp_path, CHILD, GRANDMOTHER, SIBLING)
    other = dict(GRANDMOTHER) | {"code": "PL000002", "phone": "0977000111"}
    for name in ("b", "c"):
        taken_in(desk_for, tmp_path, other, name=name)

    found = store.read(
        lambda tx: tx.connection.execute(
            sa.select(event.c.beneficiary_id, event.c.body).where(event.c.type == "phone_changed")
        ).all()
    )
    known = store.read(lambda tx: beneficiaries_by_code(tx, ["PL000002"]))
    new = store.read(lambda tx: contact_at(tx, "sms", "0977000111"))
    assert new is not None
    [(of, body)] = found
    assert of == known["PL000002"].id
    assert body_of(body)["contact"] == new.id
    # The number itself is personal: the ledger holds its id alone.
    assert "0977000111" not in body


def test_children_who_share_name_and_birth_day_stay_two_people(
    store: Store, desk_for: DeskFor, tmp_path: Path
) -> None:
    twin = dict(CHILD) | {"code": "PL000009"}
    taken_in(desk_for, tmp_path, CHILD, twin)
    found = store.read(lambda tx: beneficiaries_by_code(tx, ["PL000001", "PL000009"]))
    assert found["PL000001"].person_id != found["PL000009"].person_id


def test_a_relative_is_registered_only_with_the_consent_of_somebody_entitled(
    store: Store, desk_for: DeskFor, tmp_path: Path
) -> None:
    unasked = dict(DAUGHTER) | {"consent_notice": "không"}
    report = taken_in(desk_for, tmp_path, HOA, unasked)
    assert [one.problem.refusal.code for one in report.rejects] == [Code.RELATIVE_WITHOUT_CONSENT]
    report = taken_in(desk_for, tmp_path, HOA, DAUGHTER, name="b")
    assert (report.unchanged, report.accepted, report.rejected) == (1, 1, 0)
    hoa = store.read(lambda tx: beneficiaries_by_code(tx, ["HT000123"]))["HT000123"]
    beside = store.read(lambda tx: standings_beside(tx, [hoa.id]))[hoa.id]
    assert [one.role for one in beside] == [Role.SELF, Role.RELATIVE]
    row = store.read(
        lambda tx: tx.connection.execute(
            sa.select(consent.c.agreed_by, consent.c.person_id, consent.c.text_version).where(
                consent.c.purpose == Purpose.RELATIVE
            )
        ).one()
    )
    assert tuple(row) == (hoa.person_id, beside[1].person_id, "v1")


def test_another_account_for_somebody_registered_is_a_conflict_for_a_person(
    store: Store, desk_for: DeskFor, tmp_path: Path
) -> None:
    taken_in(desk_for, tmp_path, HOA)
    moved = dict(HOA) | {"account": "109999999999"}
    report = taken_in(desk_for, tmp_path, moved, name="b")
    assert [one.outcome for one in report.rejects] == [Outcome.CONFLICT]
    hoa = store.read(lambda tx: beneficiaries_by_code(tx, ["HT000123"]))["HT000123"]
    version = store.read(lambda tx: methods_in_force(tx, [hoa.id], "2021-04"))[hoa.id]
    assert store.read(lambda tx: accounts_of(tx, [version.id]))[version.id][0] == "101234567890"


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"role": "hàng xóm"}, "role", Code.ROLE_UNKNOWN),
        ({"code": ""}, "code", Code.BENEFICIARY_CODE_MISSING),
        ({"code": "HT 00*1"}, "code", Code.BENEFICIARY_CODE_BAD),
        ({"name": ""}, "name", Code.NAME_MISSING),
        ({"birth": "31/02/1938"}, "birth", Code.DAY_NOT_A_DAY),
        ({"birth": "2031"}, "birth", Code.DAY_IN_FUTURE),
        ({"citizen_id": "1234"}, "citizen_id", Code.CITIZEN_ID_WRONG_LENGTH),
        ({"commune": ""}, "commune", Code.COMMUNE_MISSING),
        ({"commune": "Phú Lộc"}, "commune", Code.COMMUNE_AMBIGUOUS),
        ({"method": "chim bồ câu"}, "method", Code.METHOD_UNKNOWN),
        ({"method": "ví điện tử"}, "method", Code.METHOD_NOT_IN_AREA),
        ({"account": ""}, "account", Code.ACCOUNT_MISSING),
        ({"account": "9704366612345678"}, "account", Code.ACCOUNT_IS_CARD_NUMBER),
        ({"phone": "0543123"}, "phone", Code.PHONE_WRONG_LENGTH),
        ({"consent_notice": "chắc vậy"}, "consent_notice", Code.CONSENT_UNCLEAR),
        ({"consent_text": ""}, "consent_text", Code.CONSENT_UNCLEAR),
        ({"valid_from": "01/05/2021", "valid_to": "01/04/2021"}, "valid_to", Code.DAY_BEFORE_START),
    ],
)
def test_what_is_wrong_in_a_line_is_named(
    desk_for: DeskFor, tmp_path: Path, change: Line, field: str, code: Code
) -> None:
    report = taken_in(desk_for, tmp_path, {**HOA, **change})
    assert [(one.problem.field, one.problem.refusal.code) for one in report.rejects] == [
        (field, code)
    ]


def test_the_same_lines_on_another_day_in_another_order_change_nothing(
    desk_for: DeskFor, tmp_path: Path
) -> None:
    undated = dict(HOA) | {"consent_on": ""}
    daughter = dict(DAUGHTER) | {"consent_on": ""}
    desk = desk_for("registrations")
    first = write_list(tmp_path / "a.xlsx", desk.layout, [undated, daughter, CHILD])
    report = done(take_in(first, registrations.KIND, desk))
    assert (report.accepted, report.rejected) == (3, 0)

    clock = desk.clock
    assert isinstance(clock, PlayClock)
    clock.move_to(clock.now() + timedelta(days=9))
    renamed = tmp_path / "b.xlsx"
    renamed.write_bytes(first.read_bytes())
    shuffled = write_list(tmp_path / "c.xlsx", desk.layout, [CHILD, daughter, undated])
    for path in (first, renamed, shuffled):
        again = done(take_in(path, registrations.KIND, desk))
        assert again.rejected == 0, path.name
        assert again.was_known or (again.accepted, again.unchanged) == (0, 3), path.name

    changed = write_list(
        tmp_path / "d.xlsx", desk.layout, [CHILD, undated | {"phone": "0987000111"}]
    )
    report = done(take_in(changed, registrations.KIND, desk))
    assert (report.accepted, report.unchanged) == (0, 1)
    assert [one.outcome for one in report.rejects] == [Outcome.CONFLICT]

from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.exchange import payroll
from core.exchange.intake import take_in
from core.exchange.verdicts import Outcome, Report
from core.refusals import Code, Refusal
from core.store.commit_points import CommitPoint
from core.store.engine import Store, Tx
from core.store.methods import NewMethod, insert_methods
from core.store.people import beneficiaries_by_code
from core.store.tables.ledger import event, import_row, payment, payment_status
from core.store.tables.people import beneficiary
from core.terms import Method
from tests.core.exchange.conftest import DeskFor
from tests.core.exchange.lists import Line, write_list

HOA: Line = {
    "number": 1,
    "code": "HT000123",
    "name": "NGUYỄN THỊ HOA",
    "birth": "05/04/1938",
    "sex": "Nữ",
    "citizen_id": "046138000123",
    "commune": "Phường Phú Bài",
    "category": "5.5c",
    "coefficient": 1,
    "monthly": 270000,
    "total": 270000,
    "phone": "0912345678",
}
TAM: Line = {
    "number": 2,
    "code": "PL000045",
    "name": "Trần Văn Tám",
    "commune": "Xã Vinh Hưng",
    "category": "5.6a",
    "monthly": "540.000",
    "arrears": 540000.0,
    "total": 1080000,
    "method": "ViettelPay",
    "account": "01662345678",
}


def count(store: Store, table: sa.Table) -> int:
    def work(tx: Tx) -> int:
        found = tx.connection.scalar(sa.select(sa.func.count()).select_from(table))
        return int(found or 0)

    return store.read(work)


def done(found: Report | Refusal) -> Report:
    assert isinstance(found, Report), found
    return found


def test_each_line_becomes_one_listed_payment(
    store: Store, desk_for: DeskFor, tmp_path: Path
) -> None:
    desk = desk_for()
    path = write_list(tmp_path / "thang4.xlsx", desk.layout, [HOA, TAM], amount=1350000)
    report = done(take_in(path, payroll.KIND, desk))
    assert (report.accepted, report.rejected, report.amount) == (2, 0, 1350000)
    rows = store.read(
        lambda tx: tx.connection.execute(
            sa.select(payment.c.code, payment.c.amount, payment.c.arrears, payment_status.c.money)
            .join(payment_status, payment_status.c.payment_id == payment.c.id)
            .order_by(payment.c.code)
        ).all()
    )
    assert [tuple(row) for row in rows] == [
        ("2104-HT000123-M-1", 270000, 0, "LISTED"),
        ("2104-PL000045-M-1", 1080000, 540000, "LISTED"),
    ]


def test_the_same_file_again_changes_nothing(
    store: Store, desk_for: DeskFor, tmp_path: Path
) -> None:
    desk = desk_for()
    path = write_list(tmp_path / "a.xlsx", desk.layout, [HOA, TAM], amount=1350000)
    first = done(take_in(path, payroll.KIND, desk))
    before = count(store, event)
    renamed = path.rename(tmp_path / "b.xlsx")
    second = done(take_in(renamed, payroll.KIND, desk))
    assert second.was_known
    assert second.as_json() | {"already_imported": False} == first.as_json()
    assert count(store, event) == before


def test_reordered_lines_are_unchanged_and_an_altered_amount_is_a_conflict(
    store: Store, desk_for: DeskFor, tmp_path: Path
) -> None:
    desk = desk_for()
    take_in(
        write_list(tmp_path / "a.xlsx", desk.layout, [HOA, TAM], amount=1350000),
        payroll.KIND,
        desk,
    )
    reordered = done(
        take_in(
            write_list(tmp_path / "b.xlsx", desk.layout, [TAM, HOA], amount=1350000),
            payroll.KIND,
            desk,
        )
    )
    assert (reordered.accepted, reordered.unchanged) == (0, 2)
    dearer = dict(HOA) | {"monthly": 360000, "total": 360000}
    altered = done(
        take_in(
            write_list(tmp_path / "c.xlsx", desk.layout, [TAM, dearer], amount=1440000),
            payroll.KIND,
            desk,
        )
    )
    assert (altered.accepted, altered.unchanged, altered.conflicts) == (0, 1, 1)
    assert altered.rejects[0].outcome is Outcome.CONFLICT
    assert count(store, payment) == 2


def test_a_bad_line_never_blocks_a_good_file(
    store: Store, desk_for: DeskFor, tmp_path: Path
) -> None:
    desk = desk_for()
    faulty = [
        dict(TAM) | {"code": "PL1", "commune": "Xã Không Có"},
        dict(TAM) | {"code": "PL2", "monthly": "bốn trăm"},
        dict(TAM) | {"code": "PL3", "total": 999},
        dict(TAM) | {"code": "PL4", "name": "Trần V¨n T¸m"},
        dict(TAM) | {"code": "PL5", "phone": "12345"},
        dict(TAM) | {"code": "PL6", "account": "9704366612345678", "method": "tài khoản"},
        dict(HOA) | {"name": "Nguyễn Thị Lan"},
    ]
    path = write_list(tmp_path / "a.xlsx", desk.layout, [HOA, TAM, *faulty], amount=20_000_000)
    report = done(take_in(path, payroll.KIND, desk))
    assert report.accepted == 2
    assert [
        (one.number, one.problem.field, one.problem.refusal.code) for one in report.rejects
    ] == [
        (7, "commune", Code.COMMUNE_UNKNOWN),
        (8, "monthly", Code.AMOUNT_NOT_A_NUMBER),
        (9, "total", Code.AMOUNT_PARTS_DISAGREE),
        (10, "name", Code.NAME_LEGACY_ENCODING),
        (11, "phone", Code.PHONE_WRONG_LENGTH),
        (12, "method", Code.METHOD_NOT_IN_AREA),
        (13, "code", Code.BENEFICIARY_TWICE),
    ]
    assert count(store, import_row) == 9


def test_totals_that_disagree_refuse_the_whole_file(
    store: Store, desk_for: DeskFor, tmp_path: Path
) -> None:
    desk = desk_for()
    cut = write_list(tmp_path / "a.xlsx", desk.layout, [HOA], rows=2)
    refused = take_in(cut, payroll.KIND, desk)
    assert isinstance(refused, Refusal)
    assert refused.code is Code.FILE_TOTAL_DISAGREES
    assert count(store, payment) == 0


def test_a_rehearsal_writes_nothing(store: Store, desk_for: DeskFor, tmp_path: Path) -> None:
    desk = desk_for()
    path = write_list(tmp_path / "a.xlsx", desk.layout, [HOA, TAM], amount=1350000)
    report = done(take_in(path, payroll.KIND, desk, rehearse=True))
    assert (report.accepted, report.is_rehearsal) == (2, True)
    assert count(store, payment) == count(store, import_row) == 0


def test_nothing_of_a_person_is_readable_in_the_database(
    store: Store, desk_for: DeskFor, tmp_path: Path
) -> None:
    desk = desk_for()
    take_in(
        write_list(tmp_path / "a.xlsx", desk.layout, [HOA, TAM], amount=1350000),
        payroll.KIND,
        desk,
    )
    from core.store.tables.everything import metadata

    def everything(tx: Tx) -> str:
        return repr(
            [
                tuple(row)
                for table in metadata.tables.values()
                for row in tx.connection.execute(sa.select(table))
            ]
        )

    text = store.read(everything)
    for secret in ("Hoa", "HOA", "Tám", "0912345678", "0362345678", "046138000123"):
        assert secret not in text


@pytest.mark.parametrize("off", [1, -10_000, 900_000_000])
def test_a_line_that_cannot_stand_does_not_excuse_a_wrong_total(
    desk_for: DeskFor, tmp_path: Path, off: int
) -> None:
    desk = desk_for()
    bad: Line = {**HOA, "code": "HT000777", "commune": "Xã Không Có"}
    total = int(str(HOA["total"])) * 2
    path = write_list(tmp_path / "a.xlsx", desk.layout, [HOA, bad], amount=total + off)
    refused = take_in(path, payroll.KIND, desk)
    assert isinstance(refused, Refusal)
    assert refused.code is Code.FILE_TOTAL_DISAGREES
    honest = write_list(tmp_path / "b.xlsx", desk.layout, [HOA, bad])
    report = take_in(honest, payroll.KIND, desk)
    assert isinstance(report, Report)
    assert (report.accepted, report.rejected) == (1, 1)


def commune_of(store: Store, code: str) -> str:
    return store.read(lambda tx: beneficiaries_by_code(tx, [code])[code].commune)


def list_of(
    tmp_path: Path, desk_for: DeskFor, cycle: str, commune: str, hamlet: str = ""
) -> Report:
    desk = desk_for(cycle=cycle)
    line = {**HOA, "commune": commune, "hamlet": hamlet}
    month = f"{cycle[5:]}/{cycle[:4]}"
    path = write_list(tmp_path / f"{cycle}.xlsx", desk.layout, [line], amount=270000, cycle=month)
    return done(take_in(path, payroll.KIND, desk))


def test_whoever_is_listed_in_another_commune_has_moved_there(
    store: Store, desk_for: DeskFor, tmp_path: Path
) -> None:
    list_of(tmp_path, desk_for, "2021-04", "Phường Phú Bài", hamlet="Tổ 3")
    before = commune_of(store, "HT000123")
    list_of(tmp_path, desk_for, "2021-05", "Xã Thủy Phù", hamlet="Thôn 1B")
    after = commune_of(store, "HT000123")
    assert before != after
    row = store.read(lambda tx: tx.connection.execute(sa.select(beneficiary.c.hamlet)).scalar_one())
    assert row is not None
    # Who enters the month before later on has not moved back.
    list_of(tmp_path, desk_for, "2021-03", "Phường Phú Bài")
    assert commune_of(store, "HT000123") == after


def test_a_move_without_a_hamlet_forgets_the_hamlet_of_before(
    store: Store, desk_for: DeskFor, tmp_path: Path
) -> None:
    list_of(tmp_path, desk_for, "2021-04", "Phường Phú Bài", hamlet="Tổ 3")
    list_of(tmp_path, desk_for, "2021-05", "Xã Thủy Phù")
    hamlet = store.read(
        lambda tx: tx.connection.execute(sa.select(beneficiary.c.hamlet)).scalar_one()
    )
    assert hamlet is None


def test_a_list_of_years_ago_does_not_move_who_registered_for_a_later_month(
    store: Store, desk_for: DeskFor, tmp_path: Path
) -> None:
    list_of(tmp_path, desk_for, "2020-01", "Phường Phú Bài")
    list_of(tmp_path, desk_for, "2020-02", "Xã Thủy Phù")
    lived = commune_of(store, "HT000123")

    def register(tx: Tx) -> None:
        found = beneficiaries_by_code(tx, ["HT000123"])["HT000123"]
        method = NewMethod("k", found.id, Method.CASH, "post", "2021-04", "registration")
        insert_methods(tx, [method], datetime(2021, 2, 1, tzinfo=UTC))

    store.transact(register, CommitPoint.INBOUND)
    list_of(tmp_path, desk_for, "2021-01", "Phường Phú Bài")
    assert commune_of(store, "HT000123") == lived

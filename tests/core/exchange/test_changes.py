"""The lists of increases, decreases and adjustments, from file to approval, on both engines."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from types import ModuleType

import sqlalchemy as sa

from core.exchange import adjustments, decreases, increases, payroll
from core.exchange.intake import Desk, take_in
from core.exchange.rejects import write_rejects
from core.exchange.verdicts import Report
from core.ledger import cycles
from core.ledger.comparison import Changed, Comparison, comparison, difference
from core.ledger.cycles import Moved
from core.ledger.states import Money
from core.refusals import Code, Refusal
from core.store.commit_points import CommitPoint
from core.store.comparisons import listed_of
from core.store.engine import Store
from core.store.people import beneficiaries_by_code
from core.store.tables.ledger import event, posting
from core.store.tables.people import person
from tests.core.exchange.conftest import DeskFor
from tests.core.exchange.lists import Line, write_list
from tests.core.exchange.test_payroll import HOA, TAM, count, done

MAY = "2021-05"
APRIL_TAM: Line = {**TAM, "arrears": "", "total": 540000}
LAN: Line = {
    "code": "HT000200",
    "name": "Lê Thị Lan",
    "commune": "Phường Phú Bài",
    "category": "5.4",
    "monthly": 270000,
    "arrears": 540000,
    "total": 810000,
}
LAN_NEW: Line = {
    **LAN,
    "decision": "4471/QĐ-UBND-2021",
    "reason": "Mới hưởng",
    "since": "03/2021",
    "months": 2,
}
TAM_GONE: Line = {"code": "PL000045", "reason": "Chết", "since": "05/2021", "recover": 540000}
HOA_MORE: Line = {
    "code": "HT000123",
    "field": "Muc tro cap",
    "old": 270000,
    "new": "405.000",
    "since": "5/2021",
}


class District:
    """Two months at an import desk."""

    def __init__(self, desk_for: DeskFor, folder: Path) -> None:
        self.desk_for, self.folder = desk_for, folder
        self.files = 0

    def brings(
        self, kind: ModuleType, lines: Sequence[Line], *, cycle: str = MAY, rehearse: bool = False
    ) -> Report | Refusal:
        desk: Desk = self.desk_for(kind.KIND.name, cycle=cycle)
        self.files += 1
        path = self.folder / f"{self.files}.xlsx"
        declared = f"{cycle[5:]}/{cycle[:4]}"
        amount = None if desk.layout.amount_field is None else sum(map(_amount, lines))
        write_list(path, desk.layout, lines, cycle=declared, amount=amount)
        return take_in(path, kind.KIND, desk, rehearse=rehearse)

    def pays(self, april: Sequence[Line], may: Sequence[Line]) -> None:
        for cycle, lines in (("2021-04", april), (MAY, may)):
            assert done(self.brings(payroll, lines, cycle=cycle)).rejected == 0

    def approves(self) -> Moved | Refusal:
        desk = self.desk_for(cycle=MAY)
        first = desk.store.transact(
            lambda tx: cycles.freeze(tx, desk.ledger, desk.programme, cycle=MAY, by="A"),
            CommitPoint.CYCLE_MOVE,
        )
        assert isinstance(first, Moved), first
        for by in ("A", "B"):
            found = desk.store.transact(
                lambda tx, by=by: cycles.approve(tx, desk.ledger, cycle=MAY, by=by),  # type: ignore[misc]
                CommitPoint.CYCLE_MOVE,
            )
        return found

    def compares(self, cycle: str = MAY) -> Comparison | None:
        desk = self.desk_for()
        return desk.store.read(lambda tx: comparison(tx, desk.programme.tenant, cycle))

    def tells(self, code: str) -> Changed | None:
        store = self.desk_for().store
        return store.read(
            lambda tx: difference(tx, beneficiaries_by_code(tx, [code])[code].id, MAY)
        )

    def stands(self, code: str) -> list[str]:
        store = self.desk_for().store
        tenant = self.desk_for().programme.tenant
        return store.read(
            lambda tx: [
                state.value
                for state in Money
                for _ in listed_of(
                    tx, tenant, MAY, [beneficiaries_by_code(tx, [code])[code].id], [state]
                )
            ]
        )


def _amount(line: Line) -> int:
    value = line.get("total", line.get("recover", 0))
    return value if isinstance(value, int) else 0


def test_three_lists_that_explain_the_month_let_it_be_approved(
    desk_for: DeskFor, tmp_path: Path
) -> None:
    district = District(desk_for, tmp_path)
    more: Line = {**HOA, "monthly": 405000, "total": 405000}
    district.pays([HOA, APRIL_TAM], [more, APRIL_TAM, LAN])
    assert done(district.brings(increases, [LAN_NEW])).accepted == 1
    assert done(district.brings(decreases, [TAM_GONE])).accepted == 1
    assert done(district.brings(adjustments, [HOA_MORE])).accepted == 1
    found = district.compares()

    assert found is not None
    assert found.unexplained == []
    assert [one.code for one in found.differences] == ["HT000123", "HT000200", "PL000045"]
    phu_bai = found.balances["19960"].as_json()
    assert (phu_bai["last_heads"], phu_bai["this_heads"]) == (1, 2)
    assert (phu_bai["increases_amount"], phu_bai["adjustments_amount"]) == (810000, 135000)
    assert all(one.off.amount == one.off.heads == 0 for one in found.balances.values())
    approved = district.approves()
    assert isinstance(approved, Moved), approved
    assert (approved.heads, approved.amount) == (2, 405000 + 810000)


def test_a_difference_that_no_list_explains_stops_the_approval_by_name(
    desk_for: DeskFor, tmp_path: Path
) -> None:
    district = District(desk_for, tmp_path)
    district.pays([HOA, APRIL_TAM], [HOA, LAN])
    done(district.brings(increases, [LAN_NEW]))
    refused = district.approves()

    assert isinstance(refused, Refusal)
    assert refused.code is Code.CYCLE_UNEXPLAINED
    assert (refused.details["code"], refused.details["heads"]) == ("PL000045", 1)
    # It is mended by the line that was missing, though the month is frozen by now.
    moved: Line = {**TAM_GONE, "reason": "chuyển đi"}
    assert done(district.brings(decreases, [moved])).accepted == 1
    assert isinstance(district.approves(), Moved)


def test_a_month_without_the_three_lists_is_shown_and_not_stopped(
    desk_for: DeskFor, tmp_path: Path
) -> None:
    district = District(desk_for, tmp_path)
    district.pays([HOA, APRIL_TAM], [HOA, LAN])
    found = district.compares()

    assert found is not None
    assert [one.code for one in found.unexplained] == ["HT000200", "PL000045"]
    assert found.unexplained[0].pay_line.startswith("file:")
    assert isinstance(district.approves(), Moved)
    assert district.compares("2021-04") is None


def test_the_same_list_again_changes_nothing_and_another_sum_is_a_conflict(
    store: Store, desk_for: DeskFor, tmp_path: Path
) -> None:
    district = District(desk_for, tmp_path)
    district.pays([HOA], [HOA, LAN])
    rehearsed = done(district.brings(increases, [LAN_NEW], rehearse=True))
    assert (rehearsed.accepted, rehearsed.amount, rehearsed.is_rehearsal) == (1, 810000, True)
    first = done(district.brings(increases, [LAN_NEW]))
    events = count(store, event)
    second = done(district.brings(increases, [LAN_NEW, {**LAN_NEW, "code": "HT000123"}]))
    other: Line = {**LAN_NEW, "monthly": 360000, "total": 900000}
    third = done(district.brings(increases, [other]))

    assert (first.accepted, second.unchanged, second.accepted) == (1, 1, 1)
    assert (third.accepted, third.conflicts) == (0, 1)
    assert count(store, event) == events + 1


def test_a_decrease_stops_the_money_and_posts_when_it_was_approved(
    store: Store, desk_for: DeskFor, tmp_path: Path
) -> None:
    district = District(desk_for, tmp_path)
    district.pays([HOA, APRIL_TAM], [HOA, APRIL_TAM])
    assert isinstance(district.approves(), Moved)
    before = count(store, posting)
    done(district.brings(decreases, [TAM_GONE]))

    assert district.stands("PL000045") == ["CANCELLED"]
    assert count(store, posting) == before + 2
    days = store.read(lambda tx: list(tx.connection.scalars(sa.select(person.c.died_on))))
    assert sorted(filter(None, days)) == [date(2021, 3, 25)]
    again = done(district.brings(payroll, [APRIL_TAM], cycle="2021-06"))
    assert [one.problem.refusal.code for one in again.rejects] == [Code.BENEFICIARY_DIED]


def test_whoever_is_listed_after_the_decrease_is_stopped_when_the_month_is_frozen(
    desk_for: DeskFor, tmp_path: Path
) -> None:
    district = District(desk_for, tmp_path)
    district.pays([HOA, APRIL_TAM], [HOA])
    done(district.brings(decreases, [{**TAM_GONE, "reason": "Hết điều kiện"}]))
    done(district.brings(payroll, [APRIL_TAM]))
    assert district.stands("PL000045") == ["LISTED"]
    approved = district.approves()

    assert isinstance(approved, Moved)
    assert approved.heads == 1
    assert district.stands("PL000045") == ["CANCELLED"]


def test_one_person_is_told_why_with_the_events_behind_it(
    desk_for: DeskFor, tmp_path: Path
) -> None:
    district = District(desk_for, tmp_path)
    district.pays([HOA, APRIL_TAM], [HOA, APRIL_TAM, LAN])
    done(district.brings(increases, [LAN_NEW]))
    found = district.tells("HT000200")

    assert found is not None
    assert found.before == "2021-04"
    assert [one.value for one in found.difference.changes] == ["new", "arrears"]
    (line,) = found.difference.notes
    assert (line.body["months"], line.body["since"], line.line) == (2, "2021-03", 5)
    assert line.event_id in found.event_ids
    assert len(found.event_ids) == 2
    assert district.tells("HT000123") is None


def test_no_event_knows_a_decision_a_category_or_a_name(
    store: Store, desk_for: DeskFor, tmp_path: Path
) -> None:
    district = District(desk_for, tmp_path)
    district.pays([HOA], [HOA, LAN])
    done(district.brings(increases, [LAN_NEW]))
    lines: list[Line] = [
        {**HOA_MORE, "field": "Nhóm đối tượng", "old": "5.8", "new": "5.4"},
        {**HOA_MORE, "field": "Họ và tên", "old": "Lê Hoa", "new": "Nguyễn Thị Hoa"},
    ]
    assert done(district.brings(adjustments, lines)).accepted == 2
    bodies = store.read(lambda tx: list(tx.connection.scalars(sa.select(event.c.body))))
    said = [value for body in bodies for value in json.loads(body).values()]

    assert not {"5.4", "5.8", "4471/QĐ-UBND-2021", "Lê Hoa", "Mới hưởng"} & set(map(str, said))
    assert "category" in said


def test_each_wrong_line_says_what_is_wrong(desk_for: DeskFor, tmp_path: Path) -> None:
    district = District(desk_for, tmp_path)
    district.pays([HOA, APRIL_TAM], [HOA, APRIL_TAM, LAN])
    wrong: list[tuple[ModuleType, Line, Code]] = [
        (increases, {**LAN_NEW, "code": "HT999999"}, Code.BENEFICIARY_UNKNOWN),
        (increases, {**LAN_NEW, "reason": ""}, Code.REASON_MISSING),
        (increases, {**LAN_NEW, "since": "07/2021"}, Code.MONTH_LATER),
        (increases, {**LAN_NEW, "since": "13/2021"}, Code.MONTH_BAD),
        (increases, {**LAN_NEW, "months": ""}, Code.ARREARS_MONTHS),
        (increases, {**LAN_NEW, "total": 1}, Code.AMOUNT_PARTS_DISAGREE),
        (decreases, {**TAM_GONE, "reason": "đi chơi"}, Code.REASON_UNKNOWN),
        (decreases, {**TAM_GONE, "since": ""}, Code.MONTH_BAD),
        (decreases, {**TAM_GONE, "died_on": "01/01/2030"}, Code.DAY_IN_FUTURE),
        (adjustments, {**HOA_MORE, "field": "Màu áo"}, Code.FIELD_UNKNOWN),
        (adjustments, {**HOA_MORE, "new": 270000}, Code.FIELD_SAME),
        (adjustments, {**HOA_MORE, "old": "như cũ"}, Code.AMOUNT_NOT_A_NUMBER),
    ]
    for kind, line, code in wrong:
        report = done(district.brings(kind, [line]))
        assert [one.problem.refusal.code for one in report.rejects] == [code], line
        beside = tmp_path / "tu-choi.xlsx"
        write_rejects(beside, report, desk_for(kind.KIND.name).layout, "vi")
        assert beside.stat().st_size > 0
    twice = done(district.brings(adjustments, [HOA_MORE, HOA_MORE]))
    assert [one.problem.refusal.code for one in twice.rejects] == [Code.FIELD_TWICE]


def test_the_lists_of_changes_come_after_the_pay_list(desk_for: DeskFor, tmp_path: Path) -> None:
    district = District(desk_for, tmp_path)
    for kind, line in ((increases, LAN_NEW), (decreases, TAM_GONE), (adjustments, HOA_MORE)):
        refused = district.brings(kind, [line])
        assert isinstance(refused, Refusal)
        assert refused.code is Code.CYCLE_UNKNOWN

"""Changes of method: which steps there are, who may approve, when they are in force."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from core.ledger import enrolling
from core.ledger.enrolling import Desk, Wish
from core.ledger.enrolment import (
    ENROLMENT_MOVES,
    MASS_FROM,
    RUNNING,
    Confirmed,
    EnrolmentState,
    enrolment_moved,
    first_cycle,
    has_cooled,
    may_approve,
)
from core.ledger.events import EventType
from core.ledger.opening import Paper
from core.ledger.record import Ledger
from core.pay_days import cut_off, freeze_day
from core.refusals import Code, Refusal
from core.store.commit_points import CommitPoint
from core.store.deaths import mark_dead
from core.store.engine import Store, Tx
from core.store.enrolments import EnrolmentRow, enrolment_for_update
from core.store.methods import NewMethod, insert_methods, methods_in_force
from core.store.people import beneficiaries_by_code, insert_standings
from core.store.tables.people import person
from core.terms import Method
from tests.builders import CYCLE, NOW, a_clock, a_ledger, a_programme, beneficiaries

E, S = EventType, EnrolmentState
CODES = ["HT000123", "HT000124"]
WISH = Wish(Method.ACCOUNT, "101234567890", "NGUYEN THI HT000123")


def test_every_state_is_reached_and_the_last_ones_stay() -> None:
    reached = {to for rows in ENROLMENT_MOVES.values() for to in rows.values()}
    left = {state for rows in ENROLMENT_MOVES.values() for state in rows}
    assert reached == set(S)
    assert reached - left == {S.SUPERSEDED, S.SUSPENDED, S.WITHDRAWN}
    assert S.ACTIVE not in RUNNING


@pytest.mark.parametrize("day", [date(2021, 1, 1) + timedelta(days=at) for at in range(0, 365, 3)])
def test_a_change_cools_off_for_seven_days_whatever_the_holidays(day: date) -> None:
    programme = a_programme()
    cycle = first_cycle(programme, day)
    assert freeze_day(programme, cycle) - day >= timedelta(days=7)
    assert day <= cut_off(programme, cycle)
    before = cycle.previous()
    too_soon = freeze_day(programme, before) - day < timedelta(days=7)
    assert too_soon or cut_off(programme, before) < day or before.first_day <= day
    assert not has_cooled(programme, day, day + timedelta(days=6))
    assert has_cooled(programme, day, day + timedelta(days=7))


def test_who_may_be_the_second_person() -> None:
    hands = frozenset({"lan", "minh"})
    for by in hands:
        same = may_approve(by, hands, 1, is_office=True)
        assert same is not None
        assert same.code is Code.METHOD_SAME_PERSON
    assert may_approve("hoa", hands, MASS_FROM - 1, is_office=False) is None
    many = may_approve("hoa", hands, MASS_FROM, is_office=False)
    assert many is not None
    assert many.code is Code.METHOD_TOO_MANY
    assert may_approve("hoa", hands, MASS_FROM, is_office=True) is None


def test_a_step_out_of_turn_is_refused() -> None:
    refused = enrolment_moved(S.DRAFT, E.METHOD_APPROVED)
    assert isinstance(refused, Refusal)
    assert refused.details == {"state": "DRAFT"}


class Counter:
    """Officers at the counter of one commune: each call is a transaction."""

    def __init__(self, store: Store) -> None:
        self.store, self.clock = store, a_clock()
        self.ledger: Ledger = a_ledger(clock=self.clock)
        store.transact(lambda tx: beneficiaries(tx, CODES) and None, CommitPoint.STAFF)

    def desk(self, tx: Tx, by: str) -> Desk:
        return Desk(tx, self.ledger, a_programme(), by)

    def drafts(self, code: str, wish: Wish = WISH, by: str = "lan") -> EnrolmentRow | Refusal:
        def work(tx: Tx) -> EnrolmentRow | Refusal:
            row = beneficiaries_by_code(tx, [code])[code]
            return enrolling.draft(self.desk(tx, by), row, wish)

        return self.store.transact(work, CommitPoint.DECISION)

    def entered(self, code: str, wish: Wish = WISH, by: str = "lan") -> int:
        row = self.drafts(code, wish, by)
        assert isinstance(row, EnrolmentRow), row
        return row.id

    def checked(self, code: str, wish: Wish = WISH, by: str = "lan") -> int:
        number = self.entered(code, wish, by)
        self.store.transact(
            lambda tx: enrolling.confirm(self.desk(tx, by), number, Confirmed.IN_PERSON),
            CommitPoint.DECISION,
        )
        done = self.store.transact(
            lambda tx: enrolling.check(self.desk(tx, by), number), CommitPoint.DECISION
        )
        assert isinstance(done, EnrolmentRow), done
        return number

    def approves(self, number: int, by: str, *, is_office: bool = False) -> EnrolmentRow | Refusal:
        return self.store.transact(
            lambda tx: enrolling.approve(self.desk(tx, by), number, is_office=is_office),
            CommitPoint.DECISION,
        )

    def freezes(self, cycle: str) -> int:
        return self.store.transact(
            lambda tx: enrolling.activate(tx, self.ledger, a_programme(), cycle=cycle, by="huyen"),
            CommitPoint.CYCLE_MOVE,
        )

    def paid_by(self, code: str, cycle: str) -> str | None:
        def work(tx: Tx) -> str | None:
            id_ = beneficiaries_by_code(tx, [code])[code].id
            found = methods_in_force(tx, [id_], cycle).get(id_)
            return found.method if found is not None else None

        return self.store.read(work)


@pytest.fixture
def counter(store: Store) -> Counter:
    return Counter(store)


def code_of(done: EnrolmentRow | Refusal) -> Code:
    assert isinstance(done, Refusal), done
    return done.code


def test_a_first_choice_needs_two_people_and_no_cool_off(counter: Counter) -> None:
    number = counter.checked("HT000123")
    assert code_of(counter.approves(number, "lan")) is Code.METHOD_SAME_PERSON
    done = counter.approves(number, "minh")
    assert isinstance(done, EnrolmentRow)
    assert (done.state, done.from_cycle) == (S.ACTIVE, "2021-05")
    assert counter.paid_by("HT000123", CYCLE) is None
    assert counter.paid_by("HT000123", "2021-05") == "account"
    assert code_of(counter.drafts("HT000123")) is Code.METHOD_AS_BEFORE


def test_a_change_is_in_force_from_a_freeze_and_supersedes(counter: Counter) -> None:
    first = counter.checked("HT000123")
    counter.approves(first, "minh")
    counter.clock.move_to(NOW + timedelta(days=1))
    change = counter.checked("HT000123", Wish(Method.CASH))
    done = counter.approves(change, "minh")
    assert isinstance(done, EnrolmentRow)
    # 16 April is before the cut-off of May, but six days before its freeze.
    assert (done.state, done.from_cycle) == (S.COOLING_OFF, "2021-06")
    assert counter.freezes("2021-05") == 0
    assert counter.freezes("2021-06") == 0
    counter.clock.move_to(datetime(2021, 5, 21, 2, tzinfo=UTC))
    assert counter.freezes("2021-06") == 1
    assert counter.paid_by("HT000123", "2021-05") == "account"
    assert counter.paid_by("HT000123", "2021-06") == "cash"


def test_a_wish_can_be_ended_until_it_is_in_force(counter: Counter) -> None:
    number = counter.checked("HT000123")
    assert code_of(counter.drafts("HT000123")) is Code.METHOD_ASKED_ALREADY
    done = counter.store.transact(
        lambda tx: enrolling.withdraw(counter.desk(tx, "minh"), number, "đổi ý"),
        CommitPoint.DECISION,
    )
    assert isinstance(done, EnrolmentRow)
    assert (done.state, done.note) == (S.WITHDRAWN, "đổi ý")
    assert code_of(counter.approves(number, "minh")) is Code.METHOD_WRONG_STATE


def test_papers_may_be_missing_and_are_brought(counter: Counter) -> None:
    number = counter.entered("HT000123")

    def steps(tx: Tx) -> list[EnrolmentRow | Refusal]:
        desk = counter.desk(tx, "lan")
        return [
            enrolling.confirm(desk, number, Confirmed.OLD_PHONE),
            enrolling.need_papers(desk, number, [Paper.CITIZEN_ID]),
            enrolling.bring_papers(desk, number),
            enrolling.check(desk, number),
        ]

    done = counter.store.transact(steps, CommitPoint.DECISION)
    rows = [one for one in done if isinstance(one, EnrolmentRow)]
    assert [one.state for one in rows] == [
        *(S.VERIFYING, S.NEEDS_PAPERS, S.VERIFYING, S.PENDING_SECOND_CHECK),
    ]
    assert rows[1].missing == ("citizen_id",)
    assert rows[3].missing == ()


def test_suspended_people_are_paid_in_cash(counter: Counter) -> None:
    number = counter.checked("HT000123")
    counter.approves(number, "minh")
    counter.clock.move_to(NOW + timedelta(minutes=1))
    counter.store.transact(
        lambda tx: enrolling.suspend(counter.desk(tx, "minh"), number, "nghi ngờ"),
        CommitPoint.DECISION,
    )
    assert counter.paid_by("HT000123", "2021-05") == "cash"


def test_the_account_of_somebody_else_is_refused(counter: Counter) -> None:
    counter.entered("HT000123")
    stranger = Wish(Method.ACCOUNT, "109999999999", "TRAN VAN LA")
    assert code_of(counter.drafts("HT000124", stranger)) is Code.HOLDER_NAME_DIFFERS
    same = Wish(Method.ACCOUNT, "101234567890", "NGUYEN THI HT000124")
    assert code_of(counter.drafts("HT000124", same)) is Code.ACCOUNT_SHARED
    card = Wish(Method.ACCOUNT, "9704151234567890", "NGUYEN THI HT000124")
    assert code_of(counter.drafts("HT000124", card)) is Code.ACCOUNT_IS_CARD_NUMBER
    wallet = Wish(Method.WALLET, "0912345678", "NGUYEN THI HT000124")
    assert code_of(counter.drafts("HT000124", wallet)) is Code.METHOD_NOT_IN_AREA


def test_a_guardian_may_receive_for_own_wards(counter: Counter) -> None:
    def stands(tx: Tx) -> None:
        known = beneficiaries_by_code(tx, CODES)
        row = {
            "beneficiary_id": known["HT000124"].id,
            "person_id": known["HT000123"].person_id,
            "role": "guardian",
            "relation": "",
            "basis": "guardian_decision",
            "scope": "all",
            "is_payee": True,
            "valid_from": date(2020, 1, 1),
            "valid_to": None,
            "source": "test",
            "created_at": NOW,
        }
        own = row | {
            "beneficiary_id": known["HT000123"].id,
            "role": "self",
            "basis": "own",
        }
        insert_standings(tx, [row, own])

    counter.store.transact(stands, CommitPoint.STAFF)
    counter.entered("HT000123")
    assert isinstance(counter.drafts("HT000124"), EnrolmentRow)


def test_many_wishes_of_one_hand_are_for_the_district(store: Store) -> None:
    counter = Counter(store)
    codes = [f"HT0003{at:02}" for at in range(MASS_FROM)]
    store.transact(lambda tx: beneficiaries(tx, codes) and None, CommitPoint.STAFF)
    numbers = [counter.checked(code, Wish(Method.CASH)) for code in codes]
    assert code_of(counter.approves(numbers[0], "minh")) is Code.METHOD_TOO_MANY
    assert isinstance(counter.approves(numbers[0], "huyen", is_office=True), EnrolmentRow)


@pytest.mark.parametrize("why", ["died", "lapsed"])
def test_what_has_lapsed_at_the_freeze_is_suspended(counter: Counter, why: str) -> None:
    first = counter.checked("HT000123", Wish(Method.CASH))
    counter.approves(first, "minh")
    counter.clock.move_to(NOW + timedelta(minutes=1))

    def authorised(tx: Tx) -> int:
        known = beneficiaries_by_code(tx, CODES)
        row = {
            "beneficiary_id": known["HT000123"].id,
            "person_id": known["HT000124"].person_id,
            "role": "authorised",
            "relation": "",
            "basis": "authorisation",
            "scope": "collect",
            "is_payee": True,
            "valid_from": date(2020, 1, 1),
            "valid_to": date(2021, 4, 30) if why == "lapsed" else None,
            "source": "test",
            "created_at": NOW,
        }
        insert_standings(tx, [row])
        return known["HT000124"].id

    holder = counter.store.transact(authorised, CommitPoint.STAFF)
    number = counter.checked(
        "HT000123", Wish(Method.ACCOUNT, "102222222222", "NGUYEN THI HT000124")
    )
    done = counter.approves(number, "minh")
    assert isinstance(done, EnrolmentRow)
    assert done.role == "authorised"
    if why == "died":
        counter.store.transact(
            lambda tx: mark_dead(tx, {holder: date(2021, 4, 20)}, NOW), CommitPoint.STAFF
        )
    counter.clock.move_to(datetime(2021, 5, 21, 2, tzinfo=UTC))
    assert counter.freezes("2021-06") == 0
    assert counter.paid_by("HT000123", "2021-06") == "cash"
    row = counter.store.transact(
        lambda tx: enrolment_for_update(tx, counter.ledger.tenant, number), CommitPoint.DECISION
    )
    assert row is not None
    assert row.state == S.SUSPENDED


def test_a_child_holds_no_account(counter: Counter) -> None:
    def born(tx: Tx) -> None:
        child = beneficiaries_by_code(tx, CODES)["HT000123"].person_id
        tx.connection.execute(sa.update(person).where(person.c.id == child).values(birth_year=2014))

    counter.store.transact(born, CommitPoint.STAFF)
    assert code_of(counter.drafts("HT000123")) is Code.OPENING_TOO_YOUNG
    assert isinstance(counter.drafts("HT000123", Wish(Method.CASH)), EnrolmentRow)


def test_a_first_choice_is_not_approved_for_an_account_of_somebody_who_died(
    counter: Counter,
) -> None:
    number = counter.checked("HT000123")

    def dies(tx: Tx) -> None:
        mark_dead(tx, {beneficiaries_by_code(tx, CODES)["HT000123"].id: NOW.date()}, NOW)

    counter.store.transact(dies, CommitPoint.STAFF)
    assert code_of(counter.approves(number, "minh")) is Code.OPENING_HOLDER


def test_an_account_taken_meanwhile_is_not_approved(counter: Counter) -> None:
    number = counter.checked("HT000123")

    def taken(tx: Tx) -> None:
        other = beneficiaries_by_code(tx, CODES)["HT000124"].id
        method = NewMethod(
            "k1", other, "account", "vietinbank", CYCLE, "test", account="101234567890"
        )
        insert_methods(tx, [method], NOW)

    counter.store.transact(taken, CommitPoint.STAFF)
    assert code_of(counter.approves(number, "minh")) is Code.ACCOUNT_SHARED

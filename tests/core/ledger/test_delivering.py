"""A delivery at home from the request to the person's word, on both engines."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

import pytest

from core.ledger import cycles, delivering, home_months, visiting
from core.ledger.deliveries import Criterion, Decline, DeliveryState, Proof, Window
from core.ledger.delivery_steps import Asked, Desk
from core.ledger.events import EventType, NewEvent, Recorded, Value
from core.ledger.following import follower
from core.ledger.reads import payments_of
from core.ledger.record import Ledger
from core.ledger.states import Money
from core.refusals import Code, Refusal
from core.store.commit_points import CommitPoint
from core.store.deliveries import DeliveryRow, deliveries_in, deliveries_of
from core.store.engine import Store, Tx
from core.store.events import events_of_payment
from core.store.methods import methods_in_force
from core.store.people import BeneficiaryRow, beneficiaries_by_code
from tests import builders
from tests.builders import CYCLE, NOW, a_method, a_payment, a_programme, beneficiaries

T = TypeVar("T")
S = DeliveryState
CO, BA = "HT000200", "HT000201"
ILL = Asked(Criterion.ILL, "cuối xóm Đình, nhà có cổng xanh", "con dâu, buổi sáng")
MAY, JUNE = "2021-05", "2021-06"
FRIDAY = date(2021, 4, 16)


class Town:
    """Officers and the Post in one commune; each call is a transaction."""

    def __init__(self, store: Store) -> None:
        self.store, self.clock = store, builders.a_clock()
        quiet = builders.a_ledger(clock=self.clock)
        self.ledger: Ledger = replace(quiet, reactors=(follower(quiet),))
        self.do(lambda tx: beneficiaries(tx, [CO, BA]) and None)

    def do(self, work: Callable[[Tx], T]) -> T:
        return self.store.transact(work, CommitPoint.DECISION)

    def desk(self, tx: Tx, by: str = "lan") -> Desk:
        return Desk(tx, self.ledger, a_programme(), f"staff:{by}")

    def asks(self, asked: Asked = ILL, code: str = CO) -> DeliveryRow | Refusal:
        return self.do(lambda tx: delivering.request(self.desk(tx), self.person(tx, code), asked))

    def accepted(self, asked: Asked = ILL, code: str = CO) -> int:
        row = self.asks(asked, code)
        assert isinstance(row, DeliveryRow), row
        self.does(lambda desk: delivering.assess(desk, row.id, Criterion.ILL, "đã đến thăm"))
        done = self.does(
            lambda desk: delivering.accept(desk, row.id, is_standing=asked.is_standing)
        )
        assert isinstance(done, DeliveryRow), done
        return done.id

    def does(self, step: Callable[[Desk], T], by: str = "lan") -> T:
        return self.do(lambda tx: step(self.desk(tx, by)))

    def schedules(self, number: int, day: date = FRIDAY) -> DeliveryRow | Refusal:
        return self.does(
            lambda desk: visiting.schedule(desk, number, day, Window.MORNING, "BD-012")
        )

    def on_the_way(self, number: int, day: date = FRIDAY) -> None:
        assert isinstance(self.schedules(number, day), DeliveryRow)
        self.clock.move_to(datetime(day.year, day.month, day.day, 2, tzinfo=UTC))
        done = self.does(lambda desk: visiting.set_off(desk, number))
        assert isinstance(done, DeliveryRow), done

    def person(self, tx: Tx, code: str = CO) -> BeneficiaryRow:
        return beneficiaries_by_code(tx, [code])[code]

    def rows(self, code: str = CO) -> list[DeliveryRow]:
        return self.do(lambda tx: deliveries_of(tx, [self.person(tx, code).id]))

    def states(self, code: str = CO) -> list[str]:
        return [row.state for row in self.rows(code)]

    def money(self, code: str = CO) -> Money:
        def work(tx: Tx) -> Money:
            return payments_of(tx, self.person(tx, code).id)[0].money

        return self.store.read(work)

    def paid_by(self, cycle: str, code: str = CO) -> str:
        def work(tx: Tx) -> str:
            id_ = self.person(tx, code).id
            found = methods_in_force(tx, [id_], cycle).get(id_)
            return found.method if found is not None else "cash"

        return self.store.read(work)

    def happens(self, kind: EventType, code: str = CO, **body: Value | None) -> Recorded | Refusal:
        def work(tx: Tx) -> Recorded | Refusal:
            payment = payments_of(tx, self.person(tx, code).id)[0]
            event = NewEvent(
                kind,
                f"{kind}:{payment.code}:{self.clock.now():%d%H%M}",
                "provider:post",
                self.clock.now(),
                payment_id=payment.id,
                body=body,
            )
            (done,) = self.ledger.record(tx, [event])
            return done

        return self.do(work)

    def month_is_ordered(self, cycle: str = CYCLE, codes: Sequence[str] = (CO,)) -> None:
        """Listed, frozen, approved, funded and ordered."""
        ledger = self.ledger
        for code in codes:
            self.do(lambda tx, code=code: a_payment(tx, ledger, code, cycle=cycle))  # type: ignore[misc]
        sums = {"provider": "post", "amount": 540_000 * len(codes), "day": self.clock.now()}
        sums |= {"source": f"KB-{cycle}", "actor": "t"}
        moves: list[Callable[[Tx], object]] = [
            lambda tx: cycles.imported(tx, ledger, cycle=cycle, file=cycle, actor="staff:lan"),
            lambda tx: cycles.freeze(tx, ledger, a_programme(), cycle=cycle, by="lan"),
            lambda tx: cycles.approve(tx, ledger, cycle=cycle, by="lan"),
            lambda tx: cycles.approve(tx, ledger, cycle=cycle, by="minh"),
            lambda tx: builders.advised(cycles.fund)(tx, ledger, cycle=cycle, **sums),
            lambda tx: cycles.instruct(
                tx, ledger, cycle=cycle, provider="post", order_sha256="ab" * 32, by="lan"
            ),
        ]
        for move in moves:
            done = self.do(move)
            assert not isinstance(done, Refusal), done


@pytest.fixture
def town(store: Store) -> Town:
    return Town(store)


def code_of(done: object) -> Code:
    assert isinstance(done, Refusal), done
    return done.code


def test_a_request_is_kept_with_what_was_said_and_not_in_the_ledger(town: Town) -> None:
    row = town.asks()
    assert isinstance(row, DeliveryRow)
    (kept,) = town.rows()
    assert (kept.place, kept.door, kept.reason) == (ILL.place, ILL.door, "ill")
    assert kept.requested_by == "staff:lan"
    assert code_of(town.asks()) is Code.DELIVERY_ASKED_ALREADY
    (seen,) = town.store.read(lambda tx: deliveries_in(tx, builders.TENANT, [S.REQUESTED]))
    assert (seen.code, seen.commune, seen.money) == (CO, builders.PHU_BAI, None)


def test_one_request_brings_one_month_home_and_then_it_is_cash_again(town: Town) -> None:
    number = town.accepted()
    # 15 April is before the cut-off of May.
    assert [town.paid_by(cycle) for cycle in (CYCLE, MAY)] == ["cash", "home"]
    town.clock.move_to(datetime(2021, 4, 22, 2, tzinfo=UTC))
    town.month_is_ordered(MAY)
    (row,) = town.rows()
    assert (row.id, row.state, row.cycle, row.provider) == (number, S.ACCEPTED, MAY, "post")
    town.clock.move_to(datetime(2021, 5, 8, 2, tzinfo=UTC))
    town.on_the_way(number, date(2021, 5, 10))
    assert town.money() is Money.HOME_PENDING
    done = town.does(lambda desk: visiting.hand_over(desk, number, Proof.SIGNED, "Trần Thị Cơ"))
    assert isinstance(done, DeliveryRow)
    assert (done.state, done.proof, done.signer) == (S.HANDED_OVER, "signed", "Trần Thị Cơ")
    assert town.money() is Money.SETTLED
    town.clock.move_to(datetime(2021, 5, 21, 2, tzinfo=UTC))
    town.month_is_ordered(JUNE)
    assert town.paid_by(JUNE) == "cash"
    assert town.states() == [S.HANDED_OVER]
    again = town.do(
        lambda tx: home_months.end_what_passed(tx, town.ledger, a_programme(), cycle=JUNE)
    )
    assert again == 0
    assert isinstance(town.asks(), DeliveryRow)


def test_a_standing_order_has_a_delivery_each_month_and_a_review(town: Town) -> None:
    number = town.accepted(replace(ILL, is_standing=True))
    town.clock.move_to(datetime(2021, 4, 22, 2, tzinfo=UTC))
    town.month_is_ordered(MAY)
    town.clock.move_to(datetime(2021, 5, 21, 2, tzinfo=UTC))
    town.month_is_ordered(JUNE)
    first, second = town.rows()
    assert (first.cycle, second.cycle) == (MAY, JUNE)
    assert (second.state, second.place, second.criterion) == (S.ACCEPTED, ILL.place, "ill")
    assert second.review_on == date(2022, 4, 15)
    assert code_of(town.asks()) is Code.DELIVERY_ASKED_ALREADY
    kept = town.does(lambda desk: delivering.review(desk, second.id))
    assert isinstance(kept, DeliveryRow)
    assert kept.review_on == date(2022, 5, 21)
    ended = town.does(lambda desk: delivering.stop(desk, second.id, "đã khỏe lại"))
    assert isinstance(ended, DeliveryRow)
    assert (ended.state, ended.is_standing, ended.review_on) == (S.ACCEPTED, False, None)
    assert [town.paid_by(cycle) for cycle in (JUNE, "2021-07")] == ["home", "cash"]
    older = town.does(lambda desk: delivering.review(desk, number))
    assert code_of(older) is Code.DELIVERY_WRONG_STATE


def test_who_is_registered_at_home_has_a_delivery_too(town: Town) -> None:
    town.do(lambda tx: a_method(tx, town.person(tx).id, "home", None))
    town.month_is_ordered()
    (row,) = town.rows()
    assert (row.state, row.is_standing, row.requested_by) == (S.ACCEPTED, True, "staff:lan")
    assert code_of(town.asks()) is Code.DELIVERY_ASKED_ALREADY
    town.happens(EventType.SETTLED)
    assert town.states() == [S.HANDED_OVER]
    assert code_of(town.asks()) is Code.DELIVERY_STANDING


def test_cash_that_waits_may_be_brought_in_the_same_month(town: Town) -> None:
    town.month_is_ordered()
    town.happens(EventType.READY_CASH)
    number = town.accepted()
    town.on_the_way(number)
    assert town.money() is Money.HOME_PENDING
    town.does(lambda desk: visiting.hand_over(desk, number, Proof.FINGERPRINT, ""))
    (row,) = town.rows()
    assert (row.state, row.cycle, row.proof) == (S.HANDED_OVER, CYCLE, "fingerprint")
    # That was the one delivery asked for.
    town.clock.move_to(datetime(2021, 4, 22, 2, tzinfo=UTC))
    town.month_is_ordered(MAY)
    assert town.paid_by(MAY) == "cash"


def test_no_visit_is_promised_before_the_money_is_there(town: Town) -> None:
    number = town.accepted()
    assert code_of(town.schedules(number)) is Code.DELIVERY_NO_MONEY
    town.month_is_ordered()
    sunday = date(2021, 4, 18)
    assert code_of(town.schedules(number, sunday)) is Code.DELIVERY_DAY_CLOSED
    strange = town.does(
        lambda desk: visiting.schedule(desk, number, FRIDAY, Window.MORNING, "0912345678")
    )
    assert code_of(strange) is Code.DELIVERY_VISITOR
    assert isinstance(town.schedules(number), DeliveryRow)
    assert code_of(town.does(lambda desk: visiting.set_off(desk, number))) is Code.DELIVERY_NOT_YET


def test_a_missed_visit_is_tried_again_and_then_the_money_goes_back(town: Town) -> None:
    town.month_is_ordered()
    number = town.accepted()
    days = (FRIDAY, date(2021, 4, 19), date(2021, 4, 20))
    for tries, day in enumerate(days, 1):
        town.on_the_way(number, day)
        done = town.does(lambda desk: visiting.miss(desk, number))
        assert isinstance(done, DeliveryRow)
        assert (done.state, done.tries, done.missed_on) == (S.NOT_HOME, tries, day)
    assert code_of(town.schedules(number, date(2021, 4, 22))) is Code.DELIVERY_TRIES
    town.happens(EventType.UNCLAIMED, reason="CHUA_DEN_NHAN")
    assert town.states() == [S.BROUGHT_BACK]
    assert town.money() is Money.UNCLAIMED


def test_who_refuses_the_money_at_the_door_keeps_it_owed(town: Town) -> None:
    town.month_is_ordered()
    number = town.accepted()
    town.on_the_way(number)
    done = town.does(lambda desk: visiting.refuse(desk, number, "muốn nhận qua tài khoản"))
    assert isinstance(done, DeliveryRow)
    town.happens(EventType.UNCLAIMED, reason="CHUA_DEN_NHAN", at_door="refused")
    assert town.states() == [S.REFUSED]


def test_the_persons_word_ends_it_or_disputes_it(town: Town) -> None:
    town.month_is_ordered()
    number = town.accepted()
    town.on_the_way(number)
    town.does(lambda desk: visiting.hand_over(desk, number, Proof.SIGNED, ""))
    town.happens(EventType.SAID_NOT_RECEIVED, person=1, basis="self")
    assert town.states() == [S.DISPUTED]
    town.happens(EventType.CONFIRMED_FULL, person=1, basis="self")
    assert town.states() == [S.CONFIRMED]


def test_a_word_before_the_report_counts_when_the_report_comes(town: Town) -> None:
    town.month_is_ordered()
    number = town.accepted()
    town.on_the_way(number)
    town.happens(EventType.CONFIRMED_FULL, person=1, basis="self")
    assert town.states() == [S.EN_ROUTE]
    town.happens(EventType.HANDED)
    (row,) = town.rows()
    assert (row.state, row.proof) == (S.CONFIRMED, "reported")


def test_an_appeal_goes_to_another_officer(town: Town) -> None:
    row = town.asks()
    assert isinstance(row, DeliveryRow)
    town.does(lambda desk: delivering.assess(desk, row.id, Criterion.OTHER, ""))
    no = town.does(
        lambda desk: delivering.decline(desk, row.id, Decline.CAN_COLLECT, "đi lại được")
    )
    assert isinstance(no, DeliveryRow)
    assert (no.state, no.declined, no.note) == (S.DECLINED, "can_collect", "đi lại được")
    assert [town.paid_by(MAY), code_of(town.schedules(row.id))] == [
        *("cash", Code.DELIVERY_WRONG_STATE)
    ]
    town.does(lambda desk: delivering.appeal(desk, row.id))
    town.does(lambda desk: delivering.assess(desk, row.id, Criterion.ILL, ""), by="minh")
    mine = town.does(lambda desk: delivering.accept(desk, row.id, is_standing=False))
    assert code_of(mine) is Code.DELIVERY_SAME_PERSON
    done = town.does(lambda desk: delivering.accept(desk, row.id, is_standing=False), by="minh")
    assert isinstance(done, DeliveryRow)
    assert (done.state, done.declined, done.decided_by) == (S.ACCEPTED, None, "minh")


def test_it_can_be_withdrawn_until_it_is_on_its_way(town: Town) -> None:
    number = town.accepted()
    town.clock.move_to(NOW + timedelta(minutes=1))
    done = town.does(lambda desk: delivering.withdraw(desk, number, "con về nhận giúp"))
    assert isinstance(done, DeliveryRow)
    assert town.paid_by(MAY) == "cash"
    town.month_is_ordered()
    town.clock.move_to(NOW + timedelta(minutes=2))
    again = town.accepted()
    town.on_the_way(again)
    late = town.does(lambda desk: delivering.withdraw(desk, again))
    assert code_of(late) is Code.DELIVERY_WRONG_STATE


def test_whoever_is_paid_into_an_account_changes_that_first(town: Town) -> None:
    town.do(lambda tx: a_method(tx, town.person(tx, BA).id))
    assert code_of(town.asks(code=BA)) is Code.DELIVERY_NOT_CASH
    row = town.asks()
    assert isinstance(row, DeliveryRow)
    town.does(lambda desk: delivering.assess(desk, row.id, Criterion.ILL, ""))
    town.do(lambda tx: a_method(tx, town.person(tx).id, account="101234567899"))
    late = town.does(lambda desk: delivering.accept(desk, row.id, is_standing=False))
    assert code_of(late) is Code.DELIVERY_NOT_CASH


def test_what_was_fetched_or_failed_or_cancelled_ends_the_delivery(town: Town) -> None:
    for code in (CO, BA):
        town.do(lambda tx, code=code: a_method(tx, town.person(tx, code).id, "home", None))  # type: ignore[misc]
    town.month_is_ordered(codes=(CO, BA))
    town.happens(EventType.READY_CASH)
    town.happens(EventType.COLLECTED)
    town.happens(EventType.FAILED, BA, reason="KHONG_GAP")
    assert town.states() == [S.WITHDRAWN]
    assert town.states(BA) == [S.BROUGHT_BACK]


def test_the_story_of_the_payment_tells_the_visits(town: Town) -> None:
    town.month_is_ordered()
    number = town.accepted()
    town.on_the_way(number)
    town.does(lambda desk: visiting.hand_over(desk, number, Proof.SIGNED, "Trần Thị Cơ"))
    town.clock.move_to(NOW + timedelta(days=2))

    def told(tx: Tx) -> list[str]:
        payment = payments_of(tx, town.person(tx).id)[0]
        return [row.type for row in events_of_payment(tx, payment.id)][-5:]

    assert town.store.read(told) == [
        *("delivery_scheduled", "home_opened", "delivery_set_off", "handed"),
        "delivery_handed_over",
    ]


def test_an_unknown_number_is_refused(town: Town) -> None:
    assert code_of(town.does(lambda desk: delivering.appeal(desk, 999))) is Code.DELIVERY_UNKNOWN
    assert code_of(town.schedules(999)) is Code.DELIVERY_UNKNOWN
    assert code_of(town.does(lambda desk: visiting.set_off(desk, 999))) is Code.DELIVERY_UNKNOWN
    assert code_of(town.does(lambda desk: visiting.miss(desk, 999))) is Code.DELIVERY_UNKNOWN

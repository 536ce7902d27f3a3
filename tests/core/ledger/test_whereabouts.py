"""Which desk holds the money, since when, and what happens next."""

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ledger.facts import CycleFacts, CycleState, PaymentFacts, ProviderFacts
from core.ledger.states import Money, Receipt
from core.ledger.whereabouts import Holder, Next, Stage, Whereabouts, whereabouts
from tests.builders import CYCLE, PHU_BAI, a_programme

MOVED = datetime(2021, 4, 1, 2, tzinfo=UTC)
PAY_DAY = date(2021, 4, 5)
ACCOUNT = PaymentFacts(
    *(1, "2104-HT000123-M-1", CYCLE, 2, "M", 540_000, 540_000, 0, PHU_BAI),
    *(Money.LISTED, Receipt.NOT_ASKED, "account", "vietinbank", None, None, None, None, MOVED),
)
CASH = replace(ACCOUNT, method="cash", provider="post", pay_point="BD-19960-1")
MONTH = CycleFacts(CYCLE, CycleState.APPROVED, MOVED, MOVED, MOVED)


def funded(amount: int) -> CycleFacts:
    part = ProviderFacts(1, 540_000, amount, datetime(2021, 4, 2, 3, tzinfo=UTC))
    return replace(MONTH, providers={"vietinbank": part, "post": part})


def where(payment: PaymentFacts | None, cycle: CycleFacts | None, day: date) -> Whereabouts:
    return whereabouts(payment, cycle, a_programme(), day)


def standing(payment: PaymentFacts, money: Money, on: date | None = None) -> PaymentFacts:
    reported = MOVED if on is not None else None
    return replace(payment, money=money, effective_on=on, reported_at=reported)


def test_before_any_list_nobody_knows_a_day() -> None:
    found = where(None, None, PAY_DAY)
    assert (found.desk, found.state, found.next_day) == (Holder.OFFICE, Stage.NO_LIST_YET, None)


@pytest.mark.parametrize("state", list(CycleState))
def test_who_is_not_listed_may_still_come_while_lists_come_in(state: CycleState) -> None:
    found = where(None, replace(MONTH, state=state), PAY_DAY)
    open_still = state is CycleState.IMPORTING
    assert found.state is (Stage.NOT_LISTED_YET if open_still else Stage.NOT_LISTED)
    assert found.next_day is None


def test_approved_and_not_funded_the_treasury_has_it() -> None:
    payment = standing(ACCOUNT, Money.APPROVED)
    found = where(payment, funded(539_999), date(2021, 4, 3))
    assert (found.desk, found.state) == (Holder.TREASURY, Stage.WAITING_FOR_FUNDS)
    assert (found.since, found.next_step) == (date(2021, 4, 1), Next.TREASURY_SENDS)


def test_funded_and_not_ordered_the_office_has_it_since_the_money_came() -> None:
    found = where(standing(ACCOUNT, Money.APPROVED), funded(540_000), date(2021, 4, 3))
    assert (found.desk, found.state) == (Holder.OFFICE, Stage.WAITING_FOR_ORDER)
    assert found.since == date(2021, 4, 2)


def test_sent_and_not_reported_is_said_as_such_before_and_after_the_pay_day() -> None:
    payment = standing(ACCOUNT, Money.INSTRUCTED)
    before = where(payment, MONTH, date(2021, 4, 3))
    after = where(payment, MONTH, date(2021, 4, 9))

    assert before.state is after.state is Stage.SENT_NOT_REPORTED
    assert before.desk is after.desk is Holder.PROVIDER
    assert (before.next_step, before.next_day, before.late) == (Next.PROVIDER_PAYS, PAY_DAY, 0)
    assert (after.next_step, after.next_day, after.late) == (Next.PROVIDER_REPORTS, None, 4)


def test_cash_waits_at_its_pay_point_until_the_late_desk_closes() -> None:
    payment = standing(CASH, Money.READY_CASH, date(2021, 4, 8))
    found = where(payment, MONTH, date(2021, 4, 12))
    over = where(payment, MONTH, date(2021, 5, 12))

    assert (found.desk, found.state, found.place) == (
        *(Holder.PAY_POINT, Stage.CASH_WAITS, "BD-19960-1"),
    )
    assert (found.since, found.next_step) == (date(2021, 4, 8), Next.COLLECT)
    assert (found.last_day, over.last_day) == (date(2021, 4, 20), None)


def test_paid_is_since_the_providers_own_day() -> None:
    found = where(standing(ACCOUNT, Money.SETTLED, date(2021, 4, 6)), MONTH, date(2021, 4, 9))
    assert (found.desk, found.state, found.since) == (
        *(Holder.PERSON, Stage.PAID, date(2021, 4, 6)),
    )


def test_held_after_a_report_is_since_the_day_it_was_held() -> None:
    held = replace(
        standing(ACCOUNT, Money.HELD, date(2021, 3, 6)),
        changed_at=datetime(2021, 4, 8, 20, tzinfo=UTC),
    )
    assert where(held, MONTH, date(2021, 4, 9)).since == date(2021, 4, 9)


def test_how_somebody_is_paid_not_being_known_no_day_is_named() -> None:
    unrouted = replace(ACCOUNT, method=None, provider=None)
    found = where(unrouted, MONTH, date(2021, 4, 1))
    assert (found.state, found.next_day) == (Stage.LISTED, None)


@given(
    st.sampled_from(list(product([ACCOUNT, CASH], Money))),
    st.sampled_from([None, MONTH, funded(0), funded(540_000)]),
    st.dates(date(2021, 3, 1), date(2022, 3, 1)),
)
def test_every_state_has_a_desk_and_no_day_named_is_in_the_past(
    payment: tuple[PaymentFacts, Money], cycle: CycleFacts | None, day: date
) -> None:
    found = where(standing(*payment), cycle, day)

    assert all(named >= day for named in (found.next_day, found.last_day) if named is not None)
    assert found.late >= 0
    assert found.since is not None
    assert not (found.late and found.next_day)

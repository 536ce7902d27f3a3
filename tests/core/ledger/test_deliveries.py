"""Deliveries at home: which moves there are, who may ask and decide, and when somebody may come."""

from datetime import date, timedelta

import pytest

from core.ledger.deliveries import (
    DELIVERABLE,
    DELIVERY_MOVES,
    MOST_SECOND_TRIES,
    RUNNING,
    DeliveryState,
    delivery_moved,
    may_decide,
    may_request,
    may_schedule,
    review_day,
)
from core.ledger.events import EventType
from core.ledger.states import Money
from core.refusal_words import state_word
from core.refusals import Code, Refusal
from core.terms import Method
from core.wording import LANGUAGES

E, S = EventType, DeliveryState
TODAY = date(2021, 4, 15)


def test_every_state_is_reached_and_the_last_ones_stay() -> None:
    reached = {to for rows in DELIVERY_MOVES.values() for to in rows.values()}
    left = {
        state
        for rows in DELIVERY_MOVES.values()
        for state, to in rows.items()
        if state is not None and to is not state
    }
    assert reached == set(S)
    assert reached - left == {S.REFUSED, S.BROUGHT_BACK, S.WITHDRAWN}
    assert left > RUNNING


def test_every_event_of_a_delivery_is_in_its_table() -> None:
    assert set(DELIVERY_MOVES) == {one for one in E if one.value.startswith("delivery_")}


def test_what_is_on_its_way_is_not_withdrawn() -> None:
    for state in S:
        done = delivery_moved(state, E.DELIVERY_WITHDRAWN)
        early = state in {S.REQUESTED, S.ASSESSED, S.ACCEPTED, S.SCHEDULED}
        assert isinstance(done, Refusal) != early, state


def test_a_step_out_of_turn_is_refused_with_where_it_stands() -> None:
    for state, event in ((S.REQUESTED, E.DELIVERY_ACCEPTED), (None, E.DELIVERY_SCHEDULED)):
        refused = delivery_moved(state, event)
        assert isinstance(refused, Refusal)
        assert refused.code is Code.DELIVERY_WRONG_STATE
        assert refused.details == {"state": state.value if state else "NONE"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_state_has_a_name(lang: str) -> None:
    for state in S:
        assert state_word("delivery", state.value, lang) != state.value


@pytest.mark.parametrize(
    ("running", "method", "code"),
    [
        (None, None, None),
        (None, Method.CASH, None),
        (None, Method.ACCOUNT, Code.DELIVERY_NOT_CASH),
        (None, Method.WALLET, Code.DELIVERY_NOT_CASH),
        (None, Method.HOME, Code.DELIVERY_STANDING),
        (S.REQUESTED, None, Code.DELIVERY_ASKED_ALREADY),
        (S.NOT_HOME, Method.HOME, Code.DELIVERY_ASKED_ALREADY),
    ],
)
def test_who_may_ask(
    running: DeliveryState | None, method: Method | None, code: Code | None
) -> None:
    refusal = may_request(running, method)
    assert (refusal.code if refusal else None) is code


def test_an_appeal_is_decided_by_somebody_else() -> None:
    assert may_decide("lan", None) is None
    assert may_decide("minh", "lan") is None
    refusal = may_decide("lan", "lan")
    assert refusal is not None
    assert refusal.code is Code.DELIVERY_SAME_PERSON


def test_a_visit_is_promised_only_of_money_that_the_provider_holds() -> None:
    for money in (None, *Money):
        refusal = may_schedule(money, TODAY, TODAY, tries=0, is_open=True)
        assert (refusal is None) == (money in DELIVERABLE), money


@pytest.mark.parametrize(
    ("ahead", "is_open", "code"),
    [
        (-1, True, Code.DELIVERY_DAY_PAST),
        (0, True, None),
        (31, True, None),
        (32, True, Code.DELIVERY_DAY_FAR),
        (1, False, Code.DELIVERY_DAY_CLOSED),
    ],
)
def test_on_which_day_somebody_may_come(ahead: int, is_open: bool, code: Code | None) -> None:
    day = TODAY + timedelta(days=ahead)
    refusal = may_schedule(Money.READY_CASH, day, TODAY, tries=0, is_open=is_open)
    assert (refusal.code if refusal else None) is code


def test_a_missed_visit_is_tried_again_twice() -> None:
    found = [
        may_schedule(Money.HOME_PENDING, TODAY, TODAY, tries=tries, is_open=True)
        for tries in range(MOST_SECOND_TRIES + 2)
    ]
    assert found[:3] == [None, None, None]
    assert found[3] == Refusal(Code.DELIVERY_TRIES, {"visits": 3})


def test_a_standing_order_is_looked_at_again_after_a_year() -> None:
    assert review_day(date(2021, 4, 15)) == date(2022, 4, 15)
    assert review_day(date(2024, 2, 29)) == date(2025, 2, 28)

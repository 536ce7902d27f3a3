"""The life of a dispute: opened by a word, moved by officers, never past its table."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ledger.disputes import (
    DISPUTE_MOVES,
    OUTCOMES,
    DisputeState,
    clock_of,
    dispute_moved,
    folded,
    open_to,
)
from core.ledger.events import EventType
from core.ledger.receipt import Dispute
from core.programme import FOLDER, Programme, load
from core.refusals import Code, Refusal
from core.terms import Owner

S, E = DisputeState, EventType


@pytest.fixture(scope="module")
def programme() -> Programme:
    return load(FOLDER / "thua-thien-hue-2021")


@pytest.mark.parametrize(("state", "event"), OUTCOMES.items())
def test_an_open_dispute_can_come_to_every_outcome(state: DisputeState, event: EventType) -> None:
    assert dispute_moved(S.OPEN, event) is state


@pytest.mark.parametrize("state", OUTCOMES)
def test_a_new_word_opens_it_again(state: DisputeState) -> None:
    assert dispute_moved(state, E.DISPUTE_OPENED) is S.OPEN


def test_what_is_open_is_not_opened_twice() -> None:
    refused = dispute_moved(S.OPEN, E.DISPUTE_OPENED)

    assert isinstance(refused, Refusal)
    assert refused.code is Code.DISPUTE_WRONG_STATE


@pytest.mark.parametrize("event", OUTCOMES.values())
def test_nothing_comes_of_a_dispute_that_is_none(event: EventType) -> None:
    assert isinstance(dispute_moved(None, event), Refusal)


def test_money_that_was_recovered_is_paid_to_the_person_next() -> None:
    assert open_to(S.RECOVERED) == (S.REPAID,)
    assert open_to(S.PROVEN_PAID) == open_to(S.REPAID) == ()
    assert set(open_to(S.UNRESOLVED)) == {S.PROVEN_PAID, S.RECOVERED, S.REPAID}


@given(st.lists(st.sampled_from(sorted(DISPUTE_MOVES))))
def test_a_fold_never_leaves_the_table(events: list[EventType]) -> None:
    opened = [n for n, one in enumerate(events) if one is E.DISPUTE_OPENED]
    state = folded(events)

    assert (state is None) is (not opened)
    if state is not None:
        assert folded([*events, E.DISPUTE_OPENED]) is S.OPEN


def test_a_provider_answers_in_three_working_days(programme: Programme) -> None:
    """From Friday afternoon on: Monday, Tuesday, Wednesday."""
    said = datetime(2021, 4, 9, 9, tzinfo=UTC)
    clock = clock_of(programme, Dispute.AGAINST_PROVIDER, said)

    assert (clock.owner, clock.due) == (Owner.PROVIDER, date(2021, 4, 14))
    assert not clock.is_late(date(2021, 4, 14))
    assert clock.is_late(date(2021, 4, 15))


def test_a_holiday_is_no_working_day(programme: Programme) -> None:
    said = datetime(2021, 4, 29, 9, tzinfo=UTC)

    assert clock_of(programme, Dispute.AGAINST_PROVIDER, said).due == date(2021, 5, 6)


@pytest.mark.parametrize("why", [Dispute.BETWEEN_PEOPLE, Dispute.BY_RELATIVE])
def test_where_people_disagree_the_commune_answers(programme: Programme, why: Dispute) -> None:
    clock = clock_of(programme, why, datetime(2021, 4, 9, 9, tzinfo=UTC))

    assert (clock.owner, clock.due) == (Owner.COMMUNE, date(2021, 4, 16))

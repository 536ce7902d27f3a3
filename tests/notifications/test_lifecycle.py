"""The table of moves, and what follows from outcomes: pure, and true for every input."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.gateways.base import Kind, Outcome, Refused, Sent, Unknown
from notifications.lifecycle import FINAL, TABLE, Move, State, moved
from notifications.retry import ATTEMPTS, decide
from tests.notifications.district import NOW

OUTCOMES: st.SearchStrategy[Outcome] = st.one_of(
    st.builds(Sent, st.none(), st.booleans()),
    st.builds(
        Refused,
        st.just("x"),
        st.sampled_from(Kind),
        st.none() | st.timedeltas(timedelta(0), timedelta(hours=1)),
    ),
    st.builds(Unknown, st.just("no_answer")),
)


def test_every_move_stands_in_the_table() -> None:
    assert set(TABLE) == set(Move)


def test_nothing_leaves_delivered() -> None:
    assert all(moved(State.DELIVERED, move) is None for move in Move)


def test_what_is_final_can_only_turn_out_delivered() -> None:
    for state in FINAL:
        leads = {moved(state, move) for move in Move} - {None}
        assert leads <= {State.DELIVERED}


def test_a_doubt_goes_back_to_the_queue_only_by_evidence_or_as_the_one_repeat() -> None:
    back = {move for move in Move if moved(State.UNKNOWN, move) is State.QUEUED}

    assert back == {Move.ABSENT, Move.ONCE_MORE, Move.DEFERRED}


def test_only_what_is_claimed_can_be_called() -> None:
    assert [s for s in State if moved(s, Move.LEFT)] == [State.CLAIMED]


@given(st.lists(st.sampled_from(Move), max_size=30))
def test_no_sequence_of_moves_leaves_the_table(moves: list[Move]) -> None:
    state = State.HELD
    for move in moves:
        state = moved(state, move) or state

    assert state in State


@given(OUTCOMES, st.integers(1, 20), st.booleans())
def test_every_decision_is_a_move_from_calling(
    outcome: Outcome, attempts: int, interactive: bool
) -> None:
    decision = decide(outcome, attempts=attempts, interactive=interactive, now=NOW)

    assert moved(State.CALLING, decision.move) is not None
    assert decision.due_at is None or decision.due_at >= NOW


@given(st.sampled_from([Kind.ADDRESS, Kind.TEXT, Kind.STOPPED]), st.integers(1, 20))
def test_a_refusal_for_good_is_final_at_the_first_try(kind: Kind, attempts: int) -> None:
    decision = decide(Refused("x", kind), attempts=attempts, interactive=False, now=NOW)

    assert decision.move is Move.REFUSED
    assert decision.stops_contact is (kind is Kind.STOPPED)


@pytest.mark.parametrize("interactive", [True, False])
def test_a_fault_is_tried_five_times_ever_more_slowly(interactive: bool) -> None:
    decisions = [
        decide(Refused("x", Kind.FAULT), attempts=n, interactive=interactive, now=NOW)
        for n in range(1, ATTEMPTS + 1)
    ]

    assert [d.move for d in decisions] == [Move.DEFERRED] * 4 + [Move.GIVEN_UP]
    waits = [d.due_at for d in decisions if d.due_at is not None]
    assert waits == sorted(waits)


@given(OUTCOMES, st.booleans())
def test_a_doubt_is_never_simply_repeated(outcome: Outcome, interactive: bool) -> None:
    decision = decide(outcome, attempts=1, interactive=interactive, now=NOW)

    assert (decision.move is Move.UNSURE) is isinstance(outcome, Unknown)

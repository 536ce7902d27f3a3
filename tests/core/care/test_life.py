"""The life of a case: every move from every state, by the table and nothing else."""

from itertools import product

import pytest

from core.care.kinds import PACE, CaseKind
from core.care.life import CASE_MOVES, CaseMove, CaseState, case_moved
from core.refusals import Code, Refusal

POSSIBLE = {(move, state) for move, moves in CASE_MOVES.items() for state in moves}


@pytest.mark.parametrize(("move", "state"), list(product(CaseMove, CaseState)))
def test_a_case_moves_by_the_table_alone(move: CaseMove, state: CaseState) -> None:
    found = case_moved(state, move, reference="48271636")

    if (move, state) in POSSIBLE:
        assert found is CASE_MOVES[move][state]
    else:
        assert found == Refusal(Code.CASE_CLOSED, {"reference": "48271636"})


def test_a_closed_case_stays_closed() -> None:
    assert not [state for _, state in POSSIBLE if state is CaseState.CLOSED]


def test_every_open_state_can_be_closed_and_written_to() -> None:
    for state in set(CaseState) - {CaseState.CLOSED}:
        assert {CaseMove.CLOSED, CaseMove.CITIZEN_WROTE} <= {m for m, s in POSSIBLE if s is state}


def test_a_citizen_who_writes_again_is_the_officers_turn() -> None:
    assert (
        case_moved(CaseState.WAITING_CITIZEN, CaseMove.CITIZEN_WROTE, reference="1")
        is CaseState.WITH_OFFICER
    )


def test_every_kind_has_a_pace_and_fraud_is_fastest() -> None:
    assert set(PACE) == set(CaseKind)
    assert all((pace.hours or pace.days) and pace.risk in "LMH" for pace in PACE.values())
    assert PACE[CaseKind.FRAUD].risk == "H"
    assert not PACE[CaseKind.FRAUD].days

"""The life of a case: one table. A case is never deleted, and a new message opens it again."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from core.refusals import Code, Refusal


class CaseState(StrEnum):
    """Where a case stands (tình trạng việc)."""

    OPEN = "open"
    WITH_OFFICER = "with_officer"
    WAITING_CITIZEN = "waiting_citizen"
    CLOSED = "closed"


class CaseMove(StrEnum):
    """What can happen to a case."""

    TAKEN = "taken"
    ANSWERED = "answered"
    CITIZEN_WROTE = "citizen_wrote"
    LET_GO = "let_go"
    CLOSED = "closed"


_S = CaseState

CASE_MOVES: Final[Mapping[CaseMove, Mapping[CaseState, CaseState]]] = MappingProxyType(
    {
        # A colleague may be ill: who takes a case takes it over.
        CaseMove.TAKEN: {
            _S.OPEN: _S.WITH_OFFICER,
            _S.WITH_OFFICER: _S.WITH_OFFICER,
            _S.WAITING_CITIZEN: _S.WITH_OFFICER,
        },
        CaseMove.ANSWERED: {
            _S.WITH_OFFICER: _S.WAITING_CITIZEN,
            _S.WAITING_CITIZEN: _S.WAITING_CITIZEN,
        },
        CaseMove.CITIZEN_WROTE: {
            _S.OPEN: _S.OPEN,
            _S.WITH_OFFICER: _S.WITH_OFFICER,
            _S.WAITING_CITIZEN: _S.WITH_OFFICER,
        },
        CaseMove.LET_GO: {_S.WITH_OFFICER: _S.OPEN, _S.WAITING_CITIZEN: _S.OPEN},
        CaseMove.CLOSED: {
            _S.OPEN: _S.CLOSED,
            _S.WITH_OFFICER: _S.CLOSED,
            _S.WAITING_CITIZEN: _S.CLOSED,
        },
    }
)


def case_moved(state: CaseState, move: CaseMove, *, reference: str) -> CaseState | Refusal:
    """Where a case stands after a move.

    Refuses: CASE_CLOSED.
    """
    target = CASE_MOVES[move].get(state)
    return target or Refusal(Code.CASE_CLOSED, {"reference": reference})

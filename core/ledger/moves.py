"""Which moves a payment cycle (kỳ chi trả) can make: one table.

What does not live here: making them (`cycles.py`).
"""

from collections.abc import Mapping
from typing import Final

from core.ledger.events import EventType
from core.ledger.facts import CycleState
from core.refusals import Code, Refusal

_E = EventType
_S = CycleState

# From where an event is possible, and where it leads; None stands for "no list came in yet".
# An approved month is ordered without funds where what was carried over pays for all of it.
# While providers pay, money and orders for the others may still follow. A closed month is opened
# again by what is reported late, never by undoing anything.
CYCLE_MOVES: Final[Mapping[EventType, Mapping[CycleState | None, CycleState]]] = {
    _E.CYCLE_IMPORTED: {None: _S.IMPORTING, _S.IMPORTING: _S.IMPORTING},
    _E.CYCLE_FROZEN: {_S.IMPORTING: _S.FROZEN},
    _E.CYCLE_APPROVED_FIRST: {_S.FROZEN: _S.FROZEN},
    _E.CYCLE_APPROVED: {_S.FROZEN: _S.APPROVED},
    _E.CYCLE_FUNDED_PARTLY: {
        _S.APPROVED: _S.FUNDED_PARTLY,
        _S.FUNDED_PARTLY: _S.FUNDED_PARTLY,
        _S.PAYING: _S.PAYING,
        _S.RECONCILING: _S.RECONCILING,
    },
    _E.CYCLE_FUNDED: {
        _S.APPROVED: _S.FUNDED,
        _S.FUNDED_PARTLY: _S.FUNDED,
        _S.FUNDED: _S.FUNDED,
        _S.PAYING: _S.PAYING,
        _S.RECONCILING: _S.RECONCILING,
    },
    _E.CYCLE_INSTRUCTED: dict.fromkeys(
        (_S.APPROVED, _S.FUNDED_PARTLY, _S.FUNDED, _S.PAYING, _S.RECONCILING), _S.PAYING
    ),
    _E.CYCLE_BALANCE_STATED: dict.fromkeys((_S.PAYING, _S.RECONCILING), _S.RECONCILING),
    _E.CYCLE_CLOSED: {_S.RECONCILING: _S.CLOSED},
    _E.CYCLE_REOPENED: {_S.CLOSED: _S.RECONCILING},
}
CYCLE_EVENTS: Final = frozenset(CYCLE_MOVES)


def cycle_moved(state: CycleState | None, event: EventType) -> CycleState | Refusal:
    """Where a cycle stands after an event.

    Refuses: CYCLE_WRONG_STATE.
    """
    target = CYCLE_MOVES[event].get(state)
    if target is None:
        stands = state.value if state is not None else "PLANNED"
        return Refusal(Code.CYCLE_WRONG_STATE, {"state": stands, "event": event.value})
    return target

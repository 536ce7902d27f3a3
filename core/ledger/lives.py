"""Openings and wishes against events: where one stands must be where its events lead.

What does not live here: payments and months (`projection.py`, which asks here too).
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from core.ledger.enrolment import ENROLMENT_MOVES
from core.ledger.events import EventType
from core.ledger.findings import Finding, Wrong
from core.ledger.opening import OPENING_MOVES
from core.store import lives
from core.store.engine import Tx


def findings(tx: Tx) -> list[Finding]:
    """Openings (by beneficiary id) and wishes (by number) that stand elsewhere."""
    found = []
    pairs = (
        (Wrong.OPENING_DIFFERS, _openings(tx), lives.opening_states(tx)),
        (Wrong.METHOD_DIFFERS, _enrolments(tx), lives.enrolment_states(tx)),
    )
    for wrong, folded, stored in pairs:
        different = (n for n in sorted({*folded, *stored}) if folded.get(n) != stored.get(n))
        found += [Finding(wrong, number) for number in different]
    return found


def mend(tx: Tx) -> None:
    """Write where openings and wishes stand again from their events; what no event knows stays."""
    lives.mend_openings(tx, _known(_openings(tx)))
    lives.mend_enrolments(tx, _known(_enrolments(tx)))


def _openings(tx: Tx) -> dict[int, str | None]:
    found: dict[int, str | None] = {}
    for of, kind, _ in lives.moves_of_people(tx, [one.value for one in OPENING_MOVES]):
        _step(found, of, EventType(kind), OPENING_MOVES)
    return found


def _enrolments(tx: Tx) -> dict[int, str | None]:
    found: dict[int, str | None] = {}
    # A registration by list has no wish beside it.
    kinds = [one.value for one in ENROLMENT_MOVES if one is not EventType.METHOD_RECORDED]
    for _, kind, body in lives.moves_of_people(tx, kinds):
        number = body.get("enrolment")
        if isinstance(number, int):
            _step(found, number, EventType(kind), ENROLMENT_MOVES)
    return found


def _step(
    found: dict[int, str | None],
    of: int,
    kind: EventType,
    moves: Mapping[EventType, Mapping[Any, StrEnum]],
) -> None:
    """One event further; None for good once an event cannot have happened."""
    if of in found and found[of] is None:
        return
    target = moves[kind].get(found.get(of))
    found[of] = None if target is None else target.value


def _known(folded: Mapping[int, str | None]) -> dict[int, str]:
    return {number: state for number, state in folded.items() if state is not None}

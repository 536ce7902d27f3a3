"""What the events of a payment cycle come to: a pure fold, to rebuild and to check with.

What does not live here: which moves are possible (`moves.py`), making them (`cycles.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from core.ledger.events import EventType, Value, body_of
from core.ledger.facts import CycleState, ProviderFacts
from core.ledger.moves import CYCLE_EVENTS, cycle_moved
from core.refusals import Refusal
from core.store.events import EventRow

_HEADS: Final = "_heads"
_FUNDED: Final = frozenset({EventType.CYCLE_FUNDED, EventType.CYCLE_FUNDED_PARTLY})


@dataclass(frozen=True, slots=True)
class Month:
    """A cycle folded from its events. `changed_at`: microseconds since 1970."""

    state: CycleState
    changed_at: int
    last_event_id: int
    providers: Mapping[str, ProviderFacts] = field(default_factory=dict)


def month_after(month: Month | None, row: EventRow) -> Month | Refusal | None:
    """The cycle after one of its events; events that are no move leave it as it was.

    Refuses: CYCLE_WRONG_STATE.
    """
    kind = EventType(row.type)
    if kind not in CYCLE_EVENTS:
        return month
    state = cycle_moved(month.state if month is not None else None, kind)
    if isinstance(state, Refusal):
        return state
    providers = dict(month.providers) if month is not None else {}
    _fold(providers, kind, row, body_of(row.body))
    return Month(state, row.recorded_at, row.id, providers)


def _fold(
    providers: dict[str, ProviderFacts],
    kind: EventType,
    row: EventRow,
    body: Mapping[str, Value],
) -> None:
    if kind is EventType.CYCLE_APPROVED:
        for key in [key for key in body if key.endswith(_HEADS)]:
            name = key.removesuffix(_HEADS)
            providers[name] = ProviderFacts(
                int(body[key]),
                int(body[f"{name}_amount"]),
                carried_amount=int(body.get(f"{name}_carried", 0)),
            )
        return
    name = str(body.get("provider"))
    part = providers.get(name, ProviderFacts())
    if kind in _FUNDED:
        funded = part.funded_amount + int(body["amount"])
        providers[name] = replace(part, funded_amount=funded, funded_at=row.effective)
    elif kind is EventType.CYCLE_INSTRUCTED:
        providers[name] = replace(part, instructed_at=row.recorded, order_sha256=str(body["order"]))

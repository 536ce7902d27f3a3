"""The life of a dispute about one payment (khiếu nại nhận tiền): one table, and its clock.

The provider says paid, somebody entitled says short or not received, or two people disagree. It is
opened by a word and moved by officers only; a later word opens it again. It moves no money here:
what a provider sends back, or pays once more, comes in with its own papers.
Source: the plan, III.1.b and III.7; docs/decisions/0142.

What does not live here: who said what (`receipt.py`), the case in which people are answered
(`core/care`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from core.calendar import local_day
from core.ledger.events import EventType
from core.ledger.receipt import Dispute
from core.refusals import Code, Refusal
from core.terms import Owner, Programme
from core.working_hours import working_days_after


class DisputeState(StrEnum):
    """Where a dispute stands."""

    OPEN = "OPEN"
    PROVEN_PAID = "PROVEN_PAID"
    RECOVERED = "RECOVERED"
    REPAID = "REPAID"
    UNRESOLVED = "UNRESOLVED"


_E = EventType
_S = DisputeState

# From where an event is possible, and where it leads; None stands for "no dispute yet".
# What could not be settled may still be; what was settled is opened again by a new word.
DISPUTE_MOVES: Final[Mapping[EventType, Mapping[DisputeState | None, DisputeState]]] = (
    MappingProxyType(
        {
            _E.DISPUTE_OPENED: {
                None: _S.OPEN,
                _S.PROVEN_PAID: _S.OPEN,
                _S.RECOVERED: _S.OPEN,
                _S.REPAID: _S.OPEN,
                _S.UNRESOLVED: _S.OPEN,
            },
            _E.DISPUTE_PROVEN_PAID: dict.fromkeys((_S.OPEN, _S.UNRESOLVED), _S.PROVEN_PAID),
            _E.DISPUTE_RECOVERED: dict.fromkeys((_S.OPEN, _S.UNRESOLVED), _S.RECOVERED),
            _E.DISPUTE_REPAID: dict.fromkeys((_S.OPEN, _S.RECOVERED, _S.UNRESOLVED), _S.REPAID),
            _E.DISPUTE_UNRESOLVED: {_S.OPEN: _S.UNRESOLVED},
        }
    )
)
# What an officer may say came of it, each with its event.
OUTCOMES: Final[Mapping[DisputeState, EventType]] = MappingProxyType(
    {
        _S.PROVEN_PAID: _E.DISPUTE_PROVEN_PAID,
        _S.RECOVERED: _E.DISPUTE_RECOVERED,
        _S.REPAID: _E.DISPUTE_REPAID,
        _S.UNRESOLVED: _E.DISPUTE_UNRESOLVED,
    }
)
# The money is back with the office and not yet with the person: somebody still owes an answer.
RUNNING: Final = frozenset({_S.OPEN, _S.RECOVERED})


@dataclass(frozen=True, slots=True)
class Clock:
    """Who must answer, and the last day on which that is in time (Asia/Ho_Chi_Minh)."""

    owner: Owner
    due: date

    def is_late(self, day: date) -> bool:
        """Whether the last day has gone by."""
        return day > self.due


def dispute_moved(state: DisputeState | None, event: EventType) -> DisputeState | Refusal:
    """Where a dispute stands after an event.

    Refuses: DISPUTE_WRONG_STATE.
    """
    target = DISPUTE_MOVES[event].get(state)
    if target is None:
        stands = state.value if state is not None else "NONE"
        return Refusal(Code.DISPUTE_WRONG_STATE, {"state": stands})
    return target


def folded(events: Iterable[EventType]) -> DisputeState | None:
    """What the events of one dispute come to; one that is not possible changes nothing."""
    state: DisputeState | None = None
    for event in events:
        after = dispute_moved(state, event)
        state = state if isinstance(after, Refusal) else after
    return state


def open_to(state: DisputeState) -> tuple[DisputeState, ...]:
    """The outcomes that an officer may choose from here."""
    return tuple(to for to, event in OUTCOMES.items() if state in DISPUTE_MOVES[event])


def clock_of(programme: Programme, why: Dispute, opened_at: datetime) -> Clock:
    """Until when the provider answers, or the commune where people disagree with one another."""
    against_provider = why is Dispute.AGAINST_PROVIDER
    settings = programme.settings
    days = settings.dispute_provider_days if against_provider else settings.dispute_commune_days
    owner = Owner.PROVIDER if against_provider else Owner.COMMUNE
    return Clock(owner, working_days_after(programme, local_day(opened_at), days))

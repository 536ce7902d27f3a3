"""The life of a message (tin nhắn): one table of moves, and nothing moves outside it.

A move is applied as one conditional UPDATE over its sources, so a move that comes too late
changes nothing. `delivered` is final: no move leaves it.
Source: design 5; the diagram in docs is drawn from this table.

What does not live here: who asks for a move (`dispatch`, `receipts`, `batches`, `settling`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class State(StrEnum):
    """Where a message stands."""

    HELD = "held"
    QUEUED = "queued"
    CLAIMED = "claimed"
    CALLING = "calling"
    UNKNOWN = "unknown"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    SUPPRESSED = "suppressed"
    EXPIRED = "expired"
    STOPPED = "stopped"


class Move(StrEnum):
    """What can happen to a message."""

    RELEASED = "released"
    PAUSED = "paused"
    STOPPED = "stopped"
    EXPIRED = "expired"
    SUPPRESSED = "suppressed"
    CLAIMED = "claimed"
    PUT_BACK = "put_back"
    LEFT = "left"
    DEFERRED = "deferred"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNSURE = "unsure"
    ABSENT = "absent"
    ONCE_MORE = "once_more"
    GIVEN_UP = "given_up"
    FOLLOWED = "followed"
    REPORTED_SENT = "reported_sent"
    REPORTED_DELIVERED = "reported_delivered"
    REPORTED_FAILED = "reported_failed"


@dataclass(frozen=True, slots=True)
class Step:
    """From which states a move is possible, and where it leads."""

    sources: frozenset[State]
    target: State


_WAITING: Final = frozenset({State.HELD, State.QUEUED, State.CLAIMED})
# A late answer to a call whose lease was lost meanwhile still says what happened.
_IN_CALL: Final = frozenset({State.CALLING, State.UNKNOWN})
_MAY_HAVE_LEFT: Final = frozenset({State.CALLING, State.UNKNOWN, State.SENT})

TABLE: Final[Mapping[Move, Step]] = {
    Move.RELEASED: Step(frozenset({State.HELD}), State.QUEUED),
    Move.PAUSED: Step(frozenset({State.QUEUED, State.CLAIMED}), State.HELD),
    Move.STOPPED: Step(_WAITING, State.STOPPED),
    Move.EXPIRED: Step(_WAITING, State.EXPIRED),
    Move.SUPPRESSED: Step(_WAITING, State.SUPPRESSED),
    Move.CLAIMED: Step(frozenset({State.QUEUED}), State.CLAIMED),
    # A lease lost before the call: nothing can have left.
    Move.PUT_BACK: Step(frozenset({State.CLAIMED}), State.QUEUED),
    Move.LEFT: Step(frozenset({State.CLAIMED}), State.CALLING),
    # The gateway answered that it did not take the message.
    Move.DEFERRED: Step(_IN_CALL, State.QUEUED),
    Move.ACCEPTED: Step(_IN_CALL, State.SENT),
    Move.REFUSED: Step(_IN_CALL, State.FAILED),
    # No answer, or a lease lost during the call: it may have left.
    Move.UNSURE: Step(frozenset({State.CALLING}), State.UNKNOWN),
    # A look-up or a person says that it never left.
    Move.ABSENT: Step(frozenset({State.UNKNOWN}), State.QUEUED),
    # The one exception of design 5: an interactive reply, after 60 s, once.
    Move.ONCE_MORE: Step(frozenset({State.UNKNOWN}), State.QUEUED),
    Move.GIVEN_UP: Step(frozenset({State.QUEUED, State.CALLING, State.UNKNOWN}), State.FAILED),
    # It waited too long for its chat: an SMS takes over (`second_step`).
    Move.FOLLOWED: Step(frozenset({State.QUEUED}), State.FAILED),
    Move.REPORTED_SENT: Step(_IN_CALL, State.SENT),
    # A phone that has it outweighs everything that we believed.
    Move.REPORTED_DELIVERED: Step(frozenset(State) - {State.DELIVERED}, State.DELIVERED),
    Move.REPORTED_FAILED: Step(_MAY_HAVE_LEFT, State.FAILED),
}

FINAL: Final = frozenset(
    {State.DELIVERED, State.FAILED, State.SUPPRESSED, State.EXPIRED, State.STOPPED}
)


def moved(state: State, move: Move) -> State | None:
    """The state after a move, or None when the move is not possible from there."""
    step = TABLE[move]
    return step.target if state in step.sources else None

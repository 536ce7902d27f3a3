"""What a conversation remembers between two messages, and its form in the database.

What does not live here: the row it stands in (`core/store/conversations.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from core.conversation.kept_sentences import said_from, said_json
from core.conversation.parsers import Private
from core.conversation.play import Record
from core.conversation.sentences import Said

VERSION: Final = 1
DEEPEST: Final = 3


@dataclass(frozen=True, slots=True)
class Frame:
    """A flow that has begun: what it is about, and the answers so far."""

    flow: str
    subject: str = ""
    record: Record = field(default_factory=Record)


@dataclass(frozen=True, slots=True)
class State:
    """One conversation at rest.

    `pending`: the question that waits. `shown`: the keys of its menu, as numbered. `token` changes
    with every question; an answer carrying another changes nothing. `parked`: flows to come back
    to, the last one first. `ended`: the flow that ended last, to be repeated, and `told` what came
    of its wish. `opening`: a message
    whose wish is being asked about. `also`: a second wish, to be offered. `private`: what the
    pending question asks for. `told_case`: the held case of which the person was told.
    `asked_on`: the day on which the pending question was last put.
    """

    running: Frame | None = None
    pending: str | None = None
    shown: tuple[str, ...] = ()
    token: str | None = None
    parked: tuple[Frame, ...] = ()
    ended: Frame | None = None
    told: tuple[Said, ...] = field(default=(), repr=False)
    opening: str = field(default="", repr=False)
    also: str = ""
    misses: int = 0
    turns: int = 0
    private: Private = Private.NOTHING
    told_case: int | None = None
    asked_on: date | None = None


def as_json(state: State) -> dict[str, Any]:
    """The state as JSON; `pending`, `token` and `misses` stand in columns of their own too."""
    written = {
        "v": VERSION,
        "run": _frame_json(state.running),
        "pending": state.pending,
        "shown": list(state.shown),
        "token": state.token,
        "parked": [_frame_json(frame) for frame in state.parked],
        "ended": _frame_json(state.ended),
        "told": [said_json(said) for said in state.told],
        "opening": state.opening,
        "also": state.also,
        "misses": state.misses,
        "turns": state.turns,
        "private": state.private.value,
        "told_case": state.told_case,
        "asked_on": state.asked_on.isoformat() if state.asked_on else None,
    }
    return {name: value for name, value in written.items() if value not in (None, "", [], 0)}


def from_json(kept: Mapping[str, Any]) -> State:
    """The state that was written; what an earlier release did not write has its first value."""
    return State(
        running=_frame(kept.get("run")),
        pending=kept.get("pending"),
        shown=tuple(kept.get("shown", ())),
        token=kept.get("token"),
        parked=tuple(frame for one in kept.get("parked", ()) if (frame := _frame(one))),
        ended=_frame(kept.get("ended")),
        told=tuple(said_from(one) for one in kept.get("told", ())),
        opening=kept.get("opening", ""),
        also=kept.get("also", ""),
        misses=kept.get("misses", 0),
        turns=kept.get("turns", 0),
        private=Private(kept.get("private", "")),
        told_case=kept.get("told_case"),
        asked_on=date.fromisoformat(kept["asked_on"]) if "asked_on" in kept else None,
    )


def _frame_json(frame: Frame | None) -> dict[str, Any] | None:
    if frame is None:
        return None
    written = {
        "flow": frame.flow,
        "for": frame.subject,
        "answers": dict(frame.record.answers),
        "digests": dict(frame.record.digests),
        "effects": {name: list(effect) for name, effect in frame.record.effects.items()},
    }
    return {name: value for name, value in written.items() if value}


def _frame(kept: Mapping[str, Any] | None) -> Frame | None:
    if not kept:
        return None
    effects = {name: (one[0], one[1]) for name, one in kept.get("effects", {}).items()}
    record = Record(kept.get("answers", {}), kept.get("digests", {}), effects)
    return Frame(kept["flow"], kept.get("for", ""), record)

"""Stored talks outlive releases: every state ever saved is resumed, every name is for ever.

To add a state, write it as `as_json` does, with the message that comes next and what is asked
then, into tests/saved_states; a file there is never changed.
"""

import ast
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calendar import Cycle
from core.conversation.parsers import Private
from core.conversation.play import Record
from core.conversation.sentences import Money, Said, Words
from core.conversation.state import Frame, State, as_json, from_json
from tests import sources
from tests.core.conversation.demo import Talk

SAVED = sorted((sources.ROOT / "tests" / "saved_states").glob("demo_*.json"))
NAMES = sources.ROOT / "core" / "conversation" / "question_names.txt"

texts = st.text(max_size=12)
mappings = st.dictionaries(texts, texts, max_size=4)
records = st.builds(
    Record,
    answers=mappings,
    digests=mappings,
    effects=st.dictionaries(texts, st.tuples(texts, texts), max_size=2),
)
frames = st.builds(Frame, flow=st.text(min_size=1, max_size=8), subject=texts, record=records)
days = st.dates(date(2001, 1, 1), date(2098, 1, 1))
values = st.recursive(
    texts | st.integers() | st.builds(Money, st.integers()) | days | days.map(Cycle.of_day),
    lambda inner: st.builds(Words, texts, st.dictionaries(texts, inner, max_size=2)),
    max_leaves=3,
)
sentences = st.builds(
    Said,
    texts,
    st.dictionaries(texts, values, max_size=3),
    st.lists(st.integers(), max_size=3).map(tuple),
)
states = st.builds(
    State,
    running=st.none() | frames,
    pending=st.none() | st.text(min_size=1, max_size=8),
    shown=st.lists(texts, max_size=4).map(tuple),
    token=st.none() | st.text(min_size=1, max_size=8),
    parked=st.lists(frames, max_size=3).map(tuple),
    ended=st.none() | frames,
    told=st.lists(sentences, max_size=2).map(tuple),
    opening=texts,
    also=texts,
    misses=st.integers(0, 3),
    asked_on=st.none() | days,
    turns=st.integers(0, 10_000),
    private=st.sampled_from(Private),
    told_case=st.none() | st.integers(1, 10_000),
)


@given(states)
def test_a_state_is_read_as_it_was_written(state: State) -> None:
    assert from_json(json.loads(json.dumps(as_json(state)))) == state


def test_a_talk_that_never_was_begins_at_rest() -> None:
    assert from_json({}) == State()


def test_there_are_saved_states() -> None:
    assert len(SAVED) > 5


@pytest.mark.parametrize("path", SAVED, ids=lambda path: path.stem)
def test_a_saved_state_goes_on_where_it_was(path: Path) -> None:
    saved: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    talk = Talk(state=from_json(saved["state"]))

    found = talk.hears(saved["hears"])

    assert talk.state.pending == saved["then_asks"]
    assert "engine.restarted" not in [said.key for said in found.said]


def recorded() -> list[str]:
    lines = NAMES.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def named() -> dict[str, str]:
    """Every name that a flow of the product asks or does once, and where."""
    found: dict[str, str] = {}
    for path in sources.product():
        if path.parts[:2] == ("core", "conversation") and path.name != "ask.py":
            for node in ast.walk(sources.tree(path)):
                if isinstance(node, ast.Call) and _asks(node) and (name := _name(node)):
                    found[name] = f"{path}:{node.lineno}"
    return found


def _asks(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id in {"ask", "once"}


def _name(call: ast.Call) -> str | None:
    """The name if it is written out; others are checked where their flow is walked."""
    first = call.args[0]
    return str(first.value) if isinstance(first, ast.Constant) else None


def test_every_question_name_is_recorded() -> None:
    known = set(recorded())
    missing = {name: place for name, place in named().items() if name not in known}

    assert missing == {}


def test_a_name_is_recorded_once() -> None:
    assert sorted(recorded()) == sorted(set(recorded()))


def test_names_of_questions_say_what_they_ask() -> None:
    assert [name for name in recorded() if name.count(".") < 1 or name != name.lower()] == []

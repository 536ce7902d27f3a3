"""Sentences kept in a stored talk, so that what came of a wish can be said again.

What does not live here: the sentences of flows, which are said afresh from the books.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from core.calendar import Cycle
from core.conversation.sentences import Money, Said, Value, Words


def said_json(said: Said) -> dict[str, Any]:
    """A sentence as JSON."""
    values = {name: _value_json(value) for name, value in said.values.items()}
    return {"key": said.key, "values": values, "facts": list(said.facts)}


def said_from(kept: Mapping[str, Any]) -> Said:
    """The sentence that was written."""
    values = {name: _value(one) for name, one in kept["values"].items()}
    return Said(kept["key"], values, tuple(kept["facts"]))


def _value_json(value: Value) -> Any:
    match value:
        case Money(amount):
            return {"money": amount}
        case Cycle():
            return {"cycle": str(value)}
        case date():
            return {"day": value.isoformat()[:10]}
        case Words(key, values):
            return {"words": key, "values": {n: _value_json(v) for n, v in values.items()}}
        case _:
            return value


def _value(kept: Any) -> Value:
    match kept:
        case {"money": int(amount)}:
            return Money(amount)
        case {"cycle": str(text)}:
            return Cycle.parse(text)
        case {"day": str(text)}:
            return date.fromisoformat(text)
        case {"words": str(key), "values": values}:
            return Words(key, {name: _value(one) for name, one in values.items()})
        case int() | str():
            return kept
        case _:
            return str(kept)

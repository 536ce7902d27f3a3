"""A flow by name, and all flows of the product together: which wish begins which.

What does not live here: the flows (`flows/`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from core.conversation.ask import Body
from core.conversation.understanding.intents import Intent
from core.faults import Fault

MENU: Final = "menu"
OFFICER: Final = "talk_to_officer"
DEATH: Final = "told_of_a_death"


class NoSuchFlow(Fault):
    """There is no flow “{name}”."""


class FlowTwice(Fault):
    """Two flows have the name or the wish “{name}”."""


@dataclass(frozen=True, slots=True)
class Flow:
    """One conversation: its name in stored states (for ever), its coroutine, what begins it.

    Its title for people is the sentence `flow.<name>` unless another is given; it completes
    "quay lại việc …". `replaces`: flows whose question is moot once this one begins.
    """

    name: str
    body: Body
    intents: tuple[Intent, ...] = ()
    titled: str = ""
    replaces: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The key of what the flow is called."""
        return self.titled or f"flow.{self.name}"


@dataclass(frozen=True, slots=True)
class Book:
    """All flows."""

    flows: Mapping[str, Flow]
    by_intent: Mapping[Intent, Flow]

    def flow(self, name: str) -> Flow:
        """The flow with this name.

        Raises: NoSuchFlow.
        """
        found = self.flows.get(name)
        if found is None:
            raise NoSuchFlow(name=name)
        return found

    def begun_by(self, intent: Intent) -> Flow | None:
        """The flow that a wish begins, or None for small talk and replies."""
        return self.by_intent.get(intent)


def book(flows: Sequence[Flow]) -> Book:
    """The book of these flows. The product's is `flows/book.py`, with the engine's own among them.

    Raises: FlowTwice.
    """
    by_name: dict[str, Flow] = {}
    by_intent: dict[Intent, Flow] = {}
    for flow in flows:
        if flow.name in by_name:
            raise FlowTwice(name=flow.name)
        by_name[flow.name] = flow
        for intent in flow.intents:
            if intent in by_intent:
                raise FlowTwice(name=intent.value)
            by_intent[intent] = flow
    return Book(by_name, by_intent)

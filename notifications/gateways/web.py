"""The gateway of the web page: the page shows the row itself, so there is nothing to carry.

What does not live here: the page (`bot/chat`).
"""

from dataclasses import dataclass, field
from typing import Final

from notifications.budget import Terms
from notifications.gateways.base import Finding, Outcome, Outgoing, Sent

NAME: Final = "web"


@dataclass(slots=True)
class WebGateway:
    """Says that a message is visible, which it is from the moment its row is committed."""

    terms: Terms = field(default_factory=Terms)
    name: str = NAME
    channel: str = "web"
    finds: bool = True

    async def send(self, message: Outgoing) -> Outcome:
        """Sent: whoever opens the page sees it."""
        return Sent(f"web-{message.id}")

    async def find(self, message: Outgoing) -> Finding:
        """A row that is there is visible."""
        return Sent(f"web-{message.id}")

    async def close(self) -> None:
        """Nothing is held open."""

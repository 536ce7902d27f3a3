"""What a check of the ledger can find wrong: codes and numbers, no prose."""

from dataclasses import dataclass
from enum import StrEnum


class Wrong(StrEnum):
    """What does not agree."""

    EVENT_CHANGED = "event_changed"
    EVENT_MISSING = "event_missing"
    POSTING_STRAY = "posting_stray"
    UNBALANCED = "unbalanced"
    BLOCK_CHANGED = "block_changed"
    BLOCK_MISSING = "block_missing"
    TAIL_MISSING = "tail_missing"
    PROVIDER_SHORT = "provider_short"
    PAYMENT_CHANGED = "payment_changed"
    PAYMENT_STRAY = "payment_stray"
    STATUS_DIFFERS = "status_differs"
    CYCLE_DIFFERS = "cycle_differs"
    OPENING_DIFFERS = "opening_differs"
    METHOD_DIFFERS = "method_differs"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, and the number of the event, block or payment it is wrong with.

    For PROVIDER_SHORT the number is the sum in đồng.
    """

    wrong: Wrong
    number: int
    of: str = ""

    def as_json(self) -> dict[str, str | int]:
        """The finding for machines."""
        of = self.of.encode("utf-8", "backslashreplace").decode("utf-8")
        return {"wrong": self.wrong.value, "number": self.number, "of": of}

"""What a numbered paper says of one provider and one month: sent, held, or given back.

Such papers are recorded by `cycles.fund`, `closing.state_balance` and `refunds.give_back`.
"""

from dataclasses import dataclass
from datetime import datetime

from core.ledger.events import Value


@dataclass(frozen=True, slots=True)
class Advice:
    """One paper. Money: whole đồng. `day`: when, as the paper says (aware UTC).

    `source` is its key in the ledger, `file` the list it came with. `payment`: the transaction
    code of the payment that it is about, if it is about one.
    """

    cycle: str
    provider: str
    amount: int
    day: datetime
    source: str
    actor: str
    file: str | int | None = None
    payment: str = ""

    @property
    def body(self) -> dict[str, Value | None]:
        """What its event says."""
        return {"provider": str(self.provider), "amount": self.amount, "file": self.file}

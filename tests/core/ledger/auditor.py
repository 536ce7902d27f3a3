"""A second bookkeeper: keeps in memory, by simpler rules, what the ledger must agree with.

It knows nothing of postings or folds. It counts đồng in pots: what the Treasury sent, what a
provider holds, what is on its way, what people have, what nobody explains.
"""

from dataclasses import dataclass, field

AMOUNT = 540_000
PROVIDER = "post"


@dataclass
class Auditor:
    """Where every payment is, in the auditor's own words."""

    state: dict[int, str] = field(default_factory=dict)
    word: dict[int, str] = field(default_factory=dict)
    held_from: dict[int, str] = field(default_factory=dict)
    funded: int = 0
    unexplained: int = 0
    approved: bool = False
    ordered: bool = False
    closed: bool = False
    # What a provider stated last, and what it really held then.
    stated: tuple[int, int] | None = None
    carried: set[int] = field(default_factory=set)
    causes: set[str] = field(default_factory=set)

    def happens(self, kind: str, number: int) -> None:
        """Put a payment where `kind` leads it."""
        target = MAY[kind][1]
        if kind == "held":
            self.held_from[number] = self.state[number]
        self.state[number] = target or self.held_from[number]

    def may_close(self) -> bool:
        """Nothing is on its way, nothing unexplained, and the provider's balance is ours."""
        waiting = self.heads(
            "LISTED", "APPROVED", "INSTRUCTED", "ACCEPTED", "READY_CASH", "HOME_PENDING"
        )
        agreed = self.stated == (self.held_by_provider, self.held_by_provider)
        return self.ordered and not waiting and not self.unexplained and agreed

    def closes(self) -> None:
        """Everybody who got nothing is owed outside the month."""
        self.closed = True
        left = {"FAILED", "RETURNED", "UNCLAIMED"}
        self.carried |= {number for number, state in self.state.items() if state in left}

    def heads(self, *states: str) -> int:
        return sum(state in states for state in self.state.values())

    @property
    def paid(self) -> int:
        return AMOUNT * self.heads("SETTLED")

    @property
    def on_its_way(self) -> int:
        return AMOUNT * self.heads("INSTRUCTED", "ACCEPTED", "READY_CASH")

    @property
    def with_officers(self) -> int:
        return AMOUNT * self.heads("HOME_PENDING")

    @property
    def refunded(self) -> int:
        return AMOUNT * self.heads("REFUNDED")

    @property
    def held_by_provider(self) -> int:
        """Sent, and neither on its way, nor with people, nor back, nor unexplained."""
        gone = self.on_its_way + self.with_officers + self.paid + self.refunded
        return self.funded - gone - self.unexplained

    @property
    def owed(self) -> int:
        """What people may still get this month: approved, not held, not ended."""
        waiting = self.heads("APPROVED", "INSTRUCTED", "ACCEPTED", "READY_CASH", "HOME_PENDING")
        left = sum(
            state in {"FAILED", "RETURNED", "UNCLAIMED"} and number not in self.carried
            for number, state in self.state.items()
        )
        return AMOUNT * (waiting + left)

    @property
    def owed_later(self) -> int:
        """What people may still get, outside the month."""
        left = {"FAILED", "RETURNED", "UNCLAIMED"}
        return AMOUNT * sum(self.state[number] in left for number in self.carried)


# What may happen to whom, in the auditor's words: event → (from, to).
MAY = {
    "accepted": (("INSTRUCTED",), "ACCEPTED"),
    "settled": (("INSTRUCTED", "ACCEPTED"), "SETTLED"),
    "ready_cash": (("INSTRUCTED", "ACCEPTED"), "READY_CASH"),
    "collected": (("READY_CASH",), "SETTLED"),
    "home_opened": (("INSTRUCTED", "ACCEPTED"), "HOME_PENDING"),
    "home_missed": (("HOME_PENDING",), "HOME_PENDING"),
    "handed": (("HOME_PENDING",), "SETTLED"),
    "failed": (("INSTRUCTED", "ACCEPTED"), "FAILED"),
    "returned": (("SETTLED",), "RETURNED"),
    "unclaimed": (("READY_CASH", "HOME_PENDING"), "UNCLAIMED"),
    "refunded": (("FAILED", "RETURNED", "UNCLAIMED"), "REFUNDED"),
    "held": (("LISTED", "APPROVED"), "HELD"),
    "released": (("HELD",), ""),
    "cancelled": (("LISTED", "HELD", "APPROVED"), "CANCELLED"),
}

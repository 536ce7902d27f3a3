"""A second bookkeeper: keeps in memory, by simpler rules, what the ledger must agree with.

It knows nothing of postings or folds. It counts đồng in pots: what the Treasury sent, what a
provider holds, what is on its way, what people have, what nobody explains.
"""

from dataclasses import dataclass, field

AMOUNT = 540_000
PROVIDER = "post"


LEFT = ("FAILED", "RETURNED", "UNCLAIMED")
UNDER_WAY = ("LISTED", "APPROVED", "INSTRUCTED", "ACCEPTED", "READY_CASH", "HOME_PENDING")
# What brings money to the provider or takes it away; the rest happens outside its till.
AT_THE_TILL = frozenset({"failed", "returned", "unclaimed", "refunded"})


@dataclass
class Auditor:
    """Where every payment is, in the auditor's own words."""

    state: dict[int, str] = field(default_factory=dict)
    month: dict[int, str] = field(default_factory=dict)
    word: dict[int, str] = field(default_factory=dict)
    held_from: dict[int, str] = field(default_factory=dict)
    # Which payment another one replaces.
    replaces: dict[int, int] = field(default_factory=dict)
    funded: int = 0
    unexplained: int = 0
    given_back: int = 0
    # Months, by what was done to them.
    signed: set[str] = field(default_factory=set)
    approved: set[str] = field(default_factory=set)
    ordered: set[str] = field(default_factory=set)
    closed: set[str] = field(default_factory=set)
    # What a provider stated last for a month, and what it really held then; gone once money moved.
    stated: dict[str, tuple[int, int]] = field(default_factory=dict)
    carried: set[int] = field(default_factory=set)
    causes: set[str] = field(default_factory=set)

    def is_listed(self, number: int, month: str, replaces: int | None = None) -> None:
        """One more payment; what it replaces has ended with that."""
        self.state[number], self.word[number], self.month[number] = "LISTED", "NOT_ASKED", month
        if replaces is not None:
            self.state[replaces] = "REISSUED"
            self.replaces[number] = replaces

    def happens(self, kind: str, number: int) -> None:
        """Put a payment where `kind` leads it."""
        target = MAY[kind][1]
        if kind == "held":
            self.held_from[number] = self.state[number]
        if kind in AT_THE_TILL:
            self.stated.pop(self.month[number], None)
        self.state[number] = target or self.held_from[number]

    def is_paid(self, number: int) -> None:
        """By a person's word on a line in suspense, from wherever the money waits."""
        assert self.state[number] in {"INSTRUCTED", "ACCEPTED", "READY_CASH", "HOME_PENDING"}
        self.state[number] = "SETTLED"

    def due_again(self, month: str) -> list[int]:
        """What a freeze of this month must list again."""
        if month in self.signed:
            return []
        due = (*LEFT, "APPROVED")
        return [n for n in sorted(self.carried) if self.state[n] in due and self.month[n] < month]

    def may(self, kind: str, number: int) -> bool:
        """Whether `kind` can happen to a payment; what left its month may be given back anyhow."""
        state = self.state[number]
        if kind == "refunded" and number in self.carried and state in {"APPROVED", "HELD"}:
            return True
        return state in MAY[kind][0]

    def approves(self, month: str) -> None:
        """Everything listed in the month is owed; money kept for it changes months."""
        self.approved.add(month)
        for number in self.within(month, "LISTED"):
            self.state[number] = "APPROVED"
            if number in self.replaces:
                self.stated.pop(month, None)
                self.stated.pop(self.month[self.replaces[number]], None)

    def orders(self, month: str) -> None:
        """Everything approved in the month is on its way."""
        self.ordered.add(month)
        self.stated.pop(month, None)
        for number in self.within(month, "APPROVED"):
            self.state[number] = "INSTRUCTED"

    def may_close(self, month: str, unexplained: bool) -> bool:
        """Nothing is on its way, nothing unexplained, and the provider's balance is ours."""
        waiting = self.within(month, *UNDER_WAY)
        said, held = self.stated.get(month, (0, 1))
        return month in self.ordered and not waiting and not unexplained and said == held

    def closes(self, month: str) -> None:
        """Everybody who got nothing is owed outside the month."""
        self.closed.add(month)
        held = [n for n in self.within(month, "HELD") if not self.is_before_approval(n)]
        self.carried |= {*self.within(month, *LEFT), *held}

    def within(self, month: str, *states: str) -> list[int]:
        """Payments of a month that stand so; released after its close they are in it no more."""
        return [
            n
            for n, state in self.state.items()
            if state in states
            and self.month[n] == month
            and not (state == "APPROVED" and n in self.carried)
        ]

    def heads(self, *states: str) -> int:
        return sum(state in states for state in self.state.values())

    def of_state(self, wanted: str) -> list[int]:
        return [n for n, state in self.state.items() if state == wanted]

    @property
    def on_hold(self) -> int:
        """What people may get once somebody releases it, while its month is open."""
        held = set(self.of_state("HELD")) - self.carried
        return AMOUNT * sum(not self.is_before_approval(number) for number in held)

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
        return self.funded - gone - self.unexplained - self.given_back

    @property
    def owed(self) -> int:
        """What people may still get this month: approved, not held, not ended."""
        waiting = self.heads("INSTRUCTED", "ACCEPTED", "READY_CASH", "HOME_PENDING")
        waiting += len(set(self.of_state("APPROVED")) - self.carried)
        left = sum(state in LEFT and n not in self.carried for n, state in self.state.items())
        return AMOUNT * (waiting + left)

    @property
    def owed_later(self) -> int:
        """What people may still get, outside the month it belongs to: left, or not yet approved."""
        waits = (*LEFT, "HELD", "APPROVED")
        left = sum(self.state[number] in waits for number in self.carried)
        again = sum(self.is_before_approval(number) for number in self.replaces)
        return AMOUNT * (left + again)

    def is_before_approval(self, number: int) -> bool:
        state = self.state[number]
        return (self.held_from[number] if state == "HELD" else state) == "LISTED"


# What may happen to whom, in the auditor's words: event → (from, to).
MAY = {
    "accepted": (("INSTRUCTED",), "ACCEPTED"),
    "settled": (("INSTRUCTED", "ACCEPTED"), "SETTLED"),
    "ready_cash": (("INSTRUCTED", "ACCEPTED"), "READY_CASH"),
    "collected": (("READY_CASH",), "SETTLED"),
    "home_opened": (("INSTRUCTED", "ACCEPTED", "READY_CASH"), "HOME_PENDING"),
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

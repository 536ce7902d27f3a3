"""Numbered papers about one provider and one month: what the Treasury sent, what a provider holds.

Such a list is a table of papers: a number that is given once, a day, a provider, a sum. What a
paper means is the recorder's to say (`core/ledger/cycles.py`, `core/ledger/closing.py`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Final

from core import money
from core.calendar import instant_at, local_day
from core.exchange.intake import Desk, Kind
from core.exchange.layouts import Row, cycle_in
from core.exchange.reading import Reading
from core.exchange.verdicts import Problem
from core.ledger.advices import Advice
from core.ledger.cycles import Moved
from core.ledger.record import Ledger
from core.refusals import Code, Refusal
from core.store.engine import Tx
from core.terms import Provider

# What writes one paper into the ledger: the move, or why the cycle cannot take it.
Recorder = Callable[[Tx, Ledger, Advice], Moved | Refusal]


@dataclass(frozen=True, slots=True)
class VoucherLine:
    """One paper. Money: whole đồng. `day` is a day in Asia/Ho_Chi_Minh.

    `provider`: who wrote it or is in it; `person` where somebody repaid what they were paid.
    `payment`: the transaction code of the payment that it is about, if it is about one.
    """

    paper: str
    voucher: str
    provider: str
    day: date
    amount: int
    cycle: str
    payment: str = ""

    @property
    def number(self) -> tuple[str, ...]:
        """What stands in one file once: one paper may name several payments."""
        return (self.paper, self.provider, self.voucher, self.payment)

    def natural_key(self, tx: Tx) -> str:
        """The number: whoever writes such papers gives each number once, to each payment."""
        del tx
        key = f"{self.paper}:{self.cycle}:{self.provider}:{self.voucher}"
        return f"{key}:{self.payment}" if self.payment else key

    def content(self) -> str:
        """Everything that counts in the line."""
        return f"{self.day}:{self.amount}"


# Which cell is wrong, where it is neither the provider nor the payment.
_FIELDS: Final = {
    Code.REFUND_TOO_MUCH: "amount",
    Code.RECOVERY_TOO_MUCH: "amount",
    Code.RESULT_WRONG_AMOUNT: "amount",
}


def kind_of(name: str, paper: str, record: Recorder, *, may_be_nothing: bool = False) -> Kind:
    """The kind of list whose lines are such papers. `paper` begins their keys in the ledger."""

    def judge(row: Row, desk: Desk) -> VoucherLine | Problem:
        return judged(row, desk, paper, may_be_nothing=may_be_nothing)

    def write(
        tx: Tx, lines: Sequence[VoucherLine], desk: Desk, source: str
    ) -> list[Problem | None]:
        return [recorded(tx, line, desk, source, record) for line in lines]

    return Kind(name=name, judge=judge, disagreements=_twice, write=write)


def judged(
    row: Row,
    desk: Desk,
    paper: str,
    *,
    may_be_nothing: bool = False,
    provider: str | None = None,
) -> VoucherLine | Problem:
    """The line, or the first thing that is wrong in it.

    `provider`: of whom it is, where that does not stand in the column of that name.
    """
    reading = Reading(row)
    today = local_day(desk.clock.now())
    voucher = "".join(c for c in row.text("voucher").upper() if c.isascii() and c.isalnum())
    if not voucher:
        reading.refuse("voucher", Refusal(Code.VOUCHER_MISSING))
    word = provider or desk.layout.word("provider", row.text("provider"))
    if word is None:
        reading.refuse("provider", Refusal(Code.PROVIDER_UNKNOWN))
    cycle = cycle_in(row.text("cycle")) or desk.cycle
    if cycle != desk.cycle:
        reading.refuse(
            "cycle", Refusal(Code.FILE_WRONG_CYCLE, {"declared": cycle, "cycle": desk.cycle})
        )
    amount = money.amount_of(row.cell("amount"), zero=may_be_nothing)
    line = VoucherLine(
        paper=paper,
        voucher=voucher,
        provider=word or Provider.POST,
        day=reading.day_until("day", today),
        amount=reading.value("amount", amount, 0),
        cycle=cycle,
    )
    return reading.problem or line


def _twice(pairs: Sequence[tuple[Row, VoucherLine]], desk: Desk) -> Mapping[int, Problem]:
    """Numbers that stand twice in one file."""
    del desk
    seen: dict[tuple[str, ...], int] = {}
    found: dict[int, Problem] = {}
    for row, line in pairs:
        first = seen.setdefault(line.number, row.number)
        if first != row.number:
            found[row.number] = Problem("voucher", Refusal(Code.VOUCHER_TWICE, {"line": first}))
    return found


def recorded(
    tx: Tx, line: VoucherLine, desk: Desk, source: str, record: Recorder
) -> Problem | None:
    """Write one paper; the problem, if the month cannot take it."""
    advice = Advice(
        cycle=line.cycle,
        provider=line.provider,
        amount=line.amount,
        day=instant_at(line.day, time()),
        source=line.natural_key(tx),
        actor=f"staff:{desk.staff}",
        file=source,
        payment=line.payment,
    )
    done = record(tx, desk.ledger, advice)
    if not isinstance(done, Refusal):
        return None
    return Problem(_FIELDS.get(done.code, "payment" if line.payment else "provider"), done)

"""The Treasury's papers: what a provider was sent for a month, and what it gave back.

Where the receiver is the Treasury (Kho bạc), the line says who paid it back, and of which payment;
without a payment it is what was left over.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import time
from typing import Final

from core.calendar import instant_at
from core.exchange import vouchers
from core.exchange.intake import Desk, Kind
from core.exchange.layouts import Row
from core.exchange.reading import Reading
from core.exchange.result_lines import payment_in
from core.exchange.verdicts import Problem
from core.exchange.vouchers import VoucherLine, kind_of
from core.ledger.cycles import fund
from core.ledger.refunds import give_back
from core.refusals import Code, Refusal
from core.store.engine import Tx

_TREASURY: Final = "treasury"
_ADVICES: Final = kind_of("funding", "funding", fund)


@dataclass(frozen=True, slots=True)
class RefundLine(VoucherLine):
    """One sum that came back. `payment`: whose money it was; empty for what was left over."""

    payment: str = ""

    @property
    def number(self) -> tuple[str, ...]:
        """One paper may name several payments, each once."""
        return (self.paper, self.provider, self.voucher, self.payment)

    def natural_key(self, tx: Tx) -> str:
        """The number of the paper, and the payment."""
        del tx
        return f"refund:{self.cycle}:{self.provider}:{self.voucher}:{self.payment}"


def judge(row: Row, desk: Desk) -> VoucherLine | Problem:
    """The line, or the first thing that is wrong in it."""
    if desk.layout.word("provider", row.text("provider")) != _TREASURY:
        return vouchers.judged(row, desk, "funding")
    payer = desk.layout.word("payer", row.text("payer"))
    if payer is None:
        return Problem("payer", Refusal(Code.PROVIDER_UNKNOWN))
    line = vouchers.judged(row, desk, "refund", provider=payer)
    if isinstance(line, Problem):
        return line
    reading = Reading(row)
    payment = payment_in(reading) if row.text("payment") else ""
    return reading.problem or RefundLine(
        "refund", line.voucher, line.provider, line.day, line.amount, line.cycle, payment
    )


def write(tx: Tx, lines: Sequence[VoucherLine], desk: Desk, source: str) -> list[Problem | None]:
    """Record each paper; a Problem for each that cannot stand."""
    return [
        _given_back(tx, line, desk, source)
        if isinstance(line, RefundLine)
        else vouchers.recorded(tx, line, desk, source, fund)
        for line in lines
    ]


def _given_back(tx: Tx, line: RefundLine, desk: Desk, source: str) -> Problem | None:
    done = give_back(
        tx,
        desk.ledger,
        cycle=line.cycle,
        provider=line.provider,
        amount=line.amount,
        day=instant_at(line.day, time()),
        source=line.natural_key(tx),
        actor=f"staff:{desk.staff}",
        payment=line.payment,
        file=source,
    )
    field = "payment" if line.payment else "amount"
    return Problem(field, done) if isinstance(done, Refusal) else None


KIND: Final[Kind] = replace(_ADVICES, judge=judge, write=write)

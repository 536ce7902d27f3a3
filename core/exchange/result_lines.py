"""Judging one line of a provider's result file."""

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from core import money
from core.calendar import local_day
from core.exchange.intake import Desk
from core.exchange.layouts import Row
from core.exchange.reading import Reading
from core.exchange.verdicts import Problem
from core.failures import failure_for
from core.refusals import Code, Refusal
from core.store.engine import Tx
from core.terms import Provider

# A layout's word for "did not take the money": a failure of its own kind.
_REFUSED: Final = "refused"
_WITH_REASON: Final = frozenset({"failed", "returned", "not_home"})


@dataclass(frozen=True, slots=True)
class ResultLine:
    """What a provider says of one payment. Money: whole đồng. `day` is a day in Hà Nội.

    `status` is one of our words: settled, accepted, ready_cash, not_home, failed, returned.
    `reason` is a code of the failure catalogue; `is_refused`: the person did not take the money;
    `proof`, `signed_by`: what shows that it was handed over at home, and who signed.
    """

    provider: Provider
    payment: str
    status: str
    day: date
    amount: int
    reason: str | None
    reference: str
    is_refused: bool = False
    proof: str | None = None
    signed_by: str = field(default="", repr=False)

    @property
    def key(self) -> str:
        """The payment and what is said of it: said twice, it happened once."""
        return f"result:{self.provider}:{self.payment}:{self.status}:{self.day}"

    def natural_key(self, tx: Tx) -> str:
        """`key`: nothing in it is personal."""
        del tx
        return self.key

    def content(self) -> str:
        """Everything that counts in the line."""
        return f"{self.amount}:{self.reason}"


def judge(row: Row, desk: Desk) -> ResultLine | Problem:
    """The line, or the first thing that is wrong in it."""
    reading = Reading(row)
    today = local_day(desk.clock.now())
    payment = payment_in(reading)
    status = desk.layout.word("status", row.text("status"))
    if status is None:
        reading.refuse("status", Refusal(Code.RESULT_STATUS_UNKNOWN))
    is_refused = status == _REFUSED
    status = "failed" if is_refused else status
    provider = Provider(desk.provider)
    line = ResultLine(
        provider=provider,
        payment=payment,
        status=status or "",
        day=reading.day_until("day", today),
        amount=reading.value("amount", money.amount_of(row.cell("amount")), 0),
        reason=_reason(reading, desk, provider) if status in _WITH_REASON else None,
        reference=row.text("reference"),
        is_refused=is_refused,
        proof=desk.layout.word("relation", row.text("relation")),
        signed_by=row.text("signed_by"),
    )
    return reading.problem or line


def payment_in(reading: Reading) -> str:
    """The transaction code in capitals, without blanks."""
    payment = reading.text("payment").upper().replace(" ", "")
    if not payment:
        reading.refuse("payment", Refusal(Code.RESULT_UNKNOWN_PAYMENT))
    return payment


def _reason(reading: Reading, desk: Desk, provider: Provider) -> str:
    return failure_for(desk.programme, provider, reading.text("error")).code

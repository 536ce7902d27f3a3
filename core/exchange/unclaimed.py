"""What nobody came for (danh sách chưa nhận): a provider gives cash up at the end of its days.

Each line is a report about one payment, like those of a result file; only the status is the same
for all of them, and a payment is given up once.
"""

from dataclasses import dataclass, replace
from typing import Final

from core import money
from core.calendar import local_day
from core.exchange import results
from core.exchange.intake import Desk
from core.exchange.layouts import Row
from core.exchange.reading import Reading
from core.exchange.result_lines import ResultLine, payment_in
from core.exchange.verdicts import Problem
from core.failures import failure_for
from core.terms import Provider

# The reason of a list that gives none: nobody came.
_NOT_COME: Final = "CHUA_DEN_NHAN"


@dataclass(frozen=True, slots=True)
class UnclaimedLine(ResultLine):
    """A payment that was given up. Money: whole đồng."""

    @property
    def key(self) -> str:
        """The payment: it is given up once, whichever day a list says so."""
        return f"result:{self.provider}:{self.payment}:{self.status}"


def judge(row: Row, desk: Desk) -> UnclaimedLine | Problem:
    """The line, or the first thing that is wrong in it. Without a day it is today's."""
    reading = Reading(row)
    today = local_day(desk.clock.now())
    provider = Provider(desk.provider)
    line = UnclaimedLine(
        provider=provider,
        payment=payment_in(reading),
        status="unclaimed",
        day=reading.day_until("day", today) if row.text("day") else today,
        amount=reading.value("amount", money.amount_of(row.cell("amount")), 0),
        reason=failure_for(desk.programme, provider, row.text("error") or _NOT_COME).code,
        reference=row.text("reference"),
    )
    return reading.problem or line


KIND = replace(results.KIND, name="unclaimed", judge=judge)

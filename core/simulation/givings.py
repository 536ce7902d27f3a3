"""Money that a provider gives back to the Treasury: of somebody who died, or must be asked about.

What failed for such a reason is never paid again by itself, so that its money goes back the month
after. What does not live here: what is paid again (`reissues.py`).
"""

from dataclasses import replace
from datetime import timedelta

from core.failures import failure
from core.ledger.states import Money
from core.simulation.fundings import refund_line
from core.simulation.reissues import Left
from core.simulation.year import Month, Year, bring_in
from core.terms import Retry


def give_back(year: Year, month: Month) -> None:
    """The oldest payment of an earlier month that nobody will pay again is with the Treasury."""
    found = next((one for one in year.left if _is_stopped(year, one)), None)
    if found is None:
        return
    entry, at = found.entry, month.reports[0] + timedelta(minutes=40)
    line = refund_line(found.payment, entry, at.date(), voucher=f"HTKB{month.cycle.code}")
    bring_in(year, month, "funding", f"hoan-tra-{entry.month}", [line], at, cycle=entry.month)
    year.paid_out[entry.provider] += entry.amount
    year.left.remove(found)
    row = year.expect[found.payment]
    was = (*row.was, (str(month.cycle.previous()), row.state))
    year.expect[found.payment] = replace(row, state=Money.REFUNDED.value, was=was)


def _is_stopped(year: Year, left: Left) -> bool:
    known = failure(year.programme, left.reason)
    return left.entry.ward.code in year.dead or (known is not None and known.retry is Retry.STOP)

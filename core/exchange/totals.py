"""Whether header and trailer agree with the lines: a cut file must not look like a short one."""

from collections.abc import Sequence
from typing import Any, Final

from core.exchange.layouts import Layout, Listing, Row
from core.exchange.verdicts import Rejected
from core.money import amount_of, dotted
from core.refusals import Code, Refusal

# The cells of a list that are money, or that its money is counted from.
_MONEY: Final = frozenset({"amount", "monthly", "arrears", "total", "recover"})


def disagreement(
    listing: Listing,
    good: Sequence[tuple[Row, Any]],
    bad: Sequence[Rejected],
    cycle: str,
    layout: Layout,
) -> Refusal | None:
    """What does not agree; None when all does. `good`: the lines that can stand.

    A line that goes back for something else than its money counts with the money that stands in
    it. Only what goes back for its money, or where it cannot be read, leaves the sum open: then the
    declared total may be the larger one, since nobody knows what the line should have said.
    Refuses: FILE_WRONG_CYCLE, FILE_TOTAL_DISAGREES.
    """
    if listing.declared_cycle not in {None, cycle}:
        return Refusal(
            Code.FILE_WRONG_CYCLE, {"declared": str(listing.declared_cycle), "cycle": cycle}
        )
    if listing.declared_rows not in {None, len(listing.rows)}:
        return _differs(str(listing.declared_rows), str(len(listing.rows)))
    if listing.declared_amount is None or layout.amount_field is None:
        return None
    standing = {row.number: line.amount for row, line in good}
    in_doubt = {one.number for one in bad if one.problem.field in _MONEY}
    read = [
        None if row.number in in_doubt else _amount(row, standing, layout.amount_field)
        for row in listing.rows
    ]
    found = sum(amount for amount in read if amount is not None)
    is_open = any(amount is None for amount in read)
    declared = listing.declared_amount
    if declared == found or (is_open and declared > found):
        return None
    return _differs(dotted(declared), dotted(found))


def _amount(row: Row, standing: dict[int, int], field: str) -> int | None:
    """The money of a line; None where it cannot be read."""
    if row.number in standing:
        return standing[row.number]
    amount = amount_of(row.cell(field), zero=True)
    return amount if isinstance(amount, int) else None


def _differs(declared: str, found: str) -> Refusal:
    return Refusal(Code.FILE_TOTAL_DISAGREES, {"declared": declared, "found": found})

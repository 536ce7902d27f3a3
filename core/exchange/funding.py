"""The Treasury's papers: what a provider was sent for a month, and what it gave back.

Where the receiver is the Treasury (Kho bạc), the line says who paid it back, and of which payment;
without a payment it is what was left over. Where a person paid it back, it is a recovery.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from core.exchange import vouchers
from core.exchange.intake import Desk, Kind
from core.exchange.layouts import Row
from core.exchange.reading import Reading
from core.exchange.result_lines import payment_in
from core.exchange.verdicts import Problem
from core.exchange.vouchers import VoucherLine, kind_of
from core.ledger.cycles import fund
from core.ledger.recovery import take_back
from core.ledger.refunds import give_back
from core.refusals import Code, Refusal
from core.store.engine import Tx

_TREASURY: Final = "treasury"
_REFUND: Final = "refund"
_RECOVERY: Final = "recovery"
_PERSON: Final = "person"


_RECORDERS: Final[dict[str, vouchers.Recorder]] = {
    "funding": fund,
    _REFUND: give_back,
    _RECOVERY: take_back,
}


def judge(row: Row, desk: Desk) -> VoucherLine | Problem:
    """The line, or the first thing that is wrong in it."""
    if desk.layout.word("provider", row.text("provider")) != _TREASURY:
        return vouchers.judged(row, desk, "funding")
    payer = desk.layout.word("payer", row.text("payer"))
    if payer is None:
        return Problem("payer", Refusal(Code.PROVIDER_UNKNOWN))
    paper = _RECOVERY if payer == _PERSON else _REFUND
    line = vouchers.judged(row, desk, paper, provider=payer)
    if isinstance(line, Problem):
        return line
    if not row.text("payment"):
        is_named = paper == _REFUND
        return line if is_named else Problem("payment", Refusal(Code.RECOVERY_NOT_NAMED))
    return replace(line, payment=payment_in(Reading(row)))


def write(tx: Tx, lines: Sequence[VoucherLine], desk: Desk, source: str) -> list[Problem | None]:
    """Record each paper; a Problem for each that cannot stand."""
    return [vouchers.recorded(tx, line, desk, source, _RECORDERS[line.paper]) for line in lines]


KIND: Final[Kind] = replace(kind_of("funding", "funding", fund), judge=judge, write=write)

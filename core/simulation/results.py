"""The result files of a provider: what it says, in its own words, with its own slips.

What does not live here: what becomes of payments (`fates.py`).
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from random import Random
from typing import Final

from core.failures import failure_for
from core.ledger.codes import Kind, payment_code
from core.simulation.fates import Told, Word
from core.simulation.months import Entry
from core.simulation.sheets import Cell, Line
from core.terms import Method, Programme, Provider

_WORDS: Final = {
    Provider.VIETINBANK: {
        Word.SETTLED: "Thành công",
        Word.FAILED: "Thất bại",
        Word.ACCEPTED: "Đã nhận lệnh",
        Word.RETURNED: "Hoàn trả",
    },
    Provider.POST: {
        Word.SETTLED: "Đã chi",
        Word.FAILED: "Từ chối",
        Word.READY_CASH: "Chưa đến nhận",
        Word.RETURNED: "Hoàn trả",
    },
    Provider.VIETTEL: {
        Word.SETTLED: "Thành công",
        Word.FAILED: "Thất bại",
        Word.ACCEPTED: "Đang xử lý",
        Word.READY_CASH: "Chờ rút tiền mặt",
        Word.RETURNED: "Hoàn tiền",
    },
}
# What a transfer, a cash desk and a visit fail for; some codes no catalogue knows.
_TRANSFER_CODES: Final = {
    Provider.VIETINBANK: ("R03", "R03", "R04", "R02", "R16", "C04", "C04", "R15", "R24", "X99"),
    Provider.VIETTEL: (
        "3204",
        "3204",
        "3204",
        "5104",
        "5200",
        "5400",
        "5400",
        "3204",
        "5104",
        "99",
    ),
}
_CASH_CODES: Final = {
    Provider.POST: (
        *("Hết hạn ủy quyền", "Hết hạn ủy quyền", "Thiếu giấy tờ giám hộ", "Trùng", "Đã chết"),
        *("Hết hạn ủy quyền", "Thiếu giấy tờ giám hộ", "Thiếu giấy tờ giám hộ", "Trùng", ""),
    ),
    Provider.VIETTEL: ("5104", "5104", "4001", "5104", "5200", "5104", "5104", "99", "5104", ""),
}
_NOT_HOME: Final = "Không gặp"
# As `_unknown_payment` makes it: nobody's code has such a high number.
_STRANGE: Final = re.compile(r"^\d{4}-[A-Z]+9")
_FEW: Final = 12


def result_lines(
    rng: Random, told: Sequence[Told], before: Sequence[Told], *, strays: bool
) -> list[Line]:
    """The lines of one file. `before`: what the provider's earlier files of the month said.

    With `strays`, a file of some size has slips too: payments nobody ordered, lines twice, words
    and days that do not exist, and contradictions of what was said before.
    """
    lines = [line_of(one) for one in told]
    if strays and len(lines) >= _FEW:
        right = [line for line in lines if not line.is_wrong]
        makers: tuple[Callable[[Line], Line], ...] = (_unknown_payment, _twice)
        lines += [make(line) for make, line in zip(makers, right, strict=False)]
    said = [one for one in before if one.word is Word.SETTLED and not one.is_wrong_sum]
    if strays and len(said) >= _FEW:
        lines += [line_of(one) for one in said[:5]]  # sent again: nothing new
        lines.append(_contradiction(said[5]))
    rng.shuffle(lines)
    return _once_first(lines)


def unreadable(entries: Sequence[Entry]) -> list[Line]:
    """Lines about unreported payments, with a word and with a day that do not exist."""
    makers: tuple[Callable[[Line], Line], ...] = (_unknown_word, _unknown_day)
    lines = [
        line_of(Told(one, Word.SETTLED, one.month.first_day, one.month.first_day))
        for one in entries[: len(makers)]
    ]
    return [make(line) for make, line in zip(makers, lines, strict=False)]


def astray(entry: Entry, provider: Provider) -> Line:
    """A line about a payment that this provider, or this month, does not have."""
    line = line_of(Told(entry, Word.SETTLED, entry.month.first_day, entry.month.first_day))
    cells = line.cells | {"status": _WORDS[provider][Word.SETTLED]}
    return Line(cells, line.amount, is_wrong=True)


def line_of(told: Told) -> Line:
    """What a provider writes of one payment."""
    entry = told.entry
    amount = entry.amount + 10_000 if told.is_wrong_sum else entry.amount
    payment = told.payment or payment_code(entry.month, entry.ward.code, Kind.MONTHLY, 1)
    status, error = _said(told)
    cells: dict[str, Cell] = {
        "payment": payment,
        "day": f"{told.day:%d/%m/%Y}",
        "amount": amount,
        "status": status,
        "error": error,
    }
    cells |= _own_columns(told, payment)
    return Line(cells, amount, is_wrong=told.is_wrong_sum)


def _said(told: Told) -> tuple[str, str]:
    entry = told.entry
    status = _WORDS[entry.provider][told.word]
    if told.word not in {Word.FAILED, Word.RETURNED}:
        return status, ""
    if entry.method is Method.HOME:
        return (_NOT_HOME if entry.provider is Provider.POST else status), _NOT_HOME
    codes = _CASH_CODES if entry.method is Method.CASH else _TRANSFER_CODES
    return status, codes[entry.provider][told.reason]


def reason_of(programme: Programme, told: Told) -> str:
    """What the failure catalogue calls the reason that a provider gives."""
    return failure_for(programme, told.entry.provider, _said(told)[1]).code


def strangers(lines: Sequence[Line], provider: Provider) -> list[str]:
    """The transaction codes that nobody ordered and that a file says were paid."""
    paid = _WORDS[provider][Word.SETTLED]
    return [
        str(line.cells["payment"])
        for line in lines
        if _STRANGE.search(str(line.cells["payment"])) and line.cells["status"] == paid
    ]


def mistyped(entry: Entry, day: date) -> Line:
    """A payment that was made and reported under a code that nobody ordered."""
    return _unknown_payment(line_of(Told(entry, Word.SETTLED, day, day)))


def _own_columns(told: Told, payment: str) -> dict[str, Cell]:
    """What each provider adds; a reference of digits made from the payment's own."""
    digits = "".join(letter for letter in payment if letter.isdigit())
    entry = told.entry
    if entry.provider is Provider.VIETINBANK:
        return {"reference": f"FT{digits}", "note": f"TCXH {entry.month}"}
    if entry.provider is Provider.VIETTEL:
        return {"reference": f"VT{digits}", "phone": entry.ward.account or "", "fee": "0"}
    receiver = entry.ward.payee
    signs = receiver.human.name if receiver else entry.ward.human.name
    relation = receiver.relation if receiver else ""
    if told.word is not Word.SETTLED:
        return {"reference": f"BD-{entry.commune.code}"}
    return {"reference": f"BD-{entry.commune.code}", "signed_by": signs, "relation": relation}


def _unknown_payment(line: Line) -> Line:
    code = str(line.cells["payment"])
    stranger = f"{code[:7]}9{code[8:]}"
    return Line(line.cells | {"payment": stranger}, line.amount, is_wrong=True)


def _twice(line: Line) -> Line:
    return replace(line, is_wrong=True)


def _unknown_word(line: Line) -> Line:
    return replace(line, cells=line.cells | {"status": "Chờ xác minh"}, is_wrong=True)


def _unknown_day(line: Line) -> Line:
    return replace(line, cells=line.cells | {"day": "31/02/2021"}, is_wrong=True)


def _contradiction(said: Told) -> Line:
    """Paid, says an earlier file; failed, says this one."""
    line = line_of(replace(said, word=Word.FAILED))
    return replace(line, is_wrong=True)


def _once_first(lines: list[Line]) -> list[Line]:
    """Of two lines that say the same, the right one stands first: the importer keeps that one."""
    return sorted(lines, key=lambda line: line.is_wrong)

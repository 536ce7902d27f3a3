"""The Treasury's advices of a month: one voucher for each provider, or two where sums are large.

What does not live here: reading them (`core/exchange/funding.py`).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from core.calendar import Cycle
from core.simulation.months import Entry
from core.simulation.sheets import Cell, Line
from core.terms import Provider

_NAMES: Final = {
    Provider.VIETINBANK: "VietinBank",
    Provider.POST: "Bưu điện tỉnh",
    Provider.VIETTEL: "Viettel",
}
_LARGE: Final = 100_000_000


def needed_for(entries: Sequence[Entry]) -> Counter[Provider]:
    """What each provider needs to pay these. Money: whole đồng."""
    needed: Counter[Provider] = Counter()
    for entry in entries:
        needed[entry.provider] += entry.amount
    return needed


def funding_lines(
    needed: Mapping[Provider, int], month: Cycle, day: date, *, slips: bool
) -> list[Line]:
    """What each provider needs, sent; with `slips`, also one to a bank that pays nobody here."""
    lines: list[Line] = []
    for provider in sorted(needed):
        for part in _parts(needed[provider]):
            voucher = f"KB{month.code}{len(lines) + 1:03}"
            lines.append(
                _line(voucher, day, _NAMES[provider], part, f"{month.month:02}/{month.year}")
            )
    if slips:
        voucher = f"KB{month.code}{len(lines) + 1:03}"
        wrong = _line(voucher, day, "Ngân hàng khác", 12_000_000, f"{month.month:02}/{month.year}")
        lines.append(Line(wrong.cells, wrong.amount, is_wrong=True))
    return lines


def balance_lines(
    held: Mapping[Provider, int], month: Cycle, day: date, *, number: int
) -> list[Line]:
    """What each provider confirms that it holds, of all months. `number`: which time it does."""
    said = f"{month.month:02}/{month.year}"
    return [
        _line(f"XN{month.code}{number}{at}", day, _NAMES[provider], held[provider], said)
        for at, provider in enumerate(sorted(held), start=1)
    ]


def refund_line(payment: str, entry: Entry, day: date, *, voucher: str) -> Line:
    """A provider gave the money of this payment back to the Treasury."""
    said = f"{entry.month.month:02}/{entry.month.year}"
    line = _line(voucher, day, "Kho bạc tỉnh", entry.amount, said)
    cells = line.cells | {"payer": _NAMES[entry.provider], "payment": payment}
    return Line(cells, entry.amount)


def _parts(amount: int) -> tuple[int, ...]:
    half = amount // 2
    return (amount,) if amount < _LARGE else (half, amount - half)


def _line(voucher: str, day: date, provider: str, amount: int, cycle: str) -> Line:
    cells: dict[str, Cell] = {
        "voucher": voucher,
        "day": f"{day:%d/%m/%Y}",
        "provider": provider,
        "amount": amount,
        "cycle": cycle,
    }
    return Line(cells, amount)

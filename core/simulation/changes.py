"""The three lists that say how a month differs from the last one: right lines and wrong ones.

Every difference stands on exactly one of them, so that the check against last month comes out
even. Whoever is left out of a month without reason is a decrease, and an increase with truy lĩnh
when the money comes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Final

from core.simulation.circumstances import age_on
from core.simulation.months import Entry
from core.simulation.people import Ward
from core.simulation.sheets import Cell, Line

_OLD: Final = 70
_SOME_SIZE: Final = 50


@dataclass(frozen=True, slots=True)
class Changes:
    """The lists of increases, decreases and adjustments of a month."""

    increases: list[Line]
    decreases: list[Line]
    adjustments: list[Line]


def changes(rng: Random, before: Sequence[Entry], now: Sequence[Entry], *, index: int) -> Changes:
    """The lists of the month with this index from 0."""
    then = {entry.ward.code: entry for entry in before}
    paid = {entry.ward.code: entry for entry in now}
    found = Changes([], [], [])
    for code, entry in paid.items():
        _compare(found, then.get(code), entry, index)
    for code, entry in then.items():
        if code not in paid:
            found.decreases.append(_decrease(rng, entry, now[0], index))
    if len(now) >= _SOME_SIZE:
        _spoil(found, now[-1])
    return found


def _compare(found: Changes, then: Entry | None, now: Entry, index: int) -> None:
    """At most one line on each list. An increase says the new sum, truy lĩnh and all."""
    if then is None:
        reason = "Mới hưởng" if now.ward.enters == index else "Hưởng lại"
        found.increases.append(_increase(now, now.monthly, reason))
        return
    if now.monthly > then.monthly:
        found.increases.append(_increase(now, now.monthly, "Tăng mức"))
    elif now.arrears:
        found.increases.append(_increase(now, then.monthly, "Truy lĩnh"))
    if now.monthly < then.monthly:
        found.adjustments.append(_adjusted(now, "Mức trợ cấp", then.monthly, now.monthly))
    if now.commune.code != then.commune.code:
        names = then.commune.full_name, now.commune.full_name
        found.adjustments.append(_adjusted(now, "Xã/phường", *names))


def _increase(entry: Entry, monthly: int, reason: str) -> Line:
    amount = monthly + entry.arrears
    cells: dict[str, Cell] = {
        "code": entry.ward.code,
        "name": entry.ward.human.name,
        "commune": entry.commune.full_name,
        "category": entry.category,
        "coefficient": entry.coefficient,
        "monthly": monthly,
        "arrears": entry.arrears or "",
        "total": amount,
        "reason": reason,
        "since": f"{entry.month.month:02}/{entry.month.year}",
        "months": max(1, entry.arrears // monthly) if entry.arrears else "",
        "decision": entry.ward.decision,
    }
    return Line(cells, amount)


def _decrease(rng: Random, entry: Entry, some: Entry, index: int) -> Line:
    recover = rng.choice((0, 0, 0, entry.monthly))
    cells: dict[str, Cell] = {
        "code": entry.ward.code,
        "name": entry.ward.human.name,
        "reason": _reason(rng, entry, index),
        "since": f"{some.month.month:02}/{some.month.year}",
        "recover": recover or "",
    }
    return Line(cells, recover)


def _reason(rng: Random, entry: Entry, index: int) -> str:
    ward: Ward = entry.ward
    if ward.gone_from is None or index < ward.gone_from:
        return "Khác"
    if age_on(ward.human.born, entry.month.first_day) >= _OLD:
        return rng.choice(("Chết", "Từ trần", "Chuyển đi"))
    return rng.choice(("Chuyển đi", "Hết điều kiện"))


def _adjusted(entry: Entry, field: str, old: Cell, new: Cell) -> Line:
    cells: dict[str, Cell] = {
        "code": entry.ward.code,
        "name": entry.ward.human.name,
        "field": field,
        "old": old,
        "new": new,
        "reason": "Theo quyết định",
        "since": f"{entry.month.month:02}/{entry.month.year}",
    }
    return Line(cells)


def _spoil(found: Changes, some: Entry) -> None:
    """Lines that must come back, beside the right ones; `some` stands unchanged on the pay list."""
    more = _increase(some, some.monthly, "Tăng mức")
    found.increases.extend(
        [
            _wrong(more, {"code": "ZZ999999"}),
            _wrong(more, {"reason": ""}),
            _wrong(more, {"since": "13/2021"}),
            _wrong(more, {"total": some.monthly + 10_000}),
        ]
    )
    found.decreases.extend(
        [
            _wrong(_adjusted(some, "", "", ""), {"reason": "Đi vắng"}),
            _wrong(_adjusted(some, "", "", ""), {"code": "ZZ999998", "reason": "Chuyển đi"}),
        ]
    )
    found.adjustments.extend(
        [
            _wrong(_adjusted(some, "Màu áo", "xanh", "đỏ"), {}),
            _wrong(_adjusted(some, "Hệ số", "1,0", "1,0"), {}),
        ]
    )


def _wrong(line: Line, cells: Mapping[str, Cell]) -> Line:
    return replace(line, cells=line.cells | dict(cells), is_wrong=True)

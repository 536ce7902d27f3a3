"""The monthly lists of a district: right lines, wrong ones, and a second list that mends most.

Whoever stays wrong is not listed that month and is owed the money (`months.py`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Final

from core.simulation.months import Entry
from core.simulation.numbers import phone_as_written
from core.simulation.registrations import METHOD_WORDS
from core.simulation.sheets import Cell, Line
from core.terms import Method

# One wrong line in so many, one of four of which stays wrong.
_WRONG: Final = 200
_STAYS: Final = 4
_TOO_FEW: Final = 50


@dataclass(frozen=True, slots=True)
class Payroll:
    """The list of a month, the mended one after it (or empty), and whom neither brings in."""

    lines: list[Line]
    mended: list[Line]
    left_out: tuple[Entry, ...]


def payroll(rng: Random, entries: Sequence[Entry]) -> Payroll:
    """The lists of a month."""
    lines = [line_of(rng, entry) for entry in entries]
    if len(entries) < _TOO_FEW:
        return Payroll(lines, [], ())
    # The first one stays right, so that every district keeps somebody whom nothing happens to.
    chosen = rng.sample(range(1, len(entries)), max(4, len(entries) // _WRONG))
    mended, left_out = [], []
    for count, at in enumerate(chosen):
        right, entry = lines[at], entries[at]
        lines[at] = _spoiled(count, entry, right)
        if count % _STAYS == _STAYS - 1:
            left_out.append(entry)
        else:
            mended.append(right)
    standing = [line for line in lines if not line.is_wrong]
    lines += [_again(standing[0]), _same_number(standing)]
    mended += [*standing[:2], _other_sum(standing[2])]
    return Payroll(lines, mended, tuple(left_out))


def line_of(rng: Random, entry: Entry) -> Line:
    """The line of one entry as the office's software writes it."""
    ward, payee = entry.ward, entry.ward.payee
    word, provider = METHOD_WORDS[ward.method]
    who = ward.human
    cells: dict[str, Cell] = {
        "code": ward.code,
        "name": who.name,
        "birth": f"{who.born.year}" if who.year_only else f"{who.born:%d/%m/%Y}",
        "sex": "Nam" if who.sex == "m" else "Nữ",
        "citizen_id": who.citizen_id or "",
        "commune": entry.commune.full_name,
        "hamlet": ward.hamlet,
        "category": entry.category,
        "decision": ward.decision,
        "coefficient": entry.coefficient,
        "monthly": entry.monthly,
        "arrears": entry.arrears or "",
        "total": entry.amount,
        "payee": payee.human.name if payee else "",
        "relation": payee.relation if payee else "",
        "payee_citizen_id": (payee.human.citizen_id or "") if payee else "",
        "phone": phone_as_written(who.phone, rng) if who.phone else "",
        "method": word,
        "provider": provider,
        "account": ward.account or "",
    }
    return Line(cells, entry.amount)


Spoiler = Callable[[Entry], dict[str, Cell]]


def _wrong_sum(entry: Entry) -> dict[str, Cell]:
    return {"total": entry.amount + 10_000}


def _wrong_category(entry: Entry) -> dict[str, Cell]:
    del entry
    return {"category": "9.9"}


def _wrong_commune(entry: Entry) -> dict[str, Cell]:
    del entry
    return {"commune": "Xã Vinh Xuân"}


def _wrong_phone(entry: Entry) -> dict[str, Cell]:
    del entry
    return {"phone": "0912 34"}


def _wrong_number(entry: Entry) -> dict[str, Cell]:
    del entry
    return {"citizen_id": "04613"}


def _old_font(entry: Entry) -> dict[str, Cell]:
    del entry
    return {"name": "NguyÔn V¨n Hïng"}


def _sum_in_words(entry: Entry) -> dict[str, Cell]:
    del entry
    return {"monthly": "như tháng trước"}


def _negative(entry: Entry) -> dict[str, Cell]:
    return {"monthly": -entry.monthly}


def _other_areas_method(entry: Entry) -> dict[str, Cell]:
    wallet = entry.provider != "viettel"
    return {"method": METHOD_WORDS[Method.WALLET if wallet else Method.ACCOUNT][0]}


def _no_such_day(entry: Entry) -> dict[str, Cell]:
    del entry
    return {"birth": "31/02/1950"}


_SPOILERS: Final[tuple[Spoiler, ...]] = (
    *(_wrong_sum, _wrong_category, _wrong_commune, _wrong_phone, _wrong_number),
    *(_old_font, _sum_in_words, _negative, _other_areas_method, _no_such_day),
)


def _spoiled(count: int, entry: Entry, line: Line) -> Line:
    cells = line.cells | _SPOILERS[count % len(_SPOILERS)](entry)
    return Line(cells, entry.amount, is_wrong=True)


def _again(line: Line) -> Line:
    return replace(line, is_wrong=True)


def _same_number(standing: Sequence[Line]) -> Line:
    """Another code under the card number of somebody on the list."""
    line = next(line for line in standing if line.cells["citizen_id"])
    code = str(line.cells["code"])
    return replace(line, cells=line.cells | {"code": f"{code[:2]}9{code[3:]}"}, is_wrong=True)


def _other_sum(line: Line) -> Line:
    """A line that came in already, now with another sum: nobody's money changes by itself."""
    monthly, total = line.cells["monthly"], line.cells["total"]
    assert isinstance(monthly, int)  # noqa: S101  right lines carry numbers
    assert isinstance(total, int)  # noqa: S101
    cells = line.cells | {"monthly": monthly + 90_000, "total": total + 90_000}
    return Line(cells, total + 90_000, is_wrong=True)

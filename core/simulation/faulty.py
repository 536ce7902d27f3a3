"""A long payment list with two hundred different faults in it, each known by line, cell and reason.

Each fault is one that lists really have: cut numbers, days that do not exist, old fonts, sums in
words, places of other districts, the same person twice.
What does not live here: the reasons themselves (`core/refusals.py`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from core.calendar import Cycle
from core.refusals import Code
from core.simulation.months import Entry, month_of
from core.simulation.payrolls import line_of
from core.simulation.sheets import Cell, Line
from core.simulation.wards import wards
from core.terms import Method, Programme, Provider

COUNT: Final = 200
_DIGITS: Final = "0461380012345678901234567890"
_BAD_NUMBERS: Final[Mapping[Code, tuple[Cell, ...]]] = {
    Code.CITIZEN_ID_NOT_A_NUMBER: (
        *("không có", "đã mất", "chưa cấp", "04613800A123", "046/138/001", "số cũ 191234567"),
    ),
    Code.CITIZEN_ID_WRONG_LENGTH: tuple(
        _DIGITS[:length] for length in (1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 13, 14, 15, 16, 18, 20)
    ),
}
_BAD_SUMS: Final[Mapping[Code, tuple[Cell, ...]]] = {
    Code.AMOUNT_NOT_A_NUMBER: ("như cũ", "540k", "5.40.000", "54O.000", "?", "1,2,3", "năm trăm"),
    Code.AMOUNT_NOT_WHOLE: ("540.000,5", "270000.25", "405.000,75"),
    Code.AMOUNT_NOT_POSITIVE: (-270_000, "-405.000", "(540.000)"),
    Code.AMOUNT_TOO_LARGE: ("99.999.999.999.999", 10**14),
}
_BAD_CELLS: Final[Mapping[str, Mapping[Code, tuple[Cell, ...]]]] = {
    "code": {
        Code.BENEFICIARY_CODE_MISSING: ("",),
        Code.BENEFICIARY_CODE_BAD: (
            *("HT#00012", "HT_00012", "ĐT000012", "HT*12", "(HT12)", "HT12?", "-HT12", "H"),
            "HT" + "1" * 40,
        ),
    },
    "name": {
        Code.NAME_MISSING: ("",),
        Code.NAME_LEGACY_ENCODING: ("NguyÔn V¨n Hïng", "TrÇn ThÞ Hång", "Lª V¨n §øc"),
        Code.NAME_BAD_CHARACTER: (
            *("Nguyễn Văn 2", "Lê@Hoa", "Trần (Hai)", "Võ; Ba", "Hồ/Tư", "Phan = Năm", "***"),
            *("Bùi Sáu?", "Đỗ_Bảy", "Mai + Tám", "Nguyễn " + "Thị " * 20),
        ),
    },
    "birth": {
        Code.DAY_NOT_A_DAY: (
            *("31/02/1950", "30/02/1960", "29/02/1951", "00/01/1940", "12/13/1940", "32/01/1950"),
            *("31/04/1939", "1/1/40", "không rõ", "năm 1950", "1850", "195", "15-1940"),
        ),
        Code.DAY_IN_FUTURE: ("01/01/2099", "2098", "15/08/2031"),
    },
    "citizen_id": _BAD_NUMBERS,
    "commune": {
        Code.COMMUNE_MISSING: ("",),
        Code.COMMUNE_AMBIGUOUS: ("Phú Lộc",),
        Code.COMMUNE_UNKNOWN: (
            *("Xã Vinh Xuân", "Phường Vỹ Dạ", "Xã Hương Phú", "Quảng Điền", "Phong Điền", "A Lưới"),
            *("Thị trấn Sịa", "Xã Lộc Mỹ", "Thôn 3", "xã bên", "12345", "Đà Nẵng"),
        ),
    },
    "category": {
        Code.CATEGORY_UNKNOWN: (
            *("", "9.9", "5.1", "5.5b", "5.7", "abc", "5,5c", "người cao tuổi", "7.1", "20.9"),
        ),
    },
    "coefficient": {
        Code.COEFFICIENT_BAD: ("0", "11", "-1", "hai", "1,5,0", "10,1", "1.2.3", "không"),
    },
    "monthly": {Code.AMOUNT_MISSING: ("",), **_BAD_SUMS},
    "arrears": _BAD_SUMS,
    "total": {Code.AMOUNT_MISSING: ("",), **_BAD_SUMS},
    "phone": {
        Code.PHONE_NOT_A_NUMBER: ("không có", "091234abc8", "của con trai", "gọi 0912345678"),
        Code.PHONE_FOREIGN: ("+1 202 555 0100", "+856 20 5555 1234", "0044 20 7946 0000"),
        Code.PHONE_WRONG_LENGTH: ("0912", "09123456", "091234567890", "0912 345 67", "91234"),
        Code.PHONE_NOT_MOBILE: ("0234 382 2123", "0134567890", "0512345678", "0101234567"),
    },
    "method": {
        Code.METHOD_UNKNOWN: ("séc", "vàng", "gửi bà con", "Momo", "qua thôn", "nhờ xã giữ"),
    },
    "payee_citizen_id": _BAD_NUMBERS,
}  # fmt: skip
# Cells that are read only with a method of their own, in the area that has it.
_BAD_ACCOUNTS: Final[Mapping[Code, tuple[Cell, ...]]] = {
    Code.ACCOUNT_MISSING: ("",),
    Code.ACCOUNT_IS_CARD_NUMBER: ("9704151234567890", "9704 1512 3456 7890 123"),
    Code.ACCOUNT_WRONG_LENGTH: ("12345", "123", "10123456789012345678901"),
    Code.ACCOUNT_BAD_CHARACTER: ("CHƯA CÓ", "10*456789012", "đang làm thẻ"),
}
_BAD_WALLETS: Final[Mapping[Code, tuple[Cell, ...]]] = {
    Code.PHONE_NOT_A_NUMBER: ("chưa có ví", "097x123456"),
    Code.PHONE_WRONG_LENGTH: ("0973", "097312345"),
    Code.PHONE_NOT_MOBILE: ("0234 388 8123", "0112345678"),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What must be said of one line. `field` is empty when it is the line as a whole."""

    field: str
    code: Code


@dataclass(frozen=True, slots=True)
class FaultyList:
    """A list, and what is wrong with it by the number of a line among the lines, from 1."""

    lines: list[Line]
    faults: dict[int, Fault]


def faulty_payroll(
    programme: Programme, *, seed: int, month: Cycle, rows: int = 10_000
) -> FaultyList:
    """A payment list of so many rows with `COUNT` different faults, spread over all of it."""
    rng = Random(f"{seed}:faulty")  # noqa: S311  invented people need no secrecy
    people = wards(programme, rng, heads=rows + COUNT, first=month, months=1)
    entries, _ = month_of(programme, people, first=month, index=0, owed={})
    entries = entries[:rows]
    lines = [line_of(rng, entry) for entry in entries]
    places = iter(rng.sample(range(1, rows), rows - 1))
    faults: dict[int, Fault] = {}
    for wanted, cells, fault in _all_faults(lines):
        at = next(at for at in places if _suits(entries[at], wanted))
        lines[at] = Line(lines[at].cells | cells, _amount(lines[at], cells), is_wrong=True)
        faults[at + 1] = fault
    return FaultyList(lines, faults)


# Which provider the line has to be of, if it matters; the cells to spoil; what must be said.
_Spoiling = tuple[Provider | None, dict[str, Cell], Fault]


def _all_faults(lines: Sequence[Line]) -> list[_Spoiling]:
    """Exactly `COUNT` faults, none like another. The first line stays right: others repeat it."""
    first = lines[0].cells
    twice = Fault("code", Code.BENEFICIARY_TWICE)
    found: list[_Spoiling] = [
        (None, {"code": first["code"]}, twice),
        *_across_areas(),
        *_spoilt(_BAD_ACCOUNTS, "account", Provider.VIETINBANK),
        *_spoilt(_BAD_WALLETS, "account", Provider.VIETTEL),
        (None, {"monthly": 21_000_000, "arrears": "", "total": 21_000_000}, _TOO_LARGE),
        (None, {"total": 1_000}, Fault("total", Code.AMOUNT_PARTS_DISAGREE)),
        *(one for field, bad in _BAD_CELLS.items() for one in _spoilt(bad, field, None)),
    ]
    return found[:COUNT]


_TOO_LARGE: Final = Fault("total", Code.AMOUNT_TOO_LARGE)


def _spoilt(
    bad: Mapping[Code, tuple[Cell, ...]], field: str, provider: Provider | None
) -> Iterator[_Spoiling]:
    method = {Provider.VIETINBANK: "tài khoản", Provider.VIETTEL: "ViettelPay"}
    for code, values in bad.items():
        for value in values:
            cells: dict[str, Cell] = {field: value}
            if provider is not None:
                cells |= {"method": method[provider], "phone": ""}
            yield provider, cells, Fault(field, code)


def _across_areas() -> Iterator[_Spoiling]:
    """Methods that only the other area has."""
    fault = Fault("method", Code.METHOD_NOT_IN_AREA)
    for word in ("ViettelPay", "ví", "ví điện tử"):
        yield Provider.VIETINBANK, {"method": word}, fault
    for word in ("tài khoản", "chuyển khoản", "ATM", "thẻ"):
        yield Provider.VIETTEL, {"method": word}, fault


def _suits(entry: Entry, provider: Provider | None) -> bool:
    """Whether a line can carry the fault. Only people who are paid in cash lend their lines to
    faults of any place, so that no second cell of theirs is read.
    """
    if provider is None:
        return entry.method is Method.CASH
    area = {Provider.VIETINBANK: "479", Provider.VIETTEL: "482"}[provider]
    return entry.method is Method.CASH and entry.commune.area == area


def _amount(line: Line, cells: Mapping[str, Cell]) -> int:
    """What the line adds to the trailer's sum: what it says, or what it should have said."""
    total = cells.get("total")
    return max(total, 0) if isinstance(total, int) and total < line.amount * 100 else line.amount

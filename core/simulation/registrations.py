"""The registration lists of a district: each person in each role, right lines and wrong ones.

Wrong lines are those that offices really write: a relative nobody agreed to, a card number in
place of an account, the same person twice. What was wrong and concerned a beneficiary comes again,
mended, with the next list.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from random import Random
from typing import Final

from core.calendar import Cycle
from core.people import Basis, Role
from core.simulation.numbers import Numbers, phone_as_written
from core.simulation.people import Beside, Human, Ward, human
from core.simulation.sheets import Cell, Line
from core.simulation.wards import commune_of
from core.terms import Method, Programme

CONSENT_TEXT: Final = "DY-2021-02"
METHOD_WORDS: Final = {
    Method.ACCOUNT: ("tài khoản", "VietinBank"),
    Method.WALLET: ("ViettelPay", "ViettelPay"),
    Method.CASH: ("tiền mặt", ""),
    Method.HOME: ("tại nhà", ""),
}
_ROLES: Final = {
    Role.SELF: "đối tượng",
    Role.PARENT: "cha mẹ",
    Role.GUARDIAN: "người giám hộ",
    Role.AUTHORISED: "người được ủy quyền",
    Role.CARER: "người chăm sóc",
    Role.RELATIVE: "người thân",
}
_BASES: Final = {
    Basis.OWN: "",
    Basis.CONSENT: "",
    Basis.BIRTH_CERTIFICATE: "giấy khai sinh",
    Basis.GUARDIAN_DECISION: "quyết định giám hộ",
    Basis.AUTHORISATION: "giấy ủy quyền",
    Basis.CARER_DECISION: "quyết định chăm sóc",
    Basis.NONE_YET: "chưa có",
}
# One wrong line in so many people.
_WRONG: Final = 80
_TOO_FEW: Final = 50


@dataclass(frozen=True, slots=True)
class Registering:
    """What registration lists are written with. Time: a day in Asia/Ho_Chi_Minh."""

    programme: Programme
    numbers: Numbers
    first: Cycle
    month: Cycle
    agreed_on: date

    @property
    def rng(self) -> Random:
        """Where chance comes from."""
        return self.numbers.rng


@dataclass(frozen=True, slots=True)
class Registered:
    """The list, and the second one with what was mended; the second may be empty."""

    lines: list[Line]
    mended: list[Line]


def registered(registering: Registering, wards: Sequence[Ward]) -> Registered:
    """The registrations of these wards."""
    lines = [line for ward in wards for line in _lines(registering, ward)]
    if len(wards) < _TOO_FEW:
        return Registered(lines, [])
    wrong = _wrong_lines(registering, wards)
    taken = {line.cells["code"] for line in wrong}
    mended = _with_card_numbers(lines, taken, len(wards) // (4 * _WRONG) + 1)
    # A line that names its day of consent says the same whenever it is sent again.
    repeated = [line for line in lines if not line.is_wrong and "consent_on" in line.cells][:2]
    return Registered([*lines, *wrong], [*mended, *repeated])


def conflicting(registering: Registering, ward: Ward) -> Line:
    """A ward known already, with another telephone: a person must look at it."""
    line = _own_line(registering, ward)
    return replace(line, cells=line.cells | {"phone": registering.numbers.phone()}, is_wrong=True)


def _lines(registering: Registering, ward: Ward) -> list[Line]:
    return [
        _own_line(registering, ward),
        *(_beside_line(registering, ward, one) for one in ward.beside),
    ]


def _own_line(registering: Registering, ward: Ward) -> Line:
    found = commune_of(
        registering.programme, ward, first=registering.first, month=registering.month
    )
    word, provider = METHOD_WORDS[ward.method]
    cells: dict[str, Cell] = {
        "code": ward.code,
        "role": _ROLES[Role.SELF],
        "commune": found.full_name if found is not None else "",
        "hamlet": ward.hamlet,
        "payee": "có" if ward.payee is None else "không",
        "method": word,
        "provider": provider,
        "account": ward.account or "",
        "holder": ward.holder or "",
    }
    cells |= _person(registering.rng, ward.human)
    cells |= _consent(registering, ward.human, notice=ward.hears, amount=ward.hears_amounts)
    return Line(cells)


def _beside_line(registering: Registering, ward: Ward, one: Beside) -> Line:
    cells: dict[str, Cell] = {
        "code": ward.code,
        "role": _ROLES[one.role],
        "relation": one.relation,
        "basis": _BASES[one.basis],
        "valid_from": f"{one.valid_from:%d/%m/%Y}" if one.role is not Role.RELATIVE else "",
        "valid_to": f"{one.valid_to:%d/%m/%Y}" if one.valid_to else "",
        "payee": "có" if one.is_payee else "không",
    }
    cells |= _person(registering.rng, one.human)
    cells |= _consent(registering, one.human, notice=one.hears, amount=one.hears_amounts)
    if one.role is Role.RELATIVE:
        cells |= {"consent_by": _ROLES[_who_agrees(ward)], "consent_amount": ""}
    return Line(cells)


def _who_agrees(ward: Ward) -> Role:
    """Who may agree that a relative is told: the keeper where there is one."""
    keepers = (one.role for one in ward.beside if one.role in {Role.PARENT, Role.GUARDIAN})
    return next(keepers, Role.SELF)


def _person(rng: Random, who: Human) -> dict[str, Cell]:
    """The same person is written the same way in each line, but for the telephone's spelling."""
    return {
        "name": who.name,
        "birth": f"{who.born.year}" if who.year_only else f"{who.born:%d/%m/%Y}",
        "sex": "Nam" if who.sex == "m" else "Nữ",
        "citizen_id": who.citizen_id or "",
        "phone": phone_as_written(who.phone, rng) if who.phone else "",
    }


def _consent(
    registering: Registering, who: Human, *, notice: bool, amount: bool
) -> dict[str, Cell]:
    if who.phone is None or not notice:
        return {}
    return {
        "consent_notice": "có",
        "consent_amount": "có" if amount else "không",
        "consent_on": f"{registering.agreed_on:%d/%m/%Y}",
        "consent_text": CONSENT_TEXT,
    }


def _with_card_numbers(lines: list[Line], taken: set[Cell], count: int) -> list[Line]:
    """The right lines of some whose card number was written down; in `lines` they are wrong now.

    `taken`: codes that other wrong lines are about.
    """
    times = Counter(line.cells["code"] for line in lines)
    found = [
        at
        for at, line in enumerate(lines)
        if line.cells.get("provider") == "VietinBank"
        and times[line.cells["code"]] == 1
        and line.cells["code"] not in taken
    ][:count]
    mended = [lines[at] for at in found]
    for at in found:
        card = f"970415{lines[at].cells['account']}"[:16].ljust(16, "7")
        cells = lines[at].cells | {"account": card}
        lines[at] = Line(cells, is_wrong=True)
    return mended


def _wrong_lines(registering: Registering, wards: Sequence[Ward]) -> list[Line]:
    makers = (
        *(_unagreed, _neighbour, _unknown_code, _said_twice),
        *(_short_phone, _no_such_day, _ends_before_it_begins, _short_number),
    )
    rng = registering.rng
    chosen = rng.sample(list(wards), max(3, len(wards) // _WRONG))
    return [
        replace(makers[at % len(makers)](registering, ward), is_wrong=True)
        for at, ward in enumerate(chosen)
    ]


Maker = Callable[[Registering, Ward], Line]


def _stranger(registering: Registering, ward: Ward, role: Role, **cells: Cell) -> Line:
    who = human(registering.numbers, age=44, on=registering.first.first_day, phone=True)
    hears = role is Role.RELATIVE
    one = Beside(role, who, "cháu", Basis.CONSENT, registering.agreed_on, hears=hears)
    line = _beside_line(registering, ward, one)
    return replace(line, cells=line.cells | cells)


def _unagreed(registering: Registering, ward: Ward) -> Line:
    return _stranger(registering, ward, Role.RELATIVE, consent_notice="không")


def _neighbour(registering: Registering, ward: Ward) -> Line:
    line = _stranger(registering, ward, Role.CARER)
    return replace(line, cells=line.cells | {"role": "hàng xóm"})


def _unknown_code(registering: Registering, ward: Ward) -> Line:
    return _stranger(registering, ward, Role.CARER, code=f"{ward.code[:2]}9{ward.code[3:]}")


def _said_twice(registering: Registering, ward: Ward) -> Line:
    return _own_line(registering, ward)


def _short_phone(registering: Registering, ward: Ward) -> Line:
    return _stranger(registering, ward, Role.RELATIVE, phone="09123456")


def _no_such_day(registering: Registering, ward: Ward) -> Line:
    return _stranger(registering, ward, Role.RELATIVE, birth="31/02/1980")


def _ends_before_it_begins(registering: Registering, ward: Ward) -> Line:
    return _stranger(registering, ward, Role.CARER, valid_from="01/03/2021", valid_to="01/02/2021")


def _short_number(registering: Registering, ward: Ward) -> Line:
    return _stranger(registering, ward, Role.RELATIVE, citizen_id="0461234")

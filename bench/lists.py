"""Lists of any size for the figures: people, numbers and sums as asked for, and all of it right."""

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Final

from bench.ground import PROGRAMME
from core.calendar import Cycle
from core.exchange.layouts import load_layout
from core.offers import provider_for
from core.places import Ambiguous, commune_on, paid_communes
from core.simulation.names import full_name
from core.terms import Method, Programme
from tests.core.exchange.lists import Line, write_list

_FIRST: Final = Cycle.parse("2021-04").first_day


def payroll(path: Path, programme: Programme, count: int) -> Path:
    """A monthly list of that many people, each with numbers of their own."""
    lines = [dict(one) for one in people(programme, count)]
    return write_list(path, load_layout(PROGRAMME, "payroll"), lines)


def registrations(path: Path, programme: Programme, count: int) -> Path:
    """The same people as they register: role, method, consent."""
    lines = [
        {name: value for name, value in one.items() if name not in _MONEY}
        | {
            "role": "đối tượng",
            "consent_notice": "có",
            "consent_amount": "có",
            "consent_on": "10/03/2021",
            "consent_text": "v1",
            "consent_by": "đối tượng",
        }
        for one in people(programme, count)
    ]
    return write_list(path, load_layout(PROGRAMME, "registrations"), lines)


_MONEY: Final = {"category", "decision", "coefficient", "monthly", "arrears", "total"}


def people(programme: Programme, count: int) -> Iterator[Line]:
    """The cells of each person's line, by field."""
    rng = Random(7)
    communes = [
        (one.name, provider_for(programme, one.area, Method.ACCOUNT, _FIRST) is not None)
        for one in paid_communes(programme, _FIRST)
        if not isinstance(commune_on(programme, one.name, _FIRST), Ambiguous)
    ]
    for number in range(count):
        commune, has_bank = communes[number % len(communes)]
        by_bank = has_bank and number % 3 == 0
        born, sex = 1920 + number % 60, "mf"[number % 2]
        yield {
            "code": f"HT{number:06}",
            "name": full_name(rng, sex=sex, born=born),
            "birth": f"{number % 28 + 1:02}/{number % 12 + 1:02}/{born}",
            "sex": "nam" if sex == "m" else "nữ",
            "citizen_id": f"0460{born % 100:02}{number:06}",
            "commune": commune,
            "hamlet": f"Thôn {number % 9 + 1}",
            "category": "5.5c",
            "decision": f"{number}/QĐ-UBND",
            "coefficient": "1.0",
            "monthly": 540_000,
            "total": 540_000,
            "phone": f"09{12_000_000 + number:08}",
            "method": "tài khoản" if by_bank else "tiền mặt",
            "account": f"{100_000_000_000 + number}" if by_bank else "",
        }

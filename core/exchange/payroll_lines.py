"""Judging one line of the monthly payment list (danh sách chi trả tháng)."""

import json
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Final

from core import money, rates
from core.calendar import Cycle, local_day
from core.citizen_ids import citizen_id
from core.exchange import cells
from core.exchange.claims import Claim
from core.exchange.intake import Desk
from core.exchange.layouts import Row
from core.exchange.person_cells import MethodWish, claim_in, commune_in, method_in
from core.exchange.reading import Reading
from core.exchange.verdicts import Problem
from core.refusals import Code, Refusal
from core.store.engine import Tx

_MOST: Final = 20_000_000
_LISTED: Final = json.JSONEncoder().encode
_WRITTEN: Final = json.JSONEncoder(ensure_ascii=False).encode


@dataclass(frozen=True, slots=True)
class PayrollLine:
    """One person's sum for one month. Money: whole đồng; total = monthly + arrears."""

    cycle: str
    code: str
    claim: Claim
    commune: str
    hamlet: str
    category: str
    decision: str
    coefficient: str
    monthly: int
    arrears: int
    total: int
    payee: str
    relation: str
    payee_citizen_id: str | None
    wish: MethodWish | None

    @property
    def amount(self) -> int:
        """What the list asks to be paid."""
        return self.total

    def natural_key(self, tx: Tx) -> str:
        """The month and the beneficiary: one line of a monthly list is all of a person's money."""
        del tx
        return f"payroll:{self.cycle}:{self.code}"

    def content(self) -> str:
        """Everything that decides what is owed to whom, where; not how a name is spelt."""
        return _LISTED(
            [
                self.cycle,
                self.code,
                self.claim.citizen_id,
                self.commune,
                self.category,
                self.monthly,
                self.arrears,
                self.total,
                self.payee_citizen_id,
            ]
        )

    def entitlement(self) -> str:
        """Category, coefficient and decision as JSON: sealed, for the payroll round trip only."""
        return _WRITTEN(
            {
                "category": self.category,
                "coefficient": self.coefficient,
                "decision": self.decision,
            }
        )


def judge(row: Row, desk: Desk) -> PayrollLine | Problem:
    """The line, or the first thing that is wrong in it."""
    reading = Reading(row)
    code = reading.value("code", cells.beneficiary_code(row.text("code")), "")
    claim = claim_in(reading, local_day(desk.clock.now()), code=code)
    commune = commune_in(reading, desk) or ""
    monthly = reading.value("monthly", money.amount_of(row.cell("monthly")), 0)
    line = PayrollLine(
        cycle=desk.cycle,
        code=code,
        claim=claim,
        commune=commune,
        hamlet=row.text("hamlet"),
        category=_category(reading, desk),
        decision=row.text("decision"),
        coefficient=_coefficient(reading),
        monthly=monthly,
        arrears=_arrears(reading),
        total=reading.value("total", money.amount_of(row.cell("total")), 0),
        payee=row.text("payee"),
        relation=row.text("relation"),
        payee_citizen_id=_payee_number(reading),
        wish=method_in(reading, desk, claim, commune) if row.text("method") else None,
    )
    _check_money(reading, line)
    return reading.problem or line


def _category(reading: Reading, desk: Desk) -> str:
    code = reading.text("category")
    if rates.category_on(desk.programme, code, Cycle.parse(desk.cycle).first_day) is None:
        reading.refuse("category", Refusal(Code.CATEGORY_UNKNOWN))
    return code


def _coefficient(reading: Reading) -> str:
    text = reading.text("coefficient")
    return reading.value("coefficient", _coefficient_in(text), "") if text else ""


@lru_cache(maxsize=1_024)
def _coefficient_in(text: str) -> str | Refusal:
    try:
        value = Decimal(text.replace(",", "."))
    except InvalidOperation:
        value = Decimal(0)
    is_one = 0 < value <= 10  # noqa: PLR2004  the highest coefficient of the decree is 3
    return str(value) if is_one else Refusal(Code.COEFFICIENT_BAD)


def _arrears(reading: Reading) -> int:
    """Arrears; an empty cell is none at all."""
    if not reading.text("arrears"):
        return 0
    return reading.value("arrears", money.amount_of(reading.row.cell("arrears"), zero=True), 0)


def _payee_number(reading: Reading) -> str | None:
    text = reading.text("payee_citizen_id")
    return reading.value("payee_citizen_id", citizen_id(text), None) if text else None


def _check_money(reading: Reading, line: PayrollLine) -> None:
    if reading.problem is not None:
        return
    if line.total != line.monthly + line.arrears:
        reading.refuse(
            "total",
            Refusal(
                Code.AMOUNT_PARTS_DISAGREE,
                {"parts": line.monthly + line.arrears, "total": line.total},
            ),
        )
    elif line.total > _MOST:
        reading.refuse("total", Refusal(Code.AMOUNT_TOO_LARGE, {"most": money.dotted(_MOST)}))

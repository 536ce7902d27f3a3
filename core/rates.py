"""What a category is worth in a month: base level times coefficient, from dated data.

The amount that is paid always comes from the office's list; these figures are for checking it,
for trying the product, and for nothing that a person is told about his or her own money.

What does not live here: the figures (`programmes/`), and arrears (`core/ledger`).
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import lru_cache

from core.calendar import Cycle
from core.faults import Fault
from core.refusals import Code, Refusal
from core.terms import Category, Programme


class NoBaseRate(Fault):
    """The programme has no base level for {day}."""


def base_rate(programme: Programme, day: date) -> int:
    """The base level on a day. Money: whole đồng a month.

    Raises: NoBaseRate, for a day before the first one in the data.
    """
    for rate in programme.base_rates:
        if rate.valid.holds(day):
            return rate.amount
    raise NoBaseRate(day=day)


@lru_cache(maxsize=1_024)
def category_on(programme: Programme, code: str, day: date) -> Category | None:
    """The category with this code on a day."""
    found = (c for c in programme.categories if c.code == code and c.valid.holds(day))
    return next(found, None)


def coefficient(programme: Programme, category: str, day: date) -> Decimal | None:
    """What the base level is multiplied by; None if there is no such category on that day."""
    found = (c for c in programme.coefficients if c.category == category and c.valid.holds(day))
    return next((c.value for c in found), None)


def amount_for(programme: Programme, category: str, month: Cycle) -> int | Refusal:
    """What one category is worth in a month. Money: whole đồng. Refuses: CATEGORY_UNKNOWN.

    Raises: NoBaseRate.
    """
    value = coefficient(programme, category, month.first_day)
    if value is None:
        return Refusal(Code.CATEGORY_UNKNOWN, {"category": category, "cycle": str(month)})
    return int(base_rate(programme, month.first_day) * value)


def monthly_amount(programme: Programme, categories: Iterable[str], month: Cycle) -> int | Refusal:
    """What a person in these categories is due in a month. Money: whole đồng.

    The highest one counts, and beside it those that add to it: a poor single parent who is old,
    disabled or has HIV gets both. The same category twice is two children.
    Refuses: CATEGORY_UNKNOWN. Raises: NoBaseRate. Source: Decree 20/2021/ND-CP art. 6(2).
    """
    day = month.first_day
    adding: list[tuple[Category, int]] = []
    others: list[tuple[Category, int]] = []
    for code in categories:
        amount, category = amount_for(programme, code, month), category_on(programme, code, day)
        if isinstance(amount, Refusal) or category is None:
            return Refusal(Code.CATEGORY_UNKNOWN, {"category": code, "cycle": str(month)})
        (adding if category.adds_to else others).append((category, amount))
    added = sum(amount for _, amount in adding)
    beside = [
        amount for other, amount in others if all(other.group in c.adds_to for c, _ in adding)
    ]
    alone = [amount for _, amount in others]
    return max(added + max(beside, default=0), max(alone, default=0))


def public_label(category: Category, lang: str = "vi") -> str:
    """The only words about a category that may leave `core`."""
    return category.public_en if lang == "en" else category.public_vi

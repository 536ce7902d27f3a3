"""Whether every category has exactly one amount in whole đồng on each of its days."""

from collections.abc import Iterator

from core.programme_files.problems import Kind, Problem
from core.programme_files.spans import from_day, gaps, in_days, overlaps
from core.programme_files.tables import Tables


def base_rates(tables: Tables) -> Iterator[Problem]:
    """There is one base level on each day from the first cycle on, and no gap before it either."""
    yield from overlaps(tables.base_rates, lambda _: "", "valid_from")
    first = min(
        [rate.valid.first for _, rate in tables.base_rates],
        default=tables.settings.first_cycle.first_day,
    )
    over = from_day(min(first, tables.settings.first_cycle.first_day))
    for gap in gaps(over, [rate.valid for _, rate in tables.base_rates]):
        before = [row.line for row, rate in tables.base_rates if rate.valid.last < gap.first]
        values = {"days": in_days(gap)}
        line = max(before, default=0)
        yield Problem("base_rates.csv", line, "valid_to", Kind.GAP, values)


def categories(tables: Tables) -> Iterator[Problem]:
    """A category has one row a day."""
    yield from overlaps(tables.categories, lambda category: category.code, "code")


def coefficients(tables: Tables) -> Iterator[Problem]:
    """Every category has one coefficient on each of its days, and there are no others."""
    yield from overlaps(tables.coefficients, lambda c: c.category, "category")
    known = {category.code for _, category in tables.categories}
    for row, coefficient in tables.coefficients:
        if coefficient.category not in known:
            values = {"value": coefficient.category}
            yield Problem(row.file, row.line, "category", Kind.UNKNOWN_CATEGORY, values)
    for row, category in tables.categories:
        same = [c.valid for _, c in tables.coefficients if c.category == category.code]
        for gap in gaps(category.valid, same):
            values = {"value": category.code, "days": in_days(gap)}
            yield Problem(row.file, row.line, "code", Kind.COEFFICIENT_MISSING, values)


def amounts(tables: Tables) -> Iterator[Problem]:
    """Base level times coefficient is a whole number of đồng."""
    for row, coefficient in tables.coefficients:
        for _, rate in tables.base_rates:
            amount = rate.amount * coefficient.value
            if coefficient.valid.meets(rate.valid) and amount != int(amount):
                values: dict[str, str | int] = {
                    "amount": str(amount.normalize()),
                    "rate": rate.amount,
                }
                yield Problem(row.file, row.line, "coefficient", Kind.AMOUNT_NOT_WHOLE, values)

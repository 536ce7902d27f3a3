"""Every check of the rows against one another.

A check runs only when the files it reads have no bad cell, so that one slip of the pen is told
once and not again as a dozen things that miss it.
"""

from collections.abc import Callable, Iterator
from typing import Final

from core.programme_files import day_checks, failure_checks, offer_checks, place_checks, rate_checks
from core.programme_files.problems import Problem
from core.programme_files.tables import Tables

Check = Callable[[Tables], Iterator[Problem]]

_PLACES: Final = ("areas.csv", "communes.csv")
_CALENDAR: Final = ("programme.toml", "holidays.csv")

CHECKS: Final[tuple[tuple[Check, tuple[str, ...]], ...]] = (
    (place_checks.areas, ("areas.csv",)),
    (place_checks.communes, _PLACES),
    (place_checks.successors, ("communes.csv",)),
    (place_checks.aliases, ("communes.csv", "aliases.csv")),
    (offer_checks.offers, ("areas.csv", "offers.csv")),
    (offer_checks.missing_offers, ("programme.toml", "areas.csv", "offers.csv")),
    (offer_checks.pay_points, (*_PLACES, "offers.csv", "pay_points.csv")),
    (
        offer_checks.missing_pay_points,
        ("programme.toml", *_PLACES, "offers.csv", "pay_points.csv"),
    ),
    (offer_checks.receiving_accounts, ("receiving_accounts.csv",)),
    (rate_checks.base_rates, ("programme.toml", "base_rates.csv")),
    (rate_checks.categories, ("categories.csv",)),
    (rate_checks.coefficients, ("categories.csv", "coefficients.csv")),
    (rate_checks.amounts, ("base_rates.csv", "coefficients.csv")),
    (day_checks.cycle_rules, ("programme.toml", "cycle_rules.csv")),
    (day_checks.pay_rules, ("programme.toml", "offers.csv", "pay_rules.csv")),
    (
        day_checks.pay_exceptions,
        (*_CALENDAR, *_PLACES, "offers.csv", "cycle_rules.csv", "pay_rules.csv"),
    ),
    (day_checks.special_days, _CALENDAR),
    (day_checks.open_hours, ("programme.toml", "working_hours.csv")),
    (failure_checks.failures, ("failures.csv",)),
    (failure_checks.provider_codes, ("failures.csv", "provider_codes.csv")),
)


def problems_between(tables: Tables, bad_files: frozenset[str]) -> Iterator[Problem]:
    """All that the sound files contradict in one another."""
    for check, files in CHECKS:
        if not bad_files.intersection(files):
            yield from check(tables)

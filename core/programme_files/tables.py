"""All files of a programme, read: good values beside the rows they came from, and every problem."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from core.programme_files import rows
from core.programme_files.problems import Problem
from core.programme_files.sheets import Row, read_sheet
from core.terms import (
    Alias,
    Area,
    BaseRate,
    Category,
    Coefficient,
    Commune,
    CycleRule,
    Failure,
    Offer,
    OpenHours,
    PayException,
    PayPoint,
    PayRule,
    Programme,
    ProviderCode,
    ReceivingAccount,
    Settings,
    SpecialDay,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Tables:
    """Every table, each value beside its row, so that a problem can say where it stands."""

    settings: Settings
    areas: list[tuple[Row, Area]]
    communes: list[tuple[Row, Commune]]
    aliases: list[tuple[Row, Alias]]
    offers: list[tuple[Row, Offer]]
    pay_points: list[tuple[Row, PayPoint]]
    receiving_accounts: list[tuple[Row, ReceivingAccount]]
    base_rates: list[tuple[Row, BaseRate]]
    categories: list[tuple[Row, Category]]
    coefficients: list[tuple[Row, Coefficient]]
    cycle_rules: list[tuple[Row, CycleRule]]
    pay_rules: list[tuple[Row, PayRule]]
    pay_exceptions: list[tuple[Row, PayException]]
    special_days: list[tuple[Row, SpecialDay]]
    open_hours: list[tuple[Row, OpenHours]]
    failures: list[tuple[Row, Failure]]
    provider_codes: list[tuple[Row, ProviderCode]]

    def programme(self) -> Programme:
        """The values alone."""
        return Programme(
            settings=self.settings,
            areas=_values(self.areas),
            communes=_values(self.communes),
            aliases=_values(self.aliases),
            offers=_values(self.offers),
            pay_points=_values(self.pay_points),
            receiving_accounts=_values(self.receiving_accounts),
            base_rates=_values(self.base_rates),
            categories=_values(self.categories),
            coefficients=_values(self.coefficients),
            cycle_rules=_values(self.cycle_rules),
            pay_rules=_values(self.pay_rules),
            pay_exceptions=_values(self.pay_exceptions),
            special_days=_values(self.special_days),
            open_hours=_values(self.open_hours),
            failures=_values(self.failures),
            provider_codes=_values(self.provider_codes),
        )


def read_tables(folder: Path) -> tuple[Tables, list[Problem]]:
    """All tables, and all that is wrong in any cell. With a problem they are not to be used."""
    settings, problems = rows.read_settings(folder)
    columns = rows.COLUMNS

    def sheet(name: str, build: Callable[[Row], T]) -> list[tuple[Row, T]]:
        good, bad = read_sheet(folder, name, columns[name], build)
        problems.extend(bad)
        return good

    tables = Tables(
        settings=settings or rows.NO_SETTINGS,
        areas=sheet("areas.csv", rows.area),
        communes=sheet("communes.csv", rows.commune),
        aliases=sheet("aliases.csv", rows.alias),
        offers=sheet("offers.csv", rows.offer),
        pay_points=sheet("pay_points.csv", rows.pay_point),
        receiving_accounts=sheet("receiving_accounts.csv", rows.receiving_account),
        base_rates=sheet("base_rates.csv", rows.base_rate),
        categories=sheet("categories.csv", rows.category),
        coefficients=sheet("coefficients.csv", rows.coefficient),
        cycle_rules=sheet("cycle_rules.csv", rows.cycle_rule),
        pay_rules=sheet("pay_rules.csv", rows.pay_rule),
        pay_exceptions=sheet("pay_exceptions.csv", rows.pay_exception),
        special_days=sheet("holidays.csv", rows.special_day),
        open_hours=sheet("working_hours.csv", rows.open_hours),
        failures=sheet("failures.csv", rows.failure),
        provider_codes=sheet("provider_codes.csv", rows.provider_code),
    )
    return tables, problems


def _values(table: list[tuple[Row, T]]) -> tuple[T, ...]:
    return tuple(value for _, value in table)

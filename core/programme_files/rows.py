"""What each file of a programme holds: its columns, and the value that a row becomes.

What does not live here: whether the rows agree with one another (`checks.py`).
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import time
from pathlib import Path
from typing import Final

from core.calendar import Cycle
from core.programme_files.problems import Kind, Problem
from core.programme_files.sheets import Row, read_text
from core.terms import (
    Alias,
    Area,
    BaseRate,
    Category,
    Coefficient,
    Commune,
    CycleRule,
    DayKind,
    Desk,
    Failure,
    Method,
    Offer,
    OpenHours,
    Owner,
    PayException,
    PayPoint,
    PayRule,
    Provider,
    ProviderCode,
    ReceivingAccount,
    Release,
    Retry,
    Settings,
    Span,
    SpecialDay,
)

SETTINGS_FILE: Final = "programme.toml"
SETTINGS: Final = {
    "programme": ("tenant", "name_vi", "name_en", "first_cycle"),
    "contact": ("sender", "hotline", "sample_contact"),
    "messages": ("loud_from", "quiet_from", "release"),
    "safety": ("return_window_days", "cool_off_days"),
    "disputes": ("dispute_provider_days", "dispute_commune_days"),
    "leakage": ("leakage_least_answers", "leakage_tolerated_percent", "leakage_months"),
}
COLUMNS: Final = {
    "areas.csv": ("code", "kind", "name", "paid", "valid_from", "valid_to"),
    "communes.csv": ("code", "kind", "name", "area", "valid_from", "valid_to", "successor"),
    "aliases.csv": ("text", "commune", "valid_from", "valid_to"),
    "offers.csv": ("area", "method", "provider", "valid_from", "valid_to"),
    "pay_points.csv": (
        *("code", "serves", "provider", "desk", "name", "place", "first_day", "last_day"),
        *("opens", "closes", "sample", "valid_from", "valid_to"),
    ),
    "receiving_accounts.csv": ("provider", "account", "bank", "sample", "valid_from", "valid_to"),
    "base_rates.csv": ("amount", "valid_from", "valid_to", "source"),
    "categories.csv": (
        *("code", "group", "label_vi", "label_en", "public_vi", "public_en"),
        *("sensitive", "adds_to", "valid_from", "valid_to"),
    ),
    "coefficients.csv": ("category", "coefficient", "valid_from", "valid_to"),
    "cycle_rules.csv": ("cut_off_day", "list_day", "valid_from", "valid_to"),
    "pay_rules.csv": (
        *("method", "first_day", "last_day", "late_day", "on_weekends"),
        *("valid_from", "valid_to"),
    ),
    "pay_exceptions.csv": ("cycle", "area", "method", "first", "last"),
    "holidays.csv": ("day", "kind", "name_vi", "name_en", "stands_for", "assumed"),
    "working_hours.csv": ("weekday", "opens", "closes", "valid_from", "valid_to"),
    "failures.csv": ("code", "owner", "retry", "tell"),
    "provider_codes.csv": ("provider", "text", "failure"),
}

# Stands where the settings had faults, so that all other files are still read.
NO_SETTINGS: Final = Settings(
    tenant="",
    name_vi="",
    name_en="",
    first_cycle=Cycle(2000, 1),
    sender="",
    hotline="",
    sample_contact=True,
    loud_from=time.min,
    quiet_from=time.max,
    release=Release.SECOND_PERSON,
    return_window_days=0,
    cool_off_days=0,
    dispute_provider_days=0,
    dispute_commune_days=0,
    leakage_least_answers=0,
    leakage_tolerated_percent=0,
    leakage_months=0,
)

_AREA: Final = r"\d{3}"
_COMMUNE: Final = r"\d{5}"
_FRIDAY: Final = 4
_SENDER: Final = re.compile(r"[A-Za-z0-9]{1,11}", re.ASCII)
_TENANT: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,31}", re.ASCII)
_HOTLINE: Final = re.compile(r"[0-9][0-9 ]{2,14}", re.ASCII)
# Words of a public label that would give a sensitive category away.
_LEAKS: Final = re.compile(r"hiv|aids|nhiễm|nhiem|infect", re.IGNORECASE)


def area(row: Row) -> Area:
    """A row of areas.csv."""
    code = row.code("code", _AREA, "479")
    return Area(code, row.text("kind"), row.text("name"), row.yes("paid"), row.span())


def commune(row: Row) -> Commune:
    """A row of communes.csv."""
    successor = row.text_or_none("successor") and row.code("successor", _COMMUNE, "20122")
    return Commune(
        code=row.code("code", _COMMUNE, "19960"),
        kind=row.text("kind"),
        name=row.text("name"),
        area=row.text("area"),
        valid=row.span(),
        successor=successor,
    )


def alias(row: Row) -> Alias:
    """A row of aliases.csv."""
    return Alias(row.text("text"), row.code("commune", _COMMUNE, "20122"), row.span())


def offer(row: Row) -> Offer:
    """A row of offers.csv."""
    method, provider = row.choice("method", Method), row.choice("provider", Provider)
    return Offer(row.text("area"), method, provider, row.span())


def pay_point(row: Row) -> PayPoint:
    """A row of pay_points.csv."""
    opens, closes = row.hours()
    first = row.whole("first_day", 1, 31)
    return PayPoint(
        code=row.code("code", r"[A-Za-z0-9-]{1,32}", "BD-19960-1"),
        serves=row.text("serves"),
        provider=row.choice("provider", Provider),
        desk=row.choice("desk", Desk),
        name=row.text("name"),
        place=row.text("place"),
        first_day=first,
        last_day=row.whole("last_day", first, 31),
        opens=opens,
        closes=closes,
        sample=row.yes("sample"),
        valid=row.span(),
    )


def receiving_account(row: Row) -> ReceivingAccount:
    """A row of receiving_accounts.csv."""
    return ReceivingAccount(
        provider=row.choice("provider", Provider),
        account=row.code("account", r"[A-Z0-9]{6,19}", "112000000000"),
        bank=row.text("bank"),
        sample=row.yes("sample"),
        valid=row.span(),
    )


def base_rate(row: Row) -> BaseRate:
    """A row of base_rates.csv."""
    return BaseRate(row.whole("amount", 1_000, 100_000_000), row.text("source"), row.span())


def category(row: Row) -> Category:
    """A row of categories.csv."""
    value = Category(
        code=row.text("code"),
        group=row.whole("group", 1, 99),
        label_vi=row.text("label_vi"),
        label_en=row.text("label_en"),
        public_vi=row.text("public_vi"),
        public_en=row.text("public_en"),
        sensitive=row.yes("sensitive"),
        adds_to=_groups(row),
        valid=row.span(),
    )
    for column, label in (("public_vi", value.public_vi), ("public_en", value.public_en)):
        if value.sensitive and (_LEAKS.search(label) or label in {value.label_vi, value.label_en}):
            row.wrong(column, Kind.LABEL_LEAKS)
    return value


def _groups(row: Row) -> frozenset[int]:
    words = (row.text_or_none("adds_to") or "").split()
    for word in words:
        if not word.isdecimal():
            row.wrong("adds_to", Kind.NOT_A_NUMBER, value=word)
    return frozenset(int(word) for word in words if word.isdecimal())


def coefficient(row: Row) -> Coefficient:
    """A row of coefficients.csv."""
    return Coefficient(row.text("category"), row.decimal("coefficient", 20), row.span())


def cycle_rule(row: Row) -> CycleRule:
    """A row of cycle_rules.csv."""
    cut_off = row.whole("cut_off_day", 1, 28)
    return CycleRule(cut_off, row.whole("list_day", cut_off, 28), row.span())


def pay_rule(row: Row) -> PayRule:
    """A row of pay_rules.csv."""
    first = row.whole("first_day", 1, 28)
    last = row.whole("last_day", first, 28)
    late = row.whole("late_day", last, 28) if row.text_or_none("late_day") else 0
    method, weekends = row.choice("method", Method), row.yes("on_weekends")
    return PayRule(method, first, last, late, weekends, row.span())


def pay_exception(row: Row) -> PayException:
    """A row of pay_exceptions.csv."""
    days = row.span("first", "last")
    if not row.text_or_none("last"):
        days = Span(days.first, days.first)
    method = row.choice("method", Method)
    return PayException(row.cycle("cycle"), row.text("area"), method, days)


def special_day(row: Row) -> SpecialDay:
    """A row of holidays.csv."""
    kind, day = row.choice("kind", DayKind), row.day("day")
    stands_for = row.weekday("stands_for") if row.text_or_none("stands_for") else -1
    if kind is DayKind.MAKE_UP and not 0 <= stands_for <= _FRIDAY:
        row.wrong("stands_for", Kind.MAKE_UP_WITHOUT_WEEKDAY)
    if kind is DayKind.MAKE_UP and day.weekday() <= _FRIDAY and not row.problems:
        row.wrong("day", Kind.MAKE_UP_ON_A_WEEKDAY, day=str(day))
    names = row.text("name_vi"), row.text("name_en")
    return SpecialDay(day, kind, *names, stands_for, row.yes("assumed"))


def open_hours(row: Row) -> OpenHours:
    """A row of working_hours.csv."""
    return OpenHours(row.weekday("weekday"), *row.hours(), row.span())


def failure(row: Row) -> Failure:
    """A row of failures.csv."""
    code = row.code("code", r"[A-Z][A-Z_]{1,31}", "TK_SAI")
    return Failure(code, row.choice("owner", Owner), row.choice("retry", Retry), row.yes("tell"))


def provider_code(row: Row) -> ProviderCode:
    """A row of provider_codes.csv."""
    return ProviderCode(row.choice("provider", Provider), row.text("text"), row.text("failure"))


def read_settings(folder: Path) -> tuple[Settings | None, list[Problem]]:
    """The single values of programme.toml, or all that is wrong with them."""
    text = read_text(folder, SETTINGS_FILE)
    if isinstance(text, Problem):
        return None, [text]
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        at = int(line[1]) if line else text.count("\n") + 1
        return None, [Problem(SETTINGS_FILE, at, "", Kind.TOML_BROKEN)]
    cells, problems = _settings_cells(tables)
    row = Row(SETTINGS_FILE, 0, cells)
    missing = {problem.column for problem in problems}
    found = _settings(row)
    problems += [problem for problem in row.problems if problem.column not in missing]
    problems = [replace(p, line=_line_of(text, p.column)) for p in problems]
    return (None if problems else found), problems


def _settings_cells(tables: Mapping[str, object]) -> tuple[dict[str, str], list[Problem]]:
    cells: dict[str, str] = {}
    problems = [
        Problem(SETTINGS_FILE, 0, name, Kind.TABLE_UNKNOWN, {"tables": ", ".join(SETTINGS)})
        for name in tables
        if name not in SETTINGS
    ]
    for table, keys in SETTINGS.items():
        found = tables.get(table)
        values: Mapping[str, object] = found if isinstance(found, dict) else {}
        for key in keys:
            value = values.get(key)
            if value is None:
                problems.append(Problem(SETTINGS_FILE, 0, key, Kind.KEY_MISSING, {"table": table}))
            elif isinstance(value, bool | float | list | dict):
                problems.append(Problem(SETTINGS_FILE, 0, key, Kind.VALUE_WRONG_TYPE))
            else:
                cells[key] = str(value).strip()
        problems += [
            Problem(SETTINGS_FILE, 0, key, Kind.KEY_UNKNOWN, {"keys": ", ".join(keys)})
            for key in values
            if key not in keys
        ]
    return cells, problems


def _settings(row: Row) -> Settings:
    tenant, sender, hotline = row.text("tenant"), row.text("sender"), row.text("hotline")
    if tenant and not _TENANT.fullmatch(tenant):
        row.wrong("tenant", Kind.BAD_TENANT, value=tenant)
    if sender and not _SENDER.fullmatch(sender):
        row.wrong("sender", Kind.BAD_SENDER, value=sender)
    if hotline and not _HOTLINE.fullmatch(hotline):
        row.wrong("hotline", Kind.BAD_HOTLINE, value=hotline)
    loud, quiet = row.hours("loud_from", "quiet_from")
    return Settings(
        tenant=tenant,
        name_vi=row.text("name_vi"),
        name_en=row.text("name_en"),
        first_cycle=row.cycle("first_cycle"),
        sender=sender,
        hotline=hotline,
        sample_contact=row.yes("sample_contact"),
        loud_from=loud,
        quiet_from=quiet,
        release=row.choice("release", Release),
        return_window_days=row.whole("return_window_days", 0, 90),
        cool_off_days=row.whole("cool_off_days", 7, 90),
        dispute_provider_days=row.whole("dispute_provider_days", 1, 30),
        dispute_commune_days=row.whole("dispute_commune_days", 1, 30),
        leakage_least_answers=row.whole("leakage_least_answers", 20, 1_000),
        leakage_tolerated_percent=row.whole("leakage_tolerated_percent", 1, 50),
        leakage_months=row.whole("leakage_months", 1, 24),
    )


def _line_of(text: str, key: str) -> int:
    """The line on which a key or a table stands; 0 if it does not."""
    for number, line in enumerate(text.split("\n"), 1):
        if re.match(rf"\s*\[?\s*{re.escape(key)}\s*(=|\])", line):
            return number
    return 0

"""Months of every trouble, closed one by one; then each report is added up by an auditor.

What the commands wrote as spreadsheets is read back cell by cell, and held against sums that come
from the manifest, from the district's own files, and from plain SQL over events and postings.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

import openpyxl
import pytest

from core import places
from core.calendar import Cycle, instant_at, local_day
from core.labels import failure_name, method_name, provider_name
from core.simulation.manifest import NOT_LISTED, Manifest, read_manifest
from core.terms import Commune, Method, Programme, Provider
from core.wording import text
from tests.acceptance import auditor
from tests.acceptance.auditor import Figure, Group, Pay
from tests.bot.parts import Office

CYCLES: Final = 12
LAST: Final = "2022-03"
# In the middle of a month, two days of the plan, and past the end: that is, up to now.
DAYS: Final = (date(2021, 5, 14), date(2021, 6, 20), date(2021, 11, 30), date(2022, 3, 31))
MONEY: Final = (
    *("due", "due_amount", "paid", "paid_amount", "paid_share", "cashless", "cashless_share"),
    *("on_time", "on_time_share", "overdue", "waiting", "with_provider", "ready", "came_back"),
    *("came_back_amount", "given_back", "failed", "home_due", "home_paid"),
)
WORDS: Final = (
    *("asked", "answered", "full", "full_share", "short", "not_received", "silent"),
)  # fmt: skip
COMPLAINTS: Final = ("complaint", "dispute", "fraud")
Row = dict[str, Any]
Book = dict[str, list[Row]]


def said(key: str, **values: str) -> str:
    return text(f"report.{key}", "vi", "reports", **values)


def column(name: str) -> str:
    return said(f"column.{name}")


@dataclass(frozen=True, slots=True)
class Names:
    """What the auditor calls places on a day."""

    programme: Programme
    day: date

    def commune(self, code: str) -> str:
        return self._unit(code).full_name

    def area(self, code: str) -> str:
        found = places.area_with_code(self.programme, self._unit(code).area, self.day)
        assert found is not None
        return said("area_total", area=found.full_name)

    def _unit(self, code: str) -> Commune:
        known = places.with_code(self.programme, code, self.day)
        return known or places.ever_with_code(self.programme, code)[-1]


@dataclass(frozen=True, slots=True)
class Played:
    """A district that was played, and where its books lie."""

    office: Office
    folder: Path
    manifest: Manifest
    database: Path

    @property
    def programme(self) -> Programme:
        return self.office.session.parts.programme

    def book(self, *words: str) -> Book:
        """The tables of a report as the command wrote them, by title."""
        out = self.folder.parent / "bao-cao.xlsx"
        assert self.office.types("report", *words, "--out", out) == 0
        return {sheet.title: _rows(sheet) for sheet in openpyxl.load_workbook(out)}


def _rows(sheet: Any) -> list[Row]:
    titles, *rows = sheet.iter_rows(min_row=6, values_only=True)
    return [dict(zip(titles, row, strict=True)) for row in rows]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Played]:
    folder = tmp_path_factory.mktemp("audited")
    database = folder / "chitra.db"
    database.write_bytes(sqlite_template.read_bytes())
    office = Office(f"sqlite:///{database}", folder / "var")
    district = folder / "district"
    words = ("--people", "400", "--seed", "7", "--cycles", str(CYCLES))
    office.does([["simulate", *words, "--out", district], ["play", district], ["ledger", "verify"]])
    manifest = read_manifest(district)
    assert manifest is not None
    office.clock.move_to(manifest.now)
    yield Played(office, district, manifest, database)
    office.close()


def same(found: Any, wanted: Any) -> bool:
    if isinstance(found, int | float) and isinstance(wanted, int | float):
        return abs(found - wanted) < 1e-9
    return (found or None) == (wanted or None)


def wrong(
    rows: Sequence[Row],
    key: Sequence[str],
    groups: Mapping[Any, Group],
    of: Mapping[str, Figure],
) -> list[Any]:
    """Every cell that is not what the auditor finds, and every row that is missing or too many."""
    found = {tuple(row[one] or "" for one in key): row for row in rows}
    problems: list[Any] = [("rows", set(found) ^ set(groups))] if set(found) != set(groups) else []
    for name, group in groups.items():
        for title, figure in of.items():
            wanted = figure(group)
            if name in found and not same(found[name].get(title), wanted):
                problems.append((name, title, found[name].get(title), wanted))
    return problems


def grouped(
    paid: Group, names: Names, parts: Callable[[Pay], tuple[str, ...]]
) -> dict[Any, list[Pay]]:
    """Payments by the first cells of their row, and by area, and all."""
    groups: dict[Any, list[Pay]] = {}
    blank = ("",) * len(parts(paid[0]))
    for one in paid:
        for name in (
            (names.commune(one.commune), *parts(one)),
            (names.area(one.commune), *blank),
            (said("total"), *blank),
        ):
            groups.setdefault(name, []).append(one)
    return groups


def by_nothing(one: Pay) -> tuple[str, ...]:
    del one
    return ()


def by_provider(one: Pay) -> tuple[str, ...]:
    return (provider_name(Provider(one.provider or "")),)


def by_both(one: Pay) -> tuple[str, ...]:
    return (*by_provider(one), method_name(Method(one.method or "")))


def titled(programme: Programme, day: date, columns: Sequence[str]) -> dict[str, Figure]:
    known = auditor.figures(programme, day)
    return {column(name): known[name] for name in columns}


def month_is_wrong(played: Played, book: Book, paid: Group, cycle: str, today: date) -> list[Any]:
    """What of a month's report the auditor finds otherwise."""
    programme = played.programme
    names = Names(programme, Cycle.parse(cycle).first_day)
    money, words = (titled(programme, today, one) for one in (MONEY, WORDS))
    place, keys = [column("commune")], [column(n) for n in ("commune", "provider", "method")]
    both = grouped(paid, names, by_both)
    return [
        *wrong(book[said("communes")], place, grouped(paid, names, by_nothing), money),
        *wrong(book[said("money")], keys, both, money),
        *wrong(book[said("words")], keys, both, words),
        *arrival_is_wrong(book[said("arrival")], paid, names, today),
        *failures_are_wrong(book[said("failures")], paid, names),
        *obstacles_are_wrong(played, book[said("obstacles")], paid, (cycle, cycle), today),
    ]


def arrival_is_wrong(rows: Sequence[Row], paid: Group, names: Names, today: date) -> list[Any]:
    """The curve of each commune and method, and of each method."""
    groups: dict[Any, list[Pay]] = {}
    for one in paid:
        method = method_name(Method(one.method or ""))
        for place in (names.commune(one.commune), said("total")):
            groups.setdefault((place, method), []).append(one)
    days = [one.paid_on for one in paid if one.is_paid and one.paid_on]
    first, last = min(days), min(max(days), today)
    of: dict[str, Figure] = {
        f"{day:%d/%m}": auditor.curve(day)
        for day in (first + timedelta(days=n) for n in range((last - first).days + 1))
    }
    of[column("due")] = lambda group: sum(one.is_due for one in group)
    extra = set(rows[0]) - {*of, column("commune"), column("method")}
    return [*extra, *wrong(rows, [column("commune"), column("method")], groups, of)]


def failures_are_wrong(rows: Sequence[Row], paid: Group, names: Names) -> list[Any]:
    """Every code of the catalogue that occurs, in every place where money came back."""
    fell = [one for one in paid if one.fell]

    def count(code: str) -> Figure:
        return lambda group: sum(one.reason == code for one in group)

    codes = {str(one.reason) for one in fell}
    of: dict[str, Figure] = {failure_name(code): count(code) for code in codes}
    of[column("failed")] = len
    extra = set(rows[0]) - {*of, column("commune")}
    groups = grouped(fell, names, by_nothing)
    return [*extra, *wrong(rows, [column("commune")], groups, of)]


def obstacles_are_wrong(
    played: Played, rows: Sequence[Row], paid: Group, months: tuple[str, str], today: date
) -> list[Any]:
    """What stands in the way, summed over places; and what is in suspense, from the postings."""
    late = auditor.figures(played.programme, today)["overdue"]
    stands = {
        "unsent": ("LISTED", "HELD", "APPROVED"),
        "unreported": ("INSTRUCTED", "ACCEPTED"),
        "uncollected": ("READY_CASH", "HOME_PENDING"),
    }
    wanted = {
        name: [one for one in paid if one.state in states and late([one])]
        for name, states in stands.items()
    }
    wanted["came_back"] = [one for one in paid if one.state in auditor.CAME_BACK]
    problems: list[Any] = []
    for name, group in wanted.items():
        mine = [row for row in rows if row[column("obstacle")] == said(f"obstacle.{name}")]
        sums = sum(row[column("heads")] for row in mine), sum(row[column("amount")] for row in mine)
        if sums != (len(group), sum(one.amount for one in group)):
            problems.append((name, sums, len(group)))
    suspense = auditor.scalar(
        played.database,
        "SELECT sum(amount) FROM posting JOIN event ON event.id = posting.event_id"
        " WHERE account = 'C400' AND posting.cycle BETWEEN ? AND ? AND recorded_at < ?",
        *(*months, auditor.micro_of(today + timedelta(days=1))),
    )
    named = said("obstacle.suspense")
    stated = sum(row[column("amount")] for row in rows if row[column("obstacle")] == named)
    return problems if stated == suspense else [*problems, ("suspense", stated, suspense)]


def complaints_of(played: Played, book: Book, names: Names, since: date, until: date) -> list[Any]:
    """Complaints opened between two days, by place and kind, from the cases themselves."""
    cases = auditor.rows_of(
        played.database,
        "SELECT kind, commune, closed_at IS NULL FROM care_case"
        " WHERE opened_at >= ? AND opened_at < ?",
        *(auditor.micro_of(since), auditor.micro_of(until)),
    )
    wanted: Counter[tuple[str, str]] = Counter()
    for kind, commune, is_open in cases:
        for place in (names.commune(commune), names.area(commune), said("total")):
            for title in [column(kind), *([column(f"{kind}_open")] if is_open else [])]:
                wanted[place, title] += kind in COMPLAINTS
    found = Counter(
        {
            (str(row[column("commune")]), title): value
            for row in book[said("complaints")]
            for title, value in row.items()
            if title != column("commune")
        }
    )
    return [] if +found == +wanted else [("complaints", found, wanted)]


def test_the_ledger_the_manifest_and_the_files_agree(played: Played) -> None:
    """The auditor's own reading is right before any report is held against it."""
    made = played
    found = {one.code: one for one in auditor.payments(made.database, made.manifest.now)}
    listed = [row for row in made.manifest.expect if row.state != NOT_LISTED]
    assert len(found) == len(listed) > 1_000
    assert {row.state for row in listed} >= {"SETTLED", "FAILED", "REISSUED", "REFUNDED"}
    for row in listed:
        one = found[row.payment]
        stands = (one.state, one.word, one.amount, one.provider, one.method)
        assert stands == (row.state, row.receipt, row.amount, row.provider, row.method)
    reported: dict[tuple[str, int], set[date]] = {}
    for code, amount, day in auditor.paid_in_files(made.folder):
        reported.setdefault((code, amount), set()).add(day)
    by_hand = 0
    for one in found.values():
        if one.is_paid:
            days = reported.get((one.code, one.amount))
            by_hand += days is None
            assert days is None or one.paid_on in days, one
    # Only what was reported under a wrong code, and led to its payment by two people.
    assert by_hand <= 3 * CYCLES
    communes = auditor.communes_in_files(made.folder)
    people = dict(auditor.rows_of(made.database, "SELECT id, code FROM beneficiary"))
    for one in found.values():
        if "-M-" in one.code:
            names = Names(made.programme, Cycle.parse(one.cycle).first_day)
            assert communes[one.cycle, people[one.person]] == names.commune(one.commune)


def test_every_month_is_reported_as_the_auditor_adds_it_up(played: Played) -> None:
    made, today = played, local_day(played.manifest.now)
    everything = auditor.payments(made.database, made.manifest.now)
    for cycle in sorted({one.cycle for one in everything}):
        assert made.office.types("cycle", "status", cycle) == 0
        assert ("đã đóng" in made.office.out.getvalue()) == (cycle != LAST)
        book = made.book("month", cycle)
        paid = [one for one in everything if one.cycle == cycle]
        month = Cycle.parse(cycle)
        names = Names(made.programme, month.first_day)
        until = min(month.next().first_day, today + timedelta(days=1))

        assert month_is_wrong(made, book, paid, cycle, today) == []
        assert complaints_of(made, book, names, month.first_day, until) == []
        stated = book[said("communes")][-1][column("paid_amount")]
        assert stated == auditor.paid_by_postings(made.database, cycle)
        # And the other way round: were one payment otherwise, each table would say so.
        for other in others(paid):
            assert len(month_is_wrong(made, book, other, cycle, today)) > 5


def others(paid: Group) -> list[list[Pay]]:
    """A month in which one payment is missing, and one in which one failed that was paid."""
    at = next(number for number, one in enumerate(paid) if one.is_paid)
    failed = replace(paid[at], state="FAILED", reason="TK_SAI", paid_on=None)
    return [[*paid[:at], *paid[at + 1 :]], [*paid[:at], failed, *paid[at + 1 :]]]


@pytest.mark.parametrize(
    "day", [date(2021, 5, 14), date(2021, 6, 20), date(2021, 11, 30), date(2022, 3, 31)]
)
def test_the_progress_of_a_day_is_as_the_auditor_adds_it_up(played: Played, day: date) -> None:
    """Also of a day that is long gone, when months stood open that are closed by now."""
    made = played
    now = made.manifest.now.astimezone(UTC)
    day = min(day, local_day(now))
    until: datetime = min(instant_at(day + timedelta(days=1), time()), now)
    paid = [
        one for one in auditor.payments(made.database, until) if one.cycle <= str(Cycle.of_day(day))
    ]
    book = made.book("progress", "--as-of", day.isoformat())
    names = Names(made.programme, day)

    assert progress_is_wrong(made, book, paid, day) == []
    assert complaints_of(made, book, names, date(2021, 1, 1), day + timedelta(days=1)) == []
    for other in others(paid):
        assert len(progress_is_wrong(made, book, other, day)) > 5


def progress_is_wrong(played: Played, book: Book, paid: Group, day: date) -> list[Any]:
    """What of a progress report the auditor finds otherwise."""
    programme, names = played.programme, Names(played.programme, day)
    money = titled(programme, day, MONEY)
    routed = [one for one in paid if one.provider]
    pairs = grouped(paid, names, lambda one: by_provider(one) if one.provider else ("",))
    months: dict[Any, list[Pay]] = {(said("total"),): list(paid)}
    for one in paid:
        months.setdefault((f"{one.cycle[5:]}/{one.cycle[:4]}",), []).append(one)

    def people(group: Group) -> int:
        return len({one.person for one in group if one.is_paid})

    def share(group: Group) -> float | None:
        listed = {one.person for one in group if one.state != "CANCELLED"}
        return people(group) / len(listed) if listed else None

    kept: dict[str, Figure] = {column("paid_people"): people, column("paid_people_share"): share}
    keys = [column("commune"), column("provider")]
    own = [row for row in book[said("progress")] if tuple(row[k] or "" for k in keys) in pairs]
    sums = [row for row in book[said("money")] if tuple(row[k] or "" for k in keys) in pairs]
    words = [row for row in book[said("words")] if tuple(row[k] or "" for k in keys) in pairs]
    heard = titled(programme, day, ("asked", "full", "short", "not_received", "silent"))
    first, last = min(one.cycle for one in paid), str(Cycle.of_day(day))
    return [
        *([] if len(routed) == len(paid) else ["not routed"]),
        *wrong(own, keys, pairs, kept),
        *wrong(sums, keys, pairs, money),
        *wrong(words, keys, pairs, heard),
        *wrong(book[said("months")], [column("month")], months, money),
        *wrong(book[said("communes")], keys[:1], grouped(paid, names, by_nothing), money),
        *failures_are_wrong(book[said("failures")], paid, names),
        *obstacles_are_wrong(played, book[said("obstacles")], paid, (first, last), day),
    ]

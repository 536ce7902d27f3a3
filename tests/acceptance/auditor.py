"""An auditor of a district: what reports must say, added up without any of their own queries.

From plain SQL over `event` and `posting`, folded here once more, and from the files that the
district wrote. Nothing of `core/reports` is used, nor anything that the ledger folded.
"""

import csv
import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import openpyxl

from core.calendar import Cycle
from core.pay_days import pay_window
from core.terms import Method, Programme

HANOI: Final = timedelta(hours=7)
MONEY: Final = {
    "listed": "LISTED",
    "held": "HELD",
    "released": "LISTED",
    "cancelled": "CANCELLED",
    "approved": "APPROVED",
    "instructed": "INSTRUCTED",
    "accepted": "ACCEPTED",
    "settled": "SETTLED",
    "collected": "SETTLED",
    "handed": "SETTLED",
    "ready_cash": "READY_CASH",
    "home_opened": "HOME_PENDING",
    "home_missed": "HOME_PENDING",
    "failed": "FAILED",
    "returned": "RETURNED",
    "unclaimed": "UNCLAIMED",
    "reissued": "REISSUED",
    "refunded": "REFUNDED",
}
WORDS: Final = {
    "asked": "ASKED",
    "confirmed_full": "CONFIRMED_FULL",
    "said_short": "SHORT",
    "said_not_received": "NOT_RECEIVED",
    "silent": "SILENT",
}
CAME_BACK: Final = ("FAILED", "RETURNED", "UNCLAIMED")
_DAYS: Final = ("Thời gian", "Ngày giờ", "Ngày giá trị")
_PAID_WORDS: Final = ("Thành công", "Đã chi")


@dataclass(slots=True)
class Pay:
    """One payment as the auditor finds it. Money: whole đồng."""

    code: str
    cycle: str
    person: int
    commune: str
    amount: int
    provider: str | None = None
    method: str | None = None
    state: str = ""
    word: str = "NOT_ASKED"
    reason: str | None = None
    paid_on: date | None = None
    events: list[str] = field(default_factory=list)

    @property
    def is_due(self) -> bool:
        return self.state not in {"REISSUED", "CANCELLED"}

    @property
    def is_paid(self) -> bool:
        return self.state == "SETTLED"

    @property
    def fell(self) -> bool:
        return self.state in {*CAME_BACK, "REISSUED", "REFUNDED"}


def payments(path: Path, until: datetime) -> list[Pay]:
    """Every payment as it stood at an instant, folded from its events one by one."""
    with closing(sqlite3.connect(path)) as found:
        rows = found.execute("SELECT id, code, cycle, beneficiary_id, commune, amount FROM payment")
        known = {row[0]: Pay(*row[1:]) for row in rows}
        events = found.execute(
            "SELECT payment_id, type, effective_at, body FROM event"
            " WHERE payment_id IS NOT NULL AND recorded_at < ? ORDER BY id",
            (_micro(until),),
        )
        for number, kind, at, body in events:
            _fold(known[number], kind, at, json.loads(body))
    return [one for one in known.values() if one.state]


def _fold(one: Pay, kind: str, at: int, body: Mapping[str, Any]) -> None:
    one.events.append(kind)
    one.state = MONEY.get(kind, one.state)
    one.word = WORDS.get(kind, one.word)
    if kind == "routed":
        one.provider, one.method = body["provider"], body["method"]
    if kind in {"failed", "returned", "unclaimed"}:
        one.reason, one.paid_on = body["reason"], None
    if MONEY.get(kind) == "SETTLED":
        one.paid_on = (datetime.fromtimestamp(at / 1_000_000, UTC) + HANOI).date()


def paid_by_postings(path: Path, month: str) -> int:
    """What left the providers for people in payments of a month, by the journal. Whole đồng."""
    query = (
        "SELECT coalesce(sum(posting.amount), 0) FROM posting"
        " JOIN event ON event.id = posting.event_id"
        " WHERE posting.cycle = ? AND posting.account = 'L200'"
        " AND event.type IN ('settled', 'collected', 'handed', 'returned')"
    )
    return scalar(path, query, month)


def scalar(path: Path, query: str, *given: object) -> int:
    """The one number that a query gives."""
    return int(rows_of(path, query, *given)[0][0] or 0)


def rows_of(path: Path, query: str, *given: object) -> list[tuple[Any, ...]]:
    """The rows that a query gives."""
    with closing(sqlite3.connect(path)) as found:
        return list(found.execute(query, given))


def micro_of(day: date) -> int:
    """The first instant of a day in Asia/Ho_Chi_Minh, as the database writes it."""
    return _micro(datetime(day.year, day.month, day.day, tzinfo=UTC) - HANOI)


def _micro(at: datetime) -> int:
    return int(at.timestamp()) * 1_000_000 + at.microsecond


Group = Sequence[Pay]
Figure = Callable[[Group], int | float | None]


def heads(of: Callable[[Pay], bool]) -> Figure:
    """How many payments."""
    return lambda group: sum(1 for one in group if of(one))


def amount(of: Callable[[Pay], bool]) -> Figure:
    """How many đồng."""
    return lambda group: sum(one.amount for one in group if of(one))


def share(part: Figure, *whole: Figure) -> Figure:
    """A part of the sum of others; None of nothing."""

    def made(group: Group) -> float | None:
        of = sum(one(group) or 0 for one in whole)
        return (part(group) or 0) / of if of else None

    return made


def is_in(*states: str) -> Callable[[Pay], bool]:
    """Whether the money stands in one of these states."""
    return lambda one: one.state in states


def said(*words: str) -> Figure:
    """How many payments of which somebody said this."""
    return heads(lambda one: one.word in words)


def figures(programme: Programme, day: date) -> dict[str, Figure]:
    """What each column counts, by the name of its heading, looked at on a day."""

    def last(one: Pay) -> date:
        month, method = Cycle.parse(one.cycle), Method(one.method or "")
        return pay_window(programme, month, method, one.commune).last

    def on_time(one: Pay) -> bool:
        return one.is_paid and one.paid_on is not None and one.paid_on <= last(one)

    def overdue(one: Pay) -> bool:
        return one.is_due and not one.is_paid and one.method is not None and last(one) < day

    def cashless(one: Pay) -> bool:
        return one.is_paid and one.method in {"account", "wallet"}

    due, paid = heads(lambda one: one.is_due), heads(lambda one: one.is_paid)
    answered = said("CONFIRMED_FULL", "SHORT", "NOT_RECEIVED")
    return {
        "due": due,
        "due_amount": amount(lambda one: one.is_due),
        "paid": paid,
        "paid_amount": amount(lambda one: one.is_paid),
        "paid_share": share(paid, due),
        "cashless": heads(cashless),
        "cashless_share": share(heads(cashless), paid),
        "on_time": heads(on_time),
        "on_time_share": share(heads(on_time), paid, heads(overdue)),
        "overdue": heads(overdue),
        "waiting": heads(is_in("LISTED", "HELD", "APPROVED")),
        "with_provider": heads(is_in("INSTRUCTED", "ACCEPTED")),
        "ready": heads(is_in("READY_CASH", "HOME_PENDING")),
        "came_back": heads(is_in(*CAME_BACK)),
        "came_back_amount": amount(is_in(*CAME_BACK)),
        "given_back": heads(is_in("REFUNDED")),
        "failed": heads(lambda one: one.fell),
        "home_due": heads(lambda one: one.is_due and one.method == "home"),
        "home_paid": heads(lambda one: one.is_paid and one.method == "home"),
        "asked": heads(lambda one: one.word != "NOT_ASKED"),
        "answered": answered,
        "full": said("CONFIRMED_FULL"),
        "full_share": share(said("CONFIRMED_FULL"), answered),
        "short": said("SHORT"),
        "not_received": said("NOT_RECEIVED"),
        "silent": said("SILENT"),
    }


def curve(day: date) -> Figure:
    """The share of what is due that was paid by a day."""

    def made(group: Group) -> float:
        due = sum(1 for one in group if one.is_due)
        paid = sum(1 for one in group if one.is_paid and one.paid_on and one.paid_on <= day)
        return paid / due if due else 0.0

    return made


def paid_in_files(folder: Path) -> Iterator[tuple[str, int, date]]:
    """(payment, đồng, day) of each line in which a provider says that it paid, file by file."""
    for path in sorted(folder.glob("*/ket-qua-*")):
        if not path.stem.endswith(("tu-choi", "-dut")):
            for row in lines(path):
                day = _day(row)
                if row["Trạng thái"] in _PAID_WORDS and day is not None:
                    yield row["Mã giao dịch"], _sum(row["Số tiền"]), day


def communes_in_files(folder: Path) -> dict[tuple[str, str], str]:
    """The commune's name of each (month, person) on the monthly lists; the later line counts."""
    found: dict[tuple[str, str], str] = {}
    for path in sorted(folder.glob("*/chi-tra*"), key=lambda one: (one.parent.name, one.stem)):
        if "tu-choi" not in path.name:
            for row in lines(path):
                found[path.parent.name, row["Mã đối tượng"]] = row["Xã/phường"]
    return found


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The numbered lines of a list, by heading."""
    if path.suffix == ".csv":
        text = path.read_text(encoding="utf-8-sig").splitlines()
        rows: list[Sequence[Any]] = list(csv.reader(text, delimiter=";"))
    else:
        book = openpyxl.load_workbook(path, read_only=True)
        assert book.active is not None
        rows = list(book.active.iter_rows(values_only=True))
        book.close()
    titles = rows[4]
    for row in rows[5:]:
        if str(row[0] or "").isdecimal():
            yield dict(zip(titles, row, strict=False))


def _sum(cell: Any) -> int:
    return int(str(cell).replace(".", ""))


def _day(row: Mapping[str, Any]) -> date | None:
    text = next(str(row[name]) for name in row if name in _DAYS)
    day, month, year = (int(part) for part in text.split("/"))
    return None if (day, month) == (31, 2) else date(year, month, day)

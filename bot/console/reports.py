"""Which report an officer asks for, and for which places: an area's office sees its own area."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.compose import Parts
from bot.console.doors import Officer, note_look
from core.calendar import BadCycle, Cycle, local_day
from core.reports.alarms import alarms_report
from core.reports.month import month_found, month_report
from core.reports.progress import progress_found, progress_report
from core.reports.scope import Scope
from core.reports.tables import Report
from core.store.engine import Tx

KINDS: Final = ("month", "progress", "alarms")
# Whose offices write and read reports; a commune's and a provider's desk do not.
_OFFICES: Final = frozenset({"district", "province"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for. `day`: the last day that counts, in Asia/Ho_Chi_Minh."""

    kind: str
    month: Cycle
    day: date


def may_see(officer: Officer) -> bool:
    """Whether reports are this officer's to see."""
    return officer.role in _OFFICES


def wanted(parts: Parts, kind: str, month: str, day: str) -> Wanted:
    """What a form asks for; what cannot be read is this month and today, and no day is ahead."""
    today = local_day(parts.clock.now())
    return Wanted(
        kind if kind in KINDS else "",
        _month(month) or Cycle.of_day(today),
        min(_day(day) or today, today),
    )


def report_for(parts: Parts, officer: Officer, one: Wanted) -> Report:
    """The report of this officer's places; who looked is noted."""
    now = parts.clock.now()
    area = None if officer.sees_everything else officer.place
    day = one.day if one.kind == "progress" else local_day(now)
    scope = Scope(parts.programme, day, area)

    def work(tx: Tx) -> Report:
        if one.kind == "month":
            return month_report(month_found(tx, scope, one.month, now), "vi")
        if one.kind == "progress":
            return progress_report(progress_found(tx, scope, now), "vi")
        return alarms_report(tx, scope, now, "vi")

    subject = f"report:{one.kind}:{one.month if one.kind == 'month' else day}"
    note_look(parts, officer, subject)
    return parts.store.read(work)


def _month(text: str) -> Cycle | None:
    try:
        return Cycle.parse(text)
    except BadCycle:
        return None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None

"""The moments of a month at the office: lists in, frozen, signed, funded, ordered, reported.

All from the programme's own calendar. Time: aware, +07:00.
What does not live here: what is done then (`district.py`).
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from core import pay_days
from core.calendar import Cycle, instant_at
from core.simulation.fates import Times
from core.terms import Programme
from core.working_hours import on_or_after, working_days_after


@dataclass(frozen=True, slots=True)
class Diary:
    """When each thing of a month is done; `agreed` is the day on which people gave consent."""

    agreed: date
    staff: datetime
    registrations: datetime
    registrations_mended: datetime
    payroll: datetime
    payroll_mended: datetime
    changes: datetime
    freeze: datetime
    first_signature: datetime
    second_signature: datetime
    funding: datetime
    instruct: datetime
    reports: tuple[datetime, datetime, datetime]
    close: datetime


def diary(programme: Programme, month: Cycle, times: Times) -> Diary:
    """The diary of a month."""
    before = month.previous()
    registering = on_or_after(programme, before.day(8))
    mending = working_days_after(programme, registering, 2)
    listing = max(pay_days.freeze_day(programme, month), working_days_after(programme, mending, 1))
    funding = max(on_or_after(programme, pay_days.list_day(programme, month)), listing)
    ordering = max(min(on_or_after(programme, month.first_day), times.transfers), funding)
    return Diary(
        agreed=registering - timedelta(days=7),
        staff=instant_at(registering, time(8)),
        registrations=instant_at(registering, time(9)),
        registrations_mended=instant_at(mending, time(9)),
        payroll=instant_at(listing, time(8, 30)),
        payroll_mended=instant_at(listing, time(10, 30)),
        changes=instant_at(listing, time(11, 30)),
        freeze=instant_at(listing, time(14)),
        first_signature=instant_at(listing, time(15)),
        second_signature=instant_at(listing, time(16, 30)),
        funding=instant_at(funding, time(17)),
        # In the morning, before anybody is paid; or once the money is there, if it comes that day.
        instruct=instant_at(ordering, time(18) if ordering == funding else time(7, 30)),
        reports=(
            instant_at(times.transfers, time(16)),
            instant_at(times.cash, time(16)),
            instant_at(times.end, time(16)),
        ),
        close=instant_at(working_days_after(programme, times.end, 1), time(9)),
    )

"""The leakage report of the newest months: one table, for who looks every day."""

from datetime import datetime

from core.calendar import Cycle
from core.reports.leakage import agents, limits_of
from core.reports.scope import Scope
from core.reports.sheets import agents_table
from core.reports.tables import Report, said
from core.store import reports
from core.store.chain import last_block
from core.store.engine import Tx
from core.store.reports import Period


def alarms_report(tx: Tx, scope: Scope, now: datetime, lang: str) -> Report:
    """What people said of each paying agent in the payments of the newest months.

    How many is the programme's to say: people answer for weeks, and older months hide what is new.
    """
    last = Cycle.of_day(scope.day)
    first = last.plus(1 - scope.programme.settings.leakage_months)
    period = Period(scope.programme.tenant, str(first), str(last), now)
    heard = scope.among(reports.heard(tx, period), lambda one: one.commune)
    found = agents(heard, limits_of(scope.programme))
    block = last_block(tx)
    return Report(
        title=said("alarms_title", lang, first=_named(first), last=_named(last)),
        tables=(agents_table(scope.programme, found, scope.day, lang),),
        head=block.hash if block is not None else None,
        at=now,
        totals={"alarms": sum(1 for one in found if one.is_alarm)},
    )


def _named(cycle: Cycle) -> str:
    return f"{cycle.month:02}/{cycle.year}"

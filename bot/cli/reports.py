"""`report progress|month`: the reports of 15/3, 20/6 and 30/11, and of one month."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.lists import Json
from bot.cli.session import Session, session_of
from core.calendar import Cycle, local_day
from core.ledger.reads import cycle_facts
from core.money import dotted
from core.refusals import Code, Refusal
from core.reports.month import month_found, month_report
from core.reports.progress import progress_found, progress_report
from core.reports.scope import Scope
from core.reports.tables import Report, said
from core.reports.workbook import workbook

report = typer.Typer(help="Reports for signature, with charts.", no_args_is_help=True)

Out = Annotated[Path, typer.Option("--out", help="The spreadsheet to write, .xlsx.")]


def add_to(app: typer.Typer) -> None:
    """Put these commands on the command line."""
    app.add_typer(report, name="report")


@report.command()
def progress(
    context: typer.Context,
    out: Out,
    as_of: Annotated[str, typer.Option("--as-of", help="The last day that counts, YYYY-MM-DD.")],
    as_json: Json = False,
) -> None:
    """Write the progress report: from the first month to a day, commune by commune."""
    session = session_of(context)
    parts, now = session.parts, session.parts.clock.now()
    scope = Scope(parts.programme, min(_day(session, as_of), local_day(now)))
    found = parts.store.read(lambda tx: progress_found(tx, scope, now))
    _write(session, progress_report(found, session.lang), out, as_json=as_json)


@report.command()
def month(
    context: typer.Context,
    which: Annotated[str, typer.Argument(metavar="MONTH", help="The month, YYYY-MM.")],
    out: Out,
    as_json: Json = False,
) -> None:
    """Write the report of one month: payments, arrival, failures, what people said."""
    session = session_of(context)
    parts, now = session.parts, session.parts.clock.now()
    cycle = Cycle.parse(which)
    tenant = parts.programme.tenant
    if parts.store.read(lambda tx: cycle_facts(tx, tenant, str(cycle))) is None:
        session.refuse(Refusal(Code.CYCLE_UNKNOWN, {"cycle": str(cycle)}))
    scope = Scope(parts.programme, local_day(now))
    found = parts.store.read(lambda tx: month_found(tx, scope, cycle, now))
    _write(session, month_report(found, session.lang), out, as_json=as_json)


def _write(session: Session, made: Report, out: Path, *, as_json: bool) -> None:
    with session.writing(out):
        out.write_bytes(workbook(made, session.lang))
    if as_json:
        session.json({"file": str(out), "head": made.head} | made.totals)
        return
    sums = made.totals
    session.line(
        said(
            "made_file",
            session.lang,
            file=str(out),
            due=dotted(sums["due"]),
            paid=dotted(sums["paid"]),
            amount=dotted(sums["paid_amount"]),
        )
    )


def _day(session: Session, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        print(said("bad_day", session.lang, day=text), file=session.err)
        raise typer.Exit(2) from None

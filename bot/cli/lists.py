"""`import KIND FILE` and `export KIND`: the files that come and go."""

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.progress import Progress as Bar

from bot.cli.session import REFUSED, WITH_REJECTS, Session, session_of
from bot.officers import active_officer
from bot.papers import (
    OF_OPENINGS,
    Paper,
    Written,
    write_home_list,
    write_minutes,
    write_of_openings,
    write_of_provider,
    write_summary,
)
from bot.sealing import seal
from core.calendar import Cycle, local_day
from core.exchange import (
    accounts,
    adjustments,
    balances,
    cards,
    cells,
    decreases,
    funding,
    id_cards,
    increases,
    papers,
    payroll,
    registrations,
    results,
    unclaimed,
)
from core.exchange.intake import Desk, Kind, nobody_looks, take_in
from core.exchange.quality import quality_of
from core.exchange.quality_file import write_quality
from core.exchange.rejects import reject_file_beside, write_rejects
from core.exchange.verdicts import Report
from core.refusals import Refusal
from core.store.staff import NOBODY
from core.terms import Provider


class ImportKind(StrEnum):
    """The lists that can be taken in."""

    REGISTRATIONS = "registrations"
    PAYROLL = "payroll"
    INCREASES = "increases"
    DECREASES = "decreases"
    ADJUSTMENTS = "adjustments"
    FUNDING = "funding"
    RESULTS = "results"
    UNCLAIMED = "unclaimed"
    BALANCES = "balances"
    ACCOUNTS = "accounts"
    CARDS = "cards"
    PAPERS = "papers"
    ID_CARDS = "id-cards"


_KINDS: Final[dict[ImportKind, Kind]] = {
    ImportKind.REGISTRATIONS: registrations.KIND,
    ImportKind.PAYROLL: payroll.KIND,
    ImportKind.INCREASES: increases.KIND,
    ImportKind.DECREASES: decreases.KIND,
    ImportKind.ADJUSTMENTS: adjustments.KIND,
    ImportKind.FUNDING: funding.KIND,
    ImportKind.RESULTS: results.KIND,
    ImportKind.UNCLAIMED: unclaimed.KIND,
    ImportKind.BALANCES: balances.KIND,
    ImportKind.ACCOUNTS: accounts.KIND,
    ImportKind.CARDS: cards.KIND,
    ImportKind.PAPERS: papers.KIND,
    ImportKind.ID_CARDS: id_cards.KIND,
}
# Their lines are of one provider, and do not say of which.
_OF_A_PROVIDER: Final = frozenset({ImportKind.RESULTS, ImportKind.UNCLAIMED, ImportKind.ACCOUNTS})
# Lists whose lines describe people, and can be good or bad in a way worth a report.
_OF_PEOPLE: Final = frozenset({ImportKind.PAYROLL, ImportKind.REGISTRATIONS})

CycleOption = Annotated[str, typer.Option("--cycle", help="The month, YYYY-MM.")]
ProviderOption = Annotated[
    Provider | None, typer.Option("--provider", help="The provider the file is of.")
]
Json = Annotated[bool, typer.Option("--json", help="JSON lines only.")]
By = Annotated[str, typer.Option("--by", help="The staff code of whoever does it.")]


def add_to(app: typer.Typer) -> None:
    """Put these commands on the command line."""
    app.command("import")(take_list)
    app.command("export")(write_list)


def take_list(
    context: typer.Context,
    kind: ImportKind,
    file: Path,
    cycle: CycleOption,
    provider: ProviderOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would happen; write nothing.")
    ] = False,
    by: By = "",
    quality: Annotated[
        Path | None, typer.Option("--quality", help="Write a data quality report here (.xlsx).")
    ] = None,
    as_json: Json = False,
) -> None:
    """Take in a list; lines that cannot stand go to a reject file beside it."""
    session = session_of(context)
    if kind in _OF_A_PROVIDER and provider is None:
        session.warn("import.provider_missing")
        raise typer.Exit(REFUSED)
    if quality is not None and kind not in _OF_PEOPLE:
        session.warn("import.quality_kind")
        raise typer.Exit(REFUSED)
    desk = _desk(session, kind, cycle, provider, by)
    if quality is not None:
        _write_quality(session, file, desk, quality, quiet=as_json)
    report = _with_bar(session, file, _KINDS[kind], desk, dry_run=dry_run, quiet=as_json)
    if isinstance(report, Refusal):
        session.refuse(report)
    session.rejected = report.rejected
    if not report.is_rehearsal and not report.was_known:
        seal(session.parts)
    rejects = _reject_file(session, file, desk, report)
    _tell(session, report, rejects, as_json=as_json)
    if report.rejected:
        raise typer.Exit(WITH_REJECTS)


def write_list(
    context: typer.Context,
    kind: Paper,
    cycle: CycleOption,
    out: Annotated[Path, typer.Option("--out", help="The file to write.")],
    provider: ProviderOption = None,
    day: Annotated[
        str, typer.Option("--day", help="The day of a home-list, YYYY-MM-DD; default today.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Write a file; nothing in the ledger changes."""
    session = session_of(context)
    visited = _day(session, day)
    with session.writing(out):
        written = _written(session, kind, Cycle.parse(cycle), provider, visited, out)
    if isinstance(written, Refusal):
        session.refuse(written)
    if as_json:
        session.json(written.told)
    else:
        session.say("export.written", file=str(out), rows=written.rows, sha=written.sha256[:12])


def _day(session: Session, text: str) -> date:
    found = cells.day(text) if text else local_day(session.parts.clock.now())
    if isinstance(found, Refusal):
        session.refuse(found)
    return found


def _written(
    session: Session,
    kind: Paper,
    cycle: Cycle,
    provider: Provider | None,
    day: date,
    out: Path,
) -> Written | Refusal:
    if kind is Paper.RECONCILIATION:
        return write_minutes(session.parts, cycle, out, session.lang)
    if kind is Paper.TREASURY_SUMMARY:
        return write_summary(session.parts, cycle, out, session.lang)
    if kind in OF_OPENINGS - {Paper.ACCOUNT_OPENING}:
        return write_of_openings(session.parts, kind, cycle, provider, out)
    if provider is None:
        session.warn("import.provider_missing")
        raise typer.Exit(REFUSED)
    if kind is Paper.ACCOUNT_OPENING:
        return write_of_openings(session.parts, kind, cycle, provider, out)
    if kind is Paper.HOME_LIST:
        return write_home_list(session.parts, cycle, provider, day, out)
    return write_of_provider(session.parts, kind, cycle, provider, out)


def _desk(
    session: Session, kind: ImportKind, cycle: str, provider: Provider | None, by: str
) -> Desk:
    parts = session.parts
    officer = active_officer(parts, by) if by else None
    if isinstance(officer, Refusal):
        session.refuse(officer)
    layout = f"{kind}-{provider}" if kind is ImportKind.RESULTS else str(kind)
    return Desk(
        store=parts.store,
        ledger=parts.ledger,
        programme=parts.programme,
        clock=parts.clock,
        layout=parts.layout(layout),
        cycle=str(Cycle.parse(cycle)),
        provider=provider or "",
        staff=by or NOBODY,
    )


def _with_bar(
    session: Session, file: Path, kind: Kind, desk: Desk, *, dry_run: bool, quiet: bool
) -> Report | Refusal:
    if quiet or not session.out.isatty():
        return take_in(file, kind, desk, rehearse=dry_run, progress=nobody_looks)
    with Bar(transient=True) as bar:
        task = bar.add_task(file.name, total=None)
        return take_in(
            file,
            kind,
            desk,
            rehearse=dry_run,
            progress=lambda done, of: bar.update(task, completed=done, total=of),
        )


def _write_quality(session: Session, file: Path, desk: Desk, out: Path, *, quiet: bool) -> None:
    """The report is written whatever becomes of the list: it is there to mend it."""
    found = quality_of(file, desk)
    if isinstance(found, Refusal):
        session.refuse(found)
    write_quality(out, found, session.lang)
    if not quiet:
        session.say("import.quality", file=str(out), flaws=len(found.findings))


def _reject_file(session: Session, file: Path, desk: Desk, report: Report) -> Path | None:
    if not report.rejects or report.is_rehearsal:
        return None
    path = reject_file_beside(file, session.settings.data_dir)
    write_rejects(path, report, desk.layout, session.lang)
    return path


def _tell(session: Session, report: Report, rejects: Path | None, *, as_json: bool) -> None:
    if as_json:
        session.json(report.as_json() | {"reject_file": str(rejects) if rejects else None})
        return
    if report.was_known:
        session.say("import.known")
    session.say(
        "import.rehearsed" if report.is_rehearsal else "import.done",
        rows=report.rows,
        accepted=report.accepted,
        unchanged=report.unchanged,
        rejected=report.rejected,
    )
    if rejects is not None:
        session.say("import.rejects", file=str(rejects), rejected=report.rejected)

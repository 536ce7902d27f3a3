"""`simulate` and `play`: a synthetic district, and a year of its life in one process."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, NoReturn

import typer
from rich.progress import Progress as Bar

from bot.cli.lists import Json
from bot.cli.session import FAILED, REFUSED, Session, session_of
from bot.compose import PROGRAMMES
from core import wording
from core.calendar import BadCycle, Cycle
from core.exchange.layouts import load_layout
from core.programme import load
from core.simulation.district import make_district
from core.simulation.manifest import Manifest, read_manifest, up_to
from core.simulation.year import Wanted

if TYPE_CHECKING:
    from bot.play import Difference, Played

MOST_PEOPLE: Final = 400_000
MOST_CYCLES: Final = 24
_SHOWN: Final = 20


def add_to(app: typer.Typer) -> None:
    """Put these commands on the command line."""
    app.command()(simulate)
    app.command()(play)


def simulate(
    context: typer.Context,
    people: Annotated[int, typer.Option("--people", help="How many beneficiaries.")],
    seed: Annotated[int, typer.Option("--seed", help="The same seed, the same files.")],
    cycles: Annotated[int, typer.Option("--cycles", help="How many months.")],
    out: Annotated[Path, typer.Option("--out", help="The folder for the files.")],
    first: Annotated[str, typer.Option("--from", help="The first month, YYYY-MM.")] = "",
    as_json: Json = False,
) -> None:
    """Write a synthetic district: its lists and results, and a manifest to play."""
    session = session_of(context)
    folder = PROGRAMMES / session.settings.programme
    programme = load(folder)
    begins = programme.settings.first_cycle
    try:
        start = Cycle.parse(first) if first else begins
    except BadCycle:
        _refuse(session, "simulate.bad_month", month=first)
    if start < begins:
        _refuse(session, "simulate.too_early", first=str(begins))
    if not 1 <= people <= MOST_PEOPLE:
        _refuse(session, "simulate.people", most=MOST_PEOPLE)
    if not 1 <= cycles <= MOST_CYCLES:
        _refuse(session, "simulate.cycles", most=MOST_CYCLES)
    wanted = Wanted(people, seed, cycles, start)
    with session.writing(out):
        if out.exists() and (not out.is_dir() or _is_foreign(out)):
            _refuse(session, "simulate.folder_in_use", folder=str(out))
        made = make_district(programme, lambda name: load_layout(folder, name), wanted, out)
    if as_json:
        session.json(
            {"folder": str(out), "steps": len(made.steps), "expect": len(made.expect)}
            | {"now": made.now.isoformat()}
        )
    else:
        _say(session, "simulate.done", people=people, cycles=cycles, folder=str(out))


def play(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="The folder that simulate wrote.")],
    until: Annotated[str, typer.Option("--until", help="Up to this month, YYYY-MM.")] = "",
    as_json: Json = False,
) -> None:
    """Run a district's manifest, each step at its moment, and compare what came of it."""
    session = session_of(context)
    session.only_in_rehearsal()
    manifest = read_manifest(folder)
    if manifest is None:
        _refuse(session, "play.no_manifest", folder=str(folder))
    if until:
        try:
            manifest = up_to(manifest, Cycle.parse(until))
        except BadCycle:
            _refuse(session, "simulate.bad_month", month=until)
    _play(session, manifest, folder, as_json=as_json)


def _play(session: Session, manifest: Manifest, folder: Path, *, as_json: bool) -> None:
    # `bot.play` runs the whole command line, of which this file is a part.
    from bot.play import Played, differences, play_steps

    count = len(manifest.steps)
    with Bar(transient=True, disable=as_json or not session.out.isatty()) as bar:
        task = bar.add_task("", total=count)

        def watch(played: Played) -> None:
            bar.update(task, completed=played.number, description=" ".join(played.step.args[:3]))
            if as_json:
                session.json(played.as_json())

        stopped = play_steps(session, manifest, folder, watch)
    if stopped is not None:
        _tell_stop(session, stopped, as_json=as_json)
        raise typer.Exit(FAILED)
    wrong = differences(session.parts.store, manifest.expect)
    _tell_end(session, manifest, wrong, as_json=as_json)
    if wrong:
        raise typer.Exit(FAILED)


def _tell_end(
    session: Session, manifest: Manifest, wrong: "Sequence[Difference]", *, as_json: bool
) -> None:
    steps, rows = len(manifest.steps), len(manifest.expect)
    if as_json:
        for one in wrong:
            session.json(one.as_json())
        session.json({"steps": steps, "expect": rows, "differences": len(wrong)})
        return
    for one in wrong[:_SHOWN]:
        _tell_difference(session, one)
    key = "play.done_with_differences" if wrong else "play.done"
    _say(session, key, steps=steps, rows=rows, differences=len(wrong))


def _tell_difference(session: Session, one: "Difference") -> None:
    for name in one.fields:
        _say(
            session,
            "play.differs",
            code=one.expected.code,
            cycle=one.expected.cycle,
            field=name,
            expected=str(getattr(one.expected, name)),
            found=str(getattr(one.found, name)),
        )


def _tell_stop(session: Session, stopped: "Played", *, as_json: bool) -> None:
    if as_json:
        return
    step = stopped.step
    _say(
        session,
        "play.stopped",
        number=stopped.number,
        command=" ".join(step.args),
        at=step.at.isoformat(),
        exit=stopped.exit,
        expected_exit=step.exit,
        rejected=_count(stopped.rejected),
        expected_rejected=_count(step.rejected),
    )
    if stopped.said.strip():
        session.line(stopped.said.strip())


def _count(rejected: int | None) -> str:
    return "-" if rejected is None else str(rejected)


def _is_foreign(folder: Path) -> bool:
    """Whether a folder holds something and it is no district of ours."""
    return any(folder.iterdir()) and read_manifest(folder) is None


def _say(session: Session, key: str, **values: str | int) -> None:
    session.line(wording.text(key, session.lang, "districts", **values))


def _refuse(session: Session, key: str, **values: str | int) -> NoReturn:
    print(wording.text(key, session.lang, "districts", **values), file=session.err)
    raise typer.Exit(REFUSED)

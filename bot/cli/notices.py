"""`notify preview|release|pause|stop`: a cycle's batches of texts; `notify papers` writes one."""

from dataclasses import asdict
from functools import partial
from typing import Annotated

import typer

from bot.cli.lists import By, Json
from bot.cli.session import Session, session_of
from bot.officers import active_officer
from core.calendar import Cycle, cycle_of
from core.money import dotted
from core.refusals import Refusal
from core.store.commit_points import CommitPoint
from core.terms import Release
from notifications import batches, reminders

notify = typer.Typer(help="Batches of payment confirmations.", no_args_is_help=True)

CycleOption = Annotated[str, typer.Option("--cycle", help="The month, YYYY-MM.")]


def add_to(app: typer.Typer) -> None:
    """Put these commands on the command line."""
    app.add_typer(notify, name="notify")


@notify.command()
def preview(context: typer.Context, cycle: CycleOption, by: By = "", as_json: Json = False) -> None:
    """Count messages, segments and đồng before anything leaves."""
    del by
    session = session_of(context)
    parts, month = session.parts, str(Cycle.parse(cycle))
    price = next(gateway.terms.price for gateway in parts.gateways if gateway.channel == "sms")
    seen = parts.store.read(
        lambda tx: batches.preview(tx, parts.programme.tenant, month, price=price)
    )
    if isinstance(seen, Refusal):
        session.refuse(seen)
    if as_json:
        session.json(
            {
                "cycle": month,
                "to_send": seen.to_send,
                "segments": seen.segments,
                "cost": seen.cost,
                "messages": {"/".join(key): count for key, count in seen.messages.items()},
            }
        )
        return
    session.say(
        "notify.preview",
        cycle=month,
        to_send=seen.to_send,
        segments=seen.segments,
        cost=dotted(seen.cost),
    )
    for key, count in sorted(seen.messages.items()):
        session.line(f"  {' / '.join(key)}: {count}")


@notify.command()
def release(context: typer.Context, cycle: CycleOption, by: By, as_json: Json = False) -> None:
    """Let a cycle's confirmations go; not by whoever imported the list.

    In production, where nobody said who imported it, two different people must: the first is
    recorded.
    """
    session = session_of(context)
    parts, month, now = session.parts, str(Cycle.parse(cycle)), session.parts.clock.now()
    _check_officer(session, by)
    done = parts.store.transact(
        partial(
            batches.release,
            programme=parts.programme,
            cycle=month,
            by=by,
            now=now,
            nobody_counts=not parts.release_needs_two,
        ),
        CommitPoint.BATCH,
    )
    _tell(session, "released", month, done, as_json=as_json)


@notify.command()
def pause(context: typer.Context, cycle: CycleOption, by: By, as_json: Json = False) -> None:
    """Hold back what has not left yet."""
    session = session_of(context)
    parts, month, now = session.parts, str(Cycle.parse(cycle)), session.parts.clock.now()
    _check_officer(session, by)
    done = parts.store.transact(
        lambda tx: batches.pause(tx, parts.programme.tenant, month, now=now), CommitPoint.BATCH
    )
    _tell(session, "paused", month, done, as_json=as_json)


@notify.command()
def stop(context: typer.Context, cycle: CycleOption, by: By, as_json: Json = False) -> None:
    """End for good what has not left yet."""
    session = session_of(context)
    parts, month, now = session.parts, str(Cycle.parse(cycle)), session.parts.clock.now()
    _check_officer(session, by)
    done = parts.store.transact(
        lambda tx: batches.stop(tx, parts.programme.tenant, month, now=now), CommitPoint.BATCH
    )
    _tell(session, "stopped", month, done, as_json=as_json)


@notify.command()
def papers(context: typer.Context, by: By, as_json: Json = False) -> None:
    """Remind whoever lacks papers for an account, once a month; somebody else releases it."""
    session = session_of(context)
    parts, now = session.parts, session.parts.clock.now()
    _check_officer(session, by)
    month = str(cycle_of(now))
    written = parts.store.transact(
        partial(
            reminders.remind,
            voice=parts.voice,
            by=by,
            rule=parts.release,
            channels={gateway.channel for gateway in parts.gateways},
            now=now,
        ),
        CommitPoint.BATCH,
    )
    if as_json:
        session.json({"cycle": month, "messages": written})
    elif written:
        is_free = parts.release is Release.AUTOMATIC
        key = "notify.papers.leaving" if is_free else "notify.papers"
        session.say(key, cycle=month, messages=written)
    else:
        session.say("notify.papers.none")


def _check_officer(session: Session, by: str) -> None:
    officer = active_officer(session.parts, by)
    if isinstance(officer, Refusal):
        session.refuse(officer)


def _tell(
    session: Session, verb: str, month: str, done: batches.Acted | Refusal, *, as_json: bool
) -> None:
    if isinstance(done, Refusal):
        # Done again it is still done: scripts rely on it.
        if done.details.get("state") != verb:
            session.refuse(done)
        done = batches.Acted(0, 0)
    if as_json:
        session.json({"cycle": month, **asdict(done)})
        return
    if done.signed:
        session.say("notify.signed", cycle=month, batches=done.signed)
    if done.batches or not done.signed:
        session.say(f"notify.{verb}", cycle=month, batches=done.batches, messages=done.messages)

"""`suspense list|settle`: money that no payment explains, and the way out by two people."""

from typing import Annotated

import typer

from bot.cli.lists import By, Json
from bot.cli.session import Session, session_of
from bot.moves import settle_suspense
from core.calendar import Cycle, local_day
from core.ledger.suspense import Open, Settled, Way, number_of, waiting
from core.money import dotted
from core.refusals import Refusal
from core.wording import short_date

suspense = typer.Typer(help="Money that no payment explains.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Put these commands on the command line."""
    app.add_typer(suspense, name="suspense")


@suspense.command("list")
def show(
    context: typer.Context,
    cycle: Annotated[str, typer.Option("--cycle", help="Only this month, YYYY-MM.")] = "",
    as_json: Json = False,
) -> None:
    """List what stands in suspense, and what the first person proposes."""
    session = session_of(context)
    month = str(Cycle.parse(cycle)) if cycle else None
    parts = session.parts
    found = parts.store.read(lambda tx: waiting(tx, parts.programme.tenant, cycle=month))
    for one in found:
        if as_json:
            session.json(one.as_json())
        else:
            _line(session, one)
    if not found and not as_json:
        session.say("suspense.none")


@suspense.command()
def settle(
    context: typer.Context,
    line: Annotated[
        str, typer.Argument(help="Its number in the list, or the code that the file names.")
    ],
    way: Annotated[
        Way, typer.Option("--as", help="Of a payment, or back to provider or Treasury.")
    ],
    by: By,
    payment: Annotated[
        str, typer.Option("--payment", help="Its transaction code: 2104-HT000123-M-1.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Say what becomes of a line; it is done when a second person says the same."""
    session = session_of(context)
    parts = session.parts
    number = parts.store.read(lambda tx: number_of(tx, parts.programme.tenant, line))
    done = settle_suspense(parts, number, way, payment, by)
    if isinstance(done, Refusal):
        session.refuse(done)
    if as_json:
        session.json(done.as_json())
        return
    _told(session, done)


def _line(session: Session, one: Open) -> None:
    line = one.line
    session.say(
        "suspense.line",
        number=line.number,
        cycle=line.cycle,
        provider=line.provider,
        day=short_date(local_day(line.day)),
        amount=dotted(line.amount),
        reported=one.reported or "-",
    )
    if one.wish is not None:
        way, payment = Way(str(one.wish.body["way"])), str(one.wish.body.get("payment", ""))
        wish = _in_words(session, way, payment)
        session.say("suspense.wish", by=one.wish.by.removeprefix("staff:"), wish=wish)


def _told(session: Session, done: Settled) -> None:
    session.say(
        "suspense.settled" if done.is_done else "suspense.proposed",
        number=done.number,
        amount=dotted(done.amount),
        wish=_in_words(session, done.way, done.payment),
    )


def _in_words(session: Session, way: Way, payment: str) -> str:
    if way is Way.PAYMENT:
        return session.words("suspense.way.payment", payment=payment)
    key = "suspense.way.provider" if way is Way.PROVIDER else "suspense.way.treasury"
    return session.words(key)

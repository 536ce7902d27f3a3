"""`recovery list|forgive`: what was ordered without entitlement, and what becomes of it."""

from typing import Annotated

import typer

from bot.cli.lists import By, Json
from bot.cli.session import Session, session_of
from bot.moves import forgive_recovery
from core.labels import forgiven_name
from core.ledger.forgiving import Forgiven, Why
from core.money import dotted
from core.refusal_words import state_word
from core.refusals import Refusal
from core.store.recoveries import Due, all_dues

recovery = typer.Typer(help="Money that must come back.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Put these commands on the command line."""
    app.add_typer(recovery, name="recovery")


@recovery.command("list")
def show(context: typer.Context, as_json: Json = False) -> None:
    """List every payment that is due back, with what came back of it."""
    session = session_of(context)
    parts = session.parts
    found = parts.store.read(lambda tx: all_dues(tx, parts.programme.tenant))
    for one in found:
        if as_json:
            session.json(
                {"payment": one.code, "cycle": one.month, "state": one.money.value}
                | {"due": one.due, "repaid": one.repaid, "forgiven": one.forgiven}
                | {"left": one.left, "proposed": _proposed(one)}
            )
            continue
        session.say(
            "recovery.line",
            payment=one.code,
            state=state_word("money", one.money.value, session.lang),
            due=dotted(one.due),
            repaid=dotted(one.repaid),
            left=dotted(one.left),
        )
        if one.forgiven:
            session.say("recovery.forgiven_so_far", amount=dotted(one.forgiven))
        if one.wish is not None:
            session.say(
                "recovery.wish",
                by=one.wish.by.removeprefix("staff:"),
                amount=dotted(int(one.wish.body["amount"])),
                why=forgiven_name(str(one.wish.body["reason"]), session.lang),
            )
    if not found and not as_json:
        session.say("recovery.none")


@recovery.command()
def forgive(
    context: typer.Context,
    code: Annotated[str, typer.Argument(help="Its transaction code: 2104-HT000123-M-1.")],
    why: Annotated[Why, typer.Option("--why", help="Why nothing more is asked back.")],
    by: By,
    as_json: Json = False,
) -> None:
    """Forgive the rest of what is due back; it is done when a second person says the same."""
    session = session_of(context)
    done = forgive_recovery(session.parts, code, why, by)
    if isinstance(done, Refusal):
        session.refuse(done)
    if as_json:
        session.json(done.as_json())
        return
    _told(session, done)


def _told(session: Session, done: Forgiven) -> None:
    session.say(
        "recovery.forgiven" if done.is_done else "recovery.proposed",
        payment=done.code,
        amount=dotted(done.amount),
        why=forgiven_name(done.why, session.lang),
    )


def _proposed(one: Due) -> dict[str, object] | None:
    return None if one.wish is None else {"by": one.wish.by, **one.wish.body}

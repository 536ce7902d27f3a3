"""`recovery list`: what was paid or ordered without entitlement, and what came back of it."""

import typer

from bot.cli.lists import Json
from bot.cli.session import session_of
from core.money import dotted
from core.refusal_words import state_word
from core.store.recoveries import all_dues

recovery = typer.Typer(help="Money that must come back.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Put this command on the command line."""
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
                | {"due": one.due, "repaid": one.repaid, "left": one.left}
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
    if not found and not as_json:
        session.say("recovery.none")

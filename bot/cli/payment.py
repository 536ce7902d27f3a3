"""`payment hold|release|held`: payments that are held back before their order, by two people."""

from typing import Annotated

import typer

from bot.cli.lists import By, Json
from bot.cli.session import Session, session_of
from bot.moves import hold_payment, release_payment
from core.calendar import local_day
from core.labels import hold_name
from core.ledger.holding import Held, Why
from core.money import dotted
from core.refusals import Refusal
from core.store.holds import holds
from core.wording import short_date

payment = typer.Typer(help="Payments that are held back.", no_args_is_help=True)
_Code = Annotated[str, typer.Argument(help="Its transaction code: 2104-HT000123-M-1.")]


def add_to(app: typer.Typer) -> None:
    """Put these commands on the command line."""
    app.add_typer(payment, name="payment")


@payment.command()
def hold(
    context: typer.Context,
    code: _Code,
    why: Annotated[Why, typer.Option("--why", help="What is in doubt.")],
    by: By,
    as_json: Json = False,
) -> None:
    """Hold a payment back before its order is given."""
    session = session_of(context)
    _told(session, hold_payment(session.parts, code, why, by), as_json=as_json)


@payment.command()
def release(context: typer.Context, code: _Code, by: By, as_json: Json = False) -> None:
    """Let a payment go that somebody else held."""
    session = session_of(context)
    _told(session, release_payment(session.parts, code, by), as_json=as_json)


@payment.command()
def held(context: typer.Context, as_json: Json = False) -> None:
    """List what is on hold, why, and who held it."""
    session = session_of(context)
    parts = session.parts
    found = parts.store.read(lambda tx: holds(tx, parts.programme.tenant))
    for one in found:
        by = one.by.removeprefix("staff:")
        if as_json:
            session.json(
                {"payment": one.code, "cycle": one.cycle, "amount": one.amount}
                | {"held_from": one.held_from.value, "why": one.why, "by": by}
            )
            continue
        session.say(
            "hold.line",
            payment=one.code,
            amount=dotted(one.amount),
            why=hold_name(one.why, session.lang),
            by=by,
            day=short_date(local_day(one.at)),
        )
    if not found and not as_json:
        session.say("hold.none")


def _told(session: Session, done: Held | Refusal, *, as_json: bool) -> None:
    if isinstance(done, Refusal):
        session.refuse(done)
    if as_json:
        session.json(done.as_json())
        return
    key = "hold.held" if done.is_held else "hold.released"
    session.say(key, payment=done.code, amount=dotted(done.amount))
    if done.unsigned:
        session.say("hold.unsigned", cycle=done.cycle)

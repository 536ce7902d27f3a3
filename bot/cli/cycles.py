"""`cycle status|freeze|approve|instruct|close`: moving a payment cycle."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.differences import tell_everybody
from bot.cli.lists import By, Json, ProviderOption
from bot.cli.session import Session, session_of
from bot.moves import (
    Instructed,
    approve_cycle,
    close_cycle,
    commune_name,
    freeze_cycle,
    instruct_cycle,
)
from core.calendar import Cycle, hanoi, local_day
from core.ledger.comparison import Comparison, comparison
from core.ledger.cycles import Moved
from core.ledger.reads import ProviderFacts, cycle_facts
from core.money import dotted
from core.refusal_words import state_word
from core.refusals import Code, Refusal
from core.store.cycles import unrouted
from core.store.imports import TakenIn, files_of
from core.wording import short_date

cycle = typer.Typer(help="A payment cycle, from list to payment.", no_args_is_help=True)

Month = Annotated[str, typer.Argument(help="The month, YYYY-MM.")]


def add_to(app: typer.Typer) -> None:
    """Put these commands on the command line."""
    app.add_typer(cycle, name="cycle")


@cycle.command()
def status(
    context: typer.Context,
    month: Month,
    changes: Annotated[
        bool, typer.Option("--changes", help="Name everybody whose money changed, and why.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Say where a cycle stands, what each provider has, and what is not as last month."""
    session = session_of(context)
    parts, code = session.parts, str(Cycle.parse(month))
    facts = parts.store.read(lambda tx: cycle_facts(tx, parts.programme.tenant, code))
    if facts is None:
        session.refuse(Refusal(Code.CYCLE_UNKNOWN, {"cycle": code}))
    against = parts.store.read(lambda tx: comparison(tx, parts.programme.tenant, code))
    files = parts.store.read(lambda tx: files_of(tx, parts.programme.tenant, code))
    waiting = parts.store.read(lambda tx: unrouted(tx, parts.programme.tenant, code))
    if as_json:
        listed = [_file_as_json(one) for one in files]
        compared = against.as_json(named=changes) if against else None
        ways = {"unrouted": [one.code for one in waiting]}
        session.json(facts.as_json() | {"comparison": compared, "files": listed} | ways)
        return
    session.say("cycle.state", cycle=code, state=state_word("cycle", facts.state, session.lang))
    for name, provider in facts.providers.items():
        session.say("cycle.provider", provider=name, **_sums_in_words(session, provider))
    for payment in waiting:
        place = commune_name(parts, Cycle.parse(month), payment.commune)
        session.say("cycle.unrouted", payment=payment.code, commune=place)
    for one in files:
        _tell_file(session, one)
    if against is not None:
        _tell_comparison(session, against)
        if changes:
            tell_everybody(session, against, files)


def _tell_file(session: Session, one: TakenIn) -> None:
    about = {
        "kind": f"{one.kind} {one.provider}".strip(),
        "file": one.name or "-",
        "day": short_date(local_day(one.received_at)),
        "time": f"{hanoi(one.received_at):%H:%M}",
        "by": one.staff,
    }
    if not one.is_finished:
        session.say("cycle.file_unfinished", rows=one.rows, **about)
        return
    left = one.rows - one.accepted - one.unchanged
    session.say("cycle.file", accepted=one.accepted, unchanged=one.unchanged, left=left, **about)


def _file_as_json(one: TakenIn) -> dict[str, str | int | bool]:
    """The file for machines."""
    return {
        "kind": one.kind,
        "provider": one.provider,
        "name": one.name,
        "by": one.staff,
        "at": one.received_at.isoformat(),
        "rows": one.rows,
        "accepted": one.accepted,
        "unchanged": one.unchanged,
        "rejected": one.rejected,
        "conflicts": one.conflicts,
        "finished": one.is_finished,
    }


def _tell_comparison(session: Session, against: Comparison) -> None:
    """Each commune that moved, then everybody whom no list explains."""
    month = Cycle.parse(against.cycle)
    session.say("cycle.compared", before=against.before, lists=against.lists)
    for commune, balance in against.balances.items():
        if balance.is_still:
            continue
        session.say(
            "cycle.commune",
            commune=commune_name(session.parts, month, commune),
            **{
                name: _signed(value) if name.endswith("_amount") else value
                for name, value in balance.as_json().items()
            },
        )
    for one in against.unexplained:
        session.say(
            "cycle.unexplained",
            code=one.code,
            commune=commune_name(session.parts, month, one.commune),
            before=dotted(one.before.monthly if one.before else 0),
            now=dotted(one.now.monthly + one.now.arrears if one.now else 0),
            missing=", ".join(session.words(f"missing.{what}") for what in one.missing),
            pay_line=one.pay_line or "-",
        )
    if not against.unexplained:
        session.say("cycle.all_explained")


def _sums_in_words(session: Session, provider: ProviderFacts) -> dict[str, str | int]:
    """What a provider has, as a person reads it."""

    def said(value: str | int) -> str | int:
        if isinstance(value, bool):
            return session.words("answer.yes" if value else "answer.no")
        return dotted(value) if isinstance(value, int) else value

    return {name: said(value) for name, value in provider.as_words().items()}


@cycle.command()
def freeze(context: typer.Context, month: Month, by: By, as_json: Json = False) -> None:
    """Fix how everybody is paid this month."""
    session = session_of(context)
    _tell(session, freeze_cycle(session.parts, Cycle.parse(month), by), as_json=as_json)


@cycle.command()
def approve(context: typer.Context, month: Month, by: By, as_json: Json = False) -> None:
    """Approve the list: the first person is recorded, a second one moves it."""
    session = session_of(context)
    _tell(session, approve_cycle(session.parts, Cycle.parse(month), by), as_json=as_json)


@cycle.command()
def instruct(
    context: typer.Context,
    month: Month,
    by: By,
    out: Annotated[Path, typer.Option("--out", help="The folder for the order files.")],
    provider: ProviderOption = None,
    as_json: Json = False,
) -> None:
    """Write the payment orders of funded providers, and record that they were given."""
    session = session_of(context)
    with session.writing(out):
        done = instruct_cycle(session.parts, Cycle.parse(month), by, out, provider)
    _tell(session, done, as_json=as_json)


@cycle.command()
def close(context: typer.Context, month: Month, by: By, as_json: Json = False) -> None:
    """Close a month that is paid, explained and confirmed by each provider's balance."""
    session = session_of(context)
    _tell(session, close_cycle(session.parts, Cycle.parse(month), by), as_json=as_json)


def _tell(session: Session, done: Moved | Instructed | Refusal, *, as_json: bool) -> None:
    if isinstance(done, Refusal):
        session.refuse(done)
    if as_json:
        session.json(done.as_json())
    elif isinstance(done, Moved):
        session.say(f"cycle.{done.step}", **_in_words(done))
        if done.reissued:
            session.say("cycle.reissued", heads=done.reissued)
    else:
        for move, file in zip(done.moves, done.files, strict=True):
            session.say("cycle.instructed", file=str(file), **_in_words(move))


def _in_words(move: Moved) -> dict[str, str | int]:
    return move.as_words() | {"amount": dotted(move.amount)}


def _signed(amount: int) -> str:
    return f"-{dotted(-amount)}" if amount < 0 else dotted(amount)

"""`ledger verify`, `ledger rebuild --check`, `ledger explain PAYMENT`."""

from typing import Annotated

import typer

from bot.cli.lists import Json
from bot.cli.session import FAILED, REFUSED, Session, session_of
from bot.sealing import heads_file
from core import wording
from core.calendar import hanoi
from core.ledger import chain, projection
from core.ledger.explain import Step, Story, explain
from core.money import dotted
from core.refusal_words import state_word
from core.store.commit_points import CommitPoint

ledger = typer.Typer(help="The ledger: is it whole, and what happened.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Put these commands on the command line."""
    app.add_typer(ledger, name="ledger")


@ledger.command()
def verify(context: typer.Context, as_json: Json = False) -> None:
    """Read the whole ledger again; fail on any change, gap or difference. Seals nothing."""
    session = session_of(context)
    parts = session.parts
    verdict = parts.store.read(lambda tx: chain.verify(tx, heads_file(parts)))
    if as_json:
        session.json(verdict.as_json())
    else:
        for finding in verdict.findings:
            session.line(" ".join(str(value) for value in finding.as_json().values()))
        session.say(
            "ledger.clean" if verdict.is_clean else "ledger.wrong",
            events=verdict.events,
            blocks=verdict.blocks,
            unsealed=verdict.unsealed,
            head=(verdict.head or "")[:16],
            findings=len(verdict.findings),
        )
    if not verdict.is_clean:
        raise typer.Exit(FAILED)


@ledger.command()
def rebuild(
    context: typer.Context,
    check: Annotated[bool, typer.Option("--check", help="Only compare; write nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Fold every payment's events again; with --check say where the projection differs."""
    session = session_of(context)
    store = session.parts.store
    if not check:
        payments = store.transact(projection.rebuild, CommitPoint.REBUILD)
        session.say("ledger.rebuilt", payments=payments)
        return
    findings = store.read(projection.check)
    if as_json:
        session.json({"equal": not findings, "findings": [one.as_json() for one in findings]})
    else:
        session.say("ledger.differs" if findings else "ledger.equal", findings=len(findings))
    if findings:
        raise typer.Exit(FAILED)


@ledger.command("explain")
def tell(
    context: typer.Context,
    payment: Annotated[str, typer.Argument(help="A transaction code: 2104-HT000123-M-1.")],
    as_json: Json = False,
) -> None:
    """The story of one payment, event by event."""
    session = session_of(context)
    story = session.parts.store.read(lambda tx: explain(tx, payment.upper()))
    if story is None:
        session.warn("ledger.no_payment", payment=payment)
        raise typer.Exit(REFUSED)
    if as_json:
        session.json(story.as_json())
        return
    _story(session, story)


def _story(session: Session, story: Story) -> None:
    one = story.payment
    session.say(
        "ledger.payment",
        payment=one.code,
        amount=dotted(one.amount),
        state=state_word("money", one.money, session.lang),
        receipt=state_word("receipt", one.receipt, session.lang),
    )
    if story.parent is not None:
        session.say("ledger.parent", payment=story.parent)
    for again in story.children:
        session.say("ledger.child", payment=again)
    if story.recovery is not None:
        due = story.recovery
        session.say(
            "ledger.recovery" if due.left else "ledger.recovered",
            due=dotted(due.due),
            repaid=dotted(due.repaid),
            left=dotted(due.left),
        )
        if due.forgiven:
            session.say("ledger.forgiven", forgiven=dotted(due.forgiven))
    for step in story.steps:
        session.line(_line(step, session.lang))


def _line(step: Step, lang: str) -> str:
    at = hanoi(step.recorded_at)
    body = " ".join(f"{key}={value}" for key, value in step.body.items() if value is not None)
    day = wording.short_date(hanoi(step.effective_at).date())
    return (
        f"  {step.id:>8}  {day} {at:%H:%M}  {_event(step.type, lang):<28} {step.actor:<20} {body}"
    )


def _event(kind: str, lang: str) -> str:
    """What an event is called; one without a name is its own."""
    key = f"event.{kind}"
    return wording.text(key, lang, "cli") if wording.has(key, lang, "cli") else kind

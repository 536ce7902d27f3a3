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
from core.ledger.findings import Finding, Wrong
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
            _tell(session, finding)
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
        for finding in findings:
            _tell(session, finding)
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


def _tell(session: Session, finding: Finding) -> None:
    told = finding.as_json()
    number = told["number"]
    is_money = finding.wrong is Wrong.PROVIDER_SHORT
    session.say(
        f"ledger.wrong.{finding.wrong}",
        number=dotted(abs(finding.number)) if is_money else number,
        of=told["of"],
    )


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
    """When it was written down; the day that it holds for, where that is another; and the rest."""
    at = hanoi(step.recorded_at)
    day, holds = at.date(), hanoi(step.effective_at).date()
    since = "" if holds == day else wording.short_date(holds)
    body = " ".join(f"{key}={value}" for key, value in step.body.items() if value is not None)
    rest = body if not since else f"{_of_day(since, lang)} {body}".rstrip()
    return (
        f"  {step.id:>8}  {wording.short_date(day)} {at:%H:%M}  "
        f"{_event(step.type, lang):<28} {step.actor:<20} {rest}"
    )


def _of_day(day: str, lang: str) -> str:
    return wording.text("ledger.of_day", lang, "cli", day=day)


def _event(kind: str, lang: str) -> str:
    """What an event is called; one without a name is its own."""
    key = f"event.{kind}"
    return wording.text(key, lang, "cli") if wording.has(key, lang, "cli") else kind

"""`chat`, `understand`, `sms measure`, `sms fold`: words in, words out, on the real flows."""

import hashlib
import json
import secrets
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.lists import Json
from bot.cli.session import FAILED, REFUSED, Session, session_of
from bot.rehearsal import Rehearsal, Said, rehearse
from bot.transcript import BOT, CITIZEN, transcript
from bot.turn import TurnResult
from core.conversation.understanding.decide import understand as understood
from core.refusals import Refusal
from core.store.inbound import Standing
from notifications import sms_text
from notifications.capabilities import CAPABILITIES

sms = typer.Typer(help="SMS texts: their size, and without accents.", no_args_is_help=True)

AsCode = Annotated[
    str,
    typer.Option("--as", help="A beneficiary's code: speak as that person, or who acts for them."),
]
Channel = Annotated[str, typer.Option("--channel", help="web, sms, telegram or zalo.")]
Script = Annotated[Path | None, typer.Option("--script", help="A file with one message a line.")]
AsTest = Annotated[
    bool,
    typer.Option("--test", help="Print the script's talk as a test, as in tests/transcripts."),
]


def add_to(app: typer.Typer) -> None:
    """Put these commands on the command line."""
    app.command()(chat)
    app.command()(understand)
    app.add_typer(sms, name="sms")


def chat(
    context: typer.Context,
    code: AsCode = "",
    channel: Channel = "web",
    script: Script = None,
    as_json: Json = False,
    as_test: AsTest = False,
) -> None:
    """Talk to the real flows in this terminal; in a rehearsal only.

    With --script the talk is printed, as lines of citizen> and bot>, or with --test as a test.
    """
    session = session_of(context)
    session.only_in_rehearsal()
    if as_test and (script is None or as_json):
        session.warn("chat.test_of_a_script")
        raise typer.Exit(REFUSED)
    if channel not in CAPABILITIES:
        session.warn("chat.no_channel", channels=", ".join(CAPABILITIES))
        raise typer.Exit(REFUSED)
    text = None if script is None else _script(session, script)
    talk = rehearse(session.parts, code, channel, _cause(session, text))
    if isinstance(talk, Refusal):
        session.refuse(talk)
    if text is None:
        _by_hand(session, talk, as_json=as_json)
        return
    title = script.stem if script is not None and as_test else ""
    _by_script(session, talk, text, title=title, as_json=as_json)


def understand(context: typer.Context, as_json: Json = False) -> None:
    """What each line of the input wants."""
    session = session_of(context)
    for text in _texts(sys.stdin):
        found = understood(text)
        if as_json:
            session.json(found.as_json())
        else:
            session.line(f"{found.intent}  ({found.decision})")


@sms.command()
def measure(context: typer.Context, as_json: Json = False) -> None:
    """Encoding, units and segments of each line, exactly as it would be sent."""
    session = session_of(context)
    for text in _texts(sys.stdin):
        found = sms_text.measure(text)
        values = {
            "encoding": found.encoding,
            "units": found.units,
            "segments": found.segments,
        }
        if as_json:
            session.json(values)
        else:
            session.line("  ".join(str(value) for value in values.values()))


@sms.command()
def fold(context: typer.Context) -> None:
    """Each line without accents, in letters every phone has."""
    session = session_of(context)
    for line in sys.stdin:
        session.line(sms_text.fold(line.rstrip("\n")))


def _script(session: Session, path: Path) -> str:
    """The text of a script; ends the command where there is none."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        session.warn("chat.not_utf8", file=path.name)
    except OSError:
        session.warn("chat.no_script", file=path.name)
    raise typer.Exit(REFUSED)


def _texts(lines: Iterable[str]) -> Iterable[str]:
    """One text or `{"text": …}` a line."""
    for line in lines:
        bare = line.rstrip("\n")
        if bare.lstrip().startswith("{"):
            try:
                found = json.loads(bare)
            except ValueError:
                yield bare
                continue
            yield str(found["text"]) if isinstance(found, dict) and "text" in found else bare
        else:
            yield bare


def _cause(session: Session, text: str | None) -> str:
    """Each run is a talk of its own; only a step of a manifest, played again, is the same talk."""
    if text is None or not session.is_played:
        return secrets.token_hex(8)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _by_hand(session: Session, talk: Rehearsal, *, as_json: bool) -> None:
    number = 0
    while True:
        try:
            line = input("> ")
        except EOFError:
            return
        number += 1
        _tell(session, line, talk.says(line, number), as_json=as_json, echo=False)


def _by_script(session: Session, talk: Rehearsal, text: str, *, title: str, as_json: bool) -> None:
    """Every line in its turn; with a title the talk is printed once, as a test."""
    said: list[tuple[str, Said]] = []
    for number, line in enumerate(filter(str.strip, text.splitlines()), start=1):
        said.append((line, talk.says(line, number)))
        if not title:
            _tell(session, *said[-1], as_json=as_json, echo=True)
    if title:
        session.line(transcript(title, talk.code, said))
    waiting = sum(one.turn.standing is Standing.UNANSWERED for _, one in said)
    if waiting:
        session.warn("chat.unanswered", count=waiting)
        raise typer.Exit(FAILED)


def _tell(session: Session, line: str, said: Said, *, as_json: bool, echo: bool) -> None:
    if as_json:
        session.json(_as_json(line, said.turn))
        return
    if echo:
        session.line(f"{CITIZEN}{line}")
    for text in said.texts:
        for one in text.splitlines():
            session.line(f"{BOT}{one}")
    for label, _ in said.turn.buttons:
        session.line(f"{BOT}[{label}]")


def _as_json(line: str, result: TurnResult) -> dict[str, Any]:
    return {
        "in": line,
        "out": [
            {"key": part.key, "text": part.text, "facts": list(part.facts)} for part in result.parts
        ],
        "flow": result.flow,
        "pending": result.pending,
    }

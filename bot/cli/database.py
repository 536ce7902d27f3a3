"""`db upgrade`, `db check`, `programme check`, `programme load`, `doctor`."""

from typing import Annotated

import typer

from bot.cli.doctor import findings
from bot.cli.session import FAILED, session_of
from bot.compose import PROGRAMMES
from core.programme import ProgrammeErrors, fingerprint, load
from core.store import schema
from core.store.commit_points import CommitPoint
from core.store.installation import keep_fact

database = typer.Typer(help="The database and its schema.")
programme = typer.Typer(help="The terms of the programme.")

Json = Annotated[bool, typer.Option("--json", help="JSON lines only.")]


def add_to(app: typer.Typer) -> None:
    """Put these commands on the command line."""
    app.add_typer(database, name="db")
    app.add_typer(programme, name="programme")
    app.command()(doctor)


@database.command()
def upgrade(context: typer.Context) -> None:
    """Bring the database to this release's schema and load the programme."""
    session = session_of(context)
    revision = schema.upgrade(session.opened.store)
    session.say("db.upgraded", place=session.settings.database_place, revision=revision)
    _load(context)


@database.command()
def check(context: typer.Context) -> None:
    """Say whether the schema equals the tables of this release."""
    session = session_of(context)
    store = session.opened.store
    found = schema.differences(store)
    for difference in found:
        session.line(difference)
    if found or schema.revision(store) != schema.head():
        session.warn("db.differs", place=session.settings.database_place)
        raise typer.Exit(FAILED)
    session.say("db.matches", revision=schema.head())


@programme.command("check")
def check_programme(context: typer.Context) -> None:
    """Say what is wrong in the programme's files, line by line."""
    session = session_of(context)
    name = session.settings.programme
    try:
        loaded = load(PROGRAMMES / name)
    except ProgrammeErrors as errors:
        session.line(str(errors))
        raise typer.Exit(FAILED) from None
    session.say("programme.fine", name=name, communes=len(loaded.communes))


@programme.command("load")
def load_programme(context: typer.Context) -> None:
    """Record which version of the programme's files this database works by."""
    _load(context)


def _load(context: typer.Context) -> None:
    session = session_of(context)
    parts = session.parts
    mark = fingerprint(parts.programme_folder)
    name = session.settings.programme
    parts.store.transact(
        lambda tx: keep_fact(tx, "programme", f"{name} {mark}"), CommitPoint.INSTALL
    )
    session.say("programme.loaded", name=name, mark=mark[:12])


def doctor(context: typer.Context, as_json: Json = False) -> None:
    """What is missing before going live."""
    session = session_of(context)
    found = findings(session)
    for one in found:
        if as_json:
            session.json({"check": one.check, "ok": one.ok, "detail": one.detail})
        else:
            session.say(
                "doctor.fine" if one.ok else "doctor.missing", check=one.check, detail=one.detail
            )
    if not all(one.ok for one in found):
        raise typer.Exit(FAILED)

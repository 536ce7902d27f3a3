"""`staff add|reset|disable` and `link-code`: officers, and printed codes for citizens."""

from enum import StrEnum
from typing import Annotated

import typer

from bot.cli.lists import Json
from bot.cli.session import session_of
from bot.link_codes import issue_link_code
from bot.officers import add_officer, disable_officer, reset_officer
from core.refusals import Refusal

staff = typer.Typer(help="Officers.", no_args_is_help=True)


class Role(StrEnum):
    """What an officer does."""

    COMMUNE = "commune"
    DISTRICT = "district"
    PROVIDER = "provider"
    PROVINCE = "province"


CodeArgument = Annotated[str, typer.Argument(help="The officer's code.")]


def add_to(app: typer.Typer) -> None:
    """Put these commands on the command line."""
    app.add_typer(staff, name="staff")
    app.command("link-code")(link_code)


@staff.command()
def add(
    context: typer.Context,
    code: CodeArgument,
    role: Annotated[Role, typer.Option("--role")],
    place: Annotated[str, typer.Option("--place", help="Commune, area or provider; * for all.")],
    no_login: Annotated[
        bool, typer.Option("--no-login", help="Signs lists, opens no page.")
    ] = False,
) -> None:
    """Add an officer; the first password is shown once."""
    session = session_of(context)
    done = add_officer(session.parts, code, role, place, may_sign_in=not no_login)
    if isinstance(done, Refusal):
        session.refuse(done)
    session.say("staff.added" if done.is_new else "staff.there", code=code)
    if done.password:
        session.say("staff.password", password=done.password)


@staff.command()
def reset(context: typer.Context, code: CodeArgument) -> None:
    """Give an officer a new password and end every session."""
    session = session_of(context)
    done = reset_officer(session.parts, code)
    if isinstance(done, Refusal):
        session.refuse(done)
    session.say("staff.password", password=done.password or "")


@staff.command()
def disable(context: typer.Context, code: CodeArgument) -> None:
    """End an officer's access; what the officer did stays."""
    session = session_of(context)
    done = disable_officer(session.parts, code)
    if isinstance(done, Refusal):
        session.refuse(done)
    session.say("staff.disabled", code=code)


def link_code(
    context: typer.Context,
    code: Annotated[str, typer.Argument(help="The beneficiary's code.")],
    by: Annotated[str, typer.Option("--by", help="Who hands it over.")] = "cli",
    as_json: Json = False,
) -> None:
    """A one-time code to print, with its QR, for a beneficiary to link a chat with."""
    session = session_of(context)
    done = issue_link_code(session.parts, code, by)
    if isinstance(done, Refusal):
        session.refuse(done)
    if as_json:
        session.json(
            {
                "code": done.code,
                "link": done.link,
                "telegram": done.telegram,
                "expires_at": done.expires_at,
            }
        )
        return
    session.say("link_code.issued", code=done.code, until=done.until, link=done.link)
    if done.telegram:
        session.say("link_code.telegram", link=done.telegram)
    session.line(done.qr)

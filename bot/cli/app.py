"""The command line: one application, its groups in files of their own.

Exit codes: 0 done, 1 failed, 2 usage or refused, 3 done with rejected rows.
"""

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from bot.cli import (
    cycles,
    database,
    districts,
    ledger,
    lists,
    notices,
    payment,
    processes,
    recovery,
    reports,
    staff,
    suspense,
    talk,
)
from bot.cli.session import FAILED, REFUSED, Session
from core.calendar import BadCycle
from core.clock import BadInstant, parse_instant
from core.faults import Fault
from core.settings import BadSetting
from core.wording import fault_text

app = typer.Typer(
    name="python -m bot",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Chi Trả: trợ lý chi trả trợ cấp xã hội. Payment assistant for social benefits.",
)
payments = (lists, cycles, payment, suspense, recovery, reports)
for group in (processes, database, districts, *payments, talk, ledger, notices, staff):
    group.add_to(app)


@app.callback()
def _options(
    now: Annotated[
        str, typer.Option("--now", help="The clock starts here (ISO 8601); not in production.")
    ] = "",
) -> None:
    """Options that every command takes; `main` has read them before the command runs."""
    del now


def main(argv: Sequence[str]) -> int:
    """The exit code of one command line."""
    now, rest = _hoisted(list(argv), "--now")
    session = Session()
    try:
        session.now = parse_instant(now) if now else None
        return run(session, rest)
    except (BadSetting, BadCycle, BadInstant) as error:
        print(fault_text(error, _lang(session)), file=sys.stderr)
        return REFUSED
    except Fault as error:
        print(fault_text(error, _lang(session)), file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        return FAILED
    finally:
        session.close()


def run(session: Session, argv: Sequence[str]) -> int:
    """The exit code of one command run in an existing session (`play` runs many).

    Raises: Fault.
    """
    session.rejected = None
    command = typer.main.get_command(app)
    try:
        outcome = command.main(list(argv), standalone_mode=False, obj=session, prog_name="bot")
    except typer.Exit as ended:
        return ended.exit_code
    except Exception as error:
        shown = getattr(error, "show", None)
        if shown is None:
            raise
        shown()
        return REFUSED
    return outcome if isinstance(outcome, int) else 0


def _lang(session: Session) -> str:
    """The operator's language, as far as it is known."""
    try:
        return session.lang
    except Fault:
        return "vi"


def _hoisted(argv: list[str], option: str) -> tuple[str | None, list[str]]:
    """The value of an option wherever it stands, and the line without it."""
    for place, word in enumerate(argv):
        if word == option and place + 1 < len(argv):
            return argv[place + 1], argv[:place] + argv[place + 2 :]
        if word.startswith(f"{option}="):
            return word.partition("=")[2], argv[:place] + argv[place + 1 :]
    return None, argv

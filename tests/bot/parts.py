"""A whole process put together for a test: real settings, a real store, a clock that is moved."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

from bot.cli.app import run
from bot.cli.session import Session
from core.clock import PlayClock
from core.settings import Language, Settings

PAY_DAY = datetime(2021, 4, 9, 2, 0, tzinfo=UTC)


class Office:
    """A command line at a desk: what it prints is kept, its clock is moved by hand."""

    def __init__(self, url: str, folder: Path, at: datetime = PAY_DAY) -> None:
        self.clock = PlayClock(at)
        self.out, self.err = StringIO(), StringIO()
        self.session = Session(
            clock=self.clock,
            out=self.out,
            err=self.err,
            given_settings=Settings(database_url=url, data_dir=folder),
        )

    def types(self, *words: str | Path) -> int:
        """The exit code of one command line."""
        self.out.truncate(0)
        self.out.seek(0)
        self.err.truncate(0)
        self.err.seek(0)
        return run(self.session, [str(word) for word in words])

    def does(self, commands: Sequence[Sequence[str | Path]]) -> None:
        """Commands that all end well."""
        for words in commands:
            assert self.types(*words) == 0, (words, self.err.getvalue())

    def reads(self, lang: Language) -> None:
        """Whoever sits here reads this language from now on."""
        settings = replace(self.session.settings, lang=lang)
        self.session.close()
        self.session = Session(
            clock=self.clock, out=self.out, err=self.err, given_settings=settings
        )

    def close(self) -> None:
        self.session.close()

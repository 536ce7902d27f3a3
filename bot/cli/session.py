"""What one command line carries: its settings, its parts once needed, and where it prints.

`play` runs many commands with one session, which is why commands take their clock, database and
output from here and never from the machine.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, NoReturn, TextIO

import typer

from bot.compose import Parts, compose
from core import settings as settings_of
from core import wording
from core.clock import Clock
from core.refusal_words import in_words
from core.refusals import Refusal
from core.settings import Settings
from core.store import schema
from core.store.engine import CommitWatcher, nobody_watches

DONE: Final = 0
FAILED: Final = 1
REFUSED: Final = 2
WITH_REJECTS: Final = 3


@dataclass
class Session:
    """One run of the command line."""

    now: datetime | None = None
    out: TextIO = field(default_factory=lambda: sys.stdout)
    err: TextIO = field(default_factory=lambda: sys.stderr)
    clock: Clock | None = None
    watch: CommitWatcher = nobody_watches
    given_settings: Settings | None = None
    # Whether the steps of a manifest run: a step done before is the same step, and adds nothing.
    is_played: bool = False
    # What the last list command rejected; `play` compares it with its manifest.
    rejected: int | None = None
    _parts: Parts | None = None
    _is_ready: bool = False

    @property
    def settings(self) -> Settings:
        """The settings of this process, with the clock of `--now` in them.

        Raises: BadSetting.
        """
        if self.given_settings is None:
            loaded = settings_of.load()
            if self.now is not None:
                if loaded.is_production:
                    raise settings_of.NotInProduction(key="--now")
                loaded = replace(loaded, now=self.now)
            self.given_settings = loaded
        return self.given_settings

    @property
    def parts(self) -> Parts:
        """The parts of this process, on a database of this release's schema.

        On any other database the command ends: it says to upgrade, with the exit code of a refusal.
        """
        parts = self.opened
        if not self._is_ready:
            if schema.revision(parts.store) != schema.head():
                self.warn("process.no_schema", place=self.settings.database_place)
                raise typer.Exit(REFUSED)
            self._is_ready = True
        return parts

    @property
    def opened(self) -> Parts:
        """The same parts whatever the schema, for what brings the database there or looks at it."""
        if self._parts is None:
            self._parts = compose(self.settings, clock=self.clock, watch=self.watch)
        return self._parts

    def turn_to(self, settings: Settings, clock: Clock | None = None) -> None:
        """Work with other settings from now on; what was open is closed first."""
        self.close()
        self.given_settings, self.clock = settings, clock

    @property
    def lang(self) -> str:
        """The language that operators read."""
        return self.settings.lang.value

    def say(self, key: str, **values: str | int) -> None:
        """Print a sentence of the `cli` catalogue."""
        print(wording.text(key, self.lang, "cli", **values), file=self.out)

    def words(self, key: str, **values: str | int) -> str:
        """A word of the `cli` catalogue, to stand in a sentence."""
        return wording.text(key, self.lang, "cli", **values)

    def warn(self, key: str, **values: str | int) -> None:
        """Print a sentence of the `cli` catalogue where errors go."""
        print(wording.text(key, self.lang, "cli", **values), file=self.err)

    def line(self, text: str) -> None:
        """Print a line that is no sentence: a table row, a code, an address."""
        print(text, file=self.out)

    def json(self, value: Mapping[str, Any]) -> None:
        """Print one JSON line."""
        print(json.dumps(value, ensure_ascii=False, default=_plain), file=self.out, flush=True)

    def refuse(self, refusal: Refusal) -> NoReturn:
        """Say what is refused and how to mend it, and end with the exit code of a refusal."""
        print(refusal_text(refusal, self.lang), file=self.err)
        raise typer.Exit(REFUSED)

    @contextmanager
    def writing(self, place: Path) -> Iterator[None]:
        """End the command with a sentence where nothing can be written at `place`."""
        try:
            yield
        except OSError:
            self.warn("process.cannot_write", place=str(place))
            raise typer.Exit(REFUSED) from None

    def only_in_rehearsal(self) -> None:
        """End the command with the reason, where real people may be on the other side."""
        if self.settings.is_production:
            self.warn("process.not_in_production")
        elif not self.settings.is_loopback:
            self.warn("process.not_loopback", host=self.settings.host)
        else:
            return
        raise typer.Exit(REFUSED)

    def close(self) -> None:
        """Let go of what was opened."""
        if self._parts is not None:
            self._parts.close()
            self._parts = None
            self._is_ready = False


def _plain(value: object) -> str:
    """What JSON has no form for: instants and days in ISO 8601, anything else as its text."""
    return value.isoformat() if isinstance(value, date) else str(value)


def refusal_text(refusal: Refusal, lang: str) -> str:
    """A refusal in words: what is wrong, then how to mend it."""
    return " ".join(in_words(refusal, lang))


def session_of(context: typer.Context) -> Session:
    """The session of the command that is running."""
    session = context.find_root().obj
    assert isinstance(session, Session)  # noqa: S101  set by `main` and `play`, nowhere else
    return session

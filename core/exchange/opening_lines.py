"""What lines about accounts being opened have in common: whom they are about, and writing them.

What does not live here: what each list says (`papers.py`, `accounts.py`, `cards.py`, …).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, Protocol, TypeVar

from core.calendar import instant_at, local_day
from core.exchange import cells
from core.exchange.intake import Desk, Line
from core.exchange.layouts import Row
from core.exchange.reading import Reading
from core.exchange.verdicts import Problem
from core.ledger.account_rules import same_name
from core.ledger.openings import Word, write_words
from core.refusals import Code, Refusal
from core.store.engine import Tx
from core.store.openings import OpeningRow, openings_for_update
from core.store.people import BeneficiaryRow, beneficiaries_by_code, names_of


class OpeningLine(Line, Protocol):
    """A line about one beneficiary's opening."""

    @property
    def code(self) -> str:
        """The beneficiary."""

    @property
    def name(self) -> str:
        """Who is to hold the account, as the list names them; empty where it does not."""


L = TypeVar("L", bound=OpeningLine)


@dataclass(frozen=True, slots=True)
class About:
    """What the database knows about the people of some lines."""

    tx: Tx
    desk: Desk
    source: str
    known: Mapping[str, BeneficiaryRow]
    openings: Mapping[int, OpeningRow]
    names: Mapping[int, str] = field(repr=False)

    def opening_of(self, code: str) -> OpeningRow | None:
        """The opening of a beneficiary."""
        return self.openings.get(self.known[code].id) if code in self.known else None


def code_in(reading: Reading) -> str:
    """The beneficiary's code."""
    return reading.value("code", cells.beneficiary_code(reading.text("code")), "")


def day_in(reading: Reading, desk: Desk) -> date:
    """The day of the line, which has been; without one it is today."""
    today = local_day(desk.clock.now())
    return reading.day_until("day", today) if reading.text("day") else today


def word_in(reading: Reading, desk: Desk, name: str) -> str:
    """Our word for what the list says in a column.

    Refuses: STATUS_UNKNOWN.
    """
    word = desk.layout.word(name, reading.text(name))
    if word is None:
        reading.refuse(name, Refusal(Code.STATUS_UNKNOWN))
    return word or ""


def no_disagreements(pairs: Sequence[tuple[Row, Any]], desk: Desk) -> Mapping[int, Problem]:
    """Lines of one file follow one another: the life of an opening says which may."""
    del pairs, desk
    return {}


def write_lines(
    tx: Tx,
    lines: Sequence[L],
    desk: Desk,
    source: str,
    say: Callable[[L, About], Word | Problem],
    *,
    actor: str = "",
) -> list[Problem | None]:
    """Write what each line says; a Problem where the database knows better.

    `actor`: who says so; the officer who takes the list in where it is not given.
    """
    known = beneficiaries_by_code(tx, sorted({line.code for line in lines}))
    openings = openings_for_update(tx, [row.id for row in known.values()])
    holders = {row.person_id for row in openings.values()}
    about = About(tx, desk, source, known, openings, names_of(tx, holders))
    said = [_said(line, about, say) for line in lines]
    words = [one for one in said if isinstance(one, Word)]
    actor = actor or f"staff:{desk.staff}"
    done = iter(write_words(tx, desk.ledger, desk.programme, words, actor=actor))
    problems = list[Problem | None]()
    for one in said:
        if isinstance(one, Problem):
            problems.append(one)
            continue
        outcome = next(done)
        problems.append(Problem("status", outcome) if isinstance(outcome, Refusal) else None)
    return problems


def _said(line: L, about: About, say: Callable[[L, About], Word | Problem]) -> Word | Problem:
    if line.code not in about.known:
        return Problem("code", Refusal(Code.BENEFICIARY_NOT_LISTED, {"code": line.code}))
    return say(line, about)


def named_opening(line: OpeningLine, about: About) -> OpeningRow | Problem:
    """The opening that a line is about.

    Refuses: OPENING_UNKNOWN; OPENING_OTHER_NAME, since a code mistyped by one digit is somebody
    else's and the name beside it tells.
    """
    opening = about.opening_of(line.code)
    if opening is None:
        return Problem("code", Refusal(Code.OPENING_UNKNOWN))
    if line.name and not same_name(line.name, about.names[opening.person_id]):
        return Problem("name", Refusal(Code.OPENING_OTHER_NAME))
    return opening


def happened(day: date) -> datetime:
    """The beginning of a day in Hà Nội, as an instant."""
    return instant_at(day, time())

"""The list of papers (danh sách thiếu giấy tờ): who has all, who lacks which, who wants no account.

The commune's review. A person stands once; the list comes again as often as papers are brought.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Final

from core import places
from core.calendar import Cycle, local_day
from core.exchange import cells
from core.exchange.intake import Desk, Kind
from core.exchange.layouts import Row
from core.exchange.opening_lines import (
    About,
    code_in,
    day_in,
    happened,
    no_disagreements,
    word_in,
    write_lines,
)
from core.exchange.reading import Reading
from core.exchange.verdicts import Problem
from core.ledger.events import EventType
from core.ledger.opening import Paper
from core.ledger.openings import Word
from core.ledger.reviewing import Beside, Review, beside, reviewed
from core.people import Role
from core.refusals import Code, Refusal
from core.store.engine import Tx
from core.store.people import beneficiaries_by_code

_EVENTS: Final = {
    "eligible": EventType.OPENING_ELIGIBLE,
    "missing": EventType.OPENING_MISSING,
    "waiting_id": EventType.OPENING_WAITING_ID,
    "not_wanted": EventType.OPENING_NOT_WANTED,
    "unreviewed": EventType.OPENING_LISTED,
}
_WAITING: Final = "waiting_id"
_WITH_PAPERS: Final = frozenset({"missing", _WAITING})


@dataclass(frozen=True, slots=True)
class PapersLine:
    """What the commune found. `due`: the last day for what is missing; days in Hà Nội."""

    cycle: str
    code: str
    name: str
    role: Role
    status: str
    missing: tuple[Paper, ...]
    due: date | None
    day: date
    # As the list gives it: a line that names no day is the same line tomorrow.
    said_on: str

    @property
    def amount(self) -> int:
        """Papers move no money."""
        return 0

    def natural_key(self, tx: Tx) -> str:
        """The month, the beneficiary, and (blindly) what was found when."""
        mark = tx.sealer.index(self.content(), purpose="row")
        return f"papers:{self.cycle}:{self.code}:{mark}"

    def content(self) -> str:
        """Everything that counts in the line."""
        said = (self.role, self.status, *self.missing, self.due, self.said_on)
        return "|".join(str(one) for one in said)


def judge(row: Row, desk: Desk) -> PapersLine | Problem:
    """The line, or the first thing that is wrong in it."""
    reading = Reading(row)
    status = word_in(reading, desk, "status")
    due = row.text("due")
    line = PapersLine(
        cycle=desk.cycle,
        code=code_in(reading),
        name=row.text("name"),
        role=_role(reading, desk),
        status=status,
        missing=_missing(reading, desk),
        due=reading.value("due", cells.day(due), None) if due else None,
        day=day_in(reading, desk),
        said_on=row.text("day"),
    )
    no_id = status == _WAITING and Paper.CITIZEN_ID not in line.missing
    if (status in _WITH_PAPERS) is not bool(line.missing) or no_id:
        reading.refuse("missing", Refusal(Code.PAPERS_UNCLEAR))
    return reading.problem or line


def write(tx: Tx, lines: Sequence[PapersLine], desk: Desk, source: str) -> list[Problem | None]:
    """Write each review; a Problem where the database knows better."""
    known = beneficiaries_by_code(tx, sorted({line.code for line in lines}))
    there = beside(tx, list(known.values()))
    return write_lines(tx, lines, desk, source, partial(_said, there))


def _said(there: Beside, line: PapersLine, about: About) -> Word | Problem:
    beneficiary, desk = about.known[line.code], about.desk
    review = Review(
        beneficiary=beneficiary,
        role=line.role,
        name=line.name,
        event=_EVENTS[line.status],
        missing=line.missing,
        due=line.due,
        at=happened(line.day),
        file=about.source,
    )
    day = Cycle.parse(desk.cycle).first_day
    area = places.area_of(desk.programme, beneficiary.commune, day)
    word = reviewed(
        there,
        desk.programme,
        review,
        about.opening_of(line.code),
        area=area.code if area is not None else "",
        today=local_day(desk.clock.now()),
    )
    return Problem("code", word) if isinstance(word, Refusal) else word


def _role(reading: Reading, desk: Desk) -> Role:
    text = reading.text("role")
    word = desk.layout.word("role", text) if text else Role.SELF
    if word is None:
        reading.refuse("role", Refusal(Code.ROLE_UNKNOWN))
    return Role(word or Role.SELF)


def _missing(reading: Reading, desk: Desk) -> tuple[Paper, ...]:
    found = []
    for part in reading.text("missing").replace(";", ",").replace("\n", ",").split(","):
        if not part.strip():
            continue
        word = desk.layout.word("missing", part)
        if word is None:
            reading.refuse("missing", Refusal(Code.PAPER_UNKNOWN, {"paper": part.strip()}))
        else:
            found.append(Paper(word))
    return tuple(sorted(set(found)))


KIND = Kind(name="papers", judge=judge, disagreements=no_disagreements, write=write)

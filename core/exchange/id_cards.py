"""What the police say of identity cards (kết quả cấp CCCD): taken up, issued, not issued.

A card that was issued takes itself off the papers that are missing; with the last one the opening
is eligible. The number on the list becomes the person's.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Final

from core.citizen_ids import citizen_id
from core.exchange import cells
from core.exchange.intake import Desk, Kind
from core.exchange.layouts import Row
from core.exchange.opening_lines import (
    About,
    code_in,
    day_in,
    happened,
    named_opening,
    no_disagreements,
    word_in,
    write_lines,
)
from core.exchange.reading import Reading
from core.exchange.verdicts import Problem
from core.ledger.events import EventType, Value
from core.ledger.opening import OpeningState, Paper
from core.ledger.openings import Word
from core.refusals import Code, Refusal
from core.store.engine import Tx
from core.store.openings import openings_for_update
from core.store.people import beneficiaries_by_code, give_citizen_ids, people_by_citizen_id

_TAKEN_UP: Final = "taken_up"
_ISSUED: Final = "issued"
_WAITS: Final = frozenset({OpeningState.MISSING, OpeningState.WAITING_ID})


@dataclass(frozen=True, slots=True)
class IdCardLine:
    """What the police say of one card. `day`, `ready`: days in Hà Nội."""

    code: str
    name: str = field(repr=False)
    result: str
    number: str | None = field(repr=False)
    ready: date | None
    day: date

    @property
    def amount(self) -> int:
        """An identity card moves no money."""
        return 0

    def natural_key(self, tx: Tx) -> str:
        """The beneficiary, and what is said until when."""
        del tx
        return f"id-card:{self.code}:{self.result}:{self.ready or ''}"

    def content(self) -> str:
        """Everything that counts in the line."""
        return str(self.number)


def judge(row: Row, desk: Desk) -> IdCardLine | Problem:
    """The line, or the first thing that is wrong in it."""
    reading = Reading(row)
    number, ready = row.text("new_id"), row.text("ready")
    line = IdCardLine(
        code=code_in(reading),
        name=row.text("name"),
        result=word_in(reading, desk, "result"),
        number=reading.value("new_id", citizen_id(number), None) if number else None,
        ready=reading.value("ready", cells.day(ready), None) if ready else None,
        day=day_in(reading, desk),
    )
    return reading.problem or line


def write(tx: Tx, lines: Sequence[IdCardLine], desk: Desk, source: str) -> list[Problem | None]:
    """Write each result; a Problem where the database knows better."""
    owners = {
        number: set(ids)
        for number, ids in people_by_citizen_id(
            tx, {line.number for line in lines if line.number is not None}
        ).items()
    }
    problems = write_lines(tx, lines, desk, source, partial(_said, owners))
    about = {line.code: line for line, problem in zip(lines, problems, strict=True) if not problem}
    _take_numbers(tx, about)
    return problems


def _said(owners: dict[str, set[int]], line: IdCardLine, about: About) -> Word | Problem:
    opening = named_opening(line, about)
    if isinstance(opening, Problem):
        return opening
    if opening.state not in _WAITS or Paper.CITIZEN_ID.value not in opening.missing:
        return Problem("result", Refusal(Code.OPENING_HAS_ID))
    if line.number is not None:
        # Lines of this file count too: the first one takes the number.
        holders = owners.setdefault(line.number, set())
        if holders - {opening.person_id}:
            return Problem("new_id", Refusal(Code.CITIZEN_ID_TAKEN))
        holders.add(opening.person_id)
    missing = opening.missing
    if line.result == _ISSUED:
        missing = tuple(one for one in missing if one != Paper.CITIZEN_ID)
    body: dict[str, Value | None] = {"file": about.source, "id_card": line.result}
    body |= {"ready": line.ready.isoformat() if line.ready else None}
    body |= dict.fromkeys(missing, 1)
    return Word(
        beneficiary_id=opening.beneficiary_id,
        event=_event(line, missing),
        at=happened(line.day),
        body=body,
        changes={"missing": missing, "due_on": line.ready or opening.due_on if missing else None},
    )


def _event(line: IdCardLine, missing: Sequence[str]) -> EventType:
    if line.result == _TAKEN_UP:
        return EventType.OPENING_WAITING_ID
    return EventType.OPENING_MISSING if missing else EventType.OPENING_ELIGIBLE


def _take_numbers(tx: Tx, lines: dict[str, IdCardLine]) -> None:
    known = beneficiaries_by_code(tx, sorted(lines))
    openings = openings_for_update(tx, [row.id for row in known.values()])
    numbers = {}
    for code, line in lines.items():
        opening = openings[known[code].id]
        if line.number is not None and line.result == _ISSUED:
            numbers[opening.person_id] = line.number
    give_citizen_ids(tx, numbers)


KIND = Kind(name="id-cards", judge=judge, disagreements=no_disagreements, write=write)

"""Where cards are (danh sách thẻ): printed, at the commune, in the holder's hands.

Lists come late and out of order: a later word proves the earlier ones (docs/decisions/0131).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

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
from core.ledger.events import EventType
from core.ledger.openings import Word
from core.store.engine import Tx

_EVENTS: Final = {
    "printed": EventType.CARD_PRINTED,
    "at_commune": EventType.CARD_AT_COMMUNE,
    "handed": EventType.CARD_HANDED,
    "credited": EventType.FIRST_CREDIT_OK,
}


@dataclass(frozen=True, slots=True)
class CardLine:
    """Where one card is. `day` is a day in Hà Nội."""

    code: str
    name: str = field(repr=False)
    status: str
    day: date

    @property
    def amount(self) -> int:
        """A card moves no money."""
        return 0

    def natural_key(self, tx: Tx) -> str:
        """The beneficiary, and where the card is: each is reached once."""
        del tx
        return f"card:{self.code}:{self.status}"

    def content(self) -> str:
        """Said again on another day, it is the same."""
        return self.status


def judge(row: Row, desk: Desk) -> CardLine | Problem:
    """The line, or the first thing that is wrong in it."""
    reading = Reading(row)
    line = CardLine(
        code=code_in(reading),
        name=row.text("name"),
        status=word_in(reading, desk, "status"),
        day=day_in(reading, desk),
    )
    return reading.problem or line


def write(tx: Tx, lines: Sequence[CardLine], desk: Desk, source: str) -> list[Problem | None]:
    """Write where each card is; a Problem where the database knows better."""
    return write_lines(tx, lines, desk, source, _said)


def _said(line: CardLine, about: About) -> Word | Problem:
    opening = named_opening(line, about)
    if isinstance(opening, Problem):
        return opening
    return Word(
        beneficiary_id=opening.beneficiary_id,
        event=_EVENTS[line.status],
        at=happened(line.day),
        body={"file": about.source},
    )


def rank(line: CardLine) -> int:
    """The steps of a card in their order, however the list has them."""
    return list(_EVENTS).index(line.status)


KIND = Kind(name="cards", judge=judge, disagreements=no_disagreements, write=write, rank=rank)

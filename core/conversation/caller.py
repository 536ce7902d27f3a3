"""Who writes: an address, how sure we are of who is behind it, and whom they may ask for.

What does not live here: what a standing allows (`core/people.py`), and how a caller is found
(`core/store/callers.py`).
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from core.people import LINKED, Ward

_OLD: Final = 75
_ELDER: Final = 55


class Form(StrEnum):
    """How a person is spoken to (xưng hô); never guessed from a name."""

    STRANGER = "stranger"
    YOUNGER = "younger"
    ELDER = "elder"
    OLD = "old"


@dataclass(frozen=True, slots=True)
class Caller:
    """One address at this moment. `level` 0: nobody we know; 1: number on file; 2: linked by code.

    `level` is that of the surest person here; on a shared phone others may be less sure, so what
    concerns a ward asks `level_for`. `person_ids`: surest first. `today`: a day in
    Asia/Ho_Chi_Minh. `subject`: what the running flow is about (a flow begun by a wish: the
    intent). `accents`: None unless the person asked for it or against it. `about`: the code of the
    ward that a rehearsal speaks of; empty at every real address.
    """

    contact_id: int
    channel: str
    today: date
    level: int = 0
    person_id: int | None = None
    person_ids: tuple[int, ...] = ()
    levels: tuple[int, ...] = ()
    wards: tuple[Ward, ...] = field(default=(), repr=False)
    language: str = "vi"
    accents: bool | None = None
    birth_year: int | None = None
    subject: str = ""
    about: str = ""

    @property
    def only_ward(self) -> Ward | None:
        """Whom it is about where there is no doubt: the only ward, or the one spoken of."""
        if len(self.wards) == 1:
            return self.wards[0]
        return next((ward for ward in self.wards if ward.code == self.about), None)

    @property
    def form(self) -> Form:
        """How to speak to this person. Source: decision 0051."""
        return address_form(self.birth_year, self.today)

    def level_for(self, ward: Ward) -> int:
        """How sure we are of the person who stands beside this ward."""
        sure = dict(zip(self.person_ids, self.levels, strict=True))
        return sure.get(ward.standing.person_id, 0)

    def is_linked_for(self, ward: Ward) -> bool:
        """Whether the person beside this ward was linked by code here."""
        return self.level_for(ward) >= LINKED


def address_form(birth_year: int | None, today: date) -> Form:
    """Ông/bà from 75, bác from 55, anh/chị below; cô bác while the age is not known."""
    if birth_year is None:
        return Form.STRANGER
    age = today.year - birth_year
    if age >= _OLD:
        return Form.OLD
    return Form.ELDER if age >= _ELDER else Form.YOUNGER

"""Whom a visitor may act as in a demo: chosen when the demo was made."""

import json
from dataclasses import dataclass
from datetime import date

from bot.compose import Parts
from bot.rehearsal import speaker_for
from core.calendar import local_day
from core.store import contacts
from core.store.engine import Tx
from core.store.installation import fact
from core.store.people import beneficiaries_by_code, names_of, standings_beside


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody to act as. `name`: of who writes, which for a child is who acts for it.

    `what`: the key of what is special; `is_me`: acted as at present.
    """

    code: str
    name: str
    what: str
    is_me: bool


def demo_people(parts: Parts, contact_id: int) -> list[DemoPerson]:
    """The people of this demo; empty where there is no demo."""
    return parts.store.read(lambda tx: _people(tx, contact_id, local_day(parts.clock.now())))


def _people(tx: Tx, contact_id: int, day: date) -> list[DemoPerson]:
    kept = fact(tx, "demo_people")
    chosen: dict[str, str] = json.loads(kept) if kept else {}
    rows = beneficiaries_by_code(tx, list(chosen))
    beside = standings_beside(tx, [row.id for row in rows.values()])
    here = {one.person_id for one in contacts.persons_at(tx, contact_id)}
    speakers = {code: speaker_for(row, beside.get(row.id, []), day) for code, row in rows.items()}
    names = names_of(tx, list(speakers.values()))
    return [
        DemoPerson(code, names[speakers[code]], what, speakers[code] in here)
        for code, what in chosen.items()
        if code in rows
    ]

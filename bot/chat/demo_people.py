"""Whom a visitor may act as in a demo: chosen when the demo was made."""

import json
from dataclasses import dataclass

from bot.compose import Parts
from core.store import contacts
from core.store.engine import Tx
from core.store.installation import fact
from core.store.people import beneficiaries_by_code, names_of, standings_beside


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody to act as. `what`: the key of what is special; `is_me`: acted as at present."""

    code: str
    name: str
    what: str
    is_me: bool


def demo_people(parts: Parts, contact_id: int) -> list[DemoPerson]:
    """The people of this demo; empty where there is no demo."""
    return parts.store.read(lambda tx: _people(tx, contact_id))


def _people(tx: Tx, contact_id: int) -> list[DemoPerson]:
    kept = fact(tx, "demo_people")
    chosen: dict[str, str] = json.loads(kept) if kept else {}
    rows = beneficiaries_by_code(tx, list(chosen))
    beside = standings_beside(tx, [row.id for row in rows.values()])
    here = {one.person_id for one in contacts.persons_at(tx, contact_id)}
    names = names_of(tx, [row.person_id for row in rows.values()])
    found = []
    for code, what in chosen.items():
        if code in rows:
            row = rows[code]
            acting = {s.person_id for s in beside.get(row.id, []) if s.role != "relative"}
            found.append(DemoPerson(code, names[row.person_id], what, bool(acting & here)))
    return found

"""People as lists name them, and finding out who of them is known already.

Somebody is the same person when the citizen id is the same; without one, when name, birth day
and phone are all the same. A name alone never identifies anybody: villages share names.
Source: reference practice of bank name checks; decision 0025.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.store.engine import Tx
from core.store.people import PersonRow, insert_people, people_by_citizen_id
from core.vietnamese import name_key


@dataclass(frozen=True, slots=True)
class Claim:
    """A person as one line of a list names them."""

    name: str
    birth: date | None = None
    birth_year: int | None = None
    sex: str | None = None
    citizen_id: str | None = None
    phone: str | None = None
    # Set when the person is the beneficiary with this code: two codes are two people.
    code: str | None = None

    @property
    def identity(self) -> str:
        """What makes two claims one person within a file."""
        if self.citizen_id:
            return f"id:{self.citizen_id}"
        if self.code:
            return f"code:{self.code}"
        return f"name:{name_key(self.name)}:{self.birth or self.birth_year}:{self.phone}"

    def row(self) -> PersonRow:
        """The person to be written, under a new key."""
        return PersonRow(
            key=secrets.token_hex(12),
            name=self.name,
            name_key=name_key(self.name),
            birth=self.birth,
            birth_year=self.birth_year,
            sex=self.sex,
            citizen_id=self.citizen_id,
        )


def settled_people(
    tx: Tx, claims: Sequence[Claim], known: dict[str, int], now: datetime
) -> dict[str, int]:
    """The person id of each claim by its identity; who is not known is written.

    `known` holds identities already settled in this file.
    """
    numbers = [claim.citizen_id for claim in claims if claim.citizen_id]
    by_number = people_by_citizen_id(tx, numbers)
    settled = dict(known)
    fresh: dict[str, PersonRow] = {}
    for claim in claims:
        # A number that two people carry in the database identifies neither.
        ids = by_number.get(claim.citizen_id or "", [])
        if claim.identity in settled or claim.identity in fresh:
            continue
        if len(ids) == 1:
            settled[claim.identity] = ids[0]
        else:
            fresh[claim.identity] = claim.row()
    ids_by_key = insert_people(tx, list(fresh.values()), now)
    settled |= {identity: ids_by_key[row.key] for identity, row in fresh.items()}
    return settled

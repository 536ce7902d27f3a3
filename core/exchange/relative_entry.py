"""One relative, written down by an officer in front of whoever agreed.

It is a line of the registration list with one person in it: judged by the same rules, written by
the same code, so that a form can put nothing into the register that a list could not.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Final

from core.calendar import local_day
from core.exchange import registrations
from core.exchange.intake import Desk
from core.exchange.layouts import Layout, Row
from core.exchange.registration_lines import RegistrationLine, judge
from core.exchange.verdicts import Problem
from core.ledger.events import EventType, NewEvent
from core.people import Purpose, Role
from core.refusals import Code, Refusal
from core.store import relatives
from core.store.contacts import insert_consents
from core.store.engine import Tx
from core.store.people import BeneficiaryRow, standings_beside
from core.store.relatives import Relative
from core.vietnamese import name_key

# The text that an officer reads out before somebody agrees; a new wording is a new version.
CONSENT_TEXT: Final = "officer-2021-1"
HOW: Final = "officer"
MAY_AGREE: Final = (Role.SELF, Role.PARENT, Role.GUARDIAN)


@dataclass(frozen=True, slots=True)
class Entry:
    """The fields of the form, as they were typed. `agreed`: not empty when somebody agreed."""

    code: str = ""
    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    relation: str = ""
    consent_by: str = ""
    consent_on: str = ""
    agreed: str = ""

    @classmethod
    def of(cls, typed: Mapping[str, str]) -> "Entry":
        """The entry in a form's fields, without blanks around them."""
        return cls(**{one.name: typed.get(one.name, "").strip() for one in fields(cls)})


@dataclass(frozen=True, slots=True)
class Added:
    """What became of an entry; `is_new` is False when this relative was told already."""

    beneficiary_id: int
    is_new: bool


def judged(entry: Entry, desk: Desk) -> RegistrationLine | Problem:
    """The line that stands, or the first field that is wrong."""
    words = desk.layout
    cells = {
        "code": entry.code,
        "role": _word(words, "role", Role.RELATIVE),
        "name": entry.name,
        "phone": entry.phone,
        "relation": entry.relation,
        "consent_notice": _word(words, "yes_no", "yes") if entry.agreed else "",
        "consent_by": _word(words, "consent_by", entry.consent_by),
        "consent_on": entry.consent_on,
        "consent_text": CONSENT_TEXT,
    }
    if entry.consent_by not in MAY_AGREE:
        cells["consent_by"] = ""
    return judge(Row.of(1, cells), desk)


def add(tx: Tx, row: BeneficiaryRow, line: RegistrationLine, desk: Desk) -> Added | Problem:
    """The relative is told from now on; the same one again changes nothing.

    Refuses: BENEFICIARY_DIED, CONSENT_UNCLEAR (nobody in that role stands beside them).
    """
    if row.state == "dead":
        return Problem("code", Refusal(Code.BENEFICIARY_DIED))
    same = _same(relatives.relatives_of(tx, row.id), line)
    if same is not None and same.agreed_at is not None:
        return Added(row.id, is_new=False)
    if same is None:
        # Writing the line notes the consent in the ledger.
        (problem,) = registrations.write(tx, [line], desk, f"{HOW}:{desk.staff}")
        return problem or Added(row.id, is_new=True)
    again = _agreed_again(tx, row, line, same, desk)
    if again is not None:
        return again
    told = _same(relatives.relatives_of(tx, row.id), line)
    assert told is not None  # noqa: S101  written above, in this transaction
    _record(tx, desk, EventType.CONSENT_GIVEN, row, told)
    return Added(row.id, is_new=True)


def end(tx: Tx, row: BeneficiaryRow, standing_id: int, desk: Desk) -> Relative | None:
    """The relative who is told nothing from now on; None when there is none of that number."""
    there = relatives.relatives_of(tx, row.id)
    one = next((each for each in there if each.standing_id == standing_id), None)
    if one is None or one.agreed_at is None:
        return None
    now = desk.clock.now()
    relatives.end_relative(tx, row.id, one, local_day(now), now)
    _record(tx, desk, EventType.CONSENT_WITHDRAWN, row, one)
    return one


def _agreed_again(
    tx: Tx, row: BeneficiaryRow, line: RegistrationLine, one: Relative, desk: Desk
) -> Problem | None:
    """A consent that had been taken back is given once more."""
    there = standings_beside(tx, [row.id])[row.id]
    by = next((s.person_id for s in there if s.role is line.agreed_by_role), None)
    if by is None:
        return Problem("consent_by", Refusal(Code.CONSENT_UNCLEAR))
    relatives.begin_again(tx, one)
    insert_consents(
        tx,
        [
            {
                "beneficiary_id": row.id,
                "person_id": one.person_id,
                "purpose": Purpose.RELATIVE,
                "agreed_by": by,
                "text_version": CONSENT_TEXT,
                "channel": HOW,
                # At its own moment: the same day may have seen it given and taken back.
                "given_at": desk.clock.now(),
            }
        ],
    )
    return None


def _record(tx: Tx, desk: Desk, kind: EventType, row: BeneficiaryRow, one: Relative) -> None:
    now = desk.clock.now()
    desk.ledger.record(
        tx,
        [
            NewEvent(
                type=kind,
                source=f"{kind}:{one.consent_id}",
                actor=f"staff:{desk.staff}",
                effective_at=now,
                beneficiary_id=row.id,
                body={
                    "person": one.person_id,
                    "purpose": Purpose.RELATIVE.value,
                    "agreed_by": one.agreed_by,
                    "text": CONSENT_TEXT,
                },
            )
        ],
    )


def _same(there: list[Relative], line: RegistrationLine) -> Relative | None:
    key = name_key(line.claim.name)
    return next(
        (one for one in there if one.phone == line.claim.phone and name_key(one.name) == key), None
    )


def _word(layout: Layout, field_: str, value: str) -> str:
    """The word of the list that means `value`; the value itself when no word does."""
    words = layout.words.get(field_, {})
    return next((word for word, ours in words.items() if ours == value), value)

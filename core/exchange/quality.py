"""How good the data of a list is, commune by commune: a report for mending it, nothing is written.

Old lists (2019, 2020, 01/2021) are looked at with it before anybody is entered from them.
Source: the plan, III.5; docs/decisions/0111.

What does not live here: refusing lines (`intake.py`); the file (`quality_file.py`).
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Final

from core.calendar import Cycle, local_day
from core.citizen_ids import citizen_id
from core.exchange import cells
from core.exchange.intake import Desk
from core.exchange.layouts import Row, understood
from core.exchange.sheets import read_sheet
from core.people import Role
from core.phones import mobile
from core.places import Ambiguous, Unknown, commune_on, name_key, paid_areas
from core.refusals import Refusal
from core.terms import Programme
from core.vietnamese import name_key as person_key

_OLD_CARD: Final = 9


class Flaw(StrEnum):
    """What is not as it should be in a line; a line may have several."""

    SAME_CODE = "same_code"
    SAME_ID = "same_id"
    SAME_PERSON = "same_person"
    BAD_ID = "bad_id"
    NO_ID = "no_id"
    OLD_ID = "old_id"
    NO_PHONE = "no_phone"
    BAD_PHONE = "bad_phone"
    OLD_COMMUNE = "old_commune"
    STRANGE_COMMUNE = "strange_commune"
    EXPIRED_PAPER = "expired_paper"


@dataclass(frozen=True, slots=True)
class Finding:
    """One flaw of one line. `commune`: its name in the month judged by, or as the line has it."""

    commune: str
    line: int
    code: str
    flaw: Flaw


@dataclass(frozen=True, slots=True)
class Quality:
    """What was found in a list: lines by commune, and every flaw in the order of lines."""

    lines: Mapping[str, int]
    findings: Sequence[Finding]

    def by_commune(self) -> dict[str, Counter[Flaw]]:
        """How often each flaw is met, commune by commune; a commune without flaws is there too."""
        found: dict[str, Counter[Flaw]] = {commune: Counter() for commune in sorted(self.lines)}
        for one in self.findings:
            found[one.commune][one.flaw] += 1
        return found


def quality_of(path: Path, desk: Desk) -> Quality | Refusal:
    """The quality of a payment list or registration list.

    A list that declares no totals is looked at all the same: it is there to be mended.
    Refuses: FILE_….
    """
    sheet = read_sheet(path)
    if isinstance(sheet, Refusal):
        return sheet
    listing = understood(sheet, replace(desk.layout, totals_required=False))
    if isinstance(listing, Refusal):
        return listing
    return survey(listing.rows, desk)


def survey(rows: Sequence[Row], desk: Desk) -> Quality:
    """What is to be mended in these lines."""
    day, today = _looked_at_on(desk), local_day(desk.clock.now())
    homes = _homes(rows, desk.programme, day)
    twice = _met_before([row for row in rows if _is_self(row, desk)], today)
    lines: Counter[str] = Counter()
    findings: list[Finding] = []
    for row in rows:
        code = _code(row)
        commune = homes.get(row.text("commune")) or homes.get(_home_key(code)) or ""
        lines[commune] += 1
        flaws = [*twice.get(row.number, ()), *_flaws(row, desk, day, today)]
        findings += [Finding(commune, row.number, code, flaw) for flaw in flaws]
    return Quality(dict(lines), findings)


def _looked_at_on(desk: Desk) -> date:
    """The day by whose communes a list is judged.

    Lists from before the programme are standardised for its first month (the plan, III.5): a name
    that was right in 2019 and is gone by then is an old one.
    """
    first = desk.programme.settings.first_cycle.first_day
    return max(Cycle.parse(desk.cycle).first_day, first)


def _flaws(row: Row, desk: Desk, day: date, today: date) -> Iterator[Flaw]:
    number = citizen_id(row.text("citizen_id")) if row.text("citizen_id") else ""
    if isinstance(number, Refusal):
        yield Flaw.BAD_ID
    elif not number:
        yield Flaw.NO_ID
    elif len(number) == _OLD_CARD:
        yield Flaw.OLD_ID
    if not row.text("phone"):
        yield Flaw.NO_PHONE
    elif isinstance(mobile(row.cell("phone")), Refusal):
        yield Flaw.BAD_PHONE
    if row.text("commune"):
        yield from _of_commune(row.text("commune"), desk.programme, day)
    until = cells.day(row.text("valid_to")) if row.text("valid_to") else today
    if not isinstance(until, Refusal) and until < today:
        yield Flaw.EXPIRED_PAPER


def _of_commune(text: str, programme: Programme, day: date) -> Iterator[Flaw]:
    found = commune_on(programme, text, day)
    paid = {area.code for area in paid_areas(programme, day)}
    if isinstance(found, Unknown | Ambiguous) or found.area not in paid:
        yield Flaw.STRANGE_COMMUNE
    elif text != found.code and _bare(text) != _bare(found.full_name):
        yield Flaw.OLD_COMMUNE


def _bare(text: str) -> str:
    """A commune's name without the district that may follow it."""
    return name_key(text.partition(",")[0])


def _homes(rows: Sequence[Row], programme: Programme, day: date) -> dict[str, str]:
    """The commune's proper name by how lines write it, and by the code of whoever lives there."""
    homes: dict[str, str] = {}
    for row in rows:
        text = row.text("commune")
        if not text:
            continue
        if text not in homes:
            found = commune_on(programme, text, day)
            homes[text] = text if isinstance(found, Unknown | Ambiguous) else found.full_name
        homes[_home_key(_code(row))] = homes[text]
    return homes


def _home_key(code: str) -> str:
    return f"={code}"


def _met_before(rows: Sequence[Row], today: date) -> dict[int, list[Flaw]]:
    """Lines whose code, number, or name with birth another line has too; both are named."""
    seen: dict[tuple[Flaw, str], list[int]] = defaultdict(list)
    for row in rows:
        number = citizen_id(row.text("citizen_id")) if row.text("citizen_id") else ""
        born = cells.birth(row.text("birth"), today)
        name = person_key(row.text("name"))
        seen[Flaw.SAME_CODE, _code(row)].append(row.number)
        if isinstance(number, str) and number:
            seen[Flaw.SAME_ID, number].append(row.number)
        if not isinstance(born, Refusal) and born != (None, None) and name:
            seen[Flaw.SAME_PERSON, f"{name}|{born}"].append(row.number)
    found: dict[int, list[Flaw]] = defaultdict(list)
    for (flaw, key), numbers in seen.items():
        if key and len(numbers) > 1:
            for number_ in numbers:
                found[number_].append(flaw)
    return found


def _is_self(row: Row, desk: Desk) -> bool:
    """Whether the line is about the beneficiary: others rightly stand beside several."""
    role = row.text("role")
    return not role or desk.layout.word("role", role) == Role.SELF


def _code(row: Row) -> str:
    return row.text("code").upper().replace(" ", "")

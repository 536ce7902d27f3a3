"""What the officers' pages show: cases in lists, one case with everything behind it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.compose import Parts
from bot.console.doors import Officer, places_of
from bot.console.facts import NoticeLine, PersonFacts, notice_lines, people_facts
from core import places
from core.calendar import hanoi, local_day
from core.care.references import spoken
from core.store import cases, views
from core.store.cases import CaseRow, EntryRow
from core.store.contacts import Contact, contact_by_id
from core.store.engine import Tx
from core.store.transcripts import Line, newest_mark, transcript
from core.wording import short_date


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case in a list."""

    id: int
    reference: str
    kind: str
    risk: str
    place: str
    due: str
    is_late: bool
    is_mine: bool
    holder: str
    state: str
    outcome: str


@dataclass(frozen=True, slots=True)
class CaseView:
    """One case with its talk and the facts behind it."""

    line: CaseLine
    packet: dict[str, Any] = field(repr=False)
    talk: tuple[Line, ...] = field(repr=False)
    entries: list[EntryRow] = field(repr=False)
    contact: Contact | None
    people: list[PersonFacts] = field(repr=False)
    notices: list[NoticeLine] = field(repr=False)
    mark: str
    live_mark: str


def case_lines(parts: Parts, officer: Officer, *, closed: bool) -> list[CaseLine]:
    """The cases of an officer's places, the soonest due first."""
    communes, areas = places_of(parts, officer)
    rows = parts.store.read(
        lambda tx: cases.cases_of_places(
            tx,
            communes=communes,
            areas=areas,
            everywhere=officer.sees_everything,
            closed=closed,
        )
    )
    return [_line(parts, officer, row) for row in rows]


def case_view(parts: Parts, officer: Officer, case: CaseRow) -> CaseView:
    """Everything about a case."""

    def work(tx: Tx) -> CaseView:
        contact_id = case.contact_id or 0
        packet = cases.packet_of(tx, case.id)
        people = people_facts(tx, parts, [ward["code"] for ward in packet["wards"]])
        return CaseView(
            line=_line(parts, officer, case),
            packet=packet,
            talk=transcript(tx, contact_id, limit=100, with_lost=True),
            entries=cases.entries_of(tx, case),
            contact=contact_by_id(tx, contact_id),
            people=people,
            notices=notice_lines(tx, people),
            mark=newest_mark(tx, contact_id),
            live_mark=_live_mark(tx, contact_id),
        )

    return parts.store.read(work)


def contact_of(parts: Parts, case: CaseRow) -> Contact | None:
    """Where the citizen of a case is answered."""
    return parts.store.read(lambda tx: contact_by_id(tx, case.contact_id or 0))


def case_mark(parts: Parts, case: CaseRow) -> str:
    """Changes whenever somebody writes, or something we wrote arrives; the first part on writing
    alone.
    """
    return parts.store.read(lambda tx: _live_mark(tx, case.contact_id or 0))


def cases_mark(parts: Parts) -> str:
    """Changes whenever something happens in a case."""
    return parts.store.read(views.cases_mark)


def _live_mark(tx: Tx, contact_id: int) -> str:
    return f"{newest_mark(tx, contact_id)}/{views.leaving_to(tx, contact_id)}"


def _line(parts: Parts, officer: Officer, row: CaseRow) -> CaseLine:
    now = parts.clock.now()
    commune = places.with_code(parts.programme, row.commune or "", local_day(now))
    return CaseLine(
        id=row.id,
        reference=spoken(row.reference),
        kind=row.kind,
        risk=row.risk,
        place=commune.full_name if commune else "",
        due=_due(row.due_at),
        is_late=row.state != "closed" and row.due_at < now,
        is_mine=row.holder == officer.code,
        holder=row.holder or "",
        state=row.state,
        outcome=row.outcome or "",
    )


def _due(at: datetime) -> str:
    return f"{hanoi(at):%H:%M} {short_date(hanoi(at).date())}"

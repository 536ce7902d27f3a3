"""Relatives at the officers' desk: who is told about whose payments, added and ended."""

from dataclasses import dataclass, field
from typing import Final

from bot.compose import Parts
from bot.console.doors import Officer, sees_commune
from core.calendar import Cycle, local_day
from core.exchange import cells, relative_entry
from core.exchange.intake import Desk
from core.exchange.relative_entry import Added, Entry
from core.exchange.verdicts import Problem
from core.privacy import masked_phone
from core.refusals import Code, Refusal
from core.store import people, relatives
from core.store.commit_points import CommitPoint
from core.store.engine import Tx
from core.store.locks import held
from core.store.relatives import Relative
from core.store.staff import note_view

_LAYOUT: Final = "registrations"


@dataclass(frozen=True, slots=True)
class RelativeLine:
    """One relative as a page shows them. `state` is told, stopped or ended."""

    standing_id: int
    name: str = field(repr=False)
    relation: str
    phone: str
    state: str


@dataclass(frozen=True, slots=True)
class Told:
    """A beneficiary and the relatives beside them."""

    beneficiary_id: int
    code: str
    name: str = field(repr=False)
    lines: tuple[RelativeLine, ...]


def add_relative(parts: Parts, officer: Officer, entry: Entry) -> Added | Problem:
    """Write a relative down; somebody of another place is as unknown as nobody.

    Refuses: everything a line of the registration list is refused for, FILE_BUSY.
    """
    desk = _desk(parts, officer)
    line = relative_entry.judged(entry, desk)
    if isinstance(line, Problem):
        return line

    def work(tx: Tx) -> Added | Problem:
        row = people.beneficiaries_by_code(tx, [line.code]).get(line.code)
        if row is None or not sees_commune(parts, officer, row.commune):
            return Problem("code", Refusal(Code.BENEFICIARY_UNKNOWN, {"code": line.code}))
        return relative_entry.add(tx, row, line, desk)

    # Two who write down the same person at once would make two of them.
    with held(parts.store, "import") as ours:
        if not ours:
            return Problem("", Refusal(Code.FILE_BUSY))
        return parts.store.transact(work, CommitPoint.RELATIVE)


def beneficiary_named(parts: Parts, officer: Officer, code: str) -> int | Refusal:
    """The id of the beneficiary with this code.

    Refuses: BENEFICIARY_CODE_MISSING, BENEFICIARY_CODE_BAD, BENEFICIARY_UNKNOWN.
    """
    wanted = cells.beneficiary_code(code)
    if isinstance(wanted, Refusal):
        return wanted
    row = parts.store.read(lambda tx: people.beneficiaries_by_code(tx, [wanted])).get(wanted)
    if row is None or not sees_commune(parts, officer, row.commune):
        return Refusal(Code.BENEFICIARY_UNKNOWN, {"code": wanted})
    return row.id


def end_relative(
    parts: Parts, officer: Officer, beneficiary_id: int, standing_id: int
) -> Relative | None:
    """The relative who is told nothing from now on; None when it is not theirs to end."""
    desk = _desk(parts, officer)

    def work(tx: Tx) -> Relative | None:
        row = people.beneficiary_with_id(tx, beneficiary_id)
        if row is None or not sees_commune(parts, officer, row.commune):
            return None
        return relative_entry.end(tx, row, standing_id, desk)

    return parts.store.transact(work, CommitPoint.RELATIVE)


def relatives_told(parts: Parts, officer: Officer, beneficiary_id: int) -> Told | None:
    """Who is told about a beneficiary; None when it is not theirs to see. The look is recorded."""
    now = parts.clock.now()

    def work(tx: Tx) -> Told | None:
        row = people.beneficiary_with_id(tx, beneficiary_id)
        if row is None or not sees_commune(parts, officer, row.commune):
            return None
        note_view(tx, officer.code, row.code, now)
        return Told(
            beneficiary_id=row.id,
            code=row.code,
            name=people.names_of(tx, [row.person_id])[row.person_id],
            lines=tuple(_line(one) for one in relatives.relatives_of(tx, row.id)),
        )

    return parts.store.transact(work, CommitPoint.RELATIVE)


def _desk(parts: Parts, officer: Officer) -> Desk:
    return Desk(
        store=parts.store,
        ledger=parts.ledger,
        programme=parts.programme,
        clock=parts.clock,
        layout=parts.layout(_LAYOUT),
        cycle=str(Cycle.of_day(local_day(parts.clock.now()))),
        provider="",
        staff=officer.code,
    )


def _line(one: Relative) -> RelativeLine:
    state = "ended" if one.agreed_at is None else "stopped" if one.has_stopped else "told"
    return RelativeLine(one.standing_id, one.name, one.relation, masked_phone(one.phone), state)

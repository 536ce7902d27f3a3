"""What the machine could not decide by itself, as an officer sees it, and what the officer decides.

Lines that contradict what stands, results for payments nobody ordered, and messages of which
nobody knows whether they arrived. What does not live here: who decides about money (`core/ledger`).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from bot.compose import Parts
from bot.console.doors import Officer, note_look, places_of
from core.exchange.layouts import Layout
from core.money import dotted
from core.privacy import masked_account, masked_citizen_id, masked_phone
from core.refusals import Code, Refusal
from core.store import decisions, outbox, sums
from core.store.commit_points import CommitPoint
from core.store.decisions import Decided, WaitingLine, line_subject
from core.store.engine import Tx
from core.store.outbox import MessageRow
from core.store.people import beneficiaries_by_code
from notifications.outbox import SMS
from notifications.settling import settle_by_person

LONGEST: Final = 300
SHOWN: Final = 200
_CODES: Final = (
    Code.ROW_CONFLICT,
    Code.RESULT_CONTRADICTS,
    Code.RESULT_WRONG_AMOUNT,
    Code.RESULT_UNKNOWN_PAYMENT,
)
# Categories, coefficients and decision numbers never leave the payroll round trip.
_OPEN: Final = frozenset(
    "payment code day amount status error monthly arrears total name birth commune relation method "
    "provider voucher cycle role consent_on consent_by".split()
)
_MONEY: Final = frozenset({"amount", "monthly", "arrears", "total"})
_MASKS: Final = {
    "phone": masked_phone,
    "account": masked_account,
    "citizen_id": masked_citizen_id,
    "payee_citizen_id": masked_citizen_id,
}


@dataclass(frozen=True, slots=True)
class Reach:
    """What an officer sees, read once for a page. Not `is_office`: somebody of one commune."""

    everything: bool
    communes: frozenset[str]
    is_office: bool

    def holds(self, communes: Collection[str]) -> bool:
        """Whether all these communes are theirs; what is of no known place is for the office."""
        return self.everything or (
            self.communes.issuperset(communes) if communes else self.is_office
        )


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a line: its heading, what stands, and what the line says instead."""

    title: str
    stands: str = field(repr=False)
    says: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class LineView:
    """A line to be looked at. `money`: đồng it holds in suspense; `hidden`: cells not shown."""

    file_id: int
    row_no: int
    kind: str
    provider: str
    month: str
    at: datetime
    by: str
    file: str = field(repr=False)
    problem: Refusal
    differs: tuple[Cell, ...]
    says: tuple[Cell, ...]
    hidden: int
    money: int


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message of which nobody knows whether it arrived. `about`: beneficiary codes."""

    id: int
    purpose: str
    channel: str
    to: str
    about: tuple[str, ...]
    at: datetime
    attempts: int


@dataclass(frozen=True, slots=True)
class Lists:
    """Everything that waits for this officer, and what was decided lately."""

    lines: tuple[LineView, ...]
    messages: tuple[MessageView, ...]
    decided: tuple[Decided, ...]


def lists(parts: Parts, officer: Officer) -> Lists:
    """What waits in the officer's places; who looked is noted."""
    reach = reach_of(parts, officer)

    def work(tx: Tx) -> Lists:
        lines = _seen_lines(tx, reach, _waiting(tx, parts))
        said = outbox.doubtful(tx)
        about = decisions.people_of_messages(tx, [one.id for one in said])
        return Lists(
            lines=_line_views(tx, parts, lines[:SHOWN]),
            messages=tuple(
                _message_view(one, about.get(one.id, {}))
                for one in said
                if reach.holds(about.get(one.id, {}).values())
            ),
            decided=tuple(decisions.decisions(tx, limit=20)) if reach.is_office else (),
        )

    note_look(parts, officer, "decisions")
    return parts.store.read(work)


def keep_as_it_was(parts: Parts, officer: Officer, file_id: int, row_no: int, note: str) -> bool:
    """Whether there was such a line; what stands goes on standing, and the note says why."""

    def work(tx: Tx) -> bool:
        line = decisions.line_at(tx, parts.programme.tenant, file_id, row_no)
        if line is None or line.code not in _CODES or line.outcome == "suspense":
            return False
        if not _seen_lines(tx, reach_of(parts, officer), [line]):
            return False
        subject = line_subject(file_id, row_no)
        decisions.decide(tx, Decided(subject, "kept", officer.code, note, parts.clock.now()))
        return True

    return parts.store.transact(work, CommitPoint.DECISION)


def settle_message(parts: Parts, officer: Officer, message_id: int, *, reached: bool) -> bool:
    """Whether this message was in doubt and is not any more; one that did not arrive goes again."""

    def work(tx: Tx) -> bool:
        found = outbox.messages(tx, [message_id])
        about = decisions.people_of_messages(tx, [message_id]).get(message_id, {})
        if not found or not reach_of(parts, officer).holds(about.values()):
            return False
        now = parts.clock.now()
        if not settle_by_person(tx, message_id, left=reached, now=now):
            return False
        word = "reached" if reached else "not_reached"
        subject = f"message:{message_id}:{found[0].attempts}"
        decisions.decide(tx, Decided(subject, word, officer.code, "", now))
        return True

    return parts.store.transact(work, CommitPoint.DECISION)


def reach_of(parts: Parts, officer: Officer) -> Reach:
    """What this officer sees today: things of no known place only at the province or an area."""
    communes, areas = places_of(parts, officer)
    everything = officer.sees_everything
    return Reach(everything, frozenset(communes), everything or bool(areas))


def _waiting(tx: Tx, parts: Parts) -> list[WaitingLine]:
    """Undecided lines, without those whose money a provider took out of suspense again."""
    tenant = parts.programme.tenant
    found = decisions.waiting_lines(tx, tenant, _CODES)
    sources = {_source(one) for one in found if one.outcome == "suspense"}
    gone = decisions.once_suspended(tx, tenant, sources) - _in_suspense(tx, tenant).keys()
    return [one for one in found if one.outcome != "suspense" or _source(one) not in gone]


def _source(line: WaitingLine) -> str:
    return f"suspense:{line.natural_key}"


def _in_suspense(tx: Tx, tenant: str) -> dict[str, int]:
    return {one.source: one.amount for one in sums.suspended(tx, tenant, "suspense:")}


def _seen_lines(tx: Tx, reach: Reach, lines: Sequence[WaitingLine]) -> list[WaitingLine]:
    """Those of an officer's places; a line of no known place is for the office."""
    if reach.everything:
        return list(lines)
    codes = {_code(one) for one in lines}
    known = beneficiaries_by_code(tx, sorted(codes - {""}))
    places = {code: [row.commune] for code, row in known.items()}
    return [one for one in lines if reach.holds(places.get(_code(one), []))]


def _code(line: WaitingLine) -> str:
    """The beneficiary's code in a line, or in its transaction code; empty when neither is there."""
    payment = line.raw.get("payment", "").strip().upper().split("-")
    code = line.raw.get("code", "").strip().upper()
    return code or (payment[1] if len(payment) > 1 else "")


def _line_views(tx: Tx, parts: Parts, lines: Sequence[WaitingLine]) -> tuple[LineView, ...]:
    standing = decisions.standing_raws(
        tx, {one.natural_key for one in lines if one.code == Code.ROW_CONFLICT}
    )
    money = _in_suspense(tx, parts.programme.tenant)
    return tuple(
        _line_view(parts, one, standing.get(one.natural_key), money.get(_source(one), 0))
        for one in lines
    )


def _line_view(
    parts: Parts, line: WaitingLine, before: Mapping[str, str] | None, money: int
) -> LineView:
    layout = _layout(parts, line)
    names = [column.field for column in layout.columns if column.field != "number"]
    changed = [n for n in names if before and before.get(n, "") != line.raw.get(n, "")]
    says = [n for n in names if line.raw.get(n)]
    details = {name[1:]: value for name, value in line.raw.items() if name.startswith("=")}
    return LineView(
        file_id=line.file_id,
        row_no=line.row_no,
        kind=line.kind,
        provider=line.provider,
        month=f"{line.cycle[5:]}/{line.cycle[:4]}",
        at=line.received_at,
        by=line.received_by,
        file=line.file_name,
        problem=Refusal(Code(line.code), details),
        differs=_cells(layout, changed, before or {}, line.raw),
        says=_cells(layout, [n for n in says if n not in changed], {}, line.raw),
        hidden=sum(name not in _OPEN and name not in _MASKS for name in changed),
        money=money,
    )


def _layout(parts: Parts, line: WaitingLine) -> Layout:
    return parts.layout(f"results-{line.provider}" if line.kind == "results" else line.kind)


def _cells(
    layout: Layout, names: Iterable[str], before: Mapping[str, str], after: Mapping[str, str]
) -> tuple[Cell, ...]:
    return tuple(
        Cell(layout.title_of(n), _shown(n, before.get(n, "")), _shown(n, after.get(n, "")))
        for n in names
        if n in _OPEN or n in _MASKS
    )


def _shown(name: str, text: str) -> str:
    mask = _MASKS.get(name)
    if mask is not None and text:
        return mask(text)
    return f"{dotted(int(text))} đ" if name in _MONEY and text.isdecimal() else text


def _message_view(one: MessageRow, about: Mapping[str, str]) -> MessageView:
    return MessageView(
        id=one.id,
        purpose=one.purpose,
        channel=one.channel,
        to=masked_phone(one.address) if one.channel == SMS else "",
        about=tuple(about),
        at=one.created_at,
        attempts=one.attempts,
    )

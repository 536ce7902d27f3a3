"""Statuses against events: what is stored must be what the events come to, byte for byte.

`check` says where it is not; `rebuild` writes it again from the events.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from core.ledger import lives
from core.ledger.events import EventType, NewEvent, body_of
from core.ledger.facts import ProviderFacts
from core.ledger.findings import Finding, Wrong
from core.ledger.listing import listed_body
from core.ledger.months import Month, month_after
from core.ledger.states import PaymentStatus, moved
from core.refusals import Refusal
from core.store import projections
from core.store.chain import whatever_is_stored
from core.store.engine import Tx
from core.store.events import EventRow
from core.store.payments import PaymentRow, status_tuple
from core.store.projections import Page

_MOST: Final = 200
# What reading a row that somebody altered can raise.
_UNREADABLE: Final = (ValueError, KeyError, TypeError, OverflowError)
_Folded = dict[int, tuple[Any, ...] | None]


def check(tx: Tx, *, most: int = _MOST) -> list[Finding]:
    """Where statuses, payments, cycles, openings or wishes are not what their events say; the first
    `most`.
    """
    with whatever_is_stored(tx):
        return list(islice(_findings(tx), most))


def rebuild(tx: Tx) -> int:
    """Write all statuses again from the events; how many payments there are."""
    count = 0
    for page in projections.pages(tx):
        folded = _folded(page)
        rows = [row for row in folded.values() if row is not None]
        strays = [number for number in page.statuses if folded.get(number) is None]
        projections.replace_statuses(tx, rows, strays)
        count += len(rows)
    months = _months(tx)
    projections.replace_cycles(tx, _month_rows(months), _parts(months))
    lives.mend(tx)
    return count


def folded_status(events: list[EventRow]) -> PaymentStatus | None:
    """What the events of one payment come to; None when they cannot have happened."""
    status: PaymentStatus | None = None
    for row in events:
        try:
            after = moved(status, event_of(row), row.id, row.recorded)
        except _UNREADABLE:
            return None
        if isinstance(after, Refusal):
            return None
        status = after
    return status


def event_of(row: EventRow) -> NewEvent:
    """The event in a row, without its postings."""
    return NewEvent(
        type=EventType(row.type),
        source=row.source,
        actor=row.actor,
        effective_at=row.effective,
        cycle=row.cycle,
        payment_id=row.payment_id,
        beneficiary_id=row.beneficiary_id,
        body=body_of(row.body),
    )


def _findings(tx: Tx) -> Iterator[Finding]:
    for page in projections.pages(tx):
        folded = _folded(page)
        for number in sorted({*folded, *page.statuses}):
            if folded.get(number) is None or page.statuses.get(number) != folded[number]:
                yield Finding(Wrong.STATUS_DIFFERS, number)
        for number, row in page.payments.items():
            if not _is_as_listed(row, page.events.get(number, [])):
                yield Finding(Wrong.PAYMENT_CHANGED, number)
        for number in sorted({*page.events, *page.statuses} - set(page.payments)):
            yield Finding(Wrong.PAYMENT_STRAY, number)
    yield from _cycle_findings(tx)
    yield from lives.findings(tx)


def _cycle_findings(tx: Tx) -> Iterator[Finding]:
    months = _months(tx)
    stored = projections.cycle_rows(tx)
    states = {(row[0], row[1]): tuple(row[2:]) for row in _month_rows(months)}
    for key in sorted({*stored, *states}):
        if stored.get(key) != states.get(key):
            yield Finding(Wrong.CYCLE_DIFFERS, 0, ":".join(key))
    parts, kept = _parts(months), projections.provider_rows(tx)
    for part in sorted({*parts, *kept}):
        if parts.get(part) != kept.get(part):
            yield Finding(Wrong.CYCLE_DIFFERS, 0, ":".join(part))


def _folded(page: Page) -> _Folded:
    found: _Folded = {}
    for number, row in page.payments.items():
        status = folded_status(page.events.get(number, []))
        found[number] = (
            status_tuple(number, row.tenant, row.cycle, row.beneficiary_id, status)
            if status is not None
            else None
        )
    return found


def _is_as_listed(row: PaymentRow, events: list[EventRow]) -> bool:
    if not events:
        return False
    first = events[0]
    try:
        said = body_of(first.body)
    except _UNREADABLE:
        return False
    said.pop("file", None)
    expected = {key: value for key, value in listed_body(row).items() if value is not None}
    return (
        said == expected
        and (first.tenant, first.cycle, first.beneficiary_id, first.recorded_at)
        == (row.tenant, row.cycle, row.beneficiary_id, row.listed_at)
        and row.amount == row.monthly + row.arrears
    )


def _months(tx: Tx) -> dict[tuple[str, str], Month]:
    """Every cycle folded from its events; a move that cannot have happened leaves it behind."""
    months: dict[tuple[str, str], Month] = {}
    for row in projections.cycle_moves(tx):
        key = (row.tenant, row.cycle or "")
        try:
            after = month_after(months.get(key), row)
        except _UNREADABLE:
            continue
        if isinstance(after, Month):
            months[key] = after
    return months


def _month_rows(months: dict[tuple[str, str], Month]) -> list[tuple[Any, ...]]:
    return [
        (*key, month.state.value, month.changed_at, month.last_event_id)
        for key, month in months.items()
    ]


def _parts(months: dict[tuple[str, str], Month]) -> dict[tuple[str, str, str], ProviderFacts]:
    return {
        (*key, name): part
        for key, month in months.items()
        for name, part in month.providers.items()
    }

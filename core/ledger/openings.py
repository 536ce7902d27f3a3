"""Writing down what is said of accounts that are being opened, in sets.

Each thing said is one event or, where it proves earlier ones, several; the row of the opening
follows. The account that works becomes the person's way to be paid from the next open month.

What does not live here: which moves are possible (`opening.py`), the lists (`core/exchange`).
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from core.calendar import local_day
from core.ledger.able import unable
from core.ledger.enrolment import EnrolmentState
from core.ledger.events import EventType, NewEvent, Recorded, Value
from core.ledger.opening import OpeningState, opening_moved, steps_to
from core.ledger.record import Ledger
from core.pay_days import next_cycle_for_change
from core.people import Role
from core.refusals import Code, Refusal
from core.store.engine import Tx
from core.store.enrolments import enrolments_of
from core.store.methods import NewMethod, insert_methods, newest_methods
from core.store.openings import (
    OpeningRow,
    insert_openings,
    openings_for_update,
    reviewed_at,
    update_openings,
)
from core.terms import Method, Programme

_APPROVED: Final = (EnrolmentState.COOLING_OFF, EnrolmentState.ACTIVE)


@dataclass(frozen=True, slots=True)
class Word:
    """Something said of one opening. `at`: aware UTC, when it happened.

    `begins`: the row to begin with where there is none yet; without it there must be one.
    `changes`: columns of the row that it changes; `body`: codes, days and numbers only.
    """

    beneficiary_id: int
    event: EventType
    at: datetime
    body: Mapping[str, Value | None] = field(default_factory=dict)
    begins: OpeningRow | None = None
    changes: Mapping[str, Any] = field(default_factory=dict)


def new_row(
    beneficiary_id: int, person_id: int, role: Role, method: str, provider: str
) -> OpeningRow:
    """An opening that is not written yet."""
    key = secrets.token_hex(12)
    return OpeningRow(key, beneficiary_id, person_id, role.value, method, provider, state="")


def write_words(
    tx: Tx, ledger: Ledger, programme: Programme, words: Sequence[Word], *, actor: str
) -> list[OpeningRow | Refusal]:
    """How each opening stands after what was said, in the order given; or why it cannot be.

    Refuses: OPENING_UNKNOWN, OPENING_WRONG_STATE.
    """
    known = openings_for_update(tx, [word.beneficiary_id for word in words])
    there, events = set(known), list[NewEvent]()
    found: list[OpeningRow | Refusal] = []
    for word in words:
        done = _after(known.get(word.beneficiary_id), word, actor, events)
        found.append(done)
        if isinstance(done, OpeningRow):
            known[word.beneficiary_id] = done
    written = ledger.record(tx, events)
    last = {one.event.beneficiary_id: one.id for one in written if isinstance(one, Recorded)}
    rows = [replace(row, last_event_id=last[id_]) for id_, row in known.items() if id_ in last]
    now = ledger.clock.now()
    insert_openings(
        tx, ledger.tenant, [one for one in rows if one.beneficiary_id not in there], now
    )
    update_openings(tx, [one for one in rows if one.beneficiary_id in there], now)
    working = [one for one in rows if one.state == OpeningState.FIRST_CREDIT_OK]
    _pay_into(tx, ledger, programme, working, actor)
    return found


def _after(
    before: OpeningRow | None, word: Word, actor: str, events: list[NewEvent]
) -> OpeningRow | Refusal:
    row = before or word.begins
    if row is None:
        return Refusal(Code.OPENING_UNKNOWN)
    method = Method(row.method)
    state = OpeningState(before.state) if before is not None else None
    steps = steps_to(state, word.event, method)
    if isinstance(steps, Refusal):
        return steps
    for step in steps:
        moved = opening_moved(state, step, method)
        if isinstance(moved, Refusal):
            return moved
        state = moved
        row = replace(row, state=state.value, version=row.version + 1)
        body = word.body if step is word.event else {"by": word.event.value}
        events.append(
            NewEvent(
                type=step,
                source=f"opening:{row.beneficiary_id}:{row.version}",
                actor=actor,
                effective_at=word.at,
                beneficiary_id=row.beneficiary_id,
                body=body,
            )
        )
    return replace(row, **word.changes)


def _pay_into(
    tx: Tx, ledger: Ledger, programme: Programme, rows: Sequence[OpeningRow], actor: str
) -> None:
    """From the next open month the money goes into accounts that work.

    Not where the person has given another number, or chosen another way, meanwhile: that stays. Nor
    where the holder died or may not receive it any more: it stays in cash.
    """
    if not rows:
        return
    now = ledger.clock.now()
    chosen = _chosen_since(tx, [row.beneficiary_id for row in rows])
    first = str(next_cycle_for_change(programme, local_day(now)))
    holders = [(row.beneficiary_id, row.person_id, row.role) for row in rows]
    unfit = unable(tx, holders, local_day(now))
    newest = newest_methods(tx, [row.beneficiary_id for row in rows])
    methods, events = list[NewMethod](), list[NewEvent]()
    for row in rows:
        version = newest.get(row.beneficiary_id)
        has_number = version is not None and version.account_index is not None
        is_unfit = (row.beneficiary_id, row.person_id) in unfit
        if has_number or row.beneficiary_id in chosen or is_unfit:
            continue
        source = f"opening:{row.beneficiary_id}:{row.version}:method"
        methods.append(
            NewMethod(
                key=secrets.token_hex(12),
                beneficiary_id=row.beneficiary_id,
                method=row.method,
                provider=row.provider,
                from_cycle=first,
                source=source,
                account=row.account,
                holder=row.holder,
                payee_person_id=row.person_id if row.role != Role.SELF else None,
            )
        )
        body = {"method": row.method, "provider": row.provider, "from": first}
        events.append(
            NewEvent(
                type=EventType.METHOD_RECORDED,
                source=source,
                actor=actor,
                effective_at=now,
                beneficiary_id=row.beneficiary_id,
                body=body,
            )
        )
    insert_methods(tx, methods, now)
    ledger.record(tx, events)


def _chosen_since(tx: Tx, beneficiary_ids: Sequence[int]) -> set[int]:
    """Those who asked for another way, with a second person's word, since their papers were there.

    Source: the plan, I.2.c: the right to choose.
    """
    since = reviewed_at(tx, beneficiary_ids)
    wishes = enrolments_of(tx, beneficiary_ids, _APPROVED)
    return {
        wish.beneficiary_id
        for wish in wishes
        if wish.last_event_id > since.get(wish.beneficiary_id, 0)
    }

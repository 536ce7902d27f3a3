"""What providers report: paid, failed, ready to collect, returned.

A line about a payment we never ordered goes to suspense and to a person; a line that contradicts
what was reported before is a conflict for a person; neither stops the rest of the file.
A provider takes a line out of suspense by withdrawing it, people as `core/ledger/suspense.py` says.
A report about a closed month opens it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from typing import Final

from core.calendar import instant_at, local_day
from core.exchange import at_the_door
from core.exchange.intake import Desk, Kind
from core.exchange.layouts import Row
from core.exchange.result_lines import ResultLine, judge
from core.exchange.verdicts import Problem
from core.ledger import closing, journal
from core.ledger.events import EventType, NewEvent, Recorded, Value
from core.ledger.facts import PaymentFacts
from core.ledger.mismatches import mismatch
from core.ledger.reads import payments_with_codes
from core.ledger.states import Money, paid_as
from core.refusals import Code, Refusal
from core.store import sums
from core.store.engine import Tx
from core.store.events import first_happened

_ORDERED: Final = frozenset(Money) - {Money.LISTED, Money.HELD, Money.APPROVED, Money.CANCELLED}
_EVENTS: Final = {
    "accepted": EventType.ACCEPTED,
    "ready_cash": EventType.READY_CASH,
    "failed": EventType.FAILED,
    "not_home": EventType.FAILED,
    "returned": EventType.RETURNED,
    "unclaimed": EventType.UNCLAIMED,
}
_WITHDRAWN: Final = "withdrawn"


@dataclass(frozen=True, slots=True)
class _Pair:
    line: ResultLine
    payment: PaymentFacts | None


def disagreements(pairs: Sequence[tuple[Row, ResultLine]], desk: Desk) -> Mapping[int, Problem]:
    """Lines of one file that say again, or otherwise, what an earlier line said."""
    del desk
    seen: dict[tuple[str, str], tuple[int, ResultLine]] = {}
    found: dict[int, Problem] = {}
    for row, line in pairs:
        # Somebody may be missed at home on several days.
        said = line.key if line.status == "not_home" else line.status
        first, before = seen.setdefault((line.payment, said), (row.number, line))
        if first != row.number:
            same = (before.day, before.amount) == (line.day, line.amount)
            code = Code.RESULT_TWICE if same else Code.RESULT_CONTRADICTS
            found[row.number] = Problem("payment", Refusal(code, {"line": first}))
    return found


def rank(line: ResultLine) -> int:
    """Missed visits first, returns after the payments they return, whatever their order."""
    return {"not_home": 0, "returned": 2}.get(line.status, 1)


def write(tx: Tx, lines: Sequence[ResultLine], desk: Desk, source: str) -> list[Problem | None]:
    """Record what each line reports; a Problem for each line that cannot be believed."""
    payments = {one.code: one for one in payments_with_codes(tx, [one.payment for one in lines])}
    pairs = [_Pair(line, payments.get(line.payment)) for line in lines]
    ordered = first_happened(tx, [one.id for one in payments.values()], EventType.INSTRUCTED.value)
    days = {number: local_day(at) for number, at in ordered.items()}
    problems = [_objection(pair, desk) or _too_early(pair, days) for pair in pairs]
    _withdraw(tx, pairs, problems, desk, source)
    news = _news(tx, pairs, problems, desk)
    recorded = desk.ledger.record(tx, [_event(pair, source) for pair in news.values()])
    for at, fate in zip(news, recorded, strict=True):
        if isinstance(fate, Refusal):
            problems[at] = Problem("status", Refusal(Code.RESULT_CONTRADICTS, {"line": 0}))
    paid = [pair for at, pair in news.items() if problems[at] is None]
    at_the_door.keep_signers(tx, desk, _both(paid))
    recorded += _suspend(tx, [p for p in pairs if p.payment is None], desk)
    if any(isinstance(one, Recorded) and one.is_new for one in recorded):
        closing.reopen(
            tx, desk.ledger, cycle=desk.cycle, file=source, actor=f"provider:{desk.provider}"
        )
    return problems


def _news(
    tx: Tx, pairs: Sequence[_Pair], problems: Sequence[Problem | None], desk: Desk
) -> dict[int, _Pair]:
    """What is to be written, by its place among the lines; visits that set off stand so."""
    good = {
        at: pair
        for at, pair in enumerate(pairs)
        if problems[at] is None and pair.payment is not None
    }
    doors = at_the_door.doors_of(tx, [payment for _, payment in _both(good.values())])
    news = {
        at: pair
        for at, pair in good.items()
        if pair.payment is None or not at_the_door.is_known(pair.line, pair.payment, doors)
    }
    moved = at_the_door.set_off(tx, desk, _both(news.values()), doors)
    return {
        at: replace(pair, payment=moved.get(pair.payment.id, pair.payment))
        if pair.payment
        else pair
        for at, pair in news.items()
    }


def _both(pairs: Iterable[_Pair]) -> list[tuple[ResultLine, PaymentFacts]]:
    return [(pair.line, pair.payment) for pair in pairs if pair.payment is not None]


def _objection(pair: _Pair, desk: Desk) -> Problem | None:
    line, payment = pair.line, pair.payment
    if line.status == _WITHDRAWN:
        # Money that moved is taken back by a return, never by unsaying that it moved.
        code = Code.RESULT_WITHDRAWS_A_PAYMENT
        return Problem("status", Refusal(code)) if payment is not None else None
    if payment is None:
        return Problem("payment", Refusal(Code.RESULT_UNKNOWN_PAYMENT))
    if payment.money not in _ORDERED:
        return Problem("payment", Refusal(Code.RESULT_NOT_INSTRUCTED))
    wrong = mismatch(payment, desk.cycle, line.provider, line.amount)
    if wrong is None:
        return None
    return Problem("amount" if wrong.code is Code.RESULT_WRONG_AMOUNT else "payment", wrong)


def _too_early(pair: _Pair, ordered: Mapping[int, date]) -> Problem | None:
    """A day before the order is a slip, mostly of the year; nobody is told of it as of a fact."""
    day = ordered.get(pair.payment.id) if pair.payment is not None else None
    if day is None or pair.line.day >= day:
        return None
    return Problem("day", Refusal(Code.RESULT_BEFORE_ORDER, {"ordered_on": f"{day:%d/%m/%Y}"}))


def _event(pair: _Pair, source: str) -> NewEvent:
    line, payment = pair.line, pair.payment
    assert payment is not None  # noqa: S101  lines without a payment have a problem
    kind = _event_type(line, payment)
    body: dict[str, Value | None] = {"file": source, "amount": line.amount, "reason": line.reason}
    return NewEvent(
        type=kind,
        source=line.key,
        actor=f"provider:{line.provider}",
        effective_at=instant_at(line.day, time()),
        cycle=payment.cycle,
        payment_id=payment.id,
        beneficiary_id=payment.beneficiary_id,
        body=body | at_the_door.body_of(line, kind),
    )


def _event_type(line: ResultLine, payment: PaymentFacts) -> EventType:
    if line.status == "settled":
        return paid_as(payment.money)
    at_home = payment.money is Money.HOME_PENDING
    return (at_the_door.event_type(line) if at_home else None) or _EVENTS[line.status]


def _withdraw(
    tx: Tx, pairs: Sequence[_Pair], problems: list[Problem | None], desk: Desk, source: str
) -> None:
    """Take out of suspense what a provider withdraws; a problem where there is no such line."""
    for at, pair in enumerate(pairs):
        line = pair.line
        if line.status != _WITHDRAWN or problems[at] is not None:
            continue
        prefix = f"suspense:result:{line.provider}:{line.payment}:settled:"
        waiting = sums.suspended(tx, desk.programme.tenant, prefix)
        found = next((one for one in waiting if one.amount == line.amount), None)
        if found is None:
            problems[at] = Problem("payment", Refusal(Code.RESULT_NOTHING_TO_WITHDRAW))
            continue
        desk.ledger.record(
            tx,
            [
                NewEvent(
                    type=EventType.SUSPENSE_OUT,
                    source=f"out:{found.source}",
                    actor=f"provider:{line.provider}",
                    effective_at=instant_at(line.day, time()),
                    cycle=found.cycle,
                    body={"amount": found.amount, "in": found.event_id, "file": source},
                    postings=journal.out_of_suspense(found.cycle, line.provider, found.amount),
                )
            ],
        )


def _suspend(tx: Tx, pairs: Sequence[_Pair], desk: Desk) -> list[Recorded | Refusal]:
    """Money that a provider says it paid for nothing we know stands on the suspense account."""
    return desk.ledger.record(
        tx,
        [
            NewEvent(
                type=EventType.SUSPENSE_IN,
                source=f"suspense:{pair.line.key}",
                actor=f"provider:{pair.line.provider}",
                effective_at=instant_at(pair.line.day, time()),
                cycle=desk.cycle,
                body={"amount": pair.line.amount},
                postings=journal.into_suspense(desk.cycle, pair.line.provider, pair.line.amount),
            )
            for pair in pairs
            if pair.line.status == "settled"
        ],
    )


KIND = Kind(
    name="results",
    judge=judge,
    disagreements=disagreements,
    rank=rank,
    write=write,
)

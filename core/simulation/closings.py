"""How a month of a district ends: late reports, cash given up, suspense, balances, the close.

All but the last month are closed. A month that a late return opened is closed again with the next.
What does not live here: paying again what is left (`reissues.py`).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Final

from core.calendar import Cycle
from core.ledger.codes import Kind, payment_code
from core.ledger.states import Money
from core.simulation import results, staff
from core.simulation.fates import ENDS, Fate, Told, Word
from core.simulation.fundings import balance_lines
from core.simulation.manifest import Step
from core.simulation.months import Entry
from core.simulation.reissues import Left, is_failure_of_number
from core.simulation.sheets import Line
from core.simulation.year import Month, Year, bring_in
from core.terms import Method, Provider

_LEFT: Final = frozenset({Money.FAILED, Money.RETURNED, Money.UNCLAIMED})
_CAME_BACK: Final = frozenset({Word.FAILED, Word.RETURNED})
# Of the payments about which nobody said a word, so many failed after all.
_ONE_IN: Final = 3
_NOT_COME: Final = "CHUA_DEN_NHAN"
_SECOND: Final = 2


def code_of(entry: Entry) -> str:
    """The transaction code of somebody's monthly payment."""
    return payment_code(entry.month, entry.ward.code, Kind.MONTHLY, 1)


def stand(month: Month) -> None:
    """Where each payment of a month that is not closed stands."""
    for entry, fate in zip(month.paid, month.fates, strict=True):
        month.ends[code_of(entry)] = ENDS[fate]
    for again in month.again:
        month.ends[again.payment] = ENDS[again.fate]


def close(year: Year, month: Month) -> None:
    """Everything that a month waits for, and its close."""
    stand(month)
    at = year.closed_at = month.diary.close
    rng = year.wanted.rng(f"close:{month.index}")
    late = _late(rng, month, at)
    for told in late:
        settled = told.word is Word.SETTLED
        month.ends[code_of(told.entry)] = Money.SETTLED if settled else Money.FAILED
    for entry in month.mistyped.values():
        month.ends[code_of(entry)] = Money.SETTLED
    _import_late(year, month, late, at)
    _give_up(year, month, at + timedelta(minutes=60))
    _explain(year, month, at + timedelta(minutes=90))
    _carry(year, month, late)
    moment = at + timedelta(minutes=120)
    for cycle in [*year.opened, month.cycle]:
        number = _SECOND if cycle != month.cycle else 1
        _confirm(year, month, cycle, moment, number)
        moment += timedelta(minutes=10)
    year.opened.clear()
    if any(told.word is Word.SETTLED and told.entry.ward.hears for told in late):
        args = ("notify", "release", "--cycle", str(month.cycle), "--by", staff.RELEASER)
        year.steps.append(Step(moment, args))


def come_back(year: Year, month: Month) -> None:
    """A bank returns what it had paid in the closed month before: that month is opened again."""
    alive = [one for one in year.returnable if one.ward.code not in year.dead]
    if not alive:
        return
    entry, at = alive[0], month.reports[0] + timedelta(minutes=45)
    told = Told(entry, Word.RETURNED, at.date(), at.date())
    name, lines = f"tra-lai-{entry.provider}", [results.line_of(told)]
    bring_in(year, month, "results", name, lines, at, provider=entry.provider, cycle=entry.month)
    year.opened.append(entry.month)
    year.paid_out[entry.provider] -= entry.amount
    code, reason = code_of(entry), results.reason_of(year.programme, told)
    row = year.expect[code]
    was = (*row.was, (str(month.cycle.previous()), row.state))
    year.expect[code] = replace(row, state=Money.RETURNED.value, was=was)
    year.left.append(_left(year, entry, Kind.MONTHLY, 1, reason, Money.RETURNED, month))


def _late(rng: Random, month: Month, at: datetime) -> list[Told]:
    """The last word on what was not reported in time."""
    day, known = at.date(), {one.ward.code for one in month.mistyped.values()}
    found = []
    for entry, fate in zip(month.paid, month.fates, strict=True):
        if fate is Fate.TAKEN:
            found.append(Told(entry, Word.SETTLED, day, day))
        elif fate is Fate.SILENT and entry.ward.code not in known:
            fails = rng.randrange(_ONE_IN) == 0
            word = Word.FAILED if fails else Word.SETTLED
            found.append(Told(entry, word, day, day, rng.randrange(10)))
    return found


def _import_late(year: Year, month: Month, late: Sequence[Told], at: datetime) -> None:
    for minutes, provider in enumerate(Provider):
        lines = [results.line_of(one) for one in late if one.entry.provider is provider]
        if lines:
            moment = at + timedelta(minutes=10 * minutes)
            name = f"ket-qua-{provider}-4"
            bring_in(year, month, "results", name, lines, moment, provider=provider)


def _give_up(year: Year, month: Month, at: datetime) -> None:
    """Cash that nobody came for."""
    pairs = zip(month.paid, month.fates, strict=True)
    ready = [entry for entry, fate in pairs if fate is Fate.READY]
    for entry in ready:
        month.ends[code_of(entry)] = Money.UNCLAIMED
    for minutes, provider in enumerate(Provider):
        lines = [
            Line({"payment": code_of(one), "amount": one.amount}, one.amount)
            for one in ready
            if one.provider is provider
        ]
        if lines:
            moment = at + timedelta(minutes=5 * minutes)
            name = f"chua-nhan-{provider}"
            bring_in(year, month, "unclaimed", name, lines, moment, provider=provider)


def _explain(year: Year, month: Month, at: datetime) -> None:
    """Two people lead what is in suspense to its payment, or back to the provider.

    People of the whole province: a line may be of either district's office (decision 0128).
    """
    ways: list[tuple[str, tuple[str, ...]]] = [
        *((code, ("--as", "provider")) for code in month.strangers),
        *(
            (code, ("--as", "payment", "--payment", code_of(entry)))
            for code, entry in month.mistyped.items()
        ),
    ]
    for seconds, (code, words) in enumerate(ways):
        for place, by in enumerate((staff.LISTER, staff.RELEASER)):
            moment = at + timedelta(seconds=20 * seconds + 10 * place)
            args = ("suspense", "settle", code, *words, "--by", by)
            year.steps.append(Step(moment, args))


def _carry(year: Year, month: Month, late: Sequence[Told]) -> None:
    """What is left of the month, and what its providers paid out."""
    reasons = {
        told.payment or code_of(told.entry): results.reason_of(year.programme, told)
        for told in [*month.told, *late]
        if told.word in _CAME_BACK
    }
    paid: Counter[Provider] = Counter()
    for entry in month.paid:
        money = month.ends[code_of(entry)]
        paid[entry.provider] += entry.amount if money is Money.SETTLED else 0
        if money in _LEFT:
            reason = reasons.get(code_of(entry), _NOT_COME)
            year.left.append(_left(year, entry, Kind.MONTHLY, 1, reason, money, month))
    for again in month.again:
        money, entry = month.ends[again.payment], again.entry
        paid[entry.provider] += entry.amount if money is Money.SETTLED else 0
        if money in _LEFT:
            reason = reasons[again.payment]
            found = _left(year, entry, Kind.REISSUE, again.seq, reason, money, month)
            failed = found.failed_number or again.left.failed_number
            year.left.append(replace(found, failed_number=failed))
    year.paid_out.update(paid)
    year.returnable = [
        entry
        for entry, fate in zip(month.paid[1:], month.fates[1:], strict=True)
        if fate is Fate.PAID and entry.method is Method.ACCOUNT
    ][:3]


def _left(
    year: Year, entry: Entry, kind: Kind, seq: int, reason: str, money: Money, month: Month
) -> Left:
    failed = is_failure_of_number(year.programme, entry.method, reason)
    return Left(entry, kind, seq, reason, money, month.diary.close, failed)


def _confirm(year: Year, month: Month, cycle: Cycle, at: datetime, number: int) -> None:
    """Each provider says what it holds, of all months, and the month is closed."""
    held = {one: year.funded[one] - year.paid_out[one] for one in year.providers[cycle]}
    lines = balance_lines(held, cycle, at.date(), number=number)
    name = f"so-du-{cycle}"
    bring_in(year, month, "balances", name, lines, at, cycle=cycle)
    args = ("cycle", "close", str(cycle), "--by", staff.FIRST_SIGNER)
    year.steps.append(Step(at + timedelta(minutes=5), args))

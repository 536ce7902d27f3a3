"""A synthetic district: its lists in a folder, and the manifest of what to do with them.

Everything follows from the arguments: the same arguments make the same bytes, on any machine.
What does not live here: running it (`bot/play.py`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from core.calendar import Cycle
from core.exchange.layouts import Layout
from core.ledger.states import Receipt
from core.simulation import citizens, results, staff
from core.simulation.changes import changes
from core.simulation.citizens import Talk
from core.simulation.diary import Diary, diary
from core.simulation.fates import ENDS, Fate, Told, Word, fates, providers_in, times_of, told
from core.simulation.fundings import funding_lines
from core.simulation.manifest import NOT_LISTED, Expected, Manifest, Step, write_manifest
from core.simulation.months import Entry, is_known, month_of, owed_after
from core.simulation.numbers import Numbers
from core.simulation.payrolls import Payroll, payroll
from core.simulation.people import Ward
from core.simulation.registrations import Registering, conflicting, registered
from core.simulation.sheets import Line, Paper, write_list
from core.simulation.wards import wards
from core.terms import Programme, Provider

_REJECTS = 3
# Below so many payments a provider's files carry no slips of their own.
_SOME_SIZE = 100

LayoutNamed = Callable[[str], Layout]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for. The same again gives the same bytes."""

    people: int
    seed: int
    cycles: int
    first: Cycle

    def rng(self, part: str) -> Random:
        """Chance of its own for each part, so that one part's needs do not move another's."""
        return Random(f"{self.seed}:{part}")  # noqa: S311  invented people need no secrecy


@dataclass(slots=True)
class _Year:
    """A district in the making."""

    programme: Programme
    layout: LayoutNamed
    wanted: Wanted
    folder: Path
    people: Sequence[Ward]
    steps: list[Step] = field(default_factory=list)
    expect: list[Expected] = field(default_factory=list)
    owed: dict[str, int] = field(default_factory=dict)
    before: Sequence[Entry] = ()


@dataclass(frozen=True, slots=True)
class _Month:
    """One month in the making: who is paid, what becomes of it, and when."""

    index: int
    cycle: Cycle
    lists: Payroll
    paid: Sequence[Entry]
    fates: Sequence[Fate]
    diary: Diary
    told: Sequence[Told]
    reports: tuple[datetime, ...]


def make_district(
    programme: Programme, layout: LayoutNamed, wanted: Wanted, folder: Path
) -> Manifest:
    """The manifest of a district whose files now lie in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    people = wards(
        programme,
        wanted.rng("people"),
        heads=wanted.people,
        first=wanted.first,
        months=wanted.cycles,
    )
    year = _Year(programme, layout, wanted, folder, people)
    for index in range(wanted.cycles):
        _add_month(year, index)
    year.steps.sort(key=lambda step: step.at)
    manifest = Manifest(
        seed=wanted.seed,
        people=wanted.people,
        cycles=wanted.cycles,
        now=year.steps[-1].at + timedelta(minutes=1),
        steps=tuple(year.steps),
        expect=tuple(sorted(year.expect, key=lambda row: (row.cycle, row.code))),
    )
    write_manifest(folder, manifest)
    return manifest


def _add_month(year: _Year, index: int) -> None:
    month = _month(year, index)
    if index == 0:
        year.steps += staff.steps(year.programme, month.cycle, month.diary.staff)
    _register(year, month)
    _list(year, month)
    _move(year, month)
    _report(year, month)
    paid = {entry.ward.code for entry in month.paid}
    absent = [one for one in year.people if is_known(one, index) and one.code not in paid]
    rng = year.wanted.rng(f"talks:{index}")
    talks = citizens.talks(rng, month.paid, month.fates, absent)
    _talk(year, month, talks)
    _expect(year, month, talks)
    year.before = month.paid


def _month(year: _Year, index: int) -> _Month:
    wanted, cycle = year.wanted, year.wanted.first.plus(index)
    listed, waiting = month_of(
        year.programme, year.people, first=wanted.first, index=index, owed=year.owed
    )
    lists = payroll(wanted.rng(f"payroll:{index}"), listed)
    out = {entry.ward.code for entry in lists.left_out}
    paid = [entry for entry in listed if entry.ward.code not in out]
    year.owed = owed_after(year.owed, paid, [*waiting, *lists.left_out])
    rng = wanted.rng(f"fates:{index}")
    times = times_of(year.programme, paid)
    found = fates(rng, paid, is_last=index == wanted.cycles - 1)
    said = [
        one
        for entry, fate in zip(paid, found, strict=True)
        for one in told(year.programme, rng, entry, fate, times)
    ]
    days = diary(year.programme, cycle, times)
    return _Month(index, cycle, lists, paid, found, days, said, days.reports)


def _register(year: _Year, month: _Month) -> None:
    """Who is new registers; from the second month on somebody known comes with another phone."""
    new = [ward for ward in year.people if ward.enters == month.index]
    if not new:
        return
    registering = Registering(
        year.programme,
        Numbers(year.wanted.rng(f"registering:{month.index}")),
        year.wanted.first,
        month.cycle,
        month.diary.agreed,
    )
    lists = registered(registering, new)
    lines = list(lists.lines)
    if month.index > 0:
        known = next(
            (one.ward for one in month.paid if one.ward.hears and not one.ward.enters), None
        )
        lines += [conflicting(registering, known)] if known is not None else []
    _import(year, month, "registrations", "dang-ky", lines, month.diary.registrations)
    if lists.mended:
        at = month.diary.registrations_mended
        _import(year, month, "registrations", "dang-ky-bo-sung", lists.mended, at)


def _list(year: _Year, month: _Month) -> None:
    form = "csv" if month.index % 3 == 1 else "xlsx"
    lists, at = month.lists, month.diary.payroll
    _import(year, month, "payroll", "chi-tra", lists.lines, at, form=form)
    if lists.mended:
        at = month.diary.payroll_mended
        _import(year, month, "payroll", "chi-tra-bo-sung", lists.mended, at, form=form)
    if month.index > 0:
        _explain(year, month, form=form)


def _explain(year: _Year, month: _Month, *, form: str) -> None:
    """The lists of what changed since the month before."""
    rng = year.wanted.rng(f"changes:{month.index}")
    found = changes(rng, year.before, month.paid, index=month.index)
    named = (
        ("increases", "tang", found.increases),
        ("decreases", "giam", found.decreases),
        ("adjustments", "dieu-chinh", found.adjustments),
    )
    for minutes, (kind, name, lines) in enumerate(named):
        if lines:
            at = month.diary.changes + timedelta(minutes=10 * minutes)
            _import(year, month, kind, name, lines, at, form=form)


def _move(year: _Year, month: _Month) -> None:
    days, cycle = month.diary, str(month.cycle)
    signing = ("--by", staff.FIRST_SIGNER), ("--by", staff.SECOND_SIGNER)
    year.steps += [
        Step(days.freeze, ("cycle", "freeze", cycle, *signing[0])),
        Step(days.first_signature, ("cycle", "approve", cycle, *signing[0])),
        Step(days.second_signature, ("cycle", "approve", cycle, *signing[1])),
    ]
    lines = funding_lines(month.paid, days.funding.date(), slips=len(month.paid) >= _SOME_SIZE)
    _import(year, month, "funding", "giay-bao-kho-bac", lines, days.funding)
    args = ("cycle", "instruct", cycle, *signing[0], "--out", f"orders/{cycle}")
    year.steps.append(Step(days.instruct, args))


def _report(year: _Year, month: _Month) -> None:
    """Three times the providers report; each time the texts wait for a second person."""
    for time, at in enumerate(month.reports):
        for minutes, provider in enumerate(providers_in(month.paid)):
            lines = _result_lines(year, month, provider, time)
            if lines:
                moment = at + timedelta(minutes=10 * minutes)
                name = f"ket-qua-{provider}-{time + 1}"
                _import(year, month, "results", name, lines, moment, provider=provider)
        if any(_is_heard(one) for one in month.told if one.told_on == at.date()):
            args = ("notify", "release", "--cycle", str(month.cycle), "--by", staff.RELEASER)
            year.steps.append(Step(at + timedelta(minutes=50), args))


def _is_heard(told: Told) -> bool:
    """Whether a text about this waits to be released for certain."""
    is_news = told.word in {Word.SETTLED, Word.READY_CASH} and not told.is_wrong_sum
    return is_news and told.entry.ward.hears


def _result_lines(year: _Year, month: _Month, provider: Provider, time: int) -> list[Line]:
    days = [at.date() for at in month.reports]
    mine = [one for one in month.told if one.entry.provider is provider]
    now = [one for one in mine if one.told_on == days[time]]
    before = [one for one in mine if one.told_on < days[time]]
    rng = year.wanted.rng(f"results:{month.index}:{provider}:{time}")
    strays = len(month.paid) >= _SOME_SIZE
    lines = results.result_lines(rng, now, before, strays=strays)
    if not (strays and lines and time == 1):
        return lines
    silent = [
        entry
        for entry, fate in zip(month.paid, month.fates, strict=True)
        if fate is Fate.SILENT and entry.provider is provider
    ]
    others = [entry for entry in month.paid if entry.provider is not provider][:1]
    earlier = [entry for entry in year.before if entry.provider is provider][:1]
    lines += results.unreadable(silent)
    return lines + [results.astray(entry, provider) for entry in (*others, *earlier)]


def _talk(year: _Year, month: _Month, talks: Sequence[Talk]) -> None:
    at = month.reports[-1] + timedelta(minutes=90)
    for minutes, talk in enumerate(talks):
        file = f"{month.cycle}/loi-{talk.code}.txt"
        path = year.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(talk.lines) + "\n", encoding="utf-8", newline="\n")
        args = ("chat", "--as", talk.code, "--script", file)
        year.steps.append(Step(at + timedelta(minutes=minutes), args))


def _expect(year: _Year, month: _Month, talks: Sequence[Talk]) -> None:
    receipts = {talk.code: talk.receipt for talk in talks}
    paid = {
        entry.ward.code: (entry, fate) for entry, fate in zip(month.paid, month.fates, strict=True)
    }
    for ward in year.people:
        if ward.code in paid:
            entry, fate = paid[ward.code]
            receipt = receipts.get(ward.code, Receipt.NOT_ASKED)
            year.expect.append(_expected(entry, fate, receipt))
        elif is_known(ward, month.index):
            row = Expected(ward.code, str(month.cycle), NOT_LISTED, None, 0, None, None)
            year.expect.append(row)


def _expected(entry: Entry, fate: Fate, receipt: Receipt) -> Expected:
    return Expected(
        code=entry.ward.code,
        cycle=str(entry.month),
        state=ENDS[fate].value,
        receipt=receipt.value,
        amount=entry.amount,
        provider=entry.provider.value,
        method=entry.method.value,
    )


def _import(
    year: _Year,
    month: _Month,
    kind: str,
    name: str,
    lines: Sequence[Line],
    at: datetime,
    *,
    form: str = "xlsx",
    provider: Provider | None = None,
) -> None:
    """Write a list and the step that takes it in."""
    layout = year.layout(kind if provider is None else f"{kind}-{provider}")
    file = f"{month.cycle}/{name}.{form}"
    paper = write_list(year.folder, file, layout, lines, cycle=month.cycle, day=at.date())
    year.steps.append(_import_step(paper, kind, str(month.cycle), at, provider))


def _import_step(
    paper: Paper, kind: str, cycle: str, at: datetime, provider: Provider | None
) -> Step:
    args = ["import", kind, paper.file, "--cycle", cycle]
    args += ["--provider", str(provider)] if provider is not None else []
    return Step(
        at=at,
        args=(*args, "--by", staff.LISTER),
        exit=_REJECTS if paper.rejected else 0,
        rejected=paper.rejected,
    )

"""A synthetic district: its lists in a folder, and the manifest of what to do with them.

Everything follows from the arguments: the same arguments make the same bytes, on any machine.
What does not live here: running it (`bot/play.py`).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from core.ledger.states import Money, Receipt
from core.simulation import citizens, closings, results, staff
from core.simulation.changes import changes
from core.simulation.citizens import Talk
from core.simulation.closings import code_of
from core.simulation.diary import Diary, diary
from core.simulation.fates import Fate, Told, Word, fates, providers_in, times_of, told
from core.simulation.fundings import funding_lines, needed_for
from core.simulation.givings import give_back
from core.simulation.manifest import NOT_LISTED, Expected, Manifest, Step, write_manifest
from core.simulation.months import Entry, is_known, month_of, owed_after
from core.simulation.numbers import Numbers
from core.simulation.payrolls import payroll
from core.simulation.registrations import Registering, conflicting, registered
from core.simulation.reissues import new_money, paid_again, told_of
from core.simulation.sheets import Line
from core.simulation.wards import wards
from core.simulation.year import LayoutNamed, Month, Wanted, Year, break_off, bring_in
from core.terms import Programme, Provider

# Below so many payments a provider's files carry no slips of their own.
_SOME_SIZE = 100
_DEATHS = frozenset({"Chết", "Từ trần"})


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
    year = Year(programme, layout, wanted, folder, people)
    for index in range(wanted.cycles):
        _add_month(year, index)
    year.steps.sort(key=lambda step: step.at)
    manifest = Manifest(
        seed=wanted.seed,
        people=wanted.people,
        cycles=wanted.cycles,
        now=year.steps[-1].at + timedelta(minutes=1),
        steps=tuple(year.steps),
        expect=tuple(
            sorted(year.expect.values(), key=lambda row: (row.cycle, row.code, row.kind, row.seq))
        ),
    )
    write_manifest(folder, manifest)
    return manifest


def _add_month(year: Year, index: int) -> None:
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
    # Whoever is paid twice in a month would have to say which of the two is meant.
    twice = {again.entry.ward.code for again in month.again}
    pairs = [
        (entry, fate)
        for entry, fate in zip(month.paid, month.fates, strict=True)
        if entry.ward.code not in twice
    ]
    talks = citizens.talks(
        rng,
        [entry for entry, _ in pairs],
        [fate for _, fate in pairs],
        [one for one in absent if one.code not in twice],
    )
    _talk(year, month, talks)
    if year.wanted.is_last(index):
        closings.stand(month)
    else:
        give_back(year, month)
        closings.come_back(year, month)
        closings.close(year, month)
    _expect(year, month, talks)
    year.before = month.paid


def _month(year: Year, index: int) -> Month:
    wanted, cycle = year.wanted, year.wanted.first.plus(index)
    listed, waiting = month_of(
        year.programme, year.people, first=wanted.first, index=index, owed=year.owed
    )
    lists = payroll(wanted.rng(f"payroll:{index}"), listed)
    out = {entry.ward.code for entry in lists.left_out}
    paid = [entry for entry in listed if entry.ward.code not in out]
    year.owed = owed_after(year.owed, paid, [*waiting, *lists.left_out])
    found = changes(wanted.rng(f"changes:{index}"), year.before, paid, index=index)
    year.dead |= {str(line.cells["code"]) for line in found.decreases if _is_death(line)}
    year.communes |= {entry.ward.code: entry.commune.code for entry in paid}
    frozen_at = diary(year.programme, cycle, times_of(year.programme, paid)).freeze
    again = paid_again(
        year.programme,
        wanted.rng(f"again:{index}"),
        year.left,
        month=cycle,
        frozen_at=frozen_at,
        dead=year.dead,
        communes=year.communes,
        is_last=wanted.is_last(index),
    )
    taken = {one.left.payment for one in again}
    year.left = [one for one in year.left if one.payment not in taken]
    rng = wanted.rng(f"fates:{index}")
    times = times_of(year.programme, [*paid, *(one.entry for one in again)])
    ends = fates(rng, paid, is_last=wanted.is_last(index))
    said = [
        one
        for entry, fate in zip(paid, ends, strict=True)
        for one in told(year.programme, rng, entry, fate, times)
    ]
    said += [one for each in again for one in told_of(year.programme, rng, each, times)]
    days = _after_the_close(year, diary(year.programme, cycle, times))
    year.providers[cycle] = providers_in([*paid, *(one.entry for one in again)])
    return Month(index, cycle, lists, found, paid, ends, again, days, said, days.reports)


def _after_the_close(year: Year, days: Diary) -> Diary:
    """The Treasury sends no new money before the provider said what it has of the old.

    Around Tết the month before may be closed after the list of the new one came in.
    """
    funding = max(days.funding, year.closed_at + timedelta(hours=8))
    return replace(days, funding=funding, instruct=max(days.instruct, funding + timedelta(hours=1)))


def _is_death(line: Line) -> bool:
    return not line.is_wrong and line.cells["reason"] in _DEATHS


def _register(year: Year, month: Month) -> None:
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
    bring_in(year, month, "registrations", "dang-ky", lines, month.diary.registrations)
    if lists.mended:
        at = month.diary.registrations_mended
        bring_in(year, month, "registrations", "dang-ky-bo-sung", lists.mended, at)


def _list(year: Year, month: Month) -> None:
    form = "csv" if month.index % 3 == 1 else "xlsx"
    lists, at = month.lists, month.diary.payroll
    bring_in(year, month, "payroll", "chi-tra", lists.lines, at, form=form)
    if lists.mended:
        at = month.diary.payroll_mended
        bring_in(year, month, "payroll", "chi-tra-bo-sung", lists.mended, at, form=form)
    if month.index > 0:
        _explain(year, month, form=form)


def _explain(year: Year, month: Month, *, form: str) -> None:
    """The lists of what changed since the month before."""
    found = month.changes
    named = (
        ("increases", "tang", found.increases),
        ("decreases", "giam", found.decreases),
        ("adjustments", "dieu-chinh", found.adjustments),
    )
    for minutes, (kind, name, lines) in enumerate(named):
        if lines:
            at = month.diary.changes + timedelta(minutes=10 * minutes)
            bring_in(year, month, kind, name, lines, at, form=form)


def _move(year: Year, month: Month) -> None:
    days, cycle = month.diary, str(month.cycle)
    signing = ("--by", staff.FIRST_SIGNER), ("--by", staff.SECOND_SIGNER)
    year.steps += [
        Step(days.freeze, ("cycle", "freeze", cycle, *signing[0])),
        Step(days.first_signature, ("cycle", "approve", cycle, *signing[0])),
        Step(days.second_signature, ("cycle", "approve", cycle, *signing[1])),
    ]
    needed = needed_for(month.paid) + new_money(month.again)
    year.funded.update(needed)
    slips = len(month.paid) >= _SOME_SIZE
    lines = funding_lines(needed, month.cycle, days.funding.date(), slips=slips)
    bring_in(year, month, "funding", "giay-bao-kho-bac", lines, days.funding)
    args = ("cycle", "instruct", cycle, *signing[0], "--out", f"orders/{cycle}")
    year.steps.append(Step(days.instruct, args))


def _report(year: Year, month: Month) -> None:
    """Three times the providers report; each time the texts wait for a second person."""
    for time, at in enumerate(month.reports):
        for minutes, provider in enumerate(year.providers[month.cycle]):
            lines = _result_lines(year, month, provider, time)
            if lines:
                moment = at + timedelta(minutes=10 * minutes)
                name = f"ket-qua-{provider}-{time + 1}"
                if time == 0 and len(month.paid) >= _SOME_SIZE:
                    early = moment - timedelta(minutes=5)
                    break_off(year, month, f"{name}-dut", lines, early, provider)
                bring_in(year, month, "results", name, lines, moment, provider=provider)
        if any(_is_heard(one) for one in month.told if one.told_on == at.date()):
            args = ("notify", "release", "--cycle", str(month.cycle), "--by", staff.RELEASER)
            year.steps.append(Step(at + timedelta(minutes=50), args))


def _is_heard(told: Told) -> bool:
    """Whether a text about this waits to be released for certain."""
    is_news = told.word in {Word.SETTLED, Word.READY_CASH} and not told.is_wrong_sum
    return is_news and told.entry.ward.hears


def _result_lines(year: Year, month: Month, provider: Provider, time: int) -> list[Line]:
    days = [at.date() for at in month.reports]
    mine = [one for one in month.told if one.entry.provider is provider]
    now = [one for one in mine if one.told_on == days[time]]
    before = [one for one in mine if one.told_on < days[time]]
    rng = year.wanted.rng(f"results:{month.index}:{provider}:{time}")
    strays = len(month.paid) >= _SOME_SIZE
    lines = results.result_lines(rng, now, before, strays=strays)
    if strays and lines and time == 1:
        lines += _slips(year, month, provider)
    found = results.strangers(lines, provider)
    month.strangers.extend(code for code in found if code not in month.mistyped)
    return lines


def _slips(year: Year, month: Month, provider: Provider) -> list[Line]:
    """Unreadable lines, lines of others, and one payment that was made under a wrong code."""
    silent = [
        entry
        for entry, fate in zip(month.paid, month.fates, strict=True)
        if fate is Fate.SILENT and entry.provider is provider
    ]
    others = [entry for entry in month.paid if entry.provider is not provider][:1]
    earlier = [entry for entry in year.before if entry.provider is provider][:1]
    lines = results.unreadable(silent)
    lines += [results.astray(entry, provider) for entry in (*others, *earlier)]
    if silent:
        line = results.mistyped(silent[-1], month.reports[1].date())
        month.mistyped[str(line.cells["payment"])] = silent[-1]
        lines.append(line)
    return lines


def _talk(year: Year, month: Month, talks: Sequence[Talk]) -> None:
    at = month.reports[-1] + timedelta(minutes=90)
    for minutes, talk in enumerate(talks):
        file = f"{month.cycle}/loi-{talk.code}.txt"
        path = year.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(talk.lines) + "\n", encoding="utf-8", newline="\n")
        args = ("chat", "--as", talk.code, "--script", file)
        year.steps.append(Step(at + timedelta(minutes=minutes), args))


def _expect(year: Year, month: Month, talks: Sequence[Talk]) -> None:
    receipts = {talk.code: talk.receipt for talk in talks}
    for entry in month.paid:
        receipt = receipts.get(entry.ward.code, Receipt.NOT_ASKED)
        _keep(year, _expected(entry, month.ends[code_of(entry)], receipt))
    before = str(month.cycle.previous())
    for again in month.again:
        row = _expected(again.entry, month.ends[again.payment], Receipt.NOT_ASKED)
        _keep(year, replace(row, kind="R", seq=again.seq))
        old = year.expect[again.left.payment]
        was = (*old.was, (before, old.state))
        year.expect[old.payment] = replace(old, state=Money.REISSUED.value, was=was)
    listed = {entry.ward.code for entry in month.paid}
    for ward in year.people:
        if ward.code not in listed and is_known(ward, month.index):
            _keep(year, Expected(ward.code, str(month.cycle), NOT_LISTED, None, 0, None, None))


def _keep(year: Year, row: Expected) -> None:
    year.expect[row.payment] = row


def _expected(entry: Entry, money: Money, receipt: Receipt) -> Expected:
    return Expected(
        code=entry.ward.code,
        cycle=str(entry.month),
        state=money.value,
        receipt=receipt.value,
        amount=entry.amount,
        provider=entry.provider.value,
        method=entry.method.value,
    )

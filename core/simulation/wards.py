"""The beneficiaries of an invented district: codes, ways of being paid, consent, comings, goings.

What does not live here: households (`households.py`), and what becomes of payments (`fates.py`).
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Final

from core import offers
from core.calendar import Cycle
from core.simulation import places
from core.simulation.circumstances import Circumstance, bands
from core.simulation.households import Founding, Member, households
from core.simulation.numbers import Numbers
from core.simulation.people import Human, Ward
from core.terms import Commune, Method, Programme
from core.vietnamese import unaccented

_METHODS: Final = {Method.ACCOUNT: 44, Method.WALLET: 44, Method.CASH: 46, Method.HOME: 6}
_VERY_OLD: Final = 85
# Of a thousand: who waits for the first list, misses one list, is gone for good, comes later.
_WAITING: Final = 8
_MISSING: Final = 6
_GOING: Final = 7
_COMING: Final = 12


def wards(
    programme: Programme, rng: Random, *, heads: int, first: Cycle, months: int
) -> tuple[Ward, ...]:
    """So many beneficiaries, in the order of their codes."""
    hard = places.hard_communes(programme, first)
    kinds = bands(rng, heads, month=first, remote=bool(hard))
    homes = places.homes(programme, rng, heads, month=first)
    homes = [
        rng.choice(hard) if band.remote else home for band, home in zip(kinds, homes, strict=True)
    ]
    founding = Founding(Numbers(rng), first.first_day)
    members = households(founding, kinds, homes)
    times = [
        timing if _can_enter(programme, member, timing, first) else _ALWAYS
        for member, timing in zip(members, _times(rng, heads, months), strict=True)
    ]
    members, times = _in_order(members, times)
    counter: Counter[str] = Counter()
    return tuple(
        _ward(programme, founding.numbers, member, timing, counter, first)
        for member, timing in zip(members, times, strict=True)
    )


# (enters, listed from, gone from, missed)
_Times = tuple[int, int, int | None, frozenset[int]]
_ALWAYS: Final[_Times] = (0, 0, None, frozenset())


def _times(rng: Random, heads: int, months: int) -> list[_Times]:
    """When each head comes and goes: exact shares, so that no district lacks an example."""
    found = [_ALWAYS] * heads
    free = list(range(1, heads))  # the first one is always there: no list is ever empty
    rng.shuffle(free)
    for _ in range(_share(heads, _WAITING)):
        found[free.pop()] = (0, months, None, frozenset())
    for month in range(1, months):
        for _ in range(_share(heads, _COMING)):
            late = rng.randrange(2) if month + 1 < months else 0
            found[free.pop()] = (month, month + late, None, frozenset())
        for _ in range(_share(heads, _GOING)):
            found[free.pop()] = (0, 0, month, frozenset())
        for _ in range(_share(heads, _MISSING)):
            found[free.pop()] = (0, 0, None, frozenset({month}))
    return found


def _can_enter(programme: Programme, member: Member, timing: _Times, first: Cycle) -> bool:
    """Whether the commune is still paid when the person would come."""
    month = first.plus(timing[0])
    there = places.commune_in(programme, member.commune.code, first=first, month=month)
    return there is not None


def _share(heads: int, per_thousand: int) -> int:
    return 0 if heads < 100 else max(1, heads * per_thousand // 1000)  # noqa: PLR2004  too few


def _in_order(
    members: Sequence[Member], times: Sequence[_Times]
) -> tuple[list[Member], list[_Times]]:
    """Whoever comes later has a later code."""
    order = sorted(range(len(members)), key=lambda at: times[at][0])
    return [members[at] for at in order], [times[at] for at in order]


def _ward(
    programme: Programme,
    numbers: Numbers,
    member: Member,
    timing: _Times,
    counter: Counter[str],
    first: Cycle,
) -> Ward:
    rng = numbers.rng
    prefix = places.code_prefix(programme, member.commune.area, first)
    counter[prefix] += 1
    payee = next((one.human for one in member.beside if one.is_payee), member.human)
    method = _method(programme, rng, member, payee, first)
    enters, listed_from, gone_from, missed = timing
    phone = member.human.phone is not None
    return Ward(
        code=f"{prefix}{counter[prefix]:06}",
        human=member.human,
        circumstance=member.band.circumstance,
        children=rng.choice((1, 1, 1, 2, 2, 3)),
        studies=member.band.youngest >= 16 or rng.randrange(2) == 0,  # noqa: PLR2004  school age
        commune=member.commune.code,
        hamlet=member.hamlet,
        decision=_decision(rng, first.plus(enters).first_day),
        method=method,
        account=_account(numbers, method, payee),
        holder=unaccented(payee.name).upper() if method is Method.ACCOUNT else None,
        hears=phone and rng.randrange(12) > 0,
        hears_amounts=phone and rng.randrange(5) > 0,
        beside=member.beside,
        enters=enters,
        listed_from=listed_from,
        gone_from=gone_from,
        missed=missed,
    )


def _method(
    programme: Programme, rng: Random, member: Member, payee: Human, first: Cycle
) -> Method:
    """One of the area's; home for the weakest, no wallet without a telephone."""
    there = offers.methods_in(programme, member.commune.area, first.first_day)
    able = [one for one in there if one is not Method.WALLET or payee.phone is not None]
    weak = member.band.circumstance is Circumstance.WORST_DISABILITY
    weak |= member.band.oldest >= _VERY_OLD
    weights = [_METHODS[one] * (2 if weak and one is Method.HOME else 1) for one in able]
    return rng.choices(able, weights)[0]


def _account(numbers: Numbers, method: Method, payee: Human) -> str | None:
    if method is Method.ACCOUNT:
        return numbers.account()
    return payee.phone if method is Method.WALLET else None


def _decision(rng: Random, before: date) -> str:
    signed = before - timedelta(days=rng.randint(40, 2_000))
    return f"{rng.randint(12, 4_800)}/QĐ-UBND-{signed.year}"


def commune_of(programme: Programme, ward: Ward, *, first: Cycle, month: Cycle) -> Commune | None:
    """Where somebody lives in a month, as communes are then; None where nobody is paid."""
    return places.commune_in(programme, ward.commune, first=first, month=month)

"""Households: who lives with whom, stands beside whom, and shares a telephone.

What does not live here: how somebody is paid and agreed to be told (`wards.py`).
"""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random
from typing import Final

from core.people import Basis, Role
from core.simulation import places
from core.simulation.circumstances import Band, Circumstance
from core.simulation.names import family_of
from core.simulation.numbers import Numbers
from core.simulation.people import Beside, Human, human
from core.terms import Commune

_CHILD: Final = 16
_OLD: Final = 60
_MOST_CHILDREN: Final = 3
_GUARDIANS: Final = (
    *(("bà ngoại", "f", 58), ("bà nội", "f", 60), ("ông ngoại", "m", 63), ("ông nội", "m", 64)),
    *(("dì", "f", 36), ("cô", "f", 38), ("chú", "m", 40), ("bác", "m", 52)),
)
_PARENTS: Final = (("mẹ", "f", 34), ("mẹ", "f", 38), ("mẹ", "f", 42), ("cha", "m", 41))
_KIN: Final = (
    *(("con gái", "f", 46), ("con trai", "m", 45), ("con dâu", "f", 42), ("cháu nội", "m", 26)),
    *(("cháu ngoại", "f", 24), ("em gái", "f", 62)),
)


@dataclass(frozen=True, slots=True)
class Member:
    """A ward-to-be in a household."""

    human: Human
    band: Band
    commune: Commune
    hamlet: str
    beside: tuple[Beside, ...]


@dataclass(slots=True)
class _Village:
    """What was founded so far and is open to others; elders and the cared for by commune."""

    children: dict[str, tuple[Member, int]] = field(default_factory=dict)
    elders: dict[str, Member] = field(default_factory=dict)
    cared_for: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))


@dataclass(frozen=True, slots=True)
class Founding:
    """What households are founded with. Time: a day in Asia/Ho_Chi_Minh."""

    numbers: Numbers
    on: date

    @property
    def rng(self) -> Random:
        """Where chance comes from."""
        return self.numbers.rng


def households(founding: Founding, bands: list[Band], homes: list[Commune]) -> list[Member]:
    """A member for each band, in order: children share guardians, the old share telephones.

    Whoever is paid for caring stands beside a person of the same commune who needs it.
    """
    village, members = _Village(), list[Member]()
    order = sorted(range(len(bands)), key=lambda at: _carers_last(bands[at]))
    placed: dict[int, Member] = {}
    for at in order:
        member = _settled(founding, bands[at], homes[at], village)
        if bands[at].circumstance is Circumstance.WORST_DISABILITY:
            village.cared_for[member.commune.code].append(at)
        if bands[at].circumstance is Circumstance.CARER and village.cared_for[member.commune.code]:
            cared = village.cared_for[member.commune.code].pop()
            placed[cared] = _with(placed[cared], _carer(founding, member.human))
        placed[at] = member
    members += (placed[at] for at in range(len(bands)))
    return members


def _carers_last(band: Band) -> bool:
    return band.circumstance is Circumstance.CARER


def _settled(founding: Founding, band: Band, commune: Commune, village: _Village) -> Member:
    rng = founding.rng
    age = rng.randint(band.youngest, band.oldest)
    if age < _CHILD:
        return _child(founding, band, commune, age, village)
    if age >= _OLD and commune.code in village.elders and rng.randrange(100) < 22:  # noqa: PLR2004
        return _spouse(founding, band, age, village.elders.pop(commune.code))
    who = human(founding.numbers, age=age, on=founding.on)
    member = Member(who, band, commune, places.hamlet(rng, commune), ())
    if age >= _OLD:
        village.elders[commune.code] = member
    return _with(member, *_helpers(founding, member, age))


def _child(founding: Founding, band: Band, commune: Commune, age: int, village: _Village) -> Member:
    """A child under guardian or parent; a brother or sister is often under the same one."""
    orphan = band.circumstance is Circumstance.ORPHAN
    key = str(orphan)
    first, count = village.children.get(key, (None, _MOST_CHILDREN))
    joins = count < _MOST_CHILDREN and founding.rng.randrange(10) < 5  # noqa: PLR2004  half do
    if first is not None and joins and not band.remote:
        family = family_of(first.human.name)
        who = human(founding.numbers, age=age, on=founding.on, family=family)
        village.children[key] = (first, count + 1)
        return Member(who, band, first.commune, first.hamlet, first.beside)
    who = human(founding.numbers, age=age, on=founding.on)
    keeper = _keeper(founding, who, orphan=orphan)
    member = Member(who, band, commune, places.hamlet(founding.rng, commune), (keeper,))
    village.children[key] = (member, 1)
    return member


def _spouse(founding: Founding, band: Band, age: int, other: Member) -> Member:
    """Husband or wife of somebody old, in the same house and on the same telephone."""
    sex = "f" if other.human.sex == "m" else "m"
    who = human(founding.numbers, age=age, on=founding.on, sex=sex, phone=False)
    who = replace(who, phone=other.human.phone)
    return Member(who, band, other.commune, other.hamlet, _kin_of(other))


def _kin_of(other: Member) -> tuple[Beside, ...]:
    """A child of one is told about the other too: the same person on the same telephone."""
    return tuple(one for one in other.beside if one.role is Role.RELATIVE)


def _helpers(founding: Founding, member: Member, age: int) -> list[Beside]:
    """Who stands beside a grown-up: a guardian, an authorised person, a relative who is told."""
    rng = founding.rng
    worst = member.band.circumstance is Circumstance.WORST_DISABILITY
    found: list[Beside] = []
    if worst and rng.randrange(10) < 3:  # noqa: PLR2004  as many as cannot decide for themselves
        found.append(_keeper(founding, member.human, orphan=True))
    elif (worst or age >= 85) and rng.randrange(10) < 3:  # noqa: PLR2004  the weakest send somebody
        found.append(_authorised(founding, member.human))
    if age >= _OLD and rng.randrange(100) < (50 if member.human.phone is None else 20):
        found.append(_relative(founding, member.human))
    return found


def _keeper(founding: Founding, ward: Human, *, orphan: bool) -> Beside:
    rng = founding.rng
    relation, sex, age = rng.choice(_GUARDIANS if orphan else _PARENTS)
    family = family_of(ward.name) if relation in {"cha", "bà nội", "ông nội", "chú", "cô"} else None
    who = human(
        founding.numbers, age=age + rng.randrange(5), on=founding.on, sex=sex, family=family
    )
    phone = who.phone or (founding.numbers.phone() if rng.randrange(10) else None)
    settled = rng.randrange(12) > 0
    paper = Basis.GUARDIAN_DECISION if orphan else Basis.BIRTH_CERTIFICATE
    return Beside(
        role=Role.GUARDIAN if orphan else Role.PARENT,
        human=replace(who, phone=phone, year_only=False),
        relation=relation,
        basis=paper if settled else Basis.NONE_YET,
        valid_from=founding.on - timedelta(days=rng.randint(200, 900)),
        is_payee=True,
        hears=phone is not None and rng.randrange(12) > 0,
        hears_amounts=rng.randrange(10) > 1,
    )


def _authorised(founding: Founding, ward: Human) -> Beside:
    """An authorisation has an end, and some end soon."""
    rng = founding.rng
    who, relation = _kin(founding, ward)
    begun = founding.on - timedelta(days=rng.randint(30, 200))
    return Beside(
        role=Role.AUTHORISED,
        human=who,
        relation=relation,
        basis=Basis.AUTHORISATION,
        valid_from=begun,
        valid_to=begun + timedelta(days=rng.choice((270, 365, 365, 730))),
        is_payee=True,
        hears=rng.randrange(5) > 0,
        hears_amounts=rng.randrange(2) > 0,
    )


def _relative(founding: Founding, ward: Human) -> Beside:
    who, relation = _kin(founding, ward)
    return Beside(Role.RELATIVE, who, relation, Basis.CONSENT, founding.on, hears=True)


def _carer(founding: Founding, who: Human) -> Beside:
    begun = founding.on - timedelta(days=400)
    return Beside(Role.CARER, who, "người chăm sóc", Basis.CARER_DECISION, begun)


def _kin(founding: Founding, ward: Human) -> tuple[Human, str]:
    relation, sex, age = founding.rng.choice(_KIN)
    family = family_of(ward.name) if relation in {"con trai", "con gái", "cháu nội"} else None
    who = human(founding.numbers, age=age, on=founding.on, sex=sex, family=family, phone=True)
    return who, relation


def _with(member: Member, *more: Beside) -> Member:
    return replace(member, beside=(*member.beside, *more))

"""Invented people: who they are, who stands beside them, how they are paid.

What does not live here: how they come to live together (`households.py`), their months
(`months.py`), and the lists they stand on.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final

from core.people import Basis, Role
from core.simulation.circumstances import Circumstance
from core.simulation.names import full_name
from core.simulation.numbers import Numbers
from core.terms import Method

_ADULT: Final = 18
_HAS_PAPER: Final = 14
# Out of a hundred, how many have a telephone of their own, by age from the key on.
_PHONES: Final = ((16, 60), (18, 82), (60, 55), (75, 30), (85, 15))
# The year since which a birth certificate carries the number of the later card.
_NUMBERED_AT_BIRTH: Final = 2016


@dataclass(frozen=True, slots=True)
class Human:
    """One person. `year_only`: papers know only the year of birth, as with many old people."""

    name: str
    sex: str
    born: date
    year_only: bool
    citizen_id: str | None
    phone: str | None


@dataclass(frozen=True, slots=True)
class Beside:
    """Somebody who stands beside a ward. Time: days in Asia/Ho_Chi_Minh."""

    role: Role
    human: Human
    relation: str
    basis: Basis
    valid_from: date
    valid_to: date | None = None
    is_payee: bool = False
    hears: bool = False
    hears_amounts: bool = False


@dataclass(frozen=True, slots=True)
class Ward:
    """A beneficiary (đối tượng): entitled, listed, paid.

    `commune` is a code on the day the district begins. `account` is an account or wallet number,
    `holder` the name the bank knows it by, in capitals without accents. Months are counted from 0:
    `enters` is the first month somebody knows of the person, `listed_from` the first list;
    `gone_from` the first list without the person for good; `missed` lists left the person out.
    """

    code: str
    human: Human
    circumstance: Circumstance
    children: int
    studies: bool
    commune: str
    hamlet: str
    decision: str
    method: Method
    account: str | None
    holder: str | None
    hears: bool
    hears_amounts: bool
    beside: tuple[Beside, ...]
    enters: int = 0
    listed_from: int = 0
    gone_from: int | None = None
    missed: frozenset[int] = frozenset()

    @property
    def payee(self) -> Beside | None:
        """Who takes the money for the ward, if not the ward alone."""
        return next((one for one in self.beside if one.is_payee), None)


def human(
    numbers: Numbers,
    *,
    age: int,
    on: date,
    sex: str | None = None,
    family: str | None = None,
    phone: bool | None = None,
) -> Human:
    """A person of this age on a day; family name and telephone as given, else as it happens."""
    rng = numbers.rng
    sex = sex or rng.choice("mf")
    born = born_at(rng, age=age, on=on)
    has_phone = rng.randrange(100) < _phone_share(age) if phone is None else phone
    return Human(
        name=full_name(rng, sex=sex, born=born.year, family=family),
        sex=sex,
        born=born,
        year_only=age >= 70 and rng.randrange(10) < 4,  # noqa: PLR2004  registers of those years
        citizen_id=_paper(numbers, sex, born.year, age),
        phone=numbers.phone() if has_phone else None,
    )


def born_at(rng: Random, *, age: int, on: date) -> date:
    """A birthday that makes somebody exactly this old on a day."""
    last = _years_before(on, age)
    first = _years_before(on, age + 1) + timedelta(days=1)
    return first + timedelta(days=rng.randrange((last - first).days + 1))


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)


def _phone_share(age: int) -> int:
    return next((share for start, share in reversed(_PHONES) if age >= start), 0)


def _paper(numbers: Numbers, sex: str, year: int, age: int) -> str | None:
    rng = numbers.rng
    chance = rng.randrange(100)
    if age < _HAS_PAPER:
        numbered = year >= _NUMBERED_AT_BIRTH and chance < 85  # noqa: PLR2004  most, not all
        return numbers.citizen_id(sex=sex, born=year) if numbered else None
    if chance < (8 if age >= 85 else 3):  # noqa: PLR2004  the very old lack papers more often
        return None
    if age >= _ADULT and chance < 42:  # noqa: PLR2004  still many in 2021
        return numbers.old_identity_card()
    return numbers.citizen_id(sex=sex, born=year)

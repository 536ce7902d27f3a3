"""Personal names as people around Huế bear them, by sex and generation; nobody's in particular.

What does not live here: the names themselves (`data/names.toml`), reading names (`core/names.py`).
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Final

_DATA: Final = Path(__file__).parent / "data" / "names.toml"
# One in so many bears the name of a branch of the old royal house.
_ROYAL: Final = 25
_ROYAL_HOUSE: Final = "Nguyễn"
_GENERATIONS: Final = ((1960, "old"), (1990, "middle"))


@dataclass(frozen=True, slots=True)
class _Names:
    families: tuple[str, ...]
    weights: tuple[int, ...]
    royal: dict[str, list[str]]
    generations: dict[str, dict[str, list[str]]]


def full_name(rng: Random, *, sex: str, born: int, family: str | None = None) -> str:
    """A full name for somebody of this sex (m or f) and birth year; of a given family if wished."""
    names = _names()
    words = names.generations[_generation(born)]
    given = rng.choice(words[f"given_{sex}"])
    if family is None and rng.randrange(_ROYAL) == 0:
        return f"{rng.choice(names.royal[sex])} {given}"
    house = family or family_name(rng)
    middle = rng.choice([word for word in words[f"middle_{sex}"] if word != given])
    return f"{house} {middle} {given}"


def family_name(rng: Random) -> str:
    """A family name, as often as it is met around Huế."""
    names = _names()
    return rng.choices(names.families, cum_weights=names.weights)[0]


def family_of(name: str) -> str:
    """The family name in a full name; the royal branches are all Nguyễn."""
    first = name.split(maxsplit=1)[0]
    return first if first in _names().families else _ROYAL_HOUSE


def _generation(born: int) -> str:
    return next((name for year, name in _GENERATIONS if born < year), "young")


@cache
def _names() -> _Names:
    data = tomllib.loads(_DATA.read_text(encoding="utf-8"))
    families = data["family"]
    return _Names(
        families=tuple(families),
        weights=tuple(accumulate(families.values())),
        royal=data["royal"],
        generations={name: data[name] for name in ("old", "middle", "young")},
    )

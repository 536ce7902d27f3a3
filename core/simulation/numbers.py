"""Numbers that invented people carry: identity cards, telephones, accounts. Each is given once.

The digits say what real ones say (province, sex, birth year), and belong to nobody.
"""

from dataclasses import dataclass, field
from random import Random
from typing import Final

_HUE: Final = "046"
_PREFIXES: Final = (
    *("032", "033", "034", "035", "036", "037", "038", "039", "070", "076", "077", "078", "079"),
    *("081", "082", "083", "084", "085", "086", "088", "089", "090", "091", "093", "094", "096"),
    *("097", "098"),
)
# How lists of before September 2018 wrote today's numbers.
_BEFORE_2018: Final = {
    **{f"03{digit}": f"016{digit}" for digit in range(2, 10)},
    "070": "0120",
    "076": "0126",
    "077": "0122",
    "078": "0128",
    "079": "0121",
    "081": "0127",
    "082": "0129",
    "083": "0123",
    "084": "0124",
    "085": "0125",
}
_STARTS: Final = ("101", "104", "106", "107")
_SPELLINGS: Final = ("plain", "plain", "plain", "plain", "spaced", "dotted", "country", "old")


@dataclass(slots=True)
class Numbers:
    """Hands out numbers, never the same twice."""

    rng: Random
    _given: set[str] = field(default_factory=set)

    def citizen_id(self, *, sex: str, born: int) -> str:
        """The 12 digits of a CCCD issued in Thừa Thiên Huế."""
        mark = (0 if sex == "m" else 1) + (0 if born < 2000 else 2)  # noqa: PLR2004  century
        return self._fresh(f"{_HUE}{mark}{born % 100:02}", 6)

    def old_identity_card(self) -> str:
        """The 9 digits of a CMND of the province."""
        return self._fresh("19", 7)

    def phone(self) -> str:
        """A mobile number of today, 10 digits."""
        return self._fresh(self.rng.choice(_PREFIXES), 7)

    def account(self) -> str:
        """A bank account number of 12 digits."""
        return self._fresh(self.rng.choice(_STARTS), 9)

    def _fresh(self, start: str, digits: int) -> str:
        while True:
            number = f"{start}{self.rng.randrange(10**digits):0{digits}}"
            if number not in self._given:
                self._given.add(number)
                return number


def phone_as_written(number: str, rng: Random) -> str:
    """The number as somebody writes it into a list: spaced, dotted, +84, or in its old form."""
    spelling = rng.choice(_SPELLINGS)
    if spelling == "spaced":
        return f"{number[:4]} {number[4:7]} {number[7:]}"
    if spelling == "dotted":
        return f"{number[:4]}.{number[4:7]}.{number[7:]}"
    if spelling == "country":
        return f"+84{number[1:]}"
    if spelling == "old" and number[:3] in _BEFORE_2018:
        return f"{_BEFORE_2018[number[:3]]}{number[3:]}"
    return number

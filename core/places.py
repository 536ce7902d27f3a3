"""Which commune a word or a code means on a day, and which area it lies in.

Lists of 2019 still say Vinh Hải, people of 2026 still say Thủy Phù, and both mean somewhere: an old
name or code leads to the unit that lives on. What is not certain is never guessed.

What does not live here: who pays there (`core/offers.py`), the places themselves (`programmes/`).
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from core.terms import Alias, Area, Commune, Programme
from core.vietnamese import fold, place_key

_CODE: Final = re.compile(r"\d{5}", re.ASCII)
_AREA_CODE: Final = re.compile(r"\d{3}", re.ASCII)
# A prefix needs a blank or a point after it, so that "Xuân Lộc" keeps its X.
_COMMUNE_PREFIX: Final = re.compile(r"(?:thi\s*tran|phuong|xa|t\.?t|p|x)(?:\s*\.\s*|\s+)")
_AREA_PREFIX: Final = re.compile(
    r"(?:thi\s*xa|huyen|quan|thanh\s*pho|dia\s*ban|t\.?x|t\.?p|h|q)(?:\s*\.\s*|\s+)"
)


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """The text fits several communes, or an area: `communes` and `areas` are what it may mean."""

    text: str
    communes: tuple[Commune, ...]
    areas: tuple[Area, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """No commune of that day is called so."""

    text: str


Found = Commune | Ambiguous | Unknown


@dataclass(frozen=True, slots=True)
class _Index:
    units: Mapping[str, tuple[Commune, ...]]
    aliases: Mapping[str, tuple[Alias, ...]]
    codes: Mapping[str, tuple[Commune, ...]]
    areas: Mapping[str, tuple[Area, ...]]


def commune_on(programme: Programme, text: str, day: date, *, district: str | None = None) -> Found:
    """The commune that a name or a code means on a day.

    Prefixes, accents and case do not matter; `Lộc An, huyện Phú Lộc` carries its own hint.
    `district` is a district's name or code that narrows the choice. Without one, a bare name that
    is also an area's (`Phú Lộc`) is ambiguous; with a prefix (`TT. Phú Lộc`) it is not.
    Time: a day in Asia/Ho_Chi_Minh.
    """
    return _commune_on(programme, text, day, district)


@lru_cache(maxsize=4096)
def _commune_on(programme: Programme, text: str, day: date, district: str | None) -> Found:
    whole = _narrowed(programme, text, text, day, district)
    if not isinstance(whole, Unknown) or "," not in text:
        return whole
    name, *rest = (part.strip() for part in text.split(","))
    inline = next((part for part in rest if _areas_called(programme, part, day)), None)
    return _narrowed(programme, text, name, day, district or inline)


def _narrowed(programme: Programme, text: str, name: str, day: date, district: str | None) -> Found:
    communes = _candidates(programme, name, day)
    if district is not None and district.strip():
        areas = {area.code for area in _areas_called(programme, district, day)}
        communes = tuple(commune for commune in communes if commune.area in areas)
        namesakes: tuple[Area, ...] = ()
    else:
        prefixed = _COMMUNE_PREFIX.match(fold(name).strip()) is not None
        namesakes = () if prefixed else _areas_called(programme, name, day, by_code=False)
    if namesakes or len(communes) > 1:
        return Ambiguous(text, communes, namesakes)
    return communes[0] if communes else Unknown(text)


def _candidates(programme: Programme, name: str, day: date) -> tuple[Commune, ...]:
    index = _index(programme)
    if _CODE.fullmatch(name.strip()):
        units = index.codes.get(name.strip(), ())
        key = name.strip()
    else:
        folded = fold(name).strip()
        if _AREA_PREFIX.match(folded) and not _COMMUNE_PREFIX.match(folded):
            return ()
        key = _name_key(name, _COMMUNE_PREFIX)
        units = index.units.get(key, ())
    present = [unit for unit in units if unit.valid.holds(day)]
    if present:
        return tuple(present)
    aliased = [alias.commune for alias in index.aliases.get(key, ()) if alias.valid.holds(day)]
    if aliased:
        return _distinct(with_code(programme, code, day) for code in aliased)
    return _distinct(heir(programme, unit, day) for unit in units if unit.valid.last < day)


def _distinct(communes: Iterable[Commune | None]) -> tuple[Commune, ...]:
    return tuple(dict.fromkeys(commune for commune in communes if commune is not None))


def with_code(programme: Programme, code: str, day: date) -> Commune | None:
    """The commune that has this code on this day."""
    units = _index(programme).codes.get(code, ())
    return next((unit for unit in units if unit.valid.holds(day)), None)


def ever_with_code(programme: Programme, code: str) -> tuple[Commune, ...]:
    """All communes that ever had this code, the oldest first: a code alone is not a place."""
    return _index(programme).codes.get(code, ())


def heir(programme: Programme, commune: Commune, day: date) -> Commune | None:
    """The commune in which an ended one lives on at a later day; itself while it lasts."""
    while not commune.valid.holds(day):
        if commune.valid.last >= day or commune.successor is None:
            return None
        after = commune.valid.last + timedelta(days=1)
        following = with_code(programme, commune.successor, after)
        if following is None:
            return None
        commune = following
    return commune


def communes_in(programme: Programme, area: str, day: date) -> tuple[Commune, ...]:
    """The communes of an area on a day, in the order of their codes."""
    found = [c for c in programme.communes if c.area == area and c.valid.holds(day)]
    return tuple(sorted(found, key=lambda commune: commune.code))


def paid_communes(programme: Programme, day: date) -> tuple[Commune, ...]:
    """The communes whose people the programme pays on a day, in the order of their codes."""
    paid = {area.code for area in paid_areas(programme, day)}
    found = [c for c in programme.communes if c.area in paid and c.valid.holds(day)]
    return tuple(sorted(found, key=lambda commune: commune.code))


def paid_areas(programme: Programme, day: date) -> tuple[Area, ...]:
    """The areas of the programme on a day."""
    return tuple(area for area in programme.areas if area.paid and area.valid.holds(day))


def area_with_code(programme: Programme, code: str, day: date) -> Area | None:
    """The area that has this code on this day."""
    return next((a for a in programme.areas if a.code == code and a.valid.holds(day)), None)


def area_of(programme: Programme, commune: str, day: date) -> Area | None:
    """The area in which the commune with this code lies on this day.

    None if no commune has the code then. Ask `.paid` before paying: a commune can leave.
    """
    found = with_code(programme, commune, day)
    return None if found is None else area_with_code(programme, found.area, day)


def _areas_called(
    programme: Programme, text: str, day: date, *, by_code: bool = True
) -> tuple[Area, ...]:
    name = text.strip()
    if _AREA_CODE.fullmatch(name):
        found = area_with_code(programme, name, day) if by_code else None
        return () if found is None else (found,)
    areas = _index(programme).areas.get(_name_key(name, _AREA_PREFIX), ())
    return tuple(area for area in areas if area.valid.holds(day))


def _name_key(name: str, prefix: re.Pattern[str]) -> str:
    return place_key(prefix.sub("", fold(name).strip(), count=1))


def name_key(name: str) -> str:
    """The form in which names of communes are compared: no prefix, no accents, one case."""
    return _name_key(name, _COMMUNE_PREFIX)


@lru_cache(maxsize=8)
def _index(programme: Programme) -> _Index:
    units, codes = defaultdict(list), defaultdict(list)
    for unit in sorted(programme.communes, key=lambda commune: commune.valid.first):
        units[_name_key(unit.name, _COMMUNE_PREFIX)].append(unit)
        codes[unit.code].append(unit)
    aliases = defaultdict(list)
    for alias in programme.aliases:
        code = _CODE.fullmatch(alias.text)
        aliases[alias.text if code else _name_key(alias.text, _COMMUNE_PREFIX)].append(alias)
    areas = defaultdict(list)
    for area in programme.areas:
        areas[_name_key(area.name, _AREA_PREFIX)].append(area)
    return _Index(
        units={key: tuple(found) for key, found in units.items()},
        aliases={key: tuple(found) for key, found in aliases.items()},
        codes={key: tuple(found) for key, found in codes.items()},
        areas={key: tuple(found) for key, found in areas.items()},
    )

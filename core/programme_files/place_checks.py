"""Whether areas, communes and aliases agree with one another."""

from collections.abc import Iterator
from datetime import timedelta

from core import places
from core.programme_files.problems import Kind, Problem
from core.programme_files.spans import gaps, in_days, overlaps
from core.programme_files.tables import Tables
from core.terms import FOR_EVER


def areas(tables: Tables) -> Iterator[Problem]:
    """An area has one row a day."""
    yield from overlaps(tables.areas, lambda area: area.code, "code")


def communes(tables: Tables) -> Iterator[Problem]:
    """A code means one commune a day, a name one commune of an area; the area exists meanwhile."""
    yield from overlaps(tables.communes, lambda commune: commune.code, "code")
    for problem in overlaps(tables.communes, lambda c: (c.area, places.name_key(c.name)), "name"):
        yield Problem(problem.file, problem.line, "name", Kind.NAME_TWICE, problem.values)
    for row, commune in tables.communes:
        lives = [area.valid for _, area in tables.areas if area.code == commune.area]
        for gap in gaps(commune.valid, lives):
            values = {"value": commune.area, "days": in_days(gap)}
            yield Problem(row.file, row.line, "area", Kind.UNKNOWN_AREA, values)
            break


def successors(tables: Tables) -> Iterator[Problem]:
    """An ended commune says where it lives on, and that commune is there on the next day."""
    for row, commune in tables.communes:
        if commune.valid.last == FOR_EVER:
            continue
        if commune.successor is None:
            yield Problem(row.file, row.line, "successor", Kind.SUCCESSOR_MISSING)
            continue
        day = commune.valid.last + timedelta(days=1)
        if not any(c.code == commune.successor and c.valid.holds(day) for _, c in tables.communes):
            values = {"value": commune.successor, "day": str(day)}
            yield Problem(row.file, row.line, "successor", Kind.SUCCESSOR_UNKNOWN, values)


def aliases(tables: Tables) -> Iterator[Problem]:
    """An alias leads to a commune on all its days, and is not the name of another one."""
    for row, alias in tables.aliases:
        lives = [c.valid for _, c in tables.communes if c.code == alias.commune]
        for gap in gaps(alias.valid, lives):
            values = {"value": alias.commune, "days": in_days(gap)}
            yield Problem(row.file, row.line, "commune", Kind.UNKNOWN_COMMUNE, values)
            break
        key = places.name_key(alias.text)
        for _, commune in tables.communes:
            named = key in {places.name_key(commune.name), commune.code}
            if named and commune.valid.meets(alias.valid):
                values = {"value": alias.text, "commune": commune.full_name}
                yield Problem(row.file, row.line, "text", Kind.ALIAS_IS_A_NAME, values)
                break

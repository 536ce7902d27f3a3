"""Why this month is not like the last one: new, stopped, more, less, moved, truy lĩnh.

The office says what changed in three lists (tăng, giảm, điều chỉnh). What they lead one to expect
of a person is held against what is listed; each commune's heads and đồng must come out even.
Truy lĩnh is paid once: it never counts as part of the month before. Source: the
plan, III.6; docs/decisions/0110.

What does not live here: reading it from the ledger (`comparison.py`).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import pairwise
from typing import Final

from core.ledger.events import EventType, Value


class Change(StrEnum):
    """How somebody's money differs from the month before."""

    NEW = "new"
    STOPPED = "stopped"
    MORE = "more"
    LESS = "less"
    MOVED = "moved"
    ARREARS = "arrears"


class Missing(StrEnum):
    """What would explain a difference that nothing explains."""

    INCREASE = "increase"
    DECREASE = "decrease"
    ADJUSTMENT = "adjustment"
    ARREARS = "arrears"
    COMMUNE = "commune"
    PAY_LINE = "pay_line"
    STILL_PAID = "still_paid"


@dataclass(frozen=True, slots=True)
class Share:
    """What somebody is listed for in a month. Money: whole đồng."""

    commune: str
    monthly: int
    arrears: int = 0


@dataclass(frozen=True, slots=True)
class Note:
    """One line of the three lists, as its event says it. `body`: ids, codes, months, amounts."""

    event_id: int
    type: EventType
    body: Mapping[str, Value]

    @property
    def file(self) -> str:
        """The list it came with."""
        return str(self.body["file"])

    @property
    def line(self) -> int:
        """Its line in that list, as a person counts."""
        return int(self.body["line"])

    def as_json(self) -> dict[str, Value]:
        """The line for machines."""
        return {"event": self.event_id, "list": self.type.value, **self.body}


@dataclass(frozen=True, slots=True)
class Person:
    """A beneficiary in two months. `before`, `now`: None where not listed.

    `pay_line` is the line of the pay list that says `now`, as file:12:7; empty where there is none.
    """

    code: str
    before: Share | None
    now: Share | None
    notes: tuple[Note, ...] = ()
    pay_line: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed for one person; `missing` is empty when the lists explain all of it."""

    code: str
    commune: str
    changes: tuple[Change, ...]
    before: Share | None
    now: Share | None
    notes: tuple[Note, ...]
    missing: tuple[Missing, ...]
    pay_line: str = ""

    @property
    def is_explained(self) -> bool:
        """Whether the three lists account for it."""
        return not self.missing

    def as_json(self) -> dict[str, object]:
        """The difference for machines: codes and sums only."""
        return {
            "code": self.code,
            "commune": self.commune,
            "changes": [one.value for one in self.changes],
            "before": _amount(self.before),
            "monthly": self.now.monthly if self.now else 0,
            "arrears": self.now.arrears if self.now else 0,
            "pay_line": self.pay_line,
            "lines": [note.as_json() for note in self.notes],
            "missing": [one.value for one in self.missing],
        }


@dataclass(frozen=True, slots=True)
class Sum:
    """Heads and whole đồng; negative where something went away."""

    heads: int = 0
    amount: int = 0

    def __add__(self, other: "Sum") -> "Sum":
        """Both together."""
        return Sum(self.heads + other.heads, self.amount + other.amount)

    def __sub__(self, other: "Sum") -> "Sum":
        """Without the other."""
        return Sum(self.heads - other.heads, self.amount - other.amount)


_NOTHING: Final = Sum()


@dataclass(frozen=True, slots=True)
class Balance:
    """One commune's month against its last one. `decreases` is what goes away, positive."""

    last: Sum = field(default_factory=Sum)
    increases: Sum = field(default_factory=Sum)
    decreases: Sum = field(default_factory=Sum)
    adjustments: Sum = field(default_factory=Sum)
    this: Sum = field(default_factory=Sum)

    @property
    def expected(self) -> Sum:
        """Last month + increases - decreases ± adjustments."""
        return self.last + self.increases - self.decreases + self.adjustments

    @property
    def off(self) -> Sum:
        """What is listed beyond what is expected; negative where less is."""
        return self.this - self.expected

    @property
    def is_still(self) -> bool:
        """Whether the month is as the last one, and nobody said otherwise."""
        moves = (self.increases, self.decreases, self.adjustments, self.off)
        return all(one == _NOTHING for one in moves)

    def as_json(self) -> dict[str, int]:
        """The balance for machines."""
        parts = {
            "last": self.last,
            "increases": self.increases,
            "decreases": self.decreases,
            "adjustments": self.adjustments,
            "expected": self.expected,
            "this": self.this,
            "off": self.off,
        }
        return {
            f"{name}_{what}": value
            for name, one in parts.items()
            for what, value in (("heads", one.heads), ("amount", one.amount))
        }


def difference(person: Person) -> Difference | None:
    """What changed for a person, and what would still explain it; None where all is as before."""
    changes = _changes(person.before, person.now)
    expected = _stages(person)[-1]
    missing = _missing(person, expected)
    if not changes and not missing:
        return None
    stands = person.now or person.before or expected
    commune = stands.commune if stands is not None else ""
    return Difference(
        code=person.code,
        commune=commune,
        changes=changes,
        before=person.before,
        now=person.now,
        notes=person.notes,
        missing=missing,
        pay_line=person.pay_line,
    )


def balances(
    people: Iterable[Person], last: Mapping[str, Sum], this: Mapping[str, Sum]
) -> dict[str, Balance]:
    """Each commune's balance, by its code.

    `people`: at least everybody who changed or whom a list names; `last`, `this`: the sums of the
    two months by commune, of last month without its truy lĩnh.
    """
    moved: dict[str, list[Sum]] = defaultdict(lambda: [_NOTHING] * 3)
    for person in people:
        stages = _stages(person)
        for at, (share, after) in enumerate(pairwise(stages)):
            if share is not None:
                moved[share.commune][at] -= _sum(share)
            if after is not None:
                moved[after.commune][at] += _sum(after)
    return {
        commune: Balance(
            last=last.get(commune, _NOTHING),
            increases=moved[commune][0],
            adjustments=moved[commune][1],
            decreases=_NOTHING - moved[commune][2],
            this=this.get(commune, _NOTHING),
        )
        for commune in sorted({*last, *this, *moved})
    }


def _stages(person: Person) -> tuple[Share | None, Share | None, Share | None, Share | None]:
    """A person's share as it was, after the increases, the adjustments, the decreases."""
    before = replace(person.before, arrears=0) if person.before is not None else None
    increased = adjusted = before
    for note in _of(person, EventType.INCREASED):
        body = note.body
        commune = increased.commune if increased is not None else str(body["commune"])
        increased = Share(commune, int(body["monthly"]), int(body["arrears"]))
    adjusted = increased
    for note in _of(person, EventType.ADJUSTED):
        adjusted = _adjusted(adjusted, note)
    stopped = any(_of(person, EventType.DECREASED))
    return before, increased, adjusted, None if stopped else adjusted


def _adjusted(share: Share | None, note: Note) -> Share | None:
    body = note.body
    if share is None or "old" not in body:
        return share
    if body["field"] == "commune":
        return replace(share, commune=str(body["new"]))
    by = int(body["new"]) - int(body["old"])
    if body["field"] == "arrears":
        return replace(share, arrears=share.arrears + by)
    return replace(share, monthly=share.monthly + by)


def _of(person: Person, wanted: EventType) -> Iterable[Note]:
    return (note for note in person.notes if note.type is wanted)


def _changes(before: Share | None, now: Share | None) -> tuple[Change, ...]:
    if now is None:
        return () if before is None else (Change.STOPPED,)
    found: list[Change] = []
    if before is None:
        found.append(Change.NEW)
    elif now.monthly != before.monthly:
        found.append(Change.MORE if now.monthly > before.monthly else Change.LESS)
    if before is not None and now.commune != before.commune:
        found.append(Change.MOVED)
    if now.arrears:
        found.append(Change.ARREARS)
    return tuple(found)


def _missing(person: Person, expected: Share | None) -> tuple[Missing, ...]:
    now = person.now
    if expected == now:
        return ()
    if now is None:
        announced = any(_of(person, EventType.INCREASED)) or person.before is None
        return (Missing.PAY_LINE if announced else Missing.DECREASE,)
    if expected is None:
        stopped = any(_of(person, EventType.DECREASED))
        return (Missing.STILL_PAID if stopped else Missing.INCREASE,)
    found: list[Missing] = []
    if now.monthly != expected.monthly:
        more = now.monthly > expected.monthly and not any(_of(person, EventType.INCREASED))
        found.append(Missing.INCREASE if more else Missing.ADJUSTMENT)
    if now.arrears != expected.arrears:
        found.append(Missing.ARREARS)
    if now.commune != expected.commune:
        found.append(Missing.COMMUNE)
    return tuple(found)


def _sum(share: Share) -> Sum:
    return Sum(1, share.monthly + share.arrears)


def _amount(share: Share | None) -> int:
    return share.monthly if share is not None else 0

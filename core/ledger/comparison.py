"""A month held against the last one: what changed, and whether the three lists explain it.

What does not live here: the rule itself (`changes.py`), the lists (`core/exchange/increases.py`,
`decreases.py`, `adjustments.py`).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from core.ledger import changes
from core.ledger.changes import Balance, Difference, Person
from core.ledger.events import EventType, NewEvent
from core.ledger.record import Ledger
from core.ledger.states import Money
from core.refusals import Code, Refusal
from core.store import comparisons
from core.store.comparisons import Pair
from core.store.engine import Tx

# Where a decrease still stops the money. Source: reference ledger, table of the money axis.
STOPPABLE: Final = (Money.LISTED, Money.HELD, Money.APPROVED)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A month against `before`. `lists`: how many lists of changes came in for it."""

    cycle: str
    before: str
    lists: int
    balances: Mapping[str, Balance]
    differences: Sequence[Difference]

    @property
    def unexplained(self) -> list[Difference]:
        """What no list accounts for."""
        return [one for one in self.differences if not one.is_explained]

    def as_json(self, *, named: bool = False) -> dict[str, object]:
        """The comparison for machines; `named`: with everybody whose money changed."""
        everybody = [one.as_json() for one in self.differences]
        return ({"differences": everybody} if named else {}) | {
            "before": self.before,
            "lists": self.lists,
            "communes": {name: one.as_json() for name, one in self.balances.items()},
            "unexplained": [one.as_json() for one in self.unexplained],
            "changes": dict(
                sorted(Counter(str(c) for one in self.differences for c in one.changes).items())
            ),
        }


@dataclass(frozen=True, slots=True)
class Changed:
    """What changed for one person in a month. `event_ids`: what every fact of it rests on."""

    cycle: str
    before: str
    difference: Difference
    event_ids: tuple[int, ...]


def comparison(tx: Tx, tenant: str, cycle: str) -> Comparison | None:
    """The month against the last one; None for a first month, which has nothing to compare."""
    before = comparisons.month_before(tx, tenant, cycle)
    if before is None:
        return None
    notes = comparisons.notes_in(tx, tenant, cycle)
    pairs = {
        one.beneficiary_id: one for one in comparisons.pairs_that_differ(tx, tenant, before, cycle)
    }
    pairs |= comparisons.pairs_of(tx, tenant, before, cycle, notes.keys() - pairs.keys())
    codes = comparisons.codes_of(tx, list(pairs))
    lines = comparisons.pay_lines(tx, cycle, codes.values())
    people = [_person(codes[number], pair, notes, lines) for number, pair in pairs.items()]
    found = [one for person in people if (one := changes.difference(person)) is not None]
    return Comparison(
        cycle=cycle,
        before=before,
        lists=comparisons.lists_of_changes(tx, tenant, cycle),
        balances=changes.balances(
            people,
            comparisons.sums_by_commune(tx, tenant, before, arrears=False),
            comparisons.sums_by_commune(tx, tenant, cycle, arrears=True),
        ),
        differences=sorted(found, key=lambda one: (one.commune, one.code)),
    )


def unexplained(tx: Tx, tenant: str, cycle: str) -> Refusal | None:
    """Why a month may not be approved yet; None where no list of changes came in for it.

    Refuses: CYCLE_UNEXPLAINED.
    """
    if not comparisons.lists_of_changes(tx, tenant, cycle):
        return None
    found = comparison(tx, tenant, cycle)
    if found is None or not found.unexplained:
        return None
    first = found.unexplained[0]
    return Refusal(
        Code.CYCLE_UNEXPLAINED,
        {
            "cycle": cycle,
            "commune": first.commune,
            "heads": sum(one.commune == first.commune for one in found.unexplained),
            "code": first.code,
        },
    )


def difference(tx: Tx, beneficiary_id: int, cycle: str) -> Changed | None:
    """Why somebody gets more, less, nothing or truy lĩnh; None where it is as the month before.

    A first month has nothing to compare, and is None too.
    """
    tenant = comparisons.tenant_of(tx, beneficiary_id)
    before = comparisons.month_before(tx, tenant, cycle) if tenant is not None else None
    if tenant is None or before is None:
        return None
    (pair,) = comparisons.pairs_of(tx, tenant, before, cycle, [beneficiary_id]).values()
    notes = comparisons.notes_in(tx, tenant, cycle, beneficiary_id=beneficiary_id)
    code = comparisons.codes_of(tx, [beneficiary_id])[beneficiary_id]
    lines = comparisons.pay_lines(tx, cycle, [code])
    found = changes.difference(_person(code, pair, notes, lines))
    if found is None:
        return None
    ids = comparisons.events_behind(tx, tenant, beneficiary_id, (before, cycle))
    return Changed(cycle, before, found, ids)


def stop_payments(
    tx: Tx, ledger: Ledger, cycle: str, beneficiary_ids: Sequence[int], *, actor: str
) -> int:
    """How many payments of these people were cancelled: those that no provider was told to pay."""
    standing = comparisons.listed_of(tx, ledger.tenant, cycle, beneficiary_ids, STOPPABLE)
    now = ledger.clock.now()
    done = ledger.record(
        tx,
        [
            NewEvent(
                EventType.CANCELLED,
                f"cancelled:{code}",
                actor,
                now,
                cycle,
                number,
                beneficiary_id,
                {"reason": "decrease"},
            )
            for number, code, beneficiary_id in standing
        ],
    )
    return sum(not isinstance(one, Refusal) and one.is_new for one in done)


def stop_decreased(tx: Tx, ledger: Ledger, cycle: str, *, actor: str) -> int:
    """How many people who were listed after the decrease list named them are stopped now."""
    notes = comparisons.notes_in(tx, ledger.tenant, cycle)
    stopped = [
        number
        for number, of_one in notes.items()
        if any(note.type is EventType.DECREASED for note in of_one)
    ]
    return stop_payments(tx, ledger, cycle, stopped, actor=actor) if stopped else 0


def _person(
    code: str, pair: Pair, notes: Mapping[int, Sequence[changes.Note]], lines: Mapping[str, str]
) -> Person:
    of_one = tuple(notes.get(pair.beneficiary_id, ()))
    return Person(code, pair.before, pair.now, of_one, lines.get(code, ""))

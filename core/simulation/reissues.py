"""What months of a district leave unpaid, and how it is paid again with a later one.

It follows the product's own rules from the outside: what failed goes again, in cash where a number
failed it, unless somebody died or only a person may decide (docs/decisions/0115).
What does not live here: the steps of a close (`closings.py`).
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random

from core import offers, places
from core.calendar import Cycle
from core.failures import failure
from core.ledger.codes import Kind, payment_code
from core.ledger.states import Money
from core.simulation.fates import Fate, Times, Told, told
from core.simulation.months import Entry
from core.terms import Method, Programme, Provider, Retry

_BY_NUMBER = frozenset({Method.ACCOUNT, Method.WALLET})
# So many of those paid again fail once more.
_ONE_IN = 6


@dataclass(frozen=True, slots=True)
class Left:
    """A payment that a close carried over. `failed_number`: an account or wallet failed it before.

    `carried_at`: when its month was closed. `kind` and `seq` tell it from others of its month.
    """

    entry: Entry
    kind: Kind
    seq: int
    reason: str
    money: Money
    carried_at: datetime
    failed_number: bool

    @property
    def payment(self) -> str:
        """Its transaction code."""
        return payment_code(self.entry.month, self.entry.ward.code, self.kind, self.seq)


@dataclass(frozen=True, slots=True)
class Again:
    """A payment that replaces another one, in the month of its entry."""

    entry: Entry
    seq: int
    left: Left
    fate: Fate

    @property
    def payment(self) -> str:
        """Its transaction code."""
        return payment_code(self.entry.month, self.entry.ward.code, Kind.REISSUE, self.seq)

    @property
    def is_kept(self) -> bool:
        """Whether the provider that pays kept the money of the first one."""
        return self.left.entry.provider is self.entry.provider


def is_failure_of_number(programme: Programme, method: Method, reason: str) -> bool:
    """Whether what went wrong keeps the account or wallet from being tried again."""
    known = failure(programme, reason)
    return method in _BY_NUMBER and not (known is not None and known.retryable)


def paid_again(
    programme: Programme,
    rng: Random,
    left: Sequence[Left],
    *,
    month: Cycle,
    frozen_at: datetime,
    dead: Collection[str],
    communes: Mapping[str, str],
    is_last: bool,
) -> list[Again]:
    """What a freeze lists again of what was left, the oldest first.

    `communes`: where the office has everybody living, by beneficiary code.
    """
    found: list[Again] = []
    numbers: Counter[str] = Counter()
    for one in sorted(left, key=lambda one: (one.entry.month, one.kind is Kind.REISSUE, one.seq)):
        code = one.entry.ward.code
        known = failure(programme, one.reason)
        is_stopped = code in dead or (known is not None and known.retry is Retry.STOP)
        entry = _entry(programme, one, month, communes[code])
        if is_stopped or entry is None or one.carried_at >= frozen_at:
            continue
        numbers[code] += 1
        fails = not is_last and rng.randrange(_ONE_IN) == 0
        found.append(Again(entry, numbers[code], one, Fate.FAILED if fails else Fate.PAID))
    return found


def told_of(programme: Programme, rng: Random, again: Again, times: Times) -> list[Told]:
    """What the provider says of a payment that is paid again."""
    said = told(programme, rng, again.entry, again.fate, times)
    return [replace(one, payment=again.payment) for one in said]


def new_money(again: Sequence[Again]) -> Counter[Provider]:
    """What the Treasury must send for payments that another provider makes. Money: whole đồng."""
    needed: Counter[Provider] = Counter()
    for one in again:
        if not one.is_kept:
            needed[one.entry.provider] += one.entry.amount
    return needed


def _entry(programme: Programme, left: Left, month: Cycle, commune: str) -> Entry | None:
    """The same sum in another month; None where the programme pays nobody there any more."""
    day = month.first_day
    here, area = places.with_code(programme, commune, day), places.area_of(programme, commune, day)
    if here is None or area is None or not area.paid:
        return None
    wanted = Method.CASH if left.failed_number else left.entry.ward.method
    leg = offers.leg_for(programme, area.code, wanted, day)
    return replace(left.entry, month=month, commune=here, method=leg.method, provider=leg.provider)

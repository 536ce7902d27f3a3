"""What citizens of an invented district write when the month has been paid.

What does not live here: how they are answered (`core/conversation`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from core.ledger.states import Money, Receipt
from core.simulation.fates import ENDS, Fate
from core.simulation.months import Entry
from core.simulation.people import Ward

_FULL: Final = ("tháng ni tiền về chưa", "nhận đủ rồi")
_ASKING: Final = ("thang ni tien ve chua o",)
_CONFIRMING: Final = 3
_ONE_OF_EACH: Final = (Money.FAILED, Money.READY_CASH, Money.INSTRUCTED)


@dataclass(frozen=True, slots=True)
class Talk:
    """One talk: who writes, what, and where it leaves the receipt."""

    code: str
    lines: tuple[str, ...]
    receipt: Receipt


def talks(rng: Random, entries: Sequence[Entry], found: Sequence[Fate]) -> list[Talk]:
    """A few people confirm what they got, and one of each other kind asks."""
    pairs = [
        (entry, ENDS[fate]) for entry, fate in zip(entries, found, strict=True) if _is_able(entry)
    ]
    rng.shuffle(pairs)
    paid = [entry for entry, money in pairs if money is Money.SETTLED][:_CONFIRMING]
    asking = [
        next((entry for entry, state in pairs if state is money), None) for money in _ONE_OF_EACH
    ]
    return [
        *(Talk(one.ward.code, _FULL, Receipt.CONFIRMED_FULL) for one in paid),
        *(Talk(one.ward.code, _ASKING, Receipt.NOT_ASKED) for one in asking if one is not None),
    ]


def _is_able(entry: Entry) -> bool:
    """Grown up, speaking for nobody but themselves, with a telephone of their own."""
    ward: Ward = entry.ward
    return ward.human.phone is not None and not ward.beside

"""What citizens of an invented district write when the month has been paid.

What does not live here: how they are answered (`core/conversation`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from core.ledger.states import Money, Receipt
from core.simulation.circumstances import Circumstance
from core.simulation.fates import ENDS, Fate
from core.simulation.months import Entry
from core.simulation.people import Ward

_WORDS: Final = (
    (("tháng ni tiền về chưa", "nhận đủ rồi"), Receipt.CONFIRMED_FULL),
    (("thang nay co tien chua", "1"), Receipt.CONFIRMED_FULL),
    (("tiền tháng này đã có chưa", "nhận thiếu", "có"), Receipt.SHORT),
    (("tháng ni tiền về chưa", "chưa nhận được", "có"), Receipt.NOT_RECEIVED),
)
_ASKING: Final = ("thang ni tien ve chua o",)
_ONE_OF_EACH: Final = (Money.FAILED, Money.READY_CASH, Money.INSTRUCTED)


@dataclass(frozen=True, slots=True)
class Talk:
    """One talk: who writes, what, and where it leaves the receipt."""

    code: str
    lines: tuple[str, ...]
    receipt: Receipt


def talks(
    rng: Random, entries: Sequence[Entry], found: Sequence[Fate], absent: Sequence[Ward]
) -> list[Talk]:
    """Some who were paid say what they got; one of each other kind asks, and one of `absent`."""
    pairs = [
        (entry.ward, ENDS[fate])
        for entry, fate in zip(entries, found, strict=True)
        if _is_able(entry.ward)
    ]
    rng.shuffle(pairs)
    paid = [ward for ward, money in pairs if money is Money.SETTLED]
    asking = [
        next((ward for ward, state in pairs if state is money), None) for money in _ONE_OF_EACH
    ]
    asking.append(next((ward for ward in absent if _is_able(ward)), None))
    return [
        *(Talk(ward.code, *words) for ward, words in zip(paid, _WORDS, strict=False)),
        *(Talk(ward.code, _ASKING, Receipt.NOT_ASKED) for ward in asking if ward is not None),
    ]


def _is_able(ward: Ward) -> bool:
    """With a telephone, and speaking for nobody but themselves; carers speak for others too."""
    is_carer = ward.circumstance is Circumstance.CARER
    return ward.human.phone is not None and not ward.beside and not is_carer

"""The chart of accounts, and what each event posts (bút toán kép).

A memorandum ledger: the money is not ours. It keeps what is owed to whom and who holds it, so that
"funded = paid + returned + still held" is a sum and not a report. Money: whole đồng, debit
positive, credit negative; the postings of every event sum to zero.
Source: docs/decisions/0031.

What does not live here: which moves are legal (`states.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from core.faults import Fault
from core.ledger.events import EventType, Posting
from core.ledger.states import Money, PaymentStatus


class Unbalanced(Fault):
    """The postings of event {source} do not sum to zero."""


class Account(StrEnum):
    """Account (tài khoản). A: who holds money, L: what is owed, E: why, C: unexplained."""

    TREASURY = "A100"
    AT_PROVIDER = "A110"
    IN_TRANSIT = "A120"
    WITH_OFFICER = "A130"
    PAYABLE = "L200"
    CARRIED_OVER = "L210"
    ON_HOLD = "L220"
    DUE_TO_TREASURY = "L230"
    BENEFIT = "E300"
    BACK_PAY = "E310"
    RECOVERY = "E320"
    SUSPENSE = "C400"


Pair = tuple[Account, Account]
_A = Account
_E = EventType
_M = Money
# What is owed leaves its month: once, at the close of the month or when it is settled otherwise.
_OVER: Final[Pair] = (_A.PAYABLE, _A.CARRIED_OVER)


@dataclass(frozen=True, slots=True)
class Source:
    """The payment that another one replaces: its month, its commune, who holds its money."""

    payment_id: int
    cycle: str
    commune: str
    provider: str | None


@dataclass(frozen=True, slots=True)
class Sum:
    """What a payment is made of. Money: whole đồng; amount = monthly + arrears.

    `source`: the payment that it replaces, if it is a re-issue.
    """

    payment_id: int
    cycle: str
    commune: str
    amount: int
    monthly: int
    arrears: int
    source: Source | None = None


# (debit, credit) of the whole amount, by event and by where the payment stood before it.
# None stands for "wherever it stood". APPROVED is in `_approved`: it splits its debit.
# A held payment that had been approved is owed on L220, so that nothing held can be ordered.
JOURNAL: Final[Mapping[EventType, Mapping[Money | None, tuple[Pair, ...]]]] = {
    _E.INSTRUCTED: {None: ((_A.IN_TRANSIT, _A.AT_PROVIDER),)},
    _E.SETTLED: {None: ((_A.PAYABLE, _A.IN_TRANSIT),)},
    _E.COLLECTED: {None: ((_A.PAYABLE, _A.IN_TRANSIT),)},
    _E.HOME_OPENED: {None: ((_A.WITH_OFFICER, _A.IN_TRANSIT),)},
    _E.HANDED: {None: ((_A.PAYABLE, _A.WITH_OFFICER),)},
    _E.FAILED: {None: ((_A.AT_PROVIDER, _A.IN_TRANSIT),)},
    _E.RETURNED: {None: ((_A.AT_PROVIDER, _A.PAYABLE),)},
    _E.UNCLAIMED: {
        _M.READY_CASH: ((_A.AT_PROVIDER, _A.IN_TRANSIT),),
        _M.HOME_PENDING: ((_A.IN_TRANSIT, _A.WITH_OFFICER), (_A.AT_PROVIDER, _A.IN_TRANSIT)),
    },
    _E.HELD: {_M.APPROVED: ((_A.PAYABLE, _A.ON_HOLD),)},
    _E.RELEASED: {_M.HELD: ((_A.ON_HOLD, _A.PAYABLE),)},
    _E.CANCELLED: {
        _M.APPROVED: ((_A.PAYABLE, _A.RECOVERY),),
        _M.HELD: ((_A.ON_HOLD, _A.RECOVERY),),
    },
    _E.CARRIED: {None: (_OVER,), _M.HELD: ((_A.ON_HOLD, _A.CARRIED_OVER),)},
    _E.REISSUED: {None: (_OVER,)},
    _E.REFUNDED: {
        None: (
            _OVER,
            (_A.CARRIED_OVER, _A.DUE_TO_TREASURY),
            (_A.DUE_TO_TREASURY, _A.AT_PROVIDER),
            (_A.TREASURY, _A.RECOVERY),
        )
    },
    # Of the part that came back, from who was paid: no provider holds anything of it.
    _E.RECOVERED: {None: ((_A.TREASURY, _A.RECOVERY),)},
}
# Of a month and a provider, not of a payment: the caller says how much.
FUNDING: Final[Pair] = (_A.AT_PROVIDER, _A.TREASURY)
INTO_SUSPENSE: Final[Pair] = (_A.SUSPENSE, _A.AT_PROVIDER)
OUT_OF_SUSPENSE: Final[Pair] = (_A.AT_PROVIDER, _A.SUSPENSE)
SURPLUS: Final[Pair] = (_A.TREASURY, _A.AT_PROVIDER)


def postings_of(
    event: EventType, before: PaymentStatus | None, sums: Sum, part: int = 0
) -> tuple[Posting, ...]:
    """What an event posts for a payment that stood at `before`; nothing where no money moves.

    `part`: how much came back, of a recovery.
    """
    provider = before.provider if before is not None else None
    if event is EventType.RECOVERED:
        (pair,) = JOURNAL[event][None]
        return _lines(pair, part, sums.cycle, None, sums)
    if event is EventType.APPROVED:
        return _approved(sums, provider)
    if event is EventType.CANCELLED and _is_before_approval(before):
        return _given_up(sums)
    return tuple(
        posting
        for pair in _pairs(event, before)
        for posting in _lines(pair, sums.amount, sums.cycle, provider, sums)
    )


def funding(cycle: str, provider: str, amount: int) -> tuple[Posting, ...]:
    """The Treasury's advice: the provider holds the money now."""
    return _lines(FUNDING, amount, cycle, provider)


def into_suspense(cycle: str, provider: str, amount: int) -> tuple[Posting, ...]:
    """The provider says that it paid something we know nothing of."""
    return _lines(INTO_SUSPENSE, amount, cycle, provider)


def out_of_suspense(cycle: str, provider: str, amount: int) -> tuple[Posting, ...]:
    """What was unexplained is explained, or taken back."""
    return _lines(OUT_OF_SUSPENSE, amount, cycle, provider)


def surplus(cycle: str, provider: str, amount: int) -> tuple[Posting, ...]:
    """The provider gave back to the Treasury what it was sent and did not need."""
    return _lines(SURPLUS, amount, cycle, provider)


def _pairs(event: EventType, before: PaymentStatus | None) -> tuple[Pair, ...]:
    rows = JOURNAL.get(event)
    if rows is None or before is None:
        return ()
    if _is_before_approval(before):
        return ()  # nothing is owed yet
    pairs = rows.get(before.money, rows.get(None, ()))
    if before.carried_event_id is None:
        return pairs
    later = ((_later(debit), _later(credit)) for debit, credit in pairs)
    return tuple((debit, credit) for debit, credit in later if debit is not credit)


def _later(account: Account) -> Account:
    """Where that stands for a payment which left its month: it is owed outside it."""
    return _A.CARRIED_OVER if account in {_A.PAYABLE, _A.ON_HOLD} else account


def _approved(sums: Sum, provider: str | None) -> tuple[Posting, ...]:
    """What is owed now; a re-issued payment was owed already, on what was carried over.

    Its money comes along where the same provider kept it; another one is funded anew.
    """
    if sums.source is not None:
        source = sums.source
        over = (
            _left(Account.CARRIED_OVER, sums.amount, source),
            _line(Account.PAYABLE, -sums.amount, sums.cycle, provider, sums),
        )
        if source.provider != provider:
            return over
        return (
            *over,
            _line(Account.AT_PROVIDER, sums.amount, sums.cycle, provider, sums),
            _left(Account.AT_PROVIDER, -sums.amount, source),
        )
    parts = (
        (Account.BENEFIT, sums.monthly),
        (Account.BACK_PAY, sums.arrears),
        (Account.PAYABLE, -sums.amount),
    )
    return tuple(
        _line(account, part, sums.cycle, provider, sums) for account, part in parts if part
    )


def _given_up(sums: Sum) -> tuple[Posting, ...]:
    """Taken off the list before anything was owed in this month; a re-issue was owed before."""
    if sums.source is None:
        return ()
    return (
        _left(Account.CARRIED_OVER, sums.amount, sums.source),
        _line(Account.RECOVERY, -sums.amount, sums.cycle, sums.source.provider, sums),
    )


def _is_before_approval(before: PaymentStatus | None) -> bool:
    if before is None:
        return False
    stands = before.held_from if before.money is Money.HELD else before.money
    return stands is Money.LISTED


def _left(account: Account, amount: int, source: Source) -> Posting:
    """A line on the month, the provider and the payment that a re-issue comes from."""
    return Posting(
        account.value, amount, source.cycle, source.provider, source.commune, source.payment_id
    )


def _lines(
    pair: Pair, amount: int, cycle: str, provider: str | None, sums: Sum | None = None
) -> tuple[Posting, ...]:
    debit, credit = pair
    return (
        _line(debit, amount, cycle, provider, sums),
        _line(credit, -amount, cycle, provider, sums),
    )


def _line(
    account: Account, amount: int, cycle: str, provider: str | None, sums: Sum | None
) -> Posting:
    commune, payment = (sums.commune, sums.payment_id) if sums is not None else (None, None)
    return Posting(account.value, amount, cycle, provider, commune, payment)

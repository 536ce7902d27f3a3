"""Closing a payment cycle (đóng kỳ chi trả): nothing on its way, nothing unexplained, sums agree.

What nobody received stays owed outside its month (L200 to L210), to be paid again or given back;
so does what was on hold after approval (L220 to L210), paid again once it is released.
A closed month is opened again by a late report, and closed again after a new balance.
Source: docs/decisions/0077, 0122.

What does not live here: the balance file (`core/exchange/balances.py`), the minutes that are
signed (`core/exchange/reconciliation.py`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from core.ledger.advices import Advice
from core.ledger.cycles import Moved, locked_facts, sums_of
from core.ledger.events import EventType, NewEvent
from core.ledger.facts import CycleFacts, CycleState
from core.ledger.journal import Account
from core.ledger.record import Ledger
from core.ledger.states import Money
from core.refusals import Code, Refusal
from core.store import cycles, sums, suspense
from core.store.cycles import PaymentInCycle
from core.store.engine import Tx
from core.store.sums import Statement

# A payment that stands here has not come to an end. Held ones wait for a person and are carried.
UNDER_WAY: Final = (
    *(Money.LISTED, Money.APPROVED, Money.INSTRUCTED, Money.ACCEPTED),
    *(Money.READY_CASH, Money.HOME_PENDING),
)
LEFT_OVER: Final = (Money.FAILED, Money.RETURNED, Money.UNCLAIMED)
_CLOSABLE: Final = frozenset({CycleState.PAYING, CycleState.RECONCILING})


@dataclass(frozen=True, slots=True)
class Books:
    """What the ledger holds of a cycle when somebody wants to close it. Money: whole đồng.

    `under_way` and `unreported` are heads: payments that have not come to an end. `accounts` is
    by (provider, account); `statements` is the newest balance each provider stated, and
    `held_then` what the ledger said that it held at that event, over all months. `suspended` are
    the numbers of the lines in suspense by provider.
    """

    under_way: int
    accounts: Mapping[tuple[str, str], int]
    statements: Mapping[str, Statement] = field(default_factory=dict)
    held_then: Mapping[str, int] = field(default_factory=dict)
    moved_since: frozenset[str] = frozenset()
    suspended: Mapping[str, Sequence[int]] = field(default_factory=dict)


def hindrances(cycle: str, providers: Iterable[str], books: Books) -> list[Refusal]:
    """Everything that must be settled before the cycle can be closed; empty when it can.

    Refuses: CYCLE_UNDER_WAY, CYCLE_SUSPENSE, CYCLE_IN_TRANSIT, BALANCE_MISSING, BALANCE_DIFFERS.
    """
    found: list[Refusal] = []
    if books.under_way:
        found.append(Refusal(Code.CYCLE_UNDER_WAY, {"cycle": cycle, "heads": books.under_way}))
    for name in sorted(providers):
        found += _of_provider(cycle, name, books)
    return found


def state_balance(tx: Tx, ledger: Ledger, advice: Advice) -> Moved | Refusal:
    """A provider stated what it holds; the cycle is being reconciled from then on.

    The amount is all that it holds for the programme, over all months.
    Refuses: CYCLE_UNKNOWN, CYCLE_WRONG_STATE, PROVIDER_UNKNOWN, ROW_CONFLICT.
    """
    cycle, provider = advice.cycle, advice.provider
    facts = locked_facts(tx, ledger, cycle)
    if isinstance(facts, Refusal):
        return facts
    if provider not in facts.providers:
        return Refusal(Code.PROVIDER_UNKNOWN, {"provider": provider, "cycle": cycle})
    event = NewEvent(
        type=EventType.CYCLE_BALANCE_STATED,
        source=advice.source,
        actor=advice.actor,
        effective_at=advice.day,
        cycle=cycle,
        body=advice.body,
    )
    (done,) = ledger.record(tx, [event])
    if isinstance(done, Refusal):
        return done
    return Moved(
        "balance_stated",
        cycle,
        CycleState.RECONCILING,
        0,
        advice.amount,
        provider=provider,
        changed=done.is_new,
    )


def close(tx: Tx, ledger: Ledger, *, cycle: str, by: str) -> Moved | Refusal:
    """The cycle is closed; what nobody received is owed outside it. `heads`, `amount`: that.

    Refuses: CYCLE_UNKNOWN, CYCLE_WRONG_STATE, CYCLE_UNDER_WAY, CYCLE_SUSPENSE, CYCLE_IN_TRANSIT,
    BALANCE_MISSING, BALANCE_DIFFERS.
    """
    facts = locked_facts(tx, ledger, cycle)
    if isinstance(facts, Refusal):
        return facts
    left = [
        *cycles.payments_standing(tx, ledger.tenant, cycle, LEFT_OVER),
        *cycles.held_after_approval(tx, ledger.tenant, cycle),
    ]
    if facts.state is CycleState.CLOSED:
        return Moved("closed", cycle, facts.state, *sums_of(left), changed=False)
    if facts.state not in _CLOSABLE:
        return Refusal(Code.CYCLE_WRONG_STATE, {"cycle": cycle, "state": facts.state.value})
    books = books_of(tx, ledger.tenant, facts)
    open_ends = hindrances(cycle, facts.providers, books)
    if open_ends:
        return open_ends[0]
    _carry(tx, ledger, cycle, by, left)
    # Opened and closed again it is another close, even where no new balance was needed.
    last = max(facts.event_ids)
    heads, amount = sums_of(left)
    event = NewEvent(
        EventType.CYCLE_CLOSED,
        f"cycle:{cycle}:closed:{last}",
        f"staff:{by}",
        ledger.clock.now(),
        cycle,
        body={"left_heads": heads, "left_amount": amount},
    )
    (done,) = ledger.record(tx, [event])
    if isinstance(done, Refusal):
        return done
    return Moved("closed", cycle, CycleState.CLOSED, heads, amount)


def reopen(
    tx: Tx, ledger: Ledger, *, cycle: str, file: str | int, actor: str
) -> Moved | Refusal | None:
    """A report came in after the close: the cycle must be reconciled again. None: it was open.

    Refuses: CYCLE_WRONG_STATE.
    """
    state = cycles.states_for_update(tx, ledger.tenant, [cycle])[cycle]
    if state is not CycleState.CLOSED:
        return None
    source = f"cycle:{cycle}:reopened:{file}"
    event = NewEvent(
        EventType.CYCLE_REOPENED, source, actor, ledger.clock.now(), cycle, body={"file": file}
    )
    (done,) = ledger.record(tx, [event])
    if isinstance(done, Refusal):
        return done
    return Moved("reopened", cycle, CycleState.RECONCILING, changed=done.is_new)


def books_of(tx: Tx, tenant: str, facts: CycleFacts) -> Books:
    """What the ledger holds of this cycle now."""
    month, providers = facts.cycle, sorted(facts.providers)
    statements = sums.statements(tx, tenant, month)
    suspended: dict[str, list[int]] = {}
    for line in suspense.open_lines(tx, tenant, cycle=month):
        suspended.setdefault(line.provider, []).append(line.number)
    return Books(
        under_way=len(cycles.payments_standing(tx, tenant, month, UNDER_WAY)),
        accounts=sums.by_account(tx, tenant, month),
        statements=statements,
        held_then={
            name: sums.held_at(tx, tenant, name, statements[name].event_id)
            for name in providers
            if name in statements
        },
        moved_since=frozenset(
            name
            for name in providers
            if name in statements
            and sums.moved_since(tx, tenant, month, name, statements[name].event_id)
        ),
        suspended=suspended,
    )


def _of_provider(cycle: str, name: str, books: Books) -> list[Refusal]:
    def held(*accounts: Account) -> int:
        return sum(books.accounts.get((name, account.value), 0) for account in accounts)

    found: list[Refusal] = []
    words: dict[str, str | int] = {"cycle": cycle, "provider": name}
    unexplained = held(Account.SUSPENSE)
    if unexplained:
        numbers = ", ".join(map(str, books.suspended.get(name, ())))
        found.append(
            Refusal(Code.CYCLE_SUSPENSE, words | {"amount": unexplained, "lines": numbers})
        )
    moving = held(Account.IN_TRANSIT, Account.WITH_OFFICER)
    if moving and not books.under_way:
        found.append(Refusal(Code.CYCLE_IN_TRANSIT, words | {"amount": moving}))
    said = books.statements.get(name)
    if said is None or name in books.moved_since:
        found.append(Refusal(Code.BALANCE_MISSING, words))
    elif said.amount != books.held_then.get(name, 0):
        ours = books.held_then.get(name, 0)
        found.append(Refusal(Code.BALANCE_DIFFERS, words | {"stated": said.amount, "ours": ours}))
    return found


def _carry(tx: Tx, ledger: Ledger, cycle: str, by: str, left: Sequence[PaymentInCycle]) -> None:
    """What is still owed leaves its month; what left it at an earlier close stays where it is."""
    carried = sums.carried(tx, [one.id for one in left])
    now = ledger.clock.now()
    ledger.record(
        tx,
        [
            NewEvent(
                EventType.CARRIED,
                f"carried:{one.code}",
                f"staff:{by}",
                now,
                cycle,
                one.id,
                one.beneficiary_id,
            )
            for one in left
            if one.id not in carried
        ],
    )

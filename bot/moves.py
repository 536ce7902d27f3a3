"""Moving a payment cycle from outside: who may, one transaction, then a sealed block.

What does not live here: which moves are possible and what they write (`core/ledger/cycles.py`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

from bot.compose import Parts
from bot.officers import active_officer, is_in_area
from bot.sealing import seal
from bot.suspense import is_code_of, lines_at
from core.calendar import Cycle, local_day
from core.exchange.orders import Order, order_for
from core.ledger import closing, cycles, forgiving, holding, suspense
from core.ledger.cycles import Moved
from core.ledger.forgiving import Forgiven
from core.ledger.forgiving import Why as WhyForgiven
from core.ledger.holding import Held, Why
from core.ledger.reads import cycle_facts, payment_with_code
from core.ledger.suspense import Settled, Way
from core.places import ever_with_code, with_code
from core.private_files import emptied
from core.refusals import Code, Refusal
from core.store.commit_points import CommitPoint
from core.store.engine import Tx
from core.store.staff import StaffRow
from core.terms import Provider

# A list is checked by who pays it, not by who lives on it in one commune.
MAY_MOVE: Final = frozenset({"district", "province"})
_Done = TypeVar("_Done")


@dataclass(frozen=True, slots=True)
class Instructed:
    """The orders that were given, and their files."""

    moves: tuple[Moved, ...]
    files: tuple[Path, ...]
    step: str = "instructed"

    def as_json(self) -> dict[str, Any]:
        """The orders for machines."""
        return {
            "step": self.step,
            "orders": [
                move.as_json() | {"file": str(file)}
                for move, file in zip(self.moves, self.files, strict=True)
            ],
        }


def freeze_cycle(parts: Parts, cycle: Cycle, by: str) -> Moved | Refusal:
    """Fix how everybody is paid.

    Refuses: STAFF_…, CYCLE_…, FILE_BUSY.
    """
    return _moved(
        parts,
        by,
        lambda tx: cycles.freeze(tx, parts.ledger, parts.programme, cycle=str(cycle), by=by),
    )


def approve_cycle(parts: Parts, cycle: Cycle, by: str) -> Moved | Refusal:
    """Sign the list; the second person's signature approves it.

    Refuses: STAFF_…, CYCLE_….
    """
    done = _moved(parts, by, lambda tx: cycles.approve(tx, parts.ledger, cycle=str(cycle), by=by))
    if isinstance(done, Refusal) and done.code is Code.CYCLE_UNEXPLAINED:
        return _with_name(parts, cycle, done)
    return done


def commune_name(parts: Parts, cycle: Cycle, code: str) -> str:
    """A commune as people call it in a month; its code where the programme does not know it."""
    there = with_code(parts.programme, code, cycle.first_day)
    known = there or next(iter(ever_with_code(parts.programme, code)), None)
    return known.full_name if known is not None else code


def _with_name(parts: Parts, cycle: Cycle, refusal: Refusal) -> Refusal:
    name = commune_name(parts, cycle, str(refusal.details["commune"]))
    return Refusal(refusal.code, {**refusal.details, "commune": name})


def close_cycle(parts: Parts, cycle: Cycle, by: str) -> Moved | Refusal:
    """Close a month; what nobody received stays owed outside it.

    Refuses: STAFF_…, CYCLE_…, BALANCE_….
    """
    return _moved(parts, by, lambda tx: closing.close(tx, parts.ledger, cycle=str(cycle), by=by))


def settle_suspense(
    parts: Parts, number: int, way: Way, payment: str, by: str
) -> Settled | Refusal:
    """Say what becomes of a line in suspense; a second person saying the same does it.

    A line of another area than the officer's is not there for them, nor is a payment.
    Refuses: STAFF_…, SUSPENSE_…, RESULT_…, PAYMENT_ILLEGAL_MOVE, REFUND_TOO_MUCH.
    """
    code, day = payment.strip().upper(), local_day(parts.clock.now())
    officer = _mover(parts, by)
    if isinstance(officer, Refusal):
        return officer

    def work(tx: Tx) -> Settled | Refusal:
        line = suspense.line_numbered(tx, parts.programme.tenant, number)
        if line is None or not lines_at(tx, parts.programme, officer.place, [line], day):
            return Refusal(Code.SUSPENSE_GONE, {"number": number})
        if not is_code_of(tx, parts.programme, officer.place, code, day):
            return Refusal(Code.RESULT_UNKNOWN_PAYMENT)
        return suspense.settle(tx, parts.ledger, number=number, way=way, payment=code, by=by)

    return _done(parts, work)


def hold_payment(parts: Parts, payment: str, why: Why, by: str) -> Held | Refusal:
    """Hold a payment of the officer's own area back until somebody else lets it go.

    Refuses: STAFF_…, PAYMENT_….
    """

    def work(tx: Tx, code: str) -> Held | Refusal:
        return holding.hold(tx, parts.ledger, code=code, why=why, by=by)

    return _of_payment(parts, payment, by, work)


def release_payment(parts: Parts, payment: str, by: str) -> Held | Refusal:
    """Let a payment of the officer's own area go that somebody else held.

    Refuses: STAFF_…, PAYMENT_UNKNOWN, HOLD_….
    """

    def work(tx: Tx, code: str) -> Held | Refusal:
        return holding.release(tx, parts.ledger, code=code, by=by)

    return _of_payment(parts, payment, by, work)


def forgive_recovery(parts: Parts, payment: str, why: WhyForgiven, by: str) -> Forgiven | Refusal:
    """Say that the rest need not come back; a second person saying the same does it.

    Refuses: STAFF_…, PAYMENT_UNKNOWN, RECOVERY_….
    """

    def work(tx: Tx, code: str) -> Forgiven | Refusal:
        return forgiving.forgive(tx, parts.ledger, code=code, why=why, by=by)

    return _of_payment(parts, payment, by, work)


def _of_payment(
    parts: Parts, payment: str, by: str, work: Callable[[Tx, str], _Done | Refusal]
) -> _Done | Refusal:
    """What `work` makes of a payment; one of another area than the officer's is not there."""
    code, day = payment.strip().upper(), local_day(parts.clock.now())
    officer = _mover(parts, by)
    if isinstance(officer, Refusal):
        return officer

    def checked(tx: Tx) -> _Done | Refusal:
        known = payment_with_code(tx, code)
        if known is None or not is_in_area(parts.programme, officer.place, known.commune, day):
            return Refusal(Code.PAYMENT_UNKNOWN, {"payment": code})
        return work(tx, code)

    return _done(parts, checked)


def instruct_cycle(
    parts: Parts, cycle: Cycle, by: str, folder: Path, provider: Provider | None
) -> Instructed | Refusal:
    """Write the orders of one provider, or of all, and record in the same breath that they stand.

    A file is written before its events are committed: an order without events is only a file,
    events without an order would be a lie.
    Refuses: STAFF_…, CYCLE_…, PROVIDER_….
    """
    providers = _providers(parts, cycle, provider)
    if isinstance(providers, Refusal):
        return providers
    folder.mkdir(parents=True, exist_ok=True)
    moves: list[Moved] = []
    files: list[Path] = []
    for one in providers:
        file = folder / f"lenh-chi-{one}-{cycle}.xlsx"
        done = _moved(parts, by, partial(_ordered, parts, cycle, by, one, file))
        if isinstance(done, Refusal):
            return done
        moves.append(done)
        files.append(file)
    return Instructed(tuple(moves), tuple(files))


def _ordered(
    parts: Parts, cycle: Cycle, by: str, provider: Provider, file: Path, tx: Tx
) -> Moved | Refusal:
    order = _order(tx, parts, cycle, provider)
    done = cycles.instruct(
        tx,
        parts.ledger,
        cycle=str(cycle),
        provider=provider,
        order_sha256=order.sha256,
        by=by,
    )
    if not isinstance(done, Refusal):
        emptied(file).write_bytes(order.content)
    return done


def _order(tx: Tx, parts: Parts, cycle: Cycle, provider: Provider) -> Order:
    return order_for(tx, parts.programme, parts.layout(f"order-{provider}"), cycle, provider)


def _providers(
    parts: Parts, cycle: Cycle, provider: Provider | None
) -> Sequence[Provider] | Refusal:
    if provider is not None:
        return [provider]
    facts = parts.store.read(lambda tx: cycle_facts(tx, parts.programme.tenant, str(cycle)))
    if facts is None:
        return Refusal(Code.CYCLE_UNKNOWN, {"cycle": str(cycle)})
    if not facts.providers:
        return Refusal(Code.CYCLE_WRONG_STATE, {"state": facts.state})
    short = next((n for n, one in facts.providers.items() if not one.is_funded), None)
    if short is not None:
        sums = facts.providers[short]
        return Refusal(
            Code.PROVIDER_NOT_FUNDED,
            {
                "provider": short,
                "approved": sums.approved_amount - sums.carried_amount,
                "funded": sums.funded_amount,
            },
        )
    return [Provider(name) for name in sorted(facts.providers)]


def _moved(parts: Parts, by: str, work: Callable[[Tx], _Done | Refusal]) -> _Done | Refusal:
    officer = _mover(parts, by)
    return officer if isinstance(officer, Refusal) else _done(parts, work)


def _mover(parts: Parts, by: str) -> StaffRow | Refusal:
    """The officer under this code, whose role may move money."""
    officer = active_officer(parts, by)
    if isinstance(officer, Refusal) or officer.role in MAY_MOVE:
        return officer
    return Refusal(Code.STAFF_NOT_ALLOWED, {"staff": by})


def _done(parts: Parts, work: Callable[[Tx], _Done | Refusal]) -> _Done | Refusal:
    done = parts.store.transact(work, CommitPoint.CYCLE_MOVE)
    seal(parts)
    return done

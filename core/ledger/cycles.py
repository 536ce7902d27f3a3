"""Moving a payment cycle (kỳ chi trả): import, freeze, approve by two people, fund, instruct.

Each move is an event of the cycle, and often of each of its payments, in one transaction. Done
again it changes nothing and says the same.

What does not live here: which moves are possible (`moves.py`), the files (`core/exchange`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from core.ledger import comparison, enrolling, home_months, journal, ways
from core.ledger.advices import Advice
from core.ledger.events import EventType, NewEvent, Value
from core.ledger.facts import CycleFacts, CycleState
from core.ledger.record import Ledger
from core.ledger.reissue import reissue
from core.ledger.states import Money
from core.refusals import Code, Refusal
from core.store import cycles, imports
from core.store.cycles import PaymentInCycle
from core.store.engine import Tx
from core.store.events import causes_known
from core.store.reissues import sources_of
from core.terms import Programme

APPROVE: Final = "approve"
_BEFORE_APPROVAL: Final = frozenset({CycleState.IMPORTING, CycleState.FROZEN})


@dataclass(frozen=True, slots=True)
class Moved:
    """What a command did to a cycle. Money: whole đồng.

    `step` is frozen, approved_first, approved, funded or instructed; `changed` is False when it
    had been done before. `heads` and `amount` are the payments that the step is about,
    `reissued` those among them that a freeze took over from earlier months.
    """

    step: str
    cycle: str
    state: CycleState
    heads: int = 0
    amount: int = 0
    provider: str | None = None
    changed: bool = True
    reissued: int = 0

    def as_json(self) -> dict[str, object]:
        """The move for machines."""
        return {
            "step": self.step,
            "state": self.state.value,
            "changed": self.changed,
            "reissued": self.reissued,
            **self.as_words(),
        }

    def as_words(self) -> dict[str, str | int]:
        """The values that a sentence about this move needs."""
        words: dict[str, str | int] = {"cycle": self.cycle}
        words |= {"heads": self.heads, "amount": self.amount}
        return words if self.provider is None else words | {"provider": self.provider}


def may_import(state: CycleState | None, cycle: str) -> Refusal | None:
    """None while lists may still come in.

    Refuses: CYCLE_WRONG_STATE.
    """
    if state in {None, CycleState.IMPORTING}:
        return None
    return Refusal(Code.CYCLE_WRONG_STATE, {"cycle": cycle, "state": str(state)})


def may_explain(state: CycleState | None, cycle: str) -> Refusal | None:
    """None while somebody may still say why the month differs: after its pay list, before approval.

    Refuses: CYCLE_UNKNOWN, CYCLE_WRONG_STATE.
    """
    if state is None:
        return Refusal(Code.CYCLE_UNKNOWN, {"cycle": cycle})
    if state in _BEFORE_APPROVAL:
        return None
    return Refusal(Code.CYCLE_WRONG_STATE, {"cycle": cycle, "state": state.value})


def imported(tx: Tx, ledger: Ledger, *, cycle: str, file: str | int, actor: str) -> Moved | Refusal:
    """A list came in whole: the cycle is there from now on.

    Refuses: CYCLE_WRONG_STATE.
    """
    source = f"cycle:{cycle}:imported:{file}"
    done = _record(tx, ledger, EventType.CYCLE_IMPORTED, cycle, source, actor, {"file": file})
    if isinstance(done, Refusal):
        return done
    return Moved("imported", cycle, CycleState.IMPORTING, changed=done)


def freeze(tx: Tx, ledger: Ledger, programme: Programme, *, cycle: str, by: str) -> Moved | Refusal:
    """Everybody's way to be paid is fixed for this month.

    Changes of method that have cooled off are in force from it on, and whatever goes home has its
    delivery. What earlier months left unpaid is listed in it again. Frozen again, only payments
    that have no way yet (released since) get one, and nothing is added to what was signed for.
    Refuses: CYCLE_UNKNOWN, CYCLE_NOTHING_LISTED, FILE_BUSY.
    """
    state = _locked(tx, ledger, cycle)
    if isinstance(state, Refusal):
        return state
    if state not in _BEFORE_APPROVAL:
        return _unchanged(tx, ledger, "frozen", cycle, state)
    comparison.stop_decreased(tx, ledger, cycle, actor=_staff(by))
    if imports.files_open(tx, ledger.tenant, cycle):
        return Refusal(Code.FILE_BUSY)
    signed = cycles.signatures(tx, ledger.tenant, cycle, APPROVE)
    again = 0 if signed else reissue(tx, ledger, programme, cycle=cycle, by=by)
    listed = cycles.payments_standing(tx, ledger.tenant, cycle, {Money.LISTED})
    if not listed:
        return Refusal(Code.CYCLE_NOTHING_LISTED, {"cycle": cycle})
    unrouted = [one for one in listed if one.provider is None]
    if state is CycleState.IMPORTING:
        enrolling.activate(tx, ledger, programme, cycle=cycle, by=by)
        home_months.end_what_passed(tx, ledger, programme, cycle=cycle)
    ways.route(tx, ledger, programme, unrouted, cycle=cycle, actor=_staff(by))
    home_months.open_deliveries(tx, ledger, programme, cycle=cycle, by=by)
    if state is CycleState.IMPORTING:
        source = f"cycle:{cycle}:frozen"
        _record(tx, ledger, EventType.CYCLE_FROZEN, cycle, source, _staff(by), {})
    changed = state is CycleState.IMPORTING or bool(unrouted)
    heads, amount = sums_of(listed)
    return Moved("frozen", cycle, CycleState.FROZEN, heads, amount, changed=changed, reissued=again)


def approve(tx: Tx, ledger: Ledger, *, cycle: str, by: str) -> Moved | Refusal:
    """The first signature is kept, the second one, of another person, moves the cycle and posts.

    The same person signing again changes nothing: it still waits for somebody else.
    Refuses: CYCLE_UNKNOWN, CYCLE_WRONG_STATE, CYCLE_UNROUTED, CYCLE_NOTHING_LISTED,
    CYCLE_UNEXPLAINED.
    """
    state = _locked(tx, ledger, cycle)
    if isinstance(state, Refusal):
        return state
    if state is CycleState.IMPORTING:
        return Refusal(Code.CYCLE_WRONG_STATE, {"cycle": cycle, "state": state.value})
    if state is not CycleState.FROZEN:
        return _unchanged(tx, ledger, "approved", cycle, state)
    listed = cycles.payments_standing(tx, ledger.tenant, cycle, {Money.LISTED})
    refusal = _unfit(listed, cycle) or comparison.unexplained(tx, ledger.tenant, cycle)
    if refusal is not None:
        return refusal
    signed = cycles.signatures(tx, ledger.tenant, cycle, APPROVE)
    now = ledger.clock.now()
    cycles.sign(tx, ledger.tenant, cycle, APPROVE, staff=by, at=now)
    if set(signed) - {by}:
        return _approved(tx, ledger, cycle, by, listed)
    source = f"cycle:{cycle}:approved_first"
    _record(tx, ledger, EventType.CYCLE_APPROVED_FIRST, cycle, source, _staff(by), {})
    return Moved("approved_first", cycle, state, *sums_of(listed), changed=not signed)


def fund(tx: Tx, ledger: Ledger, advice: Advice) -> Moved | Refusal:
    """The Treasury sent money to a provider, as its advice says.

    Refuses: CYCLE_UNKNOWN, CYCLE_WRONG_STATE, PROVIDER_UNKNOWN, ROW_CONFLICT.
    """
    cycle, provider, amount = advice.cycle, advice.provider, advice.amount
    facts = locked_facts(tx, ledger, cycle)
    if isinstance(facts, Refusal):
        return facts
    if facts.state in _BEFORE_APPROVAL:
        return Refusal(Code.CYCLE_WRONG_STATE, {"cycle": cycle, "state": facts.state.value})
    part = facts.providers.get(provider)
    if part is None:
        return Refusal(Code.PROVIDER_UNKNOWN, {"provider": provider, "cycle": cycle})
    known = causes_known(tx, [advice.source]).get(advice.source)
    funded = part.funded_amount + amount
    whole = funded + part.carried_amount >= part.approved_amount and all(
        one.is_funded for name, one in facts.providers.items() if name != provider
    )
    kind = EventType.CYCLE_FUNDED if whole else EventType.CYCLE_FUNDED_PARTLY
    event = NewEvent(
        type=kind if known is None else EventType(known.type),
        source=advice.source,
        actor=advice.actor,
        effective_at=advice.day,
        cycle=cycle,
        body=advice.body,
        postings=journal.funding(cycle, str(provider), amount),
    )
    (done,) = ledger.record(tx, [event])
    if isinstance(done, Refusal):
        return done
    if done.is_new:
        cycles.write_provider(
            tx, ledger.tenant, cycle, provider, funded_amount=funded, funded_at=advice.day
        )
    state = _state_now(tx, ledger, cycle)
    return Moved("funded", cycle, state, 0, amount, provider=provider, changed=done.is_new)


def instruct(
    tx: Tx, ledger: Ledger, *, cycle: str, provider: str, order_sha256: str, by: str
) -> Moved | Refusal:
    """The order with this fingerprint goes to a provider: its approved payments are on their way.

    Refuses: CYCLE_UNKNOWN, CYCLE_WRONG_STATE, PROVIDER_UNKNOWN, PROVIDER_NOT_FUNDED.
    """
    facts = locked_facts(tx, ledger, cycle)
    if isinstance(facts, Refusal):
        return facts
    if facts.state in _BEFORE_APPROVAL:
        return Refusal(Code.CYCLE_WRONG_STATE, {"cycle": cycle, "state": facts.state.value})
    part = facts.providers.get(provider)
    if part is None:
        return Refusal(Code.PROVIDER_UNKNOWN, {"provider": provider, "cycle": cycle})
    if not part.is_funded:
        return Refusal(
            Code.PROVIDER_NOT_FUNDED,
            {
                "provider": provider,
                "cycle": cycle,
                "approved": part.approved_amount - part.carried_amount,
                "funded": part.funded_amount,
            },
        )
    ready = cycles.payments_standing(tx, ledger.tenant, cycle, {Money.APPROVED}, provider=provider)
    if not ready:
        heads, amount = part.approved_heads, part.approved_amount
        return Moved("instructed", cycle, facts.state, heads, amount, provider, changed=False)
    if facts.state is CycleState.CLOSED:
        return Refusal(Code.CYCLE_WRONG_STATE, {"cycle": cycle, "state": facts.state.value})
    return _instructed(tx, ledger, cycle, provider, order_sha256, by, ready)


def _approved(
    tx: Tx, ledger: Ledger, cycle: str, by: str, listed: Sequence[PaymentInCycle]
) -> Moved:
    now, actor = ledger.clock.now(), _staff(by)
    ledger.record(
        tx, [_of_payment(EventType.APPROVED, one, cycle, actor, now, {}) for one in listed]
    )
    heads, amount = sums_of(listed)
    body: dict[str, Value | None] = {"heads": heads, "amount": amount}
    sources = sources_of(tx, [one.id for one in listed if one.is_reissue])
    for provider in sorted({str(one.provider) for one in listed}):
        ours = [one for one in listed if one.provider == provider]
        count, total = sums_of(ours)
        # What the provider kept of earlier months pays for those that it pays again.
        kept = [one for one in ours if one.id in sources and sources[one.id].provider == provider]
        _, carried = sums_of(kept)
        body |= {f"{provider}_heads": count, f"{provider}_amount": total}
        body |= {f"{provider}_carried": carried or None}
        cycles.write_provider(
            tx,
            ledger.tenant,
            cycle,
            provider,
            approved_heads=count,
            approved_amount=total,
            carried_amount=carried,
        )
    source = f"cycle:{cycle}:approved"
    _record(tx, ledger, EventType.CYCLE_APPROVED, cycle, source, actor, body)
    return Moved("approved", cycle, CycleState.APPROVED, heads, amount)


def _instructed(
    tx: Tx,
    ledger: Ledger,
    cycle: str,
    provider: str,
    order: str,
    by: str,
    ready: Sequence[PaymentInCycle],
) -> Moved:
    now, actor = ledger.clock.now(), _staff(by)
    ledger.record(
        tx,
        [
            _of_payment(EventType.INSTRUCTED, one, cycle, actor, now, {"order": order})
            for one in ready
        ],
    )
    heads, amount = sums_of(ready)
    body: dict[str, Value | None] = {
        "provider": str(provider),
        "order": order,
        "heads": heads,
        "amount": amount,
    }
    source = f"cycle:{cycle}:instructed:{provider}:{ready[0].id}"
    _record(tx, ledger, EventType.CYCLE_INSTRUCTED, cycle, source, actor, body)
    cycles.write_provider(tx, ledger.tenant, cycle, provider, instructed_at=now, order_sha256=order)
    return Moved("instructed", cycle, CycleState.PAYING, heads, amount, provider)


def _of_payment(
    kind: EventType,
    one: PaymentInCycle,
    cycle: str,
    actor: str,
    at: datetime,
    body: dict[str, Value | None],
) -> NewEvent:
    return NewEvent(
        kind,
        f"{kind.value}:{one.code}",
        actor,
        at,
        cycle,
        one.id,
        one.beneficiary_id,
        body,
    )


def _record(
    tx: Tx,
    ledger: Ledger,
    kind: EventType,
    cycle: str,
    source: str,
    actor: str,
    body: dict[str, Value | None],
) -> bool | Refusal:
    """Whether the event of the cycle is new."""
    event = NewEvent(kind, source, actor, ledger.clock.now(), cycle, body=body)
    (done,) = ledger.record(tx, [event])
    return done if isinstance(done, Refusal) else done.is_new


def _locked(tx: Tx, ledger: Ledger, cycle: str) -> CycleState | Refusal:
    state = cycles.states_for_update(tx, ledger.tenant, [cycle])[cycle]
    return Refusal(Code.CYCLE_UNKNOWN, {"cycle": cycle}) if state is None else state


def locked_facts(tx: Tx, ledger: Ledger, cycle: str) -> CycleFacts | Refusal:
    """The cycle, locked until the transaction ends.

    Refuses: CYCLE_UNKNOWN.
    """
    state = _locked(tx, ledger, cycle)
    if isinstance(state, Refusal):
        return state
    facts = cycles.cycle_facts(tx, ledger.tenant, cycle)
    return Refusal(Code.CYCLE_UNKNOWN, {"cycle": cycle}) if facts is None else facts


def _state_now(tx: Tx, ledger: Ledger, cycle: str) -> CycleState:
    state = cycles.states_for_update(tx, ledger.tenant, [cycle])[cycle]
    return state or CycleState.IMPORTING


def _unchanged(tx: Tx, ledger: Ledger, step: str, cycle: str, state: CycleState) -> Moved:
    facts = cycles.cycle_facts(tx, ledger.tenant, cycle)
    parts = list(facts.providers.values()) if facts is not None else []
    heads = sum(part.approved_heads for part in parts)
    amount = sum(part.approved_amount for part in parts)
    return Moved(step, cycle, state, heads, amount, changed=False)


def _unfit(listed: Sequence[PaymentInCycle], cycle: str) -> Refusal | None:
    if not listed:
        return Refusal(Code.CYCLE_NOTHING_LISTED, {"cycle": cycle})
    unrouted = [one.code for one in listed if one.provider is None]
    if not unrouted:
        return None
    details: dict[str, str | int] = {"cycle": cycle, "heads": len(unrouted)}
    return Refusal(Code.CYCLE_UNROUTED, details | {"payment": unrouted[0]})


def sums_of(payments: Sequence[PaymentInCycle]) -> tuple[int, int]:
    """Heads and whole đồng."""
    return len(payments), sum(one.amount for one in payments)


def _staff(by: str) -> str:
    return f"staff:{by}"

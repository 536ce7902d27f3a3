"""Writing down what became of calls, in batches; and what must be put right by time alone.

What does not live here: the decisions (`retry`, `breaker`), and receipts (`receipts`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from core.store import budget as spending
from core.store import claims, contacts, gateways
from core.store import outbox as rows
from core.store.engine import Tx
from core.store.gateways import GatewayRow
from notifications import breaker, receipts
from notifications.gateways.base import Absent, Finding, Gateway, Outcome, Sent
from notifications.leaving import Leaving
from notifications.lifecycle import FINAL, TABLE, Move
from notifications.outbox import INTERACTIVE
from notifications.retry import LOOK_UP_AFTER, REPLY_DOUBT, Decision, Health, decide

LOOK_UP_AGAIN: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Result:
    """One call and how it ended."""

    left: Leaving
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Swept:
    """How many messages a sweep put right, by what was wrong."""

    put_back: int
    doubtful: int
    repeated: int
    expired: int
    stopped: int

    def __bool__(self) -> bool:
        """Whether there was anything."""
        return any((self.put_back, self.doubtful, self.repeated, self.expired, self.stopped))


def settle(tx: Tx, gateway: Gateway, results: Sequence[Result], now: datetime) -> list[Decision]:
    """The decisions, all written down: states, references, what is given back, the breaker."""
    decisions = [
        decide(
            result.outcome,
            attempts=result.left.message.attempt,
            interactive=result.left.interactive,
            now=now,
        )
        for result in results
    ]
    before = _health_before(tx, gateway, decisions, now)
    _apply(tx, list(zip(results, decisions, strict=True)), now)
    _keep_references(tx, gateway, results, now)
    _keep_health(tx, before, decisions, now)
    return decisions


def settle_findings(
    tx: Tx, gateway: Gateway, findings: Sequence[tuple[int, Finding]], now: datetime
) -> None:
    """What look-ups said about messages in doubt: taken, never taken, or still not known."""
    taken = [(i, found) for i, found in findings if isinstance(found, Sent)]
    for message_id, found in taken:
        move = Move.REPORTED_DELIVERED if found.delivered else Move.ACCEPTED
        _move(tx, [message_id], move, now, sent_at=now)
    rows.note_each(tx, [(i, found.ref) for i, found in taken if found.ref is not None])
    receipts.match_late(tx, gateway.name, [found.ref for _, found in taken if found.ref], now)
    absent = [i for i, found in findings if isinstance(found, Absent)]
    _move(tx, absent, Move.ABSENT, now, due_at=now)
    known = {i for i, _ in taken} | set(absent)
    rows.note(tx, [i for i, _ in findings if i not in known], due_at=now + LOOK_UP_AGAIN)


def settle_by_person(tx: Tx, message_id: int, *, left: bool, now: datetime) -> bool:
    """Whether a message in doubt was settled by what a person found out."""
    move = Move.ACCEPTED if left else Move.ABSENT
    if rows.messages(tx, [message_id])[0].state != "unknown":
        return False
    values: dict[str, Any] = {"sent_at": now} if left else {"due_at": now}
    return bool(_move(tx, [message_id], move, now, reason="by_person", **values))


def give_up(tx: Tx, ids: Sequence[int], now: datetime) -> list[int]:
    """Those of `ids` that still waited and now will not leave: another channel takes over."""
    return _move(tx, ids, Move.FOLLOWED, now, reason="next_channel")


def resume(tx: Tx, gateway: str, now: datetime) -> None:
    """Let a gateway send again once a person has mended what was wrong with it."""
    row = gateways.locked_gateway(tx, gateway, now)
    gateways.save_gateway(tx, breaker.mended(row), now)


def sweep(tx: Tx, now: datetime) -> Swept:
    """What was put right: lost leases, replies in doubt for a minute, texts nobody needs now."""
    put_back = _move(tx, claims.lapsed(tx, "claimed", now), Move.PUT_BACK, now, worker=None)
    doubtful = _lost_calls(tx, now)
    waiting = claims.unanswered_replies(tx, now, interactive=INTERACTIVE)
    repeated = _move(tx, waiting, Move.ONCE_MORE, now, due_at=now)
    old = claims.overdue(tx, now) + claims.overdue_held(tx, now)
    expired = _move(tx, old, Move.EXPIRED, now, reason="too_late")
    stopped = _move(tx, claims.strays(tx, "stopped"), Move.STOPPED, now, reason="batch_stopped")
    paused = _move(tx, claims.strays(tx, "paused"), Move.PAUSED, now)
    return Swept(
        len(put_back), len(doubtful), len(repeated), len(expired), len(stopped) + len(paused)
    )


def _lost_calls(tx: Tx, now: datetime) -> list[int]:
    lost = rows.messages(tx, claims.lapsed(tx, "calling", now))
    first_replies = [m.id for m in lost if m.purpose in INTERACTIVE and m.attempts == 1]
    others = [m.id for m in lost if m.id not in first_replies]
    reason = "lease_lost"
    return [
        *_move(tx, first_replies, Move.UNSURE, now, reason=reason, due_at=now + REPLY_DOUBT),
        *_move(tx, others, Move.UNSURE, now, reason=reason, due_at=now + LOOK_UP_AFTER),
    ]


def _apply(tx: Tx, settled: Sequence[tuple[Result, Decision]], now: datetime) -> None:
    groups: dict[tuple[Move, str | None, datetime | None], list[int]] = {}
    for result, decision in settled:
        key = (decision.move, decision.reason, decision.due_at)
        groups.setdefault(key, []).append(result.left.message.id)
    for (move, reason, due_at), ids in groups.items():
        values: dict[str, Any] = {"reason": reason}
        if due_at is not None:
            values["due_at"] = due_at
        if move in {Move.ACCEPTED, Move.REPORTED_DELIVERED}:
            values["sent_at"] = now
        _move(tx, ids, move, now, **values)
    claims.uncount(tx, [r.left.message.id for r, d in settled if not d.counts])
    for result, decision in settled:
        if decision.stops_contact:
            contacts.stop(tx, result.left.contact_id, now)


def _move(tx: Tx, ids: Sequence[int], move: Move, now: datetime, **values: Any) -> list[int]:
    """Move what can be moved; what did not and will not leave gives back its reservation."""
    if not ids:
        return []
    step = TABLE[move]
    if step.target in FINAL:
        values.setdefault("final_at", now)
    moved = rows.move(tx, ids, sources=step.sources, target=step.target, **values)
    if move in _UNSPENT:
        spending.give_back(tx, moved)
    return moved


_UNSPENT: Final = frozenset(
    {
        Move.PUT_BACK,
        Move.PAUSED,
        Move.STOPPED,
        Move.EXPIRED,
        Move.SUPPRESSED,
        Move.DEFERRED,
        Move.REFUSED,
        Move.GIVEN_UP,
        Move.FOLLOWED,
        Move.ABSENT,
    }
)


def _keep_references(tx: Tx, gateway: Gateway, results: Sequence[Result], now: datetime) -> None:
    taken = [
        (result.left.message.id, result.outcome.ref)
        for result in results
        if isinstance(result.outcome, Sent) and result.outcome.ref is not None
    ]
    rows.note_each(tx, taken)
    receipts.match_late(tx, gateway.name, [ref for _, ref in taken], now)


def _health_before(
    tx: Tx, gateway: Gateway, decisions: Sequence[Decision], now: datetime
) -> GatewayRow | None:
    """The breaker, locked before anything else, as a claim does; None when all is and was well."""
    seen = gateways.gateway_row(tx, gateway.name)
    was_well = seen is not None and seen.state == breaker.CLOSED and not seen.failures
    if was_well and all(decision.health is Health.WELL for decision in decisions):
        return None
    return gateways.locked_gateway(tx, gateway.name, now)


def _keep_health(
    tx: Tx, before: GatewayRow | None, decisions: Sequence[Decision], now: datetime
) -> None:
    if before is None:
        return
    after = breaker.after(before, decisions, now)
    if after != before:
        gateways.save_gateway(tx, after, now)

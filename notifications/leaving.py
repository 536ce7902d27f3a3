"""The two commits before a call: claimed under a lease, then "being called now".

Between them nothing has left, so a lost lease is harmless; after the second a lost lease is a
doubt. Whether a text is still true is asked in the second, as late as possible.

What does not live here: the calls themselves (`dispatch`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from core.calendar import cycle_of, local_day
from core.store import budget as spending
from core.store import claims, gateways
from core.store import outbox as rows
from core.store.engine import Tx
from notifications import breaker, budget, conditions
from notifications.gateways.base import Gateway, Outgoing
from notifications.lifecycle import TABLE, Move
from notifications.outbox import INTERACTIVE

LEASE: Final = timedelta(seconds=30)
AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True)
class Leaving:
    """A message that is being called now."""

    message: Outgoing
    contact_id: int
    interactive: bool


def take(
    tx: Tx,
    gateway: Gateway,
    worker: str,
    now: datetime,
    *,
    quiet: bool,
    ids: Sequence[int] | None = None,
    limit: int = AT_ONCE,
) -> list[int]:
    """Ids of messages now claimed by `worker`: what breaker, rate and month allow together."""
    terms = gateway.terms
    state = gateways.locked_gateway(tx, gateway.name, now)
    through = breaker.lets_through(state, now)
    if through == 0:
        return []
    rules = claims.Rules(INTERACTIVE, quiet, now, terms.spacing)
    limit = min(limit, through or limit)
    candidates = claims.claimable(tx, gateway.channel, rules, limit=limit, ids=ids)
    if not candidates:
        return []
    month = str(cycle_of(now))
    used = spending.locked_budget(
        tx,
        gateway.name,
        month,
        segments_limit=terms.month_segments,
        cost_limit=terms.month_cost,
    )
    taken = budget.fitting(candidates, terms=terms, used=used, free_at=state.free_at, now=now)
    if not taken:
        return []
    _reserve(tx, gateway, taken, month)
    claims.claim(
        tx,
        taken,
        gateway=gateway.name,
        worker=worker,
        lease_until=now + LEASE,
        month=month,
        price=terms.price,
    )
    free_at = budget.next_free(taken, terms, state.free_at, now)
    after = breaker.probing(state, now)
    if (after, free_at) != (state, state.free_at):
        gateways.save_gateway(tx, breaker.with_turn(after, free_at), now)
    return [candidate.id for candidate in taken]


def leave(tx: Tx, ids: Sequence[int], worker: str, now: datetime) -> list[Leaving]:
    """Those of `ids` that may still leave, now written down as being called."""
    messages = rows.messages(tx, claims.held_by(tx, ids, worker))
    untrue = conditions.untrue(tx, messages, local_day(now))
    untrue |= conditions.looping(tx, messages, now)
    suppress(tx, untrue, now)
    true = [message for message in messages if message.id not in untrue]
    if true:
        claims.leave(tx, [message.id for message in true], now + LEASE)
    return [_leaving(message) for message in true]


def suppress(tx: Tx, untrue: dict[int, str], now: datetime) -> None:
    """Messages that must not be said any more, each with its reason."""
    step = TABLE[Move.SUPPRESSED]
    for reason in sorted(set(untrue.values())):
        ids = [message_id for message_id, why in untrue.items() if why == reason]
        moved = rows.move(
            tx, ids, sources=step.sources, target=step.target, reason=reason, final_at=now
        )
        spending.give_back(tx, moved)


def _reserve(tx: Tx, gateway: Gateway, taken: Sequence[claims.Candidate], month: str) -> None:
    segments = sum(candidate.segments for candidate in taken)
    if segments:
        cost = segments * gateway.terms.price
        spending.spend(tx, gateway.name, month, segments=segments, cost=cost)


def outgoing(
    message: rows.MessageRow, *, attempt: int = 1, known_refs: frozenset[str] = frozenset()
) -> Outgoing:
    """A message as a gateway gets it."""
    return Outgoing(
        id=message.id,
        address=message.address,
        text=message.text,
        buttons=message.buttons,
        menu_token=message.menu_token,
        segments=message.segments,
        attempt=attempt,
        since=message.created_at,
        known_refs=known_refs,
    )


def _leaving(message: rows.MessageRow) -> Leaving:
    called = outgoing(message, attempt=message.attempts + 1)
    return Leaving(called, message.contact_id, message.purpose in INTERACTIVE)

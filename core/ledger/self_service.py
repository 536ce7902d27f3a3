"""Freezing what somebody's side may ask and say by itself (khóa tự phục vụ), and lifting it.

Where two people claim one ward, or somebody wrote in another's name, the machine answers
nobody about that person any more, and an officer does. No money and no notice stops.
Source: the plan's people, reference domain_vn 4; docs/decisions/0127.

What does not live here: what a talk says then (`core/conversation`), who may freeze (`bot`).
"""

from enum import StrEnum

from core.ledger.events import EventType, NewEvent
from core.ledger.record import Ledger
from core.refusals import Code, Refusal
from core.store import freezes
from core.store.engine import Tx
from core.store.people import BeneficiaryRow


class Why(StrEnum):
    """Why it is frozen. The words are stored: add to them, never change one."""

    TWO_CLAIM = "two_claim"
    NOT_ME = "not_me"
    KEPT_MONEY = "kept_money"
    ASKED_FOR = "asked_for"


class WhyLifted(StrEnum):
    """Why it is lifted. The words are stored, too."""

    CHECKED = "checked"
    MISTAKE = "mistake"


def freeze(tx: Tx, ledger: Ledger, who: BeneficiaryRow, why: Why, *, by: str) -> Refusal | None:
    """The machine answers nothing about this person from now on.

    Refuses: SELF_SERVICE_FROZEN, when it does not already.
    """
    return _turn(tx, ledger, who, EventType.SELF_SERVICE_FROZEN, why.value, by)


def lift(tx: Tx, ledger: Ledger, who: BeneficiaryRow, why: WhyLifted, *, by: str) -> Refusal | None:
    """The machine answers about this person again.

    Refuses: SELF_SERVICE_OPEN, when it does already.
    """
    return _turn(tx, ledger, who, EventType.SELF_SERVICE_LIFTED, why.value, by)


def _turn(
    tx: Tx, ledger: Ledger, who: BeneficiaryRow, kind: EventType, why: str, by: str
) -> Refusal | None:
    is_frozen, now = kind is EventType.SELF_SERVICE_FROZEN, ledger.clock.now()
    # Of two who press at once the second changes nothing, and is told so.
    if not freezes.set_frozen(tx, who.id, is_frozen=is_frozen, now=now):
        refused = Code.SELF_SERVICE_FROZEN if is_frozen else Code.SELF_SERVICE_OPEN
        return Refusal(refused, {"code": who.code})
    event = NewEvent(
        type=kind,
        source=f"self-service:{who.id}:{freezes.turns_of(tx, who.id) + 1}",
        actor=f"staff:{by}",
        effective_at=now,
        beneficiary_id=who.id,
        body={"reason": why},
    )
    (done,) = ledger.record(tx, [event])
    return done if isinstance(done, Refusal) else None

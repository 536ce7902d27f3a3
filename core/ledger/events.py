"""What can happen (sự kiện): the events of the ledger, before and after they are written.

An event is a fact with a cause. Its body carries ids, codes, days and whole numbers, never a name
or a number of a person, so that people can be forgotten while the chain stays whole.

What does not live here: which moves are legal (`states.py`), what an event posts (`journal.py`).
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from core.faults import Fault

if TYPE_CHECKING:
    from core.ledger.states import PaymentStatus

Value = int | str


class EventType(StrEnum):
    """Type of event (loại sự kiện). The words are stored: add to them, never change one."""

    # where the money is
    LISTED = "listed"
    ROUTED = "routed"
    HELD = "held"
    RELEASED = "released"
    CANCELLED = "cancelled"
    APPROVED = "approved"
    INSTRUCTED = "instructed"
    ACCEPTED = "accepted"
    SETTLED = "settled"
    READY_CASH = "ready_cash"
    COLLECTED = "collected"
    HOME_OPENED = "home_opened"
    HOME_MISSED = "home_missed"
    HANDED = "handed"
    FAILED = "failed"
    RETURNED = "returned"
    UNCLAIMED = "unclaimed"
    REISSUED = "reissued"
    REFUNDED = "refunded"
    CARRIED = "carried"
    # what the person says
    ASKED = "asked"
    CONFIRMED_FULL = "confirmed_full"
    SAID_SHORT = "said_short"
    SAID_NOT_RECEIVED = "said_not_received"
    SILENT = "silent"
    # the month as a whole
    CYCLE_IMPORTED = "cycle_imported"
    CYCLE_FROZEN = "cycle_frozen"
    CYCLE_APPROVED_FIRST = "cycle_approved_first"
    CYCLE_APPROVED = "cycle_approved"
    CYCLE_FUNDED_PARTLY = "cycle_funded_partly"
    CYCLE_FUNDED = "cycle_funded"
    CYCLE_INSTRUCTED = "cycle_instructed"
    CYCLE_BALANCE_STATED = "cycle_balance_stated"
    CYCLE_CLOSED = "cycle_closed"
    CYCLE_REOPENED = "cycle_reopened"
    # what the office says has changed since the month before
    INCREASED = "increased"
    DECREASED = "decreased"
    ADJUSTED = "adjusted"
    # money that no payment explains
    SUSPENSE_IN = "suspense_in"
    SUSPENSE_OUT = "suspense_out"
    SUSPENSE_PROPOSED = "suspense_proposed"
    SURPLUS_RETURNED = "surplus_returned"
    # money that was ordered without entitlement, and comes back from who got it, or is forgiven
    RECOVERY_DUE = "recovery_due"
    RECOVERED = "recovered"
    RECOVERY_PROPOSED = "recovery_proposed"
    RECOVERY_FORGIVEN = "recovery_forgiven"
    # facts that move no money
    LINKED = "linked"
    CONSENT_GIVEN = "consent_given"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    METHOD_RECORDED = "method_recorded"
    PHONE_CHANGED = "phone_changed"
    SELF_SERVICE_FROZEN = "self_service_frozen"
    SELF_SERVICE_LIFTED = "self_service_lifted"
    RELATIVE_SAID_NOT_RECEIVED = "relative_said_not_received"
    CASE_OPENED = "case_opened"
    CASE_CLOSED = "case_closed"
    # how somebody asks to be paid from now on
    METHOD_DRAFTED = "method_drafted"
    METHOD_SUBMITTED = "method_submitted"
    METHOD_TAKEN_UP = "method_taken_up"
    METHOD_NEEDS_PAPERS = "method_needs_papers"
    METHOD_CHECKED = "method_checked"
    METHOD_APPROVED = "method_approved"
    METHOD_ACTIVATED = "method_activated"
    METHOD_SUPERSEDED = "method_superseded"
    METHOD_SUSPENDED = "method_suspended"
    METHOD_WITHDRAWN = "method_withdrawn"
    # an account or wallet that is being opened for somebody
    OPENING_LISTED = "opening_listed"
    OPENING_ELIGIBLE = "opening_eligible"
    OPENING_MISSING = "opening_missing"
    OPENING_NOT_WANTED = "opening_not_wanted"
    OPENING_WAITING_ID = "opening_waiting_id"
    OPENING_SUBMITTED = "opening_submitted"
    OPENING_OPENED = "opening_opened"
    OPENING_REJECTED = "opening_rejected"
    CARD_PRINTED = "card_printed"
    CARD_AT_COMMUNE = "card_at_commune"
    CARD_HANDED = "card_handed"
    FIRST_CREDIT_OK = "first_credit_ok"
    # what becomes of a payment that somebody entitled says is short or not there
    DISPUTE_OPENED = "dispute_opened"
    DISPUTE_PROVEN_PAID = "dispute_proven_paid"
    DISPUTE_RECOVERED = "dispute_recovered"
    DISPUTE_REPAID = "dispute_repaid"
    DISPUTE_UNRESOLVED = "dispute_unresolved"
    # a payment that is brought to somebody's home
    DELIVERY_REQUESTED = "delivery_requested"
    DELIVERY_ASSESSED = "delivery_assessed"
    DELIVERY_ACCEPTED = "delivery_accepted"
    DELIVERY_DECLINED = "delivery_declined"
    DELIVERY_APPEALED = "delivery_appealed"
    DELIVERY_DUE = "delivery_due"
    DELIVERY_SCHEDULED = "delivery_scheduled"
    DELIVERY_SET_OFF = "delivery_set_off"
    DELIVERY_HANDED_OVER = "delivery_handed_over"
    DELIVERY_MISSED = "delivery_missed"
    DELIVERY_REFUSED = "delivery_refused"
    DELIVERY_BROUGHT_BACK = "delivery_brought_back"
    DELIVERY_CONFIRMED = "delivery_confirmed"
    DELIVERY_DISPUTED = "delivery_disputed"
    DELIVERY_WITHDRAWN = "delivery_withdrawn"
    DELIVERY_REVIEWED = "delivery_reviewed"
    DELIVERY_STOPPED = "delivery_stopped"


# All that is said of money that is due back.
RECOVERIES: Final = (
    *(EventType.RECOVERY_DUE, EventType.RECOVERED),
    *(EventType.RECOVERY_PROPOSED, EventType.RECOVERY_FORGIVEN),
)


class NotForABody(Fault):
    """The body of a {type} event may hold ids, codes, days and whole numbers, not this: {key}."""


@dataclass(frozen=True, slots=True)
class Posting:
    """One line of double entry (bút toán). Money: whole đồng, debit positive, credit negative."""

    account: str
    amount: int
    cycle: str
    provider: str | None = None
    commune: str | None = None
    payment_id: int | None = None


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event to be written. `source` names its cause: the same cause never counts twice.

    `effective_at` is when it happened (a provider's value date), in aware UTC; when it was written
    is the ledger's to say. `cycle` and `beneficiary_id` may be left out where there is a payment.
    `postings` are given for events of a month only; those of a payment follow from the journal.
    A None in the body is the same as no such key.
    """

    type: EventType
    source: str
    actor: str
    effective_at: datetime
    cycle: str | None = None
    payment_id: int | None = None
    beneficiary_id: int | None = None
    body: Mapping[str, Value | None] = field(default_factory=dict)
    postings: tuple[Posting, ...] = ()


@dataclass(frozen=True, slots=True)
class Recorded:
    """A written event, and where its payment stood before and after it.

    `is_new` is False when the same cause had been written before: then nothing happened now, and
    both states are None.
    """

    id: int
    event: NewEvent
    before: "PaymentStatus | None" = None
    after: "PaymentStatus | None" = None
    is_new: bool = True


_KEY: Final = re.compile(r"[a-z][a-z0-9_]{0,31}", re.ASCII)
_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,47}", re.ASCII)
# Six digits in a row may be part of a phone, an account or an identity number.
_NUMBER: Final = re.compile(r"\d{6}", re.ASCII)
_DIGEST: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
# Four digits of the month, the beneficiary's code, kind and sequence.
_PAYMENT: Final = re.compile(r"\d{4}-[A-Z0-9][A-Z0-9.\-/]{1,30}-[A-Z]{1,3}-\d{1,3}", re.ASCII)
_DAY: Final = re.compile(r"20\d\d-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?", re.ASCII)


# Made once: `json.dumps` with such wishes makes an encoder for every call.
_WRITTEN: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode


def body_text(event: NewEvent) -> str:
    """The body in the one form in which it is stored and hashed.

    Raises: NotForABody, for anything that could be a person's.
    """
    body = {key: value for key, value in event.body.items() if value is not None}
    for key, value in body.items():
        if not _is_key(key) or not _may_stand(value):
            raise NotForABody(type=event.type.value, key=key)
    return _WRITTEN(body)


def body_of(text: str) -> dict[str, Value]:
    """The body that was stored as `text`."""
    found: dict[str, Value] = json.loads(text)
    return found


def _may_stand(value: object) -> bool:
    if isinstance(value, str):
        return _is_safe(value)
    return isinstance(value, int) and not isinstance(value, bool)


def is_code(text: str) -> bool:
    """Whether a text that somebody typed may stand in a body, as a version of a paper does."""
    return _is_safe(text)


@lru_cache(maxsize=256)
def _is_key(text: str) -> bool:
    return _KEY.fullmatch(text) is not None


@lru_cache(maxsize=4096)
def _is_safe(text: str) -> bool:
    if _CODE.fullmatch(text) and not _NUMBER.search(text):
        return True
    return any(kind.fullmatch(text) for kind in (_DAY, _PAYMENT, _DIGEST))

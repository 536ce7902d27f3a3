"""What happened, as it is written: events with their postings, and the status they fold into.

An event's body holds ids, codes, days and amounts only, so that personal data can be erased
without touching the ledger; its hash covers every column and every posting.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from core.faults import Fault
from core.ledger.states import EventType, Money, Receipt
from core.store.tables.base import micros

Body = Mapping[str, str | int | None]

# Ids, codes, ISO days, hashes: no blank, no letter beyond ASCII, so never a name or a sentence.
_BODY_TEXT: Final = re.compile(r"[A-Za-z0-9_.:/\-]{0,64}")
_BODY_KEY: Final = re.compile(r"[a-z][a-z0-9_]{0,31}")
_PHONE_LIKE: Final = re.compile(r"(?<![0-9a-f])0\d{9}(?![0-9a-f])")


class UnfitBody(Fault):
    """The body of an event may hold only ids, codes, days and amounts; “{key}” does not."""


class Unbalanced(Fault):
    """The postings of an event do not sum to zero."""


@dataclass(frozen=True, slots=True)
class Posting:
    """One line of the journal. Money: whole đồng, debit positive, credit negative."""

    account: str
    amount: int
    cycle: str
    provider: str | None = None
    commune: str | None = None
    payment_id: int | None = None


@dataclass(frozen=True, slots=True)
class NewEvent:
    """Something that happened and is not written yet. Time: aware UTC.

    `source` names its cause once and for all (a file's line, a message, a command): the same
    cause never counts twice.
    """

    type: EventType
    source: str
    actor: str
    effective_at: datetime
    cycle: str | None = None
    payment_id: int | None = None
    beneficiary_id: int | None = None
    body: Body = field(default_factory=dict)
    postings: tuple[Posting, ...] = ()


@dataclass(frozen=True, slots=True)
class PaymentStatus:
    """What the events of one payment come to. `version` counts them."""

    payment_id: int
    tenant: str
    cycle: str
    beneficiary_id: int
    money: Money
    receipt: Receipt
    held_from: Money | None
    method: str | None
    provider: str | None
    method_version_id: int | None
    pay_point: str | None
    reason: str | None
    effective_on: date | None
    reported_at: datetime | None
    changed_at: datetime
    last_event_id: int
    version: int


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event that is written, and the payment before and after it."""

    id: int
    event: NewEvent
    before: PaymentStatus | None
    after: PaymentStatus | None


@dataclass(frozen=True, slots=True)
class Known:
    """An event whose source is written already: nothing happened this time."""

    source: str


def body_text(body: Body) -> str:
    """A body as the one JSON text it always has.

    Raises: UnfitBody, for anything that could be personal.
    """
    for key, value in body.items():
        fits = value is None or isinstance(value, int) or _is_plain(value)
        if not fits or isinstance(value, bool) or not _BODY_KEY.fullmatch(key):
            raise UnfitBody(key=key)
    return json.dumps(body, sort_keys=True, separators=(",", ":"))


def check_balance(postings: Sequence[Posting]) -> None:
    """Nothing, when debits equal credits.

    Raises: Unbalanced.
    """
    if sum(posting.amount for posting in postings) != 0:
        raise Unbalanced


@dataclass(frozen=True, slots=True)
class Columns:
    """An event as it stands in its row, with its postings: what the hash is taken of."""

    id: int
    tenant: str
    cycle: str | None
    payment_id: int | None
    beneficiary_id: int | None
    type: str
    effective_at: datetime
    recorded_at: datetime
    actor: str
    source: str
    body: str
    postings: tuple[Posting, ...]

    def hash(self) -> str:
        """SHA-256 over all columns and postings, in hexadecimal."""
        lines = [
            [p.account, p.amount, p.cycle, p.provider, p.commune, p.payment_id]
            for p in self.postings
        ]
        content = [
            self.id,
            self.tenant,
            self.cycle,
            self.payment_id,
            self.beneficiary_id,
            self.type,
            micros(self.effective_at),
            micros(self.recorded_at),
            self.actor,
            self.source,
            self.body,
            lines,
        ]
        text = json.dumps(content, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def _is_plain(value: object) -> bool:
    if not isinstance(value, str) or not _BODY_TEXT.fullmatch(value):
        return False
    return not _PHONE_LIKE.search(value)

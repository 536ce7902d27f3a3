"""Sections 2 and 5 to 9 of the format: what an event posts, and what a status becomes by it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from verifier.stored import Row

VIET_NAM: Final = timedelta(hours=7)
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def _moves(text: str) -> dict[tuple[str, str], str]:
    """`event: FROM FROM > TO` lines as {(event, from): to}; `-` is "not yet there"."""
    found = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        kind, _, rest = line.partition(":")
        sources, _, target = rest.partition(">")
        found.update({(kind, source): target.strip() for source in sources.split()})
    return found


# Section 8; `released` leads back to where the payment was held.
MONEY: Final = _moves("""
    listed: - > LISTED
    routed: LISTED > LISTED
    held: LISTED APPROVED > HELD
    cancelled: LISTED HELD APPROVED > CANCELLED
    approved: LISTED > APPROVED
    instructed: APPROVED > INSTRUCTED
    accepted: INSTRUCTED > ACCEPTED
    settled: INSTRUCTED ACCEPTED > SETTLED
    ready_cash: INSTRUCTED ACCEPTED > READY_CASH
    collected: READY_CASH > SETTLED
    home_opened: INSTRUCTED ACCEPTED READY_CASH > HOME_PENDING
    home_missed: HOME_PENDING > HOME_PENDING
    handed: HOME_PENDING > SETTLED
    failed: INSTRUCTED ACCEPTED > FAILED
    returned: SETTLED > RETURNED
    unclaimed: READY_CASH HOME_PENDING > UNCLAIMED
    reissued: FAILED RETURNED UNCLAIMED APPROVED > REISSUED
    refunded: FAILED RETURNED UNCLAIMED APPROVED HELD > REFUNDED
    carried: FAILED > FAILED
    carried: RETURNED > RETURNED
    carried: UNCLAIMED > UNCLAIMED
    carried: HELD > HELD
""")
RECEIPT: Final = _moves("""
    asked: NOT_ASKED ASKED SILENT > ASKED
    confirmed_full: NOT_ASKED ASKED SILENT CONFIRMED_FULL SHORT NOT_RECEIVED > CONFIRMED_FULL
    said_short: NOT_ASKED ASKED SILENT CONFIRMED_FULL SHORT NOT_RECEIVED > SHORT
    said_not_received: NOT_ASKED ASKED SILENT CONFIRMED_FULL SHORT NOT_RECEIVED > NOT_RECEIVED
    silent: ASKED > SILENT
""")
# Section 9.
MONTH: Final = _moves("""
    cycle_imported: - IMPORTING > IMPORTING
    cycle_frozen: IMPORTING > FROZEN
    cycle_approved_first: FROZEN > FROZEN
    cycle_approved: FROZEN > APPROVED
    cycle_funded_partly: APPROVED FUNDED_PARTLY > FUNDED_PARTLY
    cycle_funded_partly: PAYING > PAYING
    cycle_funded_partly: RECONCILING > RECONCILING
    cycle_funded: APPROVED FUNDED_PARTLY FUNDED > FUNDED
    cycle_funded: PAYING > PAYING
    cycle_funded: RECONCILING > RECONCILING
    cycle_instructed: APPROVED FUNDED_PARTLY FUNDED PAYING RECONCILING > PAYING
    cycle_balance_stated: PAYING RECONCILING > RECONCILING
    cycle_closed: RECONCILING > CLOSED
    cycle_reopened: CLOSED > RECONCILING
""")
OF_MONEY: Final = frozenset(kind for kind, _ in MONEY) | {"released"}
OF_RECEIPT: Final = frozenset(kind for kind, _ in RECEIPT)
OF_MONTH: Final = frozenset(kind for kind, _ in MONTH)
REPORTED: Final = frozenset(
    "accepted settled ready_cash collected home_opened home_missed handed failed returned"
    " unclaimed".split()
)
KEEPS_REASON: Final = frozenset({"carried", "reissued", "refunded"})
PAID: Final = frozenset({"SETTLED", "RETURNED"})
ON_ITS_WAY: Final = PAID | {"INSTRUCTED", "ACCEPTED", "READY_CASH", "HOME_PENDING"}
SPEAKERS: Final = frozenset({"self", "guardian", "parent", "payee"})
# Section 6: "debit credit" pairs by event, and by where the payment stands ("" is anywhere).
OVER: Final = "L200 L210"
JOURNAL: Final = {
    ("instructed", ""): ["A120 A110"],
    ("settled", ""): ["L200 A120"],
    ("collected", ""): ["L200 A120"],
    ("home_opened", ""): ["A130 A120"],
    ("handed", ""): ["L200 A130"],
    ("failed", ""): ["A110 A120"],
    ("returned", ""): ["A110 L200"],
    ("unclaimed", "READY_CASH"): ["A110 A120"],
    ("unclaimed", "HOME_PENDING"): ["A120 A130", "A110 A120"],
    ("held", "APPROVED"): ["L200 L220"],
    ("released", "HELD"): ["L220 L200"],
    ("cancelled", "APPROVED"): ["L200 E320"],
    ("cancelled", "HELD"): ["L220 E320"],
    ("carried", ""): [OVER],
    ("carried", "HELD"): ["L220 L210"],
    ("reissued", ""): [OVER],
    ("refunded", ""): [OVER, "L210 L230", "L230 A110", "A100 E320"],
}
# Section 7: what is to come back of a payment, and what of it did or need not.
BACK: Final = {"recovery_due": 1, "recovered": -1, "recovery_forgiven": -1}
MONTH_JOURNAL: Final = {
    "cycle_funded_partly": "A110 A100",
    "cycle_funded": "A110 A100",
    "suspense_in": "C400 A110",
    "suspense_out": "A110 C400",
    "surplus_returned": "A100 A110",
}


@dataclass(frozen=True, slots=True)
class Status:
    """One payment's state, in the order of the columns of `payment_status` from `money` on."""

    money: str
    receipt: str
    held_from: str | None
    method: str | None
    provider: str | None
    method_version_id: int | None
    pay_point: str | None
    reason: str | None
    effective_on: str | None
    reported_at: int | None
    changed_at: int
    last_event_id: int
    version: int
    carried_event_id: int | None

    def row(self) -> Row:
        """The values as the columns hold them."""
        return tuple(getattr(self, name) for name in self.__slots__)


@dataclass(frozen=True, slots=True)
class Event:
    """A row of `event`, without its hash."""

    id: int
    tenant: str
    cycle: str | None
    payment_id: int | None
    beneficiary_id: int | None
    type: str
    effective_at: int
    recorded_at: int
    actor: str
    source: str
    body: str

    def said(self) -> dict[str, Any]:
        """The body, parsed."""
        found = json.loads(self.body)
        if not isinstance(found, dict):
            raise TypeError(self.body)
        return found


def fingerprint(columns: Row, postings: Sequence[Row]) -> str:
    """Section 2. A value that no ledger holds, such as raw bytes, yields a hash that fits none."""
    text = json.dumps([*columns, postings], separators=(",", ":"), default=repr)
    return sha256(text.encode("ascii")).hexdigest()


def day_of(micros: int) -> str:
    """The day in Viet Nam."""
    return (EPOCH + timedelta(microseconds=micros) + VIET_NAM).date().isoformat()


def folded(status: Status | None, event: Event) -> Status | None:
    """Section 8: the status after an event; None if it cannot have happened."""
    if event.type in OF_MONEY:
        return _money(status, event)
    if status is None:
        return None
    after = replace(status, last_event_id=event.id, version=status.version + 1)
    if event.type not in OF_RECEIPT:
        return after
    target, said = RECEIPT.get((event.type, status.receipt)), event.said()
    needed = PAID if event.type in {"said_short", "said_not_received"} else ON_ITS_WAY
    if target is None or status.money not in needed:
        return None
    is_word = event.type in {"confirmed_full", "said_short", "said_not_received"}
    if is_word and not (said.get("basis") in SPEAKERS and isinstance(said.get("person"), int)):
        return None
    return replace(after, receipt=target)


def _money(status: Status | None, event: Event) -> Status | None:
    if status is None:
        if event.type != "listed":
            return None
        rest = (None,) * 8
        return Status("LISTED", "NOT_ASKED", *rest, event.recorded_at, event.id, 1, None)
    target = MONEY.get((event.type, status.money))
    if event.type == "released":
        target = status.held_from
    if target is None or not _timely(status, event.type):
        return None
    said, is_routed = event.said(), event.type == "routed"
    after = replace(
        status,
        money=target,
        held_from={"held": status.money, "carried": status.held_from}.get(event.type),
        pay_point=said.get("pay_point", None if is_routed else status.pay_point),
        reason=status.reason if event.type in KEEPS_REASON else said.get("reason"),
        changed_at=event.recorded_at if target != status.money else status.changed_at,
        last_event_id=event.id,
        version=status.version + 1,
        carried_event_id=event.id if event.type == "carried" else status.carried_event_id,
    )
    if is_routed:
        method, provider, version = (said.get(key) for key in ("method", "provider", "version"))
        after = replace(after, method=method, provider=provider, method_version_id=version)
    if event.type in REPORTED:
        after = replace(
            after, effective_on=day_of(event.effective_at), reported_at=event.recorded_at
        )
    return after


def _timely(status: Status, kind: str) -> bool:
    """Section 8: what may come only before, or only after, a payment left its month."""
    carried = status.carried_event_id is not None
    if kind == "carried":
        return not carried and status.held_from != "LISTED"
    if kind == "instructed":
        return not carried
    return carried or (kind, status.money) not in {
        ("reissued", "APPROVED"),
        ("refunded", "APPROVED"),
        ("refunded", "HELD"),
    }


def due(event: Event, before: Status | None, payment: Row, replaced: Row | None) -> list[Row]:
    """Section 6: the postings that an event of a payment must have.

    `replaced`: (cycle, provider, commune, id) of the payment that a re-issue replaces.
    """
    number, cycle, commune, amount, monthly, arrears = (payment[at] for at in (0, 2, 7, 8, 9, 10))
    if before is None:
        return []
    here: Row = (cycle, before.provider, commune, number)
    if event.type == "recovered":
        part, outside = event.said()["amount"], (cycle, None, commune, number)
        return [(1, "A100", part, *outside), (2, "E320", -part, *outside)]
    lines: list[tuple[str, int, Row]] = []
    if event.type == "approved":
        lines = [("E300", monthly, here), ("E310", arrears, here), ("L200", -amount, here)]
        if replaced is not None:
            lines = owed_again(amount, here, replaced)
    elif (before.held_from if before.money == "HELD" else before.money) == "LISTED":
        if event.type == "cancelled" and replaced is not None:
            lines = [("L210", amount, replaced), ("E320", -amount, (cycle, replaced[1], *here[2:]))]
    else:
        lines = [
            (account, part, here)
            for pair in JOURNAL.get((event.type, before.money), JOURNAL.get((event.type, ""), []))
            for account, part in _pair(pair, amount, carried=before.carried_event_id is not None)
        ]
    return [
        (line, account, part, *at)
        for line, (account, part, at) in enumerate((one for one in lines if one[1]), 1)
    ]


def _pair(pair: str, amount: int, *, carried: bool) -> list[tuple[str, int]]:
    """Two lines; of a payment that left its month L210 stands for L200 and L220."""
    debit, credit = (
        "L210" if carried and account in {"L200", "L220"} else account for account in pair.split()
    )
    return [(debit, amount), (credit, -amount)] if debit != credit else []


def owed_again(amount: int, here: Row, replaced: Row) -> list[tuple[str, int, Row]]:
    """Section 6: what the approval of a re-issue posts."""
    lines = [("L210", amount, replaced), ("L200", -amount, here)]
    if replaced[1] == here[1]:
        lines += [("A110", amount, here), ("A110", -amount, replaced)]
    return lines


def due_of_month(event: Event, postings: Sequence[Row]) -> list[Row]:
    """Section 6: the postings that an event without a payment must have."""
    pair = MONTH_JOURNAL.get(event.type)
    if pair is None:
        return []
    amount, provider = (postings[0][2], postings[0][4]) if postings else (None, None)
    if event.type in OF_MONTH:
        amount, provider = event.said()["amount"], event.said()["provider"]
    debit, credit = pair.split()
    rest = (event.cycle, provider, None, None)
    return [(1, debit, amount, *rest), (2, credit, -(amount or 0), *rest)]

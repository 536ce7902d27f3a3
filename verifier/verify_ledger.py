#!/usr/bin/env python3
"""A second reading of a Chi Trả ledger, written from docs/ledger-format.md alone.

    python3 verify_ledger.py DATABASE [--heads FILE] [--head NUMBER:HASH] [--balances]

DATABASE is a SQLite file, a postgresql:// address (needs psycopg), or a folder with a dump as
docs/operations/backup.md makes it. Nothing is written. Needs Python 3.11, no other file, and
memory for one short row for each payment.
Exit codes: 0 everything agrees, 1 something differs (a sentence for each), 2 it cannot be read.
"""

import argparse
import json
import sqlite3
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from io import TextIOWrapper
from itertools import groupby
from pathlib import Path
from typing import Any, Final

Row = tuple[Any, ...]
Reader = Callable[[str], Iterator[Row]]

# Section 1: the columns as they are read here; in what order, and which rows.
COLUMNS: Final = {
    "event": (
        "id tenant cycle payment_id beneficiary_id type effective_at recorded_at actor source body"
        " hash"
    ),
    "posting": "event_id line account amount cycle provider commune payment_id tenant",
    "chain_block": "id first_event last_event events previous_hash hash",
    "payment": (
        "id tenant cycle code beneficiary_id kind seq commune amount monthly arrears parent_id"
        " listed_at"
    ),
    "payment_status": (
        "payment_id tenant cycle beneficiary_id money receipt held_from method provider"
        " method_version_id pay_point reason effective_on reported_at changed_at last_event_id"
        " version carried_event_id"
    ),
    "cycle": "tenant code state changed_at last_event_id",
    "provider_cycle": (
        "tenant cycle provider approved_heads approved_amount funded_amount funded_at"
        " instructed_at order_sha256 carried_amount"
    ),
    "installation": "name value",
}
WHICH: Final = {
    **dict.fromkeys(("event", "chain_block", "payment"), "ORDER BY id"),
    "posting": "ORDER BY event_id, line",
    "payment_status": "ORDER BY payment_id",
    "installation": "WHERE name = 'chain_head'",
}
NOTHING: Final = "0" * 64
VIET_NAM: Final = timedelta(hours=7)
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
SHOWN: Final = 200
HEAD_WORDS: Final = 4
NOT_OURS: Final = (ValueError, KeyError, TypeError, OverflowError, AttributeError)


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
    home_opened: INSTRUCTED ACCEPTED > HOME_PENDING
    home_missed: HOME_PENDING > HOME_PENDING
    handed: HOME_PENDING > SETTLED
    failed: INSTRUCTED ACCEPTED > FAILED
    returned: SETTLED > RETURNED
    unclaimed: READY_CASH HOME_PENDING > UNCLAIMED
    reissued: FAILED RETURNED UNCLAIMED > REISSUED
    refunded: FAILED RETURNED UNCLAIMED > REFUNDED
    carried: FAILED > FAILED
    carried: RETURNED > RETURNED
    carried: UNCLAIMED > UNCLAIMED
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
    ("reissued", ""): [OVER],
    ("refunded", ""): [OVER, "L210 L230", "L230 A110", "A100 E320"],
}
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
    if target is None or (event.type == "carried" and status.carried_event_id is not None):
        return None
    said, is_routed = event.said(), event.type == "routed"
    after = replace(
        status,
        money=target,
        held_from=status.money if event.type == "held" else None,
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


def due(event: Event, before: Status | None, payment: Row, replaced: Row | None) -> list[Row]:
    """Section 6: the postings that an event of a payment must have.

    `replaced`: (cycle, provider, commune, id) of the payment that a re-issue replaces.
    """
    number, cycle, commune, amount, monthly, arrears = (payment[at] for at in (0, 2, 7, 8, 9, 10))
    if before is None:
        return []
    here: Row = (cycle, before.provider, commune, number)
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
            if pair != OVER or before.carried_event_id is None
            for account, part in zip(pair.split(), (amount, -amount), strict=True)
        ]
    return [
        (line, account, part, *at)
        for line, (account, part, at) in enumerate((one for one in lines if one[1]), 1)
    ]


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


class Audit:
    """One verification: what was read so far, and what differs."""

    def __init__(self, read: Reader, *, is_gapless: bool) -> None:
        self.read, self.is_gapless = read, is_gapless
        self.differs: list[str] = []
        self.events = 0
        self.sums: defaultdict[tuple[str, str, str], int] = defaultdict(int)
        self.blocks = list(read("chain_block"))
        self.payments = {row[0]: row for row in read("payment")}
        self.again: defaultdict[int, list[int]] = defaultdict(list)
        for number, row in self.payments.items():
            if row[11] is not None:
                self.again[row[11]].append(number)
        # A payment stands here from its first event on; None once its events made no sense.
        self.statuses: dict[int, Status | None] = {}
        self.months: dict[tuple[str, str], tuple[str, int, int]] = {}
        self.parts: dict[tuple[str, str, str], list[Any]] = {}

    def say(self, sentence: str) -> None:
        """Note what differs."""
        self.differs.append(sentence)

    def heads(self, outside: set[str]) -> None:
        """Section 4: heads as `number:hash`, or a hash alone, as it stands on paper."""
        known = {f"{row[0]}:{row[5]}" for row in self.blocks} | {row[5] for row in self.blocks}
        inside = {value for _, value in self.read("installation")}
        for head in sorted((outside | inside) - known):
            self.say(f"Block {head} was noted as a head and is not there.")

    def walk(self) -> None:
        """Sections 2, 3, 5 and 6, and the folds of 8 and 9, in one pass."""
        waiting, last, sealed = list(reversed(self.blocks)), 0, Seal()
        self._links()
        for row, postings in self._joined():
            while waiting and row[0] > waiting[-1][2]:
                sealed = self._closed(waiting.pop(), sealed)
            if self.is_gapless and row[0] != last + 1:
                self.say(f"Event {last + 1} is missing.")
            last = row[0]
            sealed.add(last, self._event(Event(*row[:11]), row[11], postings))
        while waiting:
            sealed = self._closed(waiting.pop(), sealed)

    def money(self) -> None:
        """Section 6: nobody holds less than nothing."""
        for cycle, provider in sorted({key[:2] for key in self.sums}):
            held, unexplained, moving, officers = (
                self.sums[cycle, provider, account] for account in ("A110", "C400", "A120", "A130")
            )
            if min(held + unexplained, moving, officers) < 0:
                self.say(f"In {cycle} provider {provider or '-'} holds less than nothing.")

    def projections(self) -> None:
        """Sections 8 and 9: what is stored is what the events come to."""
        left = dict(self.statuses)
        for row in self.read("payment_status"):
            status, payment = left.pop(row[0], None), self.payments.get(row[0])
            if status is None or payment is None:
                self.say(f"Payment {row[0]} has a status that its events do not come to.")
            elif row != (row[0], payment[1], payment[2], payment[4], *status.row()):
                self.say(f"The status of payment {row[0]} is not what its events come to.")
        for number in sorted({*left, *(set(self.payments) - set(self.statuses))}):
            self.say(f"Payment {number} has no status, or no events.")
        months = {(*key, *value) for key, value in self.months.items()}
        parts = {(*key, *value) for key, value in self.parts.items()}
        for table, expected in (("cycle", months), ("provider_cycle", parts)):
            for row in sorted(expected ^ set(self.read(table)), key=repr):
                self.say(f"{table} is not what its events come to: {':'.join(map(str, row[:3]))}.")

    def _links(self) -> None:
        previous = NOTHING
        for number, row in enumerate(self.blocks, 1):
            if row[0] != number or row[4] != previous:
                self.say(f"Block {row[0]} does not follow the block before it.")
            previous = row[5]

    def _joined(self) -> Iterator[tuple[Row, list[Row]]]:
        """Every event with its postings; a posting of no event is said."""
        lines = groupby(self.read("posting"), key=lambda row: row[0])
        number, group = next(lines, (None, iter(())))
        for row in self.read("event"):
            while number is not None and number < row[0]:
                self.say(f"Event {number} is missing, and has postings.")
                number, group = next(lines, (None, iter(())))
            found: list[Row] = []
            if number == row[0]:
                found = list(group)
                number, group = next(lines, (None, iter(())))
            self.events += 1
            yield row, found
        if number is not None:
            self.say(f"Event {number} is missing, and has postings.")

    def _closed(self, block: Row, sealed: "Seal") -> "Seal":
        number, first, _, events, previous, digest = block
        if (first, events) != (sealed.first, sealed.events):
            self.say(f"Block {number} sealed {events} events from {first}; they are not all there.")
        elif sealed.digest(previous) != digest:
            self.say(f"Block {number} sealed other events than those that are there.")
        return Seal()

    def _event(self, event: Event, stored: str, rows: Sequence[Row]) -> str:
        postings = [row[1:8] for row in rows]
        found = fingerprint(tuple(getattr(event, name) for name in Event.__slots__), postings)
        if stored != found or any(row[8] != event.tenant for row in rows):
            self.say(f"Event {event.id} or one of its postings was changed.")
        try:
            if sum(line[2] for line in postings):
                self.say(f"The postings of event {event.id} do not sum to zero.")
            for _, account, amount, cycle, provider, _, _ in postings:
                self.sums[cycle, provider or "", account] += amount
            self._follow(event, postings)
        except NOT_OURS:
            self.say(f"Event {event.id} says what no event can say.")
        return found

    def _follow(self, event: Event, postings: Sequence[Row]) -> None:
        number = event.payment_id
        if number is None:
            expected = due_of_month(event, postings)
            if event.type in OF_MONTH and event.cycle and event.beneficiary_id is None:
                self._month(event)
        elif number not in self.payments:
            self.say(f"Event {event.id} is about payment {number}, which is not there.")
            return
        else:
            expected = self._payment(event, number)
        if list(postings) != expected:
            self.say(f"Event {event.id} posts something else than its kind does.")

    def _payment(self, event: Event, number: int) -> list[Row]:
        payment, is_first = self.payments[number], number not in self.statuses
        before = self.statuses.get(number)
        self.statuses[number] = None
        if is_first and not _is_as_listed(payment, event):
            self.say(f"Payment {number} is not as it was listed.")
        if is_first or before is not None:
            self.statuses[number] = folded(before, event)
        return due(event, before, payment, self._replaced(payment))

    def _replaced(self, payment: Row) -> Row | None:
        """The payment that a re-issue replaces: the latest before it with the same parent."""
        number, parent = payment[0], payment[11]
        if parent is None:
            return None
        again = [other for other in self.again.get(parent, ()) if other < number]
        old = self.payments[max(again, default=parent)]
        status = self.statuses.get(old[0])
        return (old[2], status.provider if status else None, old[7], old[0])

    def _month(self, event: Event) -> None:
        key = (event.tenant, event.cycle or "")
        state = MONTH.get((event.type, self.months[key][0] if key in self.months else "-"))
        if state is None:
            return
        said = event.said()
        if event.type == "cycle_approved":
            for name in [word[:-6] for word in said if word.endswith("_heads")]:
                heads, amount = said[f"{name}_heads"], said[f"{name}_amount"]
                carried = said.get(f"{name}_carried", 0)
                self.parts[*key, name] = [heads, amount, 0, None, None, None, carried]
        elif event.type in {"cycle_funded", "cycle_funded_partly", "cycle_instructed"}:
            part = self.parts.setdefault((*key, said["provider"]), [0, 0, 0, None, None, None, 0])
            if event.type == "cycle_instructed":
                part[4:6] = event.recorded_at, said["order"]
            else:
                part[2:4] = part[2] + said["amount"], event.effective_at
        self.months[key] = (state, event.recorded_at, event.id)


class Seal:
    """The events since the last block, on their way into the next one."""

    def __init__(self) -> None:
        self.first, self.events = 0, 0
        self._hashes: list[str] = []

    def add(self, number: int, fingerprint: str) -> None:
        """One more event."""
        self.first, self.events = self.first or number, self.events + 1
        self._hashes.append(fingerprint)

    def digest(self, previous: str) -> str:
        """Section 3: the hash of a block over these events."""
        return sha256((previous + "".join(self._hashes)).encode("utf-8", "replace")).hexdigest()


def _is_as_listed(payment: Row, event: Event) -> bool:
    _, tenant, cycle, code, person, kind, seq, commune, amount, monthly, arrears, parent, at = (
        payment
    )
    said = {key: value for key, value in event.said().items() if key != "file"}
    expected = {"code": code, "kind": kind, "seq": seq, "commune": commune}
    expected |= {"monthly": monthly, "arrears": arrears}
    if parent is not None:
        expected["parent"] = parent
    stands = (event.tenant, event.cycle, event.beneficiary_id, event.recorded_at)
    return (said, stands) == (expected, (tenant, cycle, person, at)) and amount == monthly + arrears


def query(table: str) -> str:
    """What is asked of a database."""
    return f"SELECT {COLUMNS[table].replace(' ', ', ')} FROM {table} {WHICH.get(table, '')}"


def sqlite_reader(connection: sqlite3.Connection) -> Reader:
    """Rows of a SQLite file. What is not UTF-8 stays as it is, and fits no fingerprint."""
    connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
    connection.execute("BEGIN")
    return lambda table: connection.execute(query(table))


def dump_reader(folder: Path) -> Reader:
    """Rows of a folder with one JSON object on each line of TABLE.jsonl."""

    def read(table: str) -> Iterator[Row]:
        names = COLUMNS[table].split()
        with (folder / f"{table}.jsonl").open(encoding="utf-8") as lines:
            for line in filter(str.strip, lines):
                row = json.loads(line)
                yield tuple(row[name] for name in names)

    return read


def postgresql_reader(connection: Any) -> Reader:
    """Rows of a PostgreSQL database, in the snapshot of `connection`."""
    connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")

    def read(table: str) -> Iterator[Row]:
        with connection.cursor(name=f"read_{table}") as cursor:
            cursor.itersize = 5_000
            yield from cursor.execute(query(table))

    return read


def noted(path: Path) -> set[str]:
    """The heads in a file of heads, as `number:hash`."""
    lines = [line.split() for line in path.read_text(encoding="ascii").splitlines()]
    if any(len(words) != HEAD_WORDS for words in lines):
        raise ValueError(path)
    return {f"{words[0]}:{words[2]}" for words in lines}


def report(read: Reader, wanted: argparse.Namespace, *, is_gapless: bool) -> int:
    """Say what differs; the exit code."""
    audit = Audit(read, is_gapless=is_gapless)
    audit.heads({*wanted.head, *(noted(wanted.heads) if wanted.heads else ())})
    audit.walk()
    audit.money()
    audit.projections()
    for sentence in audit.differs[:SHOWN]:
        print(sentence)
    if len(audit.differs) > SHOWN:
        print(f"The first {SHOWN} of {len(audit.differs)} differences are shown.")
    if wanted.balances:
        for (cycle, provider, account), amount in sorted(audit.sums.items()):
            if amount:
                print(f"{cycle} {provider or '-'} {account} {amount}")
    head = f"{audit.blocks[-1][0]}:{audit.blocks[-1][5]}" if audit.blocks else "none"
    unsealed = audit.events - sum(row[3] for row in audit.blocks)
    print(
        f"{audit.events} events, {unsealed} unsealed, {len(audit.payments)} payments; head {head};"
        f" {len(audit.differs)} differences."
    )
    return 1 if audit.differs else 0


def on_postgresql(place: str, wanted: argparse.Namespace) -> int:
    """The exit code for a live database."""
    import psycopg  # noqa: PLC0415  needed here only

    try:
        with psycopg.connect(place) as connection:
            return report(postgresql_reader(connection), wanted, is_gapless=False)
    except psycopg.Error as error:
        raise OSError(str(error)) from error


def main(words: Sequence[str]) -> int:
    """Read the command line, open what it names, report."""
    parser = argparse.ArgumentParser(description="Verify a Chi Trả ledger.")
    parser.add_argument("database")
    parser.add_argument("--heads", type=Path, help="a file of heads")
    parser.add_argument("--head", action="append", default=[], help="NUMBER:HASH, or HASH alone")
    parser.add_argument("--balances", action="store_true", help="print the sum of every account")
    wanted = parser.parse_args(words)
    place = str(wanted.database)
    try:
        if place.startswith(("postgresql:", "postgres:")):
            return on_postgresql(place, wanted)
        if Path(place).is_dir():
            return report(dump_reader(Path(place)), wanted, is_gapless=False)
        with closing(sqlite3.connect(f"{Path(place).absolute().as_uri()}?mode=ro", uri=True)) as db:
            return report(sqlite_reader(db), wanted, is_gapless=True)
    except (OSError, ImportError, sqlite3.Error, *NOT_OURS) as error:
        print(f"It cannot be read: {error!r}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    sys.exit(main(sys.argv[1:]))

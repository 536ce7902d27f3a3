"""One verification: everything read once, in the order of its numbers, and what differs."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from hashlib import sha256
from itertools import groupby
from typing import Any, Final

from verifier.rules import (
    BACK,
    MONTH,
    OF_MONTH,
    Event,
    Status,
    due,
    due_of_month,
    fingerprint,
    folded,
)
from verifier.stored import Reader, Row

NOTHING: Final = "0" * 64
# What reading a row that no ledger holds may raise.
NOT_OURS: Final = (ValueError, KeyError, TypeError, OverflowError, AttributeError)


class Audit:
    """One verification: what was read so far, and what differs."""

    def __init__(self, read: Reader, *, is_gapless: bool) -> None:
        self.read, self.is_gapless = read, is_gapless
        self.differs: list[str] = []
        self.events = 0
        self.sums: defaultdict[tuple[str, str, str], int] = defaultdict(int)
        self.back: defaultdict[int, int] = defaultdict(int)
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
        if event.type in BACK:
            self.back[number] += BACK[event.type] * event.said()["amount"]
            if self.back[number] < 0:
                self.say(f"Of payment {number} more came back, or was forgiven, than was due.")
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

"""Tamper evidence: blocks over events, each carrying the fingerprint of the one before.

`seal` closes a block over everything written since the last one. `verify` never seals: it reads
everything again, recomputes every fingerprint, and says what does not agree.

What does not live here: fingerprints of events (`digests.py`), the file of heads (`heads.py`),
statuses against events (`projection.py`).
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from core.clock import Clock
from core.ledger import heads, projection
from core.ledger.digests import NOTHING, event_hash
from core.ledger.findings import Finding, Wrong
from core.ledger.journal import Account
from core.store import chain as blocks
from core.store.chain import Block
from core.store.commit_points import CommitPoint
from core.store.engine import Store, Tx
from core.store.events import EventRow, events_after

_PAGE: Final = 2_000
# What nobody explains was booked out of what the provider holds: together they cannot be negative.
_CASH: Final = (Account.AT_PROVIDER, Account.SUSPENSE)
_MOVING: Final = (Account.IN_TRANSIT, Account.WITH_OFFICER)
_MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `verify` found. `head` is the newest block's fingerprint; `unsealed` events follow."""

    events: int
    blocks: int
    head: str | None
    unsealed: int
    findings: tuple[Finding, ...]

    @property
    def is_clean(self) -> bool:
        """Whether everything agrees."""
        return not self.findings

    def as_json(self) -> dict[str, object]:
        """The verdict for machines."""
        return {
            "clean": self.is_clean,
            "events": self.events,
            "blocks": self.blocks,
            "head": self.head,
            "unsealed": self.unsealed,
            "findings": [one.as_json() for one in self.findings],
        }


def seal(tx: Tx, at: datetime) -> Block | None:
    """The block just closed; None when nothing was written since the last one."""
    blocks.wait_for_writers(tx)
    last = blocks.last_block(tx)
    previous = last.hash if last is not None else NOTHING
    digest, first, newest, count = sha256(previous.encode("ascii")), 0, 0, 0
    for number, fingerprint in blocks.hashes_after(tx, last.last_event if last else 0):
        digest.update(fingerprint.encode("ascii"))
        first, newest, count = first or number, number, count + 1
    if not count:
        return None
    block = Block(
        id=last.id + 1 if last is not None else 1,
        first_event=first,
        last_event=newest,
        events=count,
        previous_hash=previous,
        hash=digest.hexdigest(),
        sealed_at=at,
    )
    blocks.insert_block(tx, block)
    return block


def seal_now(store: Store, path: Path, clock: Clock) -> Block | None:
    """Seal in a transaction of its own, then note the head in the file at `path`."""
    block = store.transact(lambda tx: seal(tx, clock.now()), CommitPoint.SEAL)
    missing = store.read(lambda tx: blocks.blocks_after(tx, heads.last_noted(path)))
    if missing:
        heads.note(path, missing)
    return block


def verify(tx: Tx, path: Path | None = None) -> Verdict:
    """Everything in the ledger, read again. `path` is the file of heads; it may not exist yet."""
    with blocks.whatever_is_stored(tx):
        return _verdict(tx, path)


def _verdict(tx: Tx, path: Path | None) -> Verdict:
    walk = _Walk(is_gapless=not tx.is_postgresql, blocks=blocks.blocks_after(tx, 0))
    findings: list[Finding] = list(_heads_kept(tx, path, walk.blocks))
    for one in walk.through(tx):
        findings.append(one)
        if len(findings) >= _MOST:
            break
    findings += walk.money()
    findings += projection.check(tx, most=_MOST)
    newest = walk.blocks[-1] if walk.blocks else None
    return Verdict(
        events=walk.events,
        blocks=len(walk.blocks),
        head=newest.hash if newest is not None else None,
        unsealed=blocks.events_unsealed(tx),
        findings=tuple(findings),
    )


def _heads_kept(tx: Tx, path: Path | None, known: list[Block]) -> Iterator[Finding]:
    """Whether every head that was noted, inside and outside, is still in the chain."""
    there = {(block.id, block.hash) for block in known}
    noted = set(heads.noted(path).items()) if path is not None else set()
    inside = blocks.noted_head(tx)
    for number, _ in sorted((noted | {inside} if inside else noted) - there):
        yield Finding(Wrong.TAIL_MISSING, number)


class _Walk:
    """One pass over all events beside the blocks that sealed them."""

    def __init__(self, *, is_gapless: bool, blocks: list[Block]) -> None:
        self.blocks = blocks
        self.events = 0
        self._is_gapless = is_gapless
        self._last = 0
        self._postings = 0
        self._sums: defaultdict[tuple[str, str | None, str], int] = defaultdict(int)

    def through(self, tx: Tx) -> Iterator[Finding]:
        """Everything wrong with events, postings and blocks."""
        yield from self._links()
        waiting = iter(self.blocks)
        block = next(waiting, None)
        digest, count, first = sha256(NOTHING.encode("ascii")), 0, 0
        for row in self._events(tx):
            while block is not None and row.id > block.last_event:
                yield from _closed(block, digest.hexdigest(), count, first)
                digest, count, first = sha256(block.hash.encode("ascii")), 0, 0
                block = next(waiting, None)
            fingerprint = event_hash(row)
            yield from self._event(row, fingerprint)
            digest.update(fingerprint.encode("ascii"))
            count, first = count + 1, first or row.id
        while block is not None:
            yield from _closed(block, digest.hexdigest(), count, first)
            digest, count, first = sha256(block.hash.encode("ascii")), 0, 0
            block = next(waiting, None)
        if self._postings != blocks.posting_count(tx):
            yield Finding(Wrong.POSTING_STRAY, self._last)

    def money(self) -> Iterator[Finding]:
        """Providers that hold less than nothing."""
        for cycle, provider in sorted({(cycle, name or "") for cycle, name, _ in self._sums}):
            cash = sum(self._sums[cycle, provider or None, account] for account in _CASH)
            moving = [self._sums[cycle, provider or None, account] for account in _MOVING]
            if min(cash, *moving) < 0:
                yield Finding(Wrong.PROVIDER_SHORT, min(cash, *moving), f"{cycle}:{provider}")

    def _links(self) -> Iterator[Finding]:
        previous, number = NOTHING, 0
        for block in self.blocks:
            if block.id != number + 1 or block.previous_hash != previous:
                yield Finding(Wrong.BLOCK_MISSING, number + 1)
            previous, number = block.hash, block.id

    def _events(self, tx: Tx) -> Iterator[EventRow]:
        while page := events_after(tx, self._last, _PAGE):
            for row in page:
                yield row
                self._last = row.id

    def _event(self, row: EventRow, fingerprint: str) -> Iterator[Finding]:
        self.events += 1
        self._postings += len(row.postings)
        if self._is_gapless and row.id != self._last + 1:
            yield Finding(Wrong.EVENT_MISSING, self._last + 1)
        if row.hash != fingerprint:
            yield Finding(Wrong.EVENT_CHANGED, row.id)
        if sum(line[2] for line in row.postings):
            yield Finding(Wrong.UNBALANCED, row.id)
        for _, account, amount, cycle, provider, _, _ in row.postings:
            self._sums[cycle, provider, account] += amount


def _closed(block: Block, fingerprint: str, count: int, first: int) -> Iterator[Finding]:
    if (count, first) != (block.events, block.first_event):
        yield Finding(Wrong.EVENT_MISSING, block.first_event, f"block:{block.id}")
    elif fingerprint != block.hash:
        yield Finding(Wrong.BLOCK_CHANGED, block.id)

"""The fingerprint of an event: SHA-256 over all its columns and all its postings.

What does not live here: blocks of events (`chain.py`).
"""

import json
from hashlib import sha256
from typing import Any, Final

from core.store.events import EventRow

# Before the first block there is nothing; this stands for it.
NOTHING: Final = "0" * 64

_encode: Final = json.JSONEncoder(separators=(",", ":"), ensure_ascii=True).encode


def event_hash(row: EventRow) -> str:
    """The fingerprint of an event, whatever its `hash` column says."""
    content: tuple[Any, ...] = (
        row.id,
        row.tenant,
        row.cycle,
        row.payment_id,
        row.beneficiary_id,
        row.type,
        row.effective_at,
        row.recorded_at,
        row.actor,
        row.source,
        row.body,
        row.postings,
        *row.strangers,
    )
    return sha256(_encode(content).encode("ascii")).hexdigest()


def block_hash(previous: str, hashes: list[str]) -> str:
    """The fingerprint of a block: the one before it, then its events in order."""
    seal = sha256(previous.encode("ascii"))
    for one in hashes:
        seal.update(one.encode("ascii"))
    return seal.hexdigest()

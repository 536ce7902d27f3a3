"""The fingerprint of an event: SHA-256 over all its columns and all its postings.

What does not live here: blocks of events (`chain.py`).
"""

import json
from hashlib import sha256
from typing import Any, Final

from core.store.events import EventRow, Line

# Before the first block there is nothing; this stands for it.
NOTHING: Final = "0" * 64

_encode: Final = json.JSONEncoder(separators=(",", ":"), ensure_ascii=True).encode


def event_hash(row: EventRow) -> str:
    """The fingerprint of an event, whatever its `hash` column says."""
    columns = (
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
    )
    return fingerprint(columns, row.postings, row.strangers)


def fingerprint(
    columns: tuple[Any, ...], postings: tuple[Line, ...], strangers: tuple[str, ...] = ()
) -> str:
    """The fingerprint of columns up to the body, and postings."""
    content = (*columns, postings, *strangers)
    return sha256(_encode(content).encode("ascii")).hexdigest()

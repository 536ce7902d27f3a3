"""Sealing the chain of this installation, and noting its head outside the database."""

from pathlib import Path

from bot.compose import Parts
from core.ledger import chain
from core.store.commit_points import CommitPoint


def seal(parts: Parts) -> None:
    """Seal what happened since the last block; nothing when nothing did."""
    now = parts.clock.now()
    head = parts.store.transact(lambda tx: chain.seal(tx, now), CommitPoint.SEAL)
    if head is not None:
        chain.note_head(heads_file(parts), head)


def heads_file(parts: Parts) -> Path:
    """Where the heads of the chain are noted, outside the database."""
    return parts.settings.data_dir / "heads"

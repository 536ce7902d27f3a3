"""Sealing the chain of this installation, and where its heads are noted outside the database."""

from pathlib import Path

from bot.compose import Parts
from core.ledger import chain


def seal(parts: Parts) -> None:
    """Seal what happened since the last block; nothing when nothing did."""
    chain.seal_now(parts.store, heads_file(parts), parts.clock)


def heads_file(parts: Parts) -> Path:
    """Where the heads of the chain are noted."""
    return parts.settings.data_dir / "heads"

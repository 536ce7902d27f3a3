"""Sealing the chain of this installation, and where its heads are noted outside the database."""

import hashlib
from pathlib import Path

from bot.compose import Parts
from core.ledger import chain


def seal(parts: Parts) -> None:
    """Seal what happened since the last block; nothing when nothing did."""
    chain.seal_now(parts.store, heads_file(parts), parts.clock)


def heads_file(parts: Parts) -> Path:
    """Where the heads of the chain are noted: databases that share a data folder share no file."""
    place = hashlib.sha256(parts.settings.database_place.encode()).hexdigest()
    return parts.settings.data_dir / f"heads-{place[:12]}"

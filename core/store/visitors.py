"""Browsers that opened the chat page: an opaque token each, kept by its hash."""

from datetime import datetime

import sqlalchemy as sa

from core.store.engine import Tx
from core.store.tables.talk import web_visitor


def visitor_contact(tx: Tx, token_hash: str) -> int | None:
    """The contact id of a browser, or None when its token is not known."""
    found: int | None = tx.connection.scalar(
        sa.select(web_visitor.c.contact_id).where(web_visitor.c.token_hash == token_hash)
    )
    return found


def insert_visitor(tx: Tx, token_hash: str, contact_id: int, now: datetime) -> None:
    """Keep a new browser."""
    tx.connection.execute(
        sa.insert(web_visitor).values(
            token_hash=token_hash, contact_id=contact_id, created_at=now, seen_at=now
        )
    )

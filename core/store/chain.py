"""Blocks of sealed events; never changed.

What does not live here: what a seal is made of (`core/ledger/chain.py`).
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from core.store.engine import Tx
from core.store.installation import fact, keep_fact
from core.store.tables.ledger import chain_block, event, posting

_PAGE: Final = 10_000
_HEAD: Final = "chain_head"


@dataclass(frozen=True, slots=True)
class Block:
    """One sealed run of events. Time: aware UTC."""

    id: int
    first_event: int
    last_event: int
    events: int
    previous_hash: str
    hash: str
    sealed_at: datetime


@contextmanager
def whatever_is_stored(tx: Tx) -> Iterator[None]:
    """Text that is no UTF-8 (a flipped byte) is read as it is meanwhile, and fits no fingerprint.

    SQLite stores what it is given; PostgreSQL would not have taken it.
    """
    if tx.is_postgresql:
        yield
        return
    raw: Any = tx.connection.connection.driver_connection
    usual = raw.text_factory
    raw.text_factory = _as_it_is
    try:
        yield
    finally:
        raw.text_factory = usual


def _as_it_is(text: bytes) -> str:
    return text.decode("utf-8", "surrogateescape")


def wait_for_writers(tx: Tx) -> None:
    """Return when every lower number is committed; keep new ones, and other seals, waiting.

    SQLite has one writer: this transaction.
    """
    if tx.is_postgresql:
        tx.connection.exec_driver_sql("LOCK TABLE event IN SHARE ROW EXCLUSIVE MODE")


def last_block(tx: Tx) -> Block | None:
    """The newest block."""
    query = sa.select(chain_block).order_by(chain_block.c.id.desc()).limit(1)
    row = tx.connection.execute(query).first()
    return None if row is None else Block(*row)


def blocks_after(tx: Tx, number: int) -> list[Block]:
    """The blocks after this one, in order."""
    query = sa.select(chain_block).where(chain_block.c.id > number).order_by(chain_block.c.id)
    return [Block(*row) for row in tx.connection.execute(query)]


def hashes_after(tx: Tx, number: int) -> Iterator[tuple[int, str]]:
    """(number, stored fingerprint) of the events after this one, in order."""
    query = sa.text("SELECT id, hash FROM event WHERE id > :after ORDER BY id LIMIT :most")
    while rows := tx.connection.execute(query, {"after": number, "most": _PAGE}).all():
        for row in rows:
            yield row[0], row[1]
        number = rows[-1][0]


def insert_block(tx: Tx, block: Block) -> None:
    """Write a block, and note it as the head."""
    values: dict[str, Any] = {
        column.name: getattr(block, column.name) for column in chain_block.columns
    }
    tx.connection.execute(sa.insert(chain_block).values(values))
    keep_fact(tx, _HEAD, f"{block.id}:{block.hash}")


def noted_head(tx: Tx) -> tuple[int, str] | None:
    """(number, fingerprint) of the newest block, as it was noted when it was sealed."""
    noted = fact(tx, _HEAD)
    if noted is None:
        return None
    number, seal = noted.split(":", 1)
    return int(number), seal


def posting_count(tx: Tx) -> int:
    """How many postings there are."""
    found: int = tx.connection.execute(sa.select(sa.func.count()).select_from(posting)).scalar_one()
    return found


def blocks_of(tx: Tx, numbers: Sequence[int]) -> dict[int, int]:
    """The block that sealed each event, by event number; unsealed ones are left out."""
    query = (
        sa.select(event.c.id, chain_block.c.id)
        .join_from(
            event,
            chain_block,
            sa.and_(
                event.c.id >= chain_block.c.first_event, event.c.id <= chain_block.c.last_event
            ),
        )
        .where(event.c.id.in_(numbers))
    )
    return {row[0]: row[1] for row in tx.connection.execute(query)}


def events_unsealed(tx: Tx) -> int:
    """How many events stand after the newest block."""
    block = last_block(tx)
    query = sa.select(sa.func.count()).where(event.c.id > (block.last_event if block else 0))
    found: int = tx.connection.execute(query).scalar_one()
    return found

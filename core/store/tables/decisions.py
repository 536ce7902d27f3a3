"""What people decided about things that the machine could only put on a list.

Rows are only ever added: UPDATE and DELETE are refused by triggers on both engines.
"""

import sqlalchemy as sa

from core.store.tables.base import ONLY_ADDED, Id, Instant, metadata

decision = sa.Table(
    "decision",
    metadata,
    sa.Column("id", Id, primary_key=True),
    # line:<file>:<row>, or message:<message>:<attempt>
    sa.Column("subject", sa.String(64), nullable=False, unique=True),
    # kept | reached | not_reached
    sa.Column("word", sa.String(16), nullable=False),
    sa.Column("staff", sa.String(64), nullable=False),
    sa.Column("note", sa.LargeBinary),
    sa.Column("at", Instant, nullable=False),
    info=ONLY_ADDED,
)

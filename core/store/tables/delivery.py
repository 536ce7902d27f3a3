"""Payments that are brought to somebody's home: what was asked, arranged, and became of it.

What is here follows from events; what people said of their home, and who signed, is sealed.
"""

import sqlalchemy as sa

from core.store.tables.base import Day, Id, Instant, Sealed, metadata

home_delivery = sa.Table(
    "home_delivery",
    metadata,
    sa.Column("id", Id, primary_key=True),
    # The AAD of the sealed columns.
    sa.Column("key", sa.String(32), nullable=False, unique=True),
    sa.Column("tenant", sa.String(32), nullable=False),
    sa.Column("beneficiary_id", Id, sa.ForeignKey("beneficiary.id"), nullable=False, index=True),
    # The month whose money is brought; of a request, the first one that it works for.
    sa.Column("cycle", sa.String(7)),
    # Once the month has one.
    sa.Column("payment_id", Id, unique=True),
    sa.Column("provider", sa.String(16)),
    sa.Column("state", sa.String(16), nullable=False),
    # What the person says, and what the officer found.
    sa.Column("reason", sa.String(16), nullable=False),
    sa.Column("criterion", sa.String(16)),
    sa.Column("place", Sealed),
    sa.Column("door", Sealed),
    # The officer's words, and who signed at the door.
    sa.Column("note", Sealed),
    sa.Column("signer", Sealed),
    sa.Column("declined", sa.String(16)),
    sa.Column("is_standing", sa.Boolean, nullable=False),
    sa.Column("review_on", Day),
    # The day of the visit, and which half of it.
    sa.Column("day", Day),
    sa.Column("half", sa.String(16)),
    # The code by which the provider knows whom it sends.
    sa.Column("visitor", sa.String(32)),
    # Visits missed so far, and the day of the last one.
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("missed_on", Day),
    sa.Column("proof", sa.String(16)),
    sa.Column("handed_on", Day),
    sa.Column("requested_by", sa.String(64), nullable=False),
    sa.Column("decided_by", sa.String(64)),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
    sa.Column("last_event_id", Id, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
)
sa.Index("ix_home_delivery_state", home_delivery.c.tenant, home_delivery.c.state)
sa.Index("ix_home_delivery_cycle", home_delivery.c.tenant, home_delivery.c.cycle)

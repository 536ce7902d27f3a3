"""The outbox, its batches, the receipts that come back, and the state of each gateway."""

import sqlalchemy as sa

from core.store.tables.base import Id, Index, Instant, Sealed, Vnd, metadata

batch = sa.Table(
    "batch",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("tenant", sa.String(32), nullable=False),
    sa.Column("cycle", sa.String(7), nullable=False),
    sa.Column("purpose", sa.String(24), nullable=False),
    # What wrote it: an import, a command. The same cause has one batch.
    sa.Column("cause", sa.String(128), nullable=False, unique=True),
    # held | released | paused | stopped
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("created_by", sa.String(64), nullable=False),
    sa.Column("released_by", sa.String(64)),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
    # The first of two who release what nobody known took in.
    sa.Column("signed_by", sa.String(64)),
)

message = sa.Table(
    "message",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("dedup_key", sa.String(160), nullable=False, unique=True),
    sa.Column("batch_id", Id, sa.ForeignKey("batch.id")),
    sa.Column("purpose", sa.String(24), nullable=False),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("contact_id", Id, sa.ForeignKey("contact.id"), nullable=False),
    sa.Column("person_id", Id),
    sa.Column("beneficiary_id", Id),
    sa.Column("in_reply_to", Id),
    # Text is pinned when written. `buttons`: JSON, sealed, for channels that show them.
    sa.Column("text", Sealed, nullable=False),
    sa.Column("buttons", Sealed),
    sa.Column("menu_token", sa.String(16)),
    sa.Column("segments", sa.Integer, nullable=False),
    sa.Column("cost", Vnd, nullable=False),
    # held | queued | claimed | calling | unknown | sent | delivered | failed | suppressed |
    # expired | stopped
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("reason", sa.String(48)),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("due_at", Instant, nullable=False),
    sa.Column("expires_at", Instant),
    # Asked again just before sending: JSON of ids and states, never a name.
    sa.Column("condition", sa.Text),
    sa.Column("worker", sa.String(64)),
    sa.Column("lease_until", Instant),
    sa.Column("gateway", sa.String(16)),
    sa.Column("gateway_ref", sa.String(64)),
    # The month whose budget holds this message's segments and cost; None: nothing is reserved.
    sa.Column("reserved_month", sa.String(7)),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("sent_at", Instant),
    sa.Column("final_at", Instant),
    # When a notice that did not reach its chat was looked at for another channel.
    sa.Column("stepped_at", Instant),
)
_may_step = sa.text("channel = 'telegram' AND stepped_at IS NULL AND state IN ('queued', 'failed')")
sa.Index(
    "ix_message_second_step",
    message.c.id,
    sqlite_where=_may_step,
    postgresql_where=_may_step,
)
sa.Index(
    "ix_message_due",
    message.c.state,
    message.c.due_at,
    message.c.id,
    sqlite_where=message.c.state.in_(["queued", "claimed", "calling"]),
    postgresql_where=message.c.state.in_(["queued", "claimed", "calling"]),
)
sa.Index("ix_message_contact", message.c.contact_id, message.c.id)
# "Is an earlier reply to this contact still on its way?" asks only about these few rows.
sa.Index(
    "ix_message_on_its_way",
    message.c.contact_id,
    message.c.id,
    sqlite_where=message.c.state.in_(["queued", "claimed", "calling"]),
    postgresql_where=message.c.state.in_(["queued", "claimed", "calling"]),
)
sa.Index(
    "ix_message_doubtful",
    message.c.state,
    message.c.due_at,
    sqlite_where=message.c.state == "unknown",
    postgresql_where=message.c.state == "unknown",
)
# Which notices asked whether the money is there (menu tokens of `notifications/notices.py`).
_asks = sa.text("menu_token IN ('receipt:full', 'receipt:state')")
sa.Index("ix_message_asks", message.c.sent_at, sqlite_where=_asks, postgresql_where=_asks)
sa.Index("ix_message_batch", message.c.batch_id, message.c.state)
sa.Index("ix_message_gateway_ref", message.c.gateway, message.c.gateway_ref)

message_payment = sa.Table(
    "message_payment",
    metadata,
    sa.Column("message_id", Id, sa.ForeignKey("message.id"), primary_key=True, autoincrement=False),
    sa.Column("payment_id", Id, primary_key=True, autoincrement=False),
    sa.Column("event_id", Id, nullable=False),
)
sa.Index("ix_message_payment_payment", message_payment.c.payment_id)

# The ledger rows behind a reply: what "each answer cites the events it was read from" means.
message_fact = sa.Table(
    "message_fact",
    metadata,
    sa.Column("message_id", Id, sa.ForeignKey("message.id"), primary_key=True, autoincrement=False),
    sa.Column("event_id", Id, primary_key=True, autoincrement=False),
)

receipt = sa.Table(
    "receipt",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("gateway", sa.String(16), nullable=False),
    # Hash of what arrived: a replayed callback is the same row.
    sa.Column("key", sa.String(64), nullable=False, unique=True),
    sa.Column("message_id", Id),
    sa.Column("gateway_ref", sa.String(64)),
    sa.Column("status", sa.String(24), nullable=False),
    sa.Column("error", sa.String(16)),
    # applied | ignored | unmatched
    sa.Column("outcome", sa.String(16), nullable=False),
    sa.Column("received_at", Instant, nullable=False),
)
sa.Index("ix_receipt_ref", receipt.c.gateway, receipt.c.gateway_ref)

gateway_state = sa.Table(
    "gateway_state",
    metadata,
    sa.Column("gateway", sa.String(16), primary_key=True),
    # closed (sends) | open (rests until) | paused (a person must act)
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("until", Instant),
    sa.Column("reason", sa.String(48)),
    # Segments are let through at a steady rate: the instant at which the next one is free.
    sa.Column("free_at", Instant),
    sa.Column("changed_at", Instant, nullable=False),
)

# Reserved in the transaction that claims; a month is a month in Asia/Ho_Chi_Minh.
budget = sa.Table(
    "budget",
    metadata,
    sa.Column("gateway", sa.String(16), primary_key=True),
    sa.Column("month", sa.String(7), primary_key=True),
    sa.Column("segments_limit", sa.Integer),
    sa.Column("cost_limit", Vnd),
    sa.Column("segments_used", sa.Integer, nullable=False, server_default="0"),
    sa.Column("cost_used", Vnd, nullable=False, server_default="0"),
)

# The sandbox gateway's phones: what the page of phones shows.
sandbox_sms = sa.Table(
    "sandbox_sms",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("message_id", Id, nullable=False),
    sa.Column("address_index", Index, nullable=False, index=True),
    sa.Column("address", Sealed, nullable=False),
    sa.Column("text", Sealed, nullable=False),
    sa.Column("at", Instant, nullable=False),
)

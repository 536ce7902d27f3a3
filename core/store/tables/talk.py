"""Conversations, what people wrote, the cases officers hold, and the officers themselves."""

import sqlalchemy as sa

from core.store.tables.base import Id, Instant, Sealed, metadata

conversation = sa.Table(
    "conversation",
    metadata,
    sa.Column("contact_id", Id, sa.ForeignKey("contact.id"), primary_key=True, autoincrement=False),
    # JSON, sealed: {"flow", "for", "answers": {name: raw}, "digests": {name: …}, "parked": […]}
    sa.Column("state", Sealed, nullable=False),
    sa.Column("flow", sa.String(32)),
    sa.Column("pending", sa.String(64)),
    # Changes with every question asked; an answer carrying an older one changes nothing.
    sa.Column("menu_token", sa.String(16)),
    sa.Column("misses", sa.Integer, nullable=False),
    # While an officer holds this case, the bot is silent.
    sa.Column("held_by_case_id", Id),
    sa.Column("due_at", Instant),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
)
sa.Index("ix_conversation_due", conversation.c.due_at)

inbound = sa.Table(
    "inbound",
    metadata,
    sa.Column("id", Id, primary_key=True),
    # channel + the channel's own message id: seen twice, answered once.
    sa.Column("key", sa.String(160), nullable=False, unique=True),
    sa.Column("contact_id", Id, sa.ForeignKey("contact.id"), nullable=False),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("text", Sealed, nullable=False),
    sa.Column("menu_token", sa.String(16)),
    # new | answered | unanswered | with_officer | case
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("retry_at", Instant),
    sa.Column("case_id", Id),
    sa.Column("received_at", Instant, nullable=False),
)
sa.Index("ix_inbound_contact", inbound.c.contact_id, inbound.c.id)
sa.Index("ix_inbound_waiting", inbound.c.state, inbound.c.retry_at)

care_case = sa.Table(
    "care_case",
    metadata,
    sa.Column("id", Id, primary_key=True),
    # Short enough to be read aloud, with a check digit.
    sa.Column("reference", sa.String(16), nullable=False, unique=True),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("risk", sa.String(1), nullable=False),
    sa.Column("beneficiary_id", Id),
    sa.Column("contact_id", Id, sa.ForeignKey("contact.id")),
    sa.Column("payment_id", Id),
    sa.Column("commune", sa.String(8)),
    sa.Column("area", sa.String(8)),
    # open | with_officer | waiting_citizen | closed
    sa.Column("state", sa.String(24), nullable=False),
    sa.Column("holder", sa.String(64)),
    # JSON, sealed: identity level, ledger facts, methods, messages, likely cause, what was tried.
    sa.Column("packet", Sealed, nullable=False),
    sa.Column("opened_at", Instant, nullable=False),
    sa.Column("due_at", Instant, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
    sa.Column("closed_at", Instant),
    sa.Column("outcome", sa.String(32)),
    # One open case per cause: opening the same again finds the first.
    sa.Column("dedup_key", sa.String(128), nullable=False, unique=True),
)
sa.Index("ix_care_case_list", care_case.c.area, care_case.c.commune, care_case.c.state)
sa.Index("ix_care_case_contact", care_case.c.contact_id)

case_entry = sa.Table(
    "case_entry",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("case_id", Id, sa.ForeignKey("care_case.id"), nullable=False),
    # opened | citizen | answer | note | moved | closed
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("staff", sa.String(64)),
    sa.Column("inbound_id", Id),
    sa.Column("message_id", Id),
    sa.Column("text", Sealed),
    sa.Column("at", Instant, nullable=False),
)
sa.Index("ix_case_entry_case", case_entry.c.case_id, case_entry.c.id)

staff = sa.Table(
    "staff",
    metadata,
    sa.Column("code", sa.String(64), primary_key=True),
    sa.Column("role", sa.String(16), nullable=False),
    # A commune code, an area code, a provider, or * for the province.
    sa.Column("place", sa.String(16), nullable=False),
    sa.Column("password", sa.String(256)),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("created_at", Instant, nullable=False),
)

staff_session = sa.Table(
    "staff_session",
    metadata,
    sa.Column("token_hash", sa.String(64), primary_key=True),
    sa.Column("staff", sa.String(64), sa.ForeignKey("staff.code"), nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("seen_at", Instant, nullable=False),
    sa.Column("ended_at", Instant),
)

# Who looked at whom: readable by the province.
view_log = sa.Table(
    "view_log",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("staff", sa.String(64), nullable=False),
    sa.Column("subject", sa.String(64), nullable=False),
    sa.Column("at", Instant, nullable=False),
)

installation = sa.Table(
    "installation",
    metadata,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)

schedule_run = sa.Table(
    "schedule_run",
    metadata,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("fire_at", Instant, primary_key=True),
    sa.Column("started_at", Instant, nullable=False),
)

# A browser that opened the chat page: an opaque token (hashed) and the contact it speaks as.
web_visitor = sa.Table(
    "web_visitor",
    metadata,
    sa.Column("token_hash", sa.String(64), primary_key=True),
    sa.Column("contact_id", Id, sa.ForeignKey("contact.id"), nullable=False, index=True),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("seen_at", Instant, nullable=False),
)

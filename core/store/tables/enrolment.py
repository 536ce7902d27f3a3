"""How people come to be paid as they chose: accounts opened for them, and changes asked for.

What is here follows from events and lists; numbers and holders' names are sealed.
"""

import sqlalchemy as sa

from core.store.tables.base import Day, Id, Index, Instant, Sealed, metadata

account_opening = sa.Table(
    "account_opening",
    metadata,
    sa.Column("id", Id, primary_key=True),
    # The AAD of the sealed columns.
    sa.Column("key", sa.String(32), nullable=False, unique=True),
    sa.Column("tenant", sa.String(32), nullable=False),
    # One opening for each beneficiary, whoever holds the account.
    sa.Column("beneficiary_id", Id, sa.ForeignKey("beneficiary.id"), nullable=False, unique=True),
    sa.Column("person_id", Id, sa.ForeignKey("person.id"), nullable=False),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("method", sa.String(16), nullable=False),
    sa.Column("provider", sa.String(16), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    # Codes of the papers that are missing, with dots between them.
    sa.Column("missing", sa.String(128), nullable=False),
    sa.Column("due_on", Day),
    sa.Column("reason", sa.String(32)),
    sa.Column("account", Sealed),
    sa.Column("account_index", Index, index=True),
    sa.Column("holder", Sealed),
    sa.Column("changed_at", Instant, nullable=False),
    sa.Column("last_event_id", Id, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
)
sa.Index("ix_account_opening_state", account_opening.c.tenant, account_opening.c.state)

enrolment = sa.Table(
    "enrolment",
    metadata,
    sa.Column("id", Id, primary_key=True),
    # The AAD of the sealed columns.
    sa.Column("key", sa.String(32), nullable=False, unique=True),
    sa.Column("tenant", sa.String(32), nullable=False),
    sa.Column("beneficiary_id", Id, sa.ForeignKey("beneficiary.id"), nullable=False, index=True),
    # Who holds the account; the beneficiary where there is none.
    sa.Column("person_id", Id, sa.ForeignKey("person.id"), nullable=False),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("method", sa.String(16), nullable=False),
    sa.Column("provider", sa.String(16), nullable=False),
    sa.Column("account", Sealed),
    sa.Column("account_index", Index, index=True),
    sa.Column("holder", Sealed),
    sa.Column("state", sa.String(24), nullable=False),
    sa.Column("is_change", sa.Boolean, nullable=False),
    # in_person | old_phone
    sa.Column("confirmed", sa.String(16)),
    sa.Column("missing", sa.String(128), nullable=False),
    # Why it was declined or suspended.
    sa.Column("note", Sealed),
    sa.Column("from_cycle", sa.String(7)),
    sa.Column("drafted_by", sa.String(64), nullable=False),
    sa.Column("checked_by", sa.String(64)),
    sa.Column("approved_by", sa.String(64)),
    sa.Column("approved_on", Day),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
    sa.Column("last_event_id", Id, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
)
sa.Index("ix_enrolment_state", enrolment.c.tenant, enrolment.c.state)
sa.Index("ix_enrolment_drafted", enrolment.c.drafted_by, enrolment.c.created_at)

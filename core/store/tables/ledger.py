"""The ledger: append-only events and postings, payments, their folded status, cycles, the chain.

`event`, `posting` and `chain_block` refuse UPDATE and DELETE on both engines (triggers in the
migrations). PostgreSQL keeps `posting` month by month (`core/store/months.py`).
"""

import sqlalchemy as sa

from core.store.tables.base import BY_MONTH, ONLY_ADDED, Day, Id, Instant, Sealed, Vnd, metadata

payment = sa.Table(
    "payment",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("tenant", sa.String(32), nullable=False),
    sa.Column("cycle", sa.String(7), nullable=False),
    # The transaction code known outside, for example 2104-HT000123-M-1.
    sa.Column("code", sa.String(64), nullable=False, unique=True),
    sa.Column("beneficiary_id", Id, nullable=False),
    sa.Column("kind", sa.String(8), nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("commune", sa.String(8), nullable=False),
    sa.Column("amount", Vnd, nullable=False),
    sa.Column("monthly", Vnd, nullable=False),
    sa.Column("arrears", Vnd, nullable=False),
    sa.Column("parent_id", Id),
    sa.Column("listed_at", Instant, nullable=False),
    sa.UniqueConstraint("tenant", "cycle", "beneficiary_id", "kind", "seq"),
    sa.CheckConstraint("amount = monthly + arrears", name="parts"),
    sa.CheckConstraint("amount > 0", name="positive"),
)
sa.Index("ix_payment_beneficiary", payment.c.beneficiary_id, payment.c.cycle)
_is_reissue = payment.c.parent_id.is_not(None)
sa.Index(
    "ix_payment_parent",
    payment.c.parent_id,
    sqlite_where=_is_reissue,
    postgresql_where=_is_reissue,
)

event = sa.Table(
    "event",
    metadata,
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("tenant", sa.String(32), nullable=False),
    sa.Column("cycle", sa.String(7)),
    sa.Column("payment_id", Id),
    sa.Column("beneficiary_id", Id),
    sa.Column("type", sa.String(32), nullable=False),
    sa.Column("effective_at", Instant, nullable=False),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("actor", sa.String(64), nullable=False),
    # What caused it (a file row, an inbound message, a command): the same cause never counts twice.
    sa.Column("source", sa.String(128), nullable=False, unique=True),
    # JSON: ids, codes, days and amounts only; never a name or a number of a person.
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
    info=ONLY_ADDED,
)
sa.Index("ix_event_payment", event.c.payment_id, event.c.id)
sa.Index("ix_event_beneficiary", event.c.beneficiary_id, event.c.id)
# The moves of a month: few, and asked for in every answer about it. What the lists of changes say
# of people is as long as a list, and has an index of its own.
_of_no_payment = sa.and_(event.c.payment_id.is_(None), event.c.cycle.is_not(None))
# Whoever asks for such events says so, and the month's index is read in place of all events.
OF_MONTH = sa.and_(_of_no_payment, event.c.beneficiary_id.is_(None))
_of_change = sa.and_(_of_no_payment, event.c.beneficiary_id.is_not(None))
for _name, _where in (("ix_event_cycle", OF_MONTH), ("ix_event_change", _of_change)):
    sa.Index(
        _name,
        event.c.tenant,
        event.c.cycle,
        event.c.id,
        sqlite_where=_where,
        postgresql_where=_where,
    )

posting = sa.Table(
    "posting",
    metadata,
    sa.Column("event_id", Id, sa.ForeignKey("event.id"), primary_key=True, autoincrement=False),
    sa.Column("line", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("tenant", sa.String(32), nullable=False),
    sa.Column("cycle", sa.String(7), nullable=False),
    sa.Column("account", sa.String(4), nullable=False),
    sa.Column("provider", sa.String(16)),
    sa.Column("commune", sa.String(8)),
    sa.Column("payment_id", Id),
    # Debit positive, credit negative; the sum over an event is 0.
    sa.Column("amount", Vnd, nullable=False),
    info=ONLY_ADDED | BY_MONTH,
)
sa.Index("ix_posting_cycle_account", posting.c.tenant, posting.c.cycle, posting.c.account)

payment_status = sa.Table(
    "payment_status",
    metadata,
    sa.Column("payment_id", Id, primary_key=True, autoincrement=False),
    sa.Column("tenant", sa.String(32), nullable=False),
    sa.Column("cycle", sa.String(7), nullable=False),
    sa.Column("beneficiary_id", Id, nullable=False),
    sa.Column("money", sa.String(16), nullable=False),
    sa.Column("receipt", sa.String(16), nullable=False),
    # Where a held payment goes back to when it is released.
    sa.Column("held_from", sa.String(16)),
    sa.Column("method", sa.String(16)),
    sa.Column("provider", sa.String(16)),
    sa.Column("method_version_id", Id),
    sa.Column("pay_point", sa.String(32)),
    # Failure or return: a code of the catalogue (programme data).
    sa.Column("reason", sa.String(32)),
    # The day the provider says it happened, and when it told us.
    sa.Column("effective_on", Day),
    sa.Column("reported_at", Instant),
    sa.Column("changed_at", Instant, nullable=False),
    sa.Column("last_event_id", Id, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    # The event by which what is owed left its month (L200 to L210), when the month was closed.
    sa.Column("carried_event_id", Id),
)
sa.Index(
    "ix_payment_status_beneficiary", payment_status.c.beneficiary_id, payment_status.c.cycle.desc()
)
sa.Index(
    "ix_payment_status_cycle",
    payment_status.c.tenant,
    payment_status.c.cycle,
    payment_status.c.provider,
    payment_status.c.money,
)

cycle = sa.Table(
    "cycle",
    metadata,
    sa.Column("tenant", sa.String(32), primary_key=True),
    sa.Column("code", sa.String(7), primary_key=True),
    sa.Column("state", sa.String(24), nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
    sa.Column("last_event_id", Id, nullable=False),
)

# One row per signature: who, at which step, for which provider (empty: the whole cycle).
approval = sa.Table(
    "approval",
    metadata,
    sa.Column("tenant", sa.String(32), primary_key=True),
    sa.Column("cycle", sa.String(7), primary_key=True),
    sa.Column("step", sa.String(24), primary_key=True),
    sa.Column("staff", sa.String(64), primary_key=True),
    sa.Column("at", Instant, nullable=False),
)

# What the Treasury sent to a provider, and what was ordered from it.
provider_cycle = sa.Table(
    "provider_cycle",
    metadata,
    sa.Column("tenant", sa.String(32), primary_key=True),
    sa.Column("cycle", sa.String(7), primary_key=True),
    sa.Column("provider", sa.String(16), primary_key=True),
    sa.Column("approved_heads", sa.Integer, nullable=False, server_default="0"),
    sa.Column("approved_amount", Vnd, nullable=False, server_default="0"),
    sa.Column("funded_amount", Vnd, nullable=False, server_default="0"),
    sa.Column("funded_at", Instant),
    sa.Column("instructed_at", Instant),
    sa.Column("order_sha256", sa.String(64)),
    # What it held already from closed months, for payments that are issued again in this one.
    sa.Column("carried_amount", Vnd, nullable=False, server_default="0"),
)

chain_block = sa.Table(
    "chain_block",
    metadata,
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("first_event", Id, nullable=False),
    sa.Column("last_event", Id, nullable=False),
    sa.Column("events", sa.Integer, nullable=False),
    sa.Column("previous_hash", sa.String(64), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
    sa.Column("sealed_at", Instant, nullable=False),
    info=ONLY_ADDED,
)

import_file = sa.Table(
    "import_file",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("tenant", sa.String(32), nullable=False),
    sa.Column("kind", sa.String(24), nullable=False),
    sa.Column("cycle", sa.String(7), nullable=False),
    sa.Column("provider", sa.String(16), nullable=False, server_default=""),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("accepted", sa.Integer, nullable=False),
    sa.Column("rejected", sa.Integer, nullable=False),
    sa.Column("unchanged", sa.Integer, nullable=False),
    sa.Column("conflicts", sa.Integer, nullable=False),
    sa.Column("amount", Vnd, nullable=False),
    sa.Column("staff", sa.String(64), nullable=False),
    sa.Column("received_at", Instant, nullable=False),
    sa.Column("finished_at", Instant),
    # Sealed, for people are named in it; none of files that came in before it was kept.
    sa.Column("name", Sealed),
    sa.UniqueConstraint("tenant", "kind", "cycle", "provider", "sha256"),
)

import_row = sa.Table(
    "import_row",
    metadata,
    sa.Column(
        "file_id", Id, sa.ForeignKey("import_file.id"), primary_key=True, autoincrement=False
    ),
    sa.Column("row_no", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("natural_key", sa.String(128), nullable=False),
    sa.Column("occurrence", sa.Integer, nullable=False),
    sa.Column("row_hash", sa.String(64), nullable=False),
    # accepted | unchanged | rejected | conflict | suspense
    sa.Column("outcome", sa.String(16), nullable=False),
    sa.Column("code", sa.String(64)),
    sa.Column("raw", sa.LargeBinary, nullable=False),
    sa.Column("settled_by", sa.String(64)),
    sa.Column("settled_at", Instant),
)
sa.Index("ix_import_row_natural_key", import_row.c.natural_key)
sa.Index(
    "ix_import_row_code",
    import_row.c.code,
    sqlite_where=import_row.c.code.is_not(None),
    postgresql_where=import_row.c.code.is_not(None),
)

"""The first schema: people, the ledger, conversations, cases, messages.

Append-only tables refuse UPDATE and DELETE by trigger on both engines.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
APPEND_ONLY = ("event", "posting", "chain_block")
KEYS = {
    "event": "id = NEW.id OR source = NEW.source",
    "posting": "event_id = NEW.event_id AND line = NEW.line",
    "chain_block": "id = NEW.id",
}


def upgrade() -> None:
    _create_tables()
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
    else:
        _guard_postgresql()


def _guard_sqlite() -> None:
    for table in APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_refuses_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        # INSERT OR REPLACE deletes without the DELETE trigger: refuse a key that stands already.
        key = KEYS[table]
        op.execute(
            f"CREATE TRIGGER {table}_refuses_replace BEFORE INSERT ON {table} "
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {key}) "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def _guard_postgresql() -> None:
    op.execute("CREATE SEQUENCE event_number")
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_refuses_change BEFORE UPDATE OR DELETE OR TRUNCATE "
            f"ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def _create_tables() -> None:
    op.create_table(
        "approval",
        sa.Column("tenant", sa.String(length=32), nullable=False),
        sa.Column("cycle", sa.String(length=7), nullable=False),
        sa.Column("step", sa.String(length=24), nullable=False),
        sa.Column("staff", sa.String(length=64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "cycle", "step", "staff", name=op.f("pk_approval")),
    )
    op.create_table(
        "attempt",
        sa.Column("id", Id, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
    )
    op.create_index(
        "ix_attempt_kind_subject_at", "attempt", ["kind", "subject", "at"], unique=False
    )
    op.create_table(
        "batch",
        sa.Column("id", Id, nullable=False),
        sa.Column("tenant", sa.String(length=32), nullable=False),
        sa.Column("cycle", sa.String(length=7), nullable=False),
        sa.Column("purpose", sa.String(length=24), nullable=False),
        sa.Column("cause", sa.String(length=128), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=False),
        sa.Column("released_by", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
        sa.UniqueConstraint("cause", name=op.f("uq_batch_cause")),
    )
    op.create_table(
        "budget",
        sa.Column("gateway", sa.String(length=16), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("segments_limit", sa.Integer(), nullable=True),
        sa.Column("cost_limit", sa.BigInteger(), nullable=True),
        sa.Column("segments_used", sa.Integer(), server_default="0", nullable=False),
        sa.Column("cost_used", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("gateway", "month", name=op.f("pk_budget")),
    )
    op.create_table(
        "chain_block",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("first_event", Id, nullable=False),
        sa.Column("last_event", Id, nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("sealed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chain_block")),
    )
    op.create_table(
        "contact",
        sa.Column("id", Id, nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("address_index", sa.String(length=32), nullable=False),
        sa.Column("language", sa.String(length=8), server_default="vi", nullable=False),
        sa.Column("accents", sa.Boolean(), nullable=True),
        sa.Column("stopped_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        sa.UniqueConstraint(
            "channel", "address_index", name=op.f("uq_contact_channel_address_index")
        ),
    )
    op.create_table(
        "cycle",
        sa.Column("tenant", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=7), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("last_event_id", Id, nullable=False),
        sa.PrimaryKeyConstraint("tenant", "code", name=op.f("pk_cycle")),
    )
    op.create_table(
        "event",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("tenant", sa.String(length=32), nullable=False),
        sa.Column("cycle", sa.String(length=7), nullable=True),
        sa.Column("payment_id", Id, nullable=True),
        sa.Column("beneficiary_id", Id, nullable=True),
        sa.Column("type", sa.String(length=32), nullable=False),
        sa.Column("effective_at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=128), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("source", name=op.f("uq_event_source")),
    )
    op.create_index("ix_event_beneficiary", "event", ["beneficiary_id", "id"], unique=False)
    op.create_index(
        "ix_event_cycle",
        "event",
        ["tenant", "cycle", "id"],
        unique=False,
        sqlite_where=sa.text("payment_id IS NULL AND cycle IS NOT NULL"),
        postgresql_where=sa.text("payment_id IS NULL AND cycle IS NOT NULL"),
    )
    op.create_index("ix_event_payment", "event", ["payment_id", "id"], unique=False)
    op.create_table(
        "gateway_state",
        sa.Column("gateway", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=48), nullable=True),
        sa.Column("free_at", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("gateway", name=op.f("pk_gateway_state")),
    )
    op.create_table(
        "import_file",
        sa.Column("id", Id, nullable=False),
        sa.Column("tenant", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("cycle", sa.String(length=7), nullable=False),
        sa.Column("provider", sa.String(length=16), server_default="", nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("conflicts", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("staff", sa.String(length=64), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_file")),
        sa.UniqueConstraint(
            "tenant",
            "kind",
            "cycle",
            "provider",
            "sha256",
            name=op.f("uq_import_file_tenant_kind_cycle_provider_sha256"),
        ),
    )
    op.create_table(
        "installation",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_installation")),
    )
    op.create_table(
        "payment",
        sa.Column("id", Id, nullable=False),
        sa.Column("tenant", sa.String(length=32), nullable=False),
        sa.Column("cycle", sa.String(length=7), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("beneficiary_id", Id, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("commune", sa.String(length=8), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("monthly", sa.BigInteger(), nullable=False),
        sa.Column("arrears", sa.BigInteger(), nullable=False),
        sa.Column("parent_id", Id, nullable=True),
        sa.Column("listed_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount = monthly + arrears", name=op.f("ck_payment_parts")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_payment_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sa.UniqueConstraint("code", name=op.f("uq_payment_code")),
        sa.UniqueConstraint(
            "tenant",
            "cycle",
            "beneficiary_id",
            "kind",
            "seq",
            name=op.f("uq_payment_tenant_cycle_beneficiary_id_kind_seq"),
        ),
    )
    op.create_index("ix_payment_beneficiary", "payment", ["beneficiary_id", "cycle"], unique=False)
    op.create_index(
        "ix_payment_parent",
        "payment",
        ["parent_id"],
        unique=False,
        sqlite_where=sa.text("parent_id IS NOT NULL"),
        postgresql_where=sa.text("parent_id IS NOT NULL"),
    )
    op.create_table(
        "payment_status",
        sa.Column("payment_id", Id, autoincrement=False, nullable=False),
        sa.Column("tenant", sa.String(length=32), nullable=False),
        sa.Column("cycle", sa.String(length=7), nullable=False),
        sa.Column("beneficiary_id", Id, nullable=False),
        sa.Column("money", sa.String(length=16), nullable=False),
        sa.Column("receipt", sa.String(length=16), nullable=False),
        sa.Column("held_from", sa.String(length=16), nullable=True),
        sa.Column("method", sa.String(length=16), nullable=True),
        sa.Column("provider", sa.String(length=16), nullable=True),
        sa.Column("method_version_id", Id, nullable=True),
        sa.Column("pay_point", sa.String(length=32), nullable=True),
        sa.Column("reason", sa.String(length=32), nullable=True),
        sa.Column("effective_on", sa.String(length=10), nullable=True),
        sa.Column("reported_at", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("last_event_id", Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("payment_id", name=op.f("pk_payment_status")),
    )
    op.create_index(
        "ix_payment_status_beneficiary",
        "payment_status",
        ["beneficiary_id", sa.literal_column("cycle DESC")],
        unique=False,
    )
    op.create_index(
        "ix_payment_status_cycle",
        "payment_status",
        ["tenant", "cycle", "provider", "money"],
        unique=False,
    )
    op.create_table(
        "person",
        sa.Column("id", Id, nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("name_index", sa.String(length=32), nullable=False),
        sa.Column("birth", sa.LargeBinary(), nullable=True),
        sa.Column("birth_year", sa.Integer(), nullable=True),
        sa.Column("sex", sa.String(length=1), nullable=True),
        sa.Column("citizen_id", sa.LargeBinary(), nullable=True),
        sa.Column("citizen_id_index", sa.String(length=32), nullable=True),
        sa.Column("died_on", sa.String(length=10), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("key", name=op.f("uq_person_key")),
    )
    op.create_index(
        op.f("ix_person_citizen_id_index"), "person", ["citizen_id_index"], unique=False
    )
    op.create_index(op.f("ix_person_name_index"), "person", ["name_index"], unique=False)
    op.create_table(
        "provider_cycle",
        sa.Column("tenant", sa.String(length=32), nullable=False),
        sa.Column("cycle", sa.String(length=7), nullable=False),
        sa.Column("provider", sa.String(length=16), nullable=False),
        sa.Column("approved_heads", sa.Integer(), server_default="0", nullable=False),
        sa.Column("approved_amount", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("funded_amount", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("funded_at", sa.BigInteger(), nullable=True),
        sa.Column("instructed_at", sa.BigInteger(), nullable=True),
        sa.Column("order_sha256", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("tenant", "cycle", "provider", name=op.f("pk_provider_cycle")),
    )
    op.create_table(
        "receipt",
        sa.Column("id", Id, nullable=False),
        sa.Column("gateway", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("message_id", Id, nullable=True),
        sa.Column("gateway_ref", sa.String(length=64), nullable=True),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("error", sa.String(length=16), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt")),
        sa.UniqueConstraint("key", name=op.f("uq_receipt_key")),
    )
    op.create_index("ix_receipt_ref", "receipt", ["gateway", "gateway_ref"], unique=False)
    op.create_table(
        "sandbox_sms",
        sa.Column("id", Id, nullable=False),
        sa.Column("message_id", Id, nullable=False),
        sa.Column("address_index", sa.String(length=32), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sandbox_sms")),
    )
    op.create_index(
        op.f("ix_sandbox_sms_address_index"), "sandbox_sms", ["address_index"], unique=False
    )
    op.create_table(
        "schedule_run",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("fire_at", sa.BigInteger(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", "fire_at", name=op.f("pk_schedule_run")),
    )
    op.create_table(
        "staff",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("place", sa.String(length=16), nullable=False),
        sa.Column("password", sa.String(length=256), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_staff")),
    )
    op.create_table(
        "view_log",
        sa.Column("id", Id, nullable=False),
        sa.Column("staff", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_view_log")),
    )
    op.create_table(
        "beneficiary",
        sa.Column("id", Id, nullable=False),
        sa.Column("tenant", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("commune", sa.String(length=8), nullable=False),
        sa.Column("hamlet", sa.LargeBinary(), nullable=True),
        sa.Column("entitlement", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=16), server_default="active", nullable=False),
        sa.Column("frozen_self_service", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_beneficiary_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_beneficiary")),
        sa.UniqueConstraint("code", name=op.f("uq_beneficiary_code")),
    )
    op.create_index(op.f("ix_beneficiary_commune"), "beneficiary", ["commune"], unique=False)
    op.create_index(op.f("ix_beneficiary_person_id"), "beneficiary", ["person_id"], unique=False)
    op.create_table(
        "care_case",
        sa.Column("id", Id, nullable=False),
        sa.Column("reference", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("risk", sa.String(length=1), nullable=False),
        sa.Column("beneficiary_id", Id, nullable=True),
        sa.Column("contact_id", Id, nullable=True),
        sa.Column("payment_id", Id, nullable=True),
        sa.Column("commune", sa.String(length=8), nullable=True),
        sa.Column("area", sa.String(length=8), nullable=True),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("holder", sa.String(length=64), nullable=True),
        sa.Column("packet", sa.LargeBinary(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("dedup_key", sa.String(length=128), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_care_case_contact_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_case")),
        sa.UniqueConstraint("dedup_key", name=op.f("uq_care_case_dedup_key")),
        sa.UniqueConstraint("reference", name=op.f("uq_care_case_reference")),
    )
    op.create_index("ix_care_case_contact", "care_case", ["contact_id"], unique=False)
    op.create_index("ix_care_case_list", "care_case", ["area", "commune", "state"], unique=False)
    op.create_table(
        "contact_person",
        sa.Column("id", Id, nullable=False),
        sa.Column("contact_id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("how", sa.String(length=16), nullable=False),
        sa.Column("linked_at", sa.BigInteger(), nullable=False),
        sa.Column("unlinked_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_contact_person_contact_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_contact_person_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_person")),
        sa.UniqueConstraint(
            "contact_id",
            "person_id",
            "linked_at",
            name=op.f("uq_contact_person_contact_id_person_id_linked_at"),
        ),
    )
    op.create_index("ix_contact_person_contact", "contact_person", ["contact_id"], unique=False)
    op.create_index(
        op.f("ix_contact_person_person_id"), "contact_person", ["person_id"], unique=False
    )
    op.create_table(
        "conversation",
        sa.Column("contact_id", Id, autoincrement=False, nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.Column("flow", sa.String(length=32), nullable=True),
        sa.Column("pending", sa.String(length=64), nullable=True),
        sa.Column("menu_token", sa.String(length=16), nullable=True),
        sa.Column("misses", sa.Integer(), nullable=False),
        sa.Column("held_by_case_id", Id, nullable=True),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_conversation_contact_id")
        ),
        sa.PrimaryKeyConstraint("contact_id", name=op.f("pk_conversation")),
    )
    op.create_index("ix_conversation_due", "conversation", ["due_at"], unique=False)
    op.create_table(
        "import_row",
        sa.Column("file_id", Id, autoincrement=False, nullable=False),
        sa.Column("row_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("natural_key", sa.String(length=128), nullable=False),
        sa.Column("occurrence", sa.Integer(), nullable=False),
        sa.Column("row_hash", sa.String(length=64), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=True),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("settled_by", sa.String(length=64), nullable=True),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["file_id"], ["import_file.id"], name=op.f("fk_import_row_file_id")
        ),
        sa.PrimaryKeyConstraint("file_id", "row_no", name=op.f("pk_import_row")),
    )
    op.create_index("ix_import_row_natural_key", "import_row", ["natural_key"], unique=False)
    op.create_table(
        "inbound",
        sa.Column("id", Id, nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("contact_id", Id, nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("menu_token", sa.String(length=16), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("retry_at", sa.BigInteger(), nullable=True),
        sa.Column("case_id", Id, nullable=True),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_inbound_contact_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound")),
        sa.UniqueConstraint("key", name=op.f("uq_inbound_key")),
    )
    op.create_index("ix_inbound_contact", "inbound", ["contact_id", "id"], unique=False)
    op.create_index("ix_inbound_waiting", "inbound", ["state", "retry_at"], unique=False)
    op.create_table(
        "message",
        sa.Column("id", Id, nullable=False),
        sa.Column("dedup_key", sa.String(length=160), nullable=False),
        sa.Column("batch_id", Id, nullable=True),
        sa.Column("purpose", sa.String(length=24), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("contact_id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=True),
        sa.Column("beneficiary_id", Id, nullable=True),
        sa.Column("in_reply_to", Id, nullable=True),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("buttons", sa.LargeBinary(), nullable=True),
        sa.Column("menu_token", sa.String(length=16), nullable=True),
        sa.Column("segments", sa.Integer(), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=48), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("condition", sa.Text(), nullable=True),
        sa.Column("worker", sa.String(length=64), nullable=True),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("gateway", sa.String(length=16), nullable=True),
        sa.Column("gateway_ref", sa.String(length=64), nullable=True),
        sa.Column("reserved_month", sa.String(length=7), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("final_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_message_batch_id")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_message_contact_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("dedup_key", name=op.f("uq_message_dedup_key")),
    )
    op.create_index("ix_message_batch", "message", ["batch_id", "state"], unique=False)
    op.create_index("ix_message_contact", "message", ["contact_id", "id"], unique=False)
    op.create_index(
        "ix_message_doubtful",
        "message",
        ["state", "due_at"],
        unique=False,
        sqlite_where=sa.text("state = 'unknown'"),
        postgresql_where=sa.text("state = 'unknown'"),
    )
    op.create_index(
        "ix_message_due",
        "message",
        ["state", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("state IN ('queued', 'claimed', 'calling')"),
        postgresql_where=sa.text("state IN ('queued', 'claimed', 'calling')"),
    )
    op.create_index("ix_message_gateway_ref", "message", ["gateway", "gateway_ref"], unique=False)
    op.create_index(
        "ix_message_on_its_way",
        "message",
        ["contact_id", "id"],
        unique=False,
        sqlite_where=sa.text("state IN ('queued', 'claimed', 'calling')"),
        postgresql_where=sa.text("state IN ('queued', 'claimed', 'calling')"),
    )
    op.create_table(
        "one_time_code",
        sa.Column("id", Id, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("code_index", sa.String(length=32), nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("contact_id", Id, nullable=True),
        sa.Column("issued_by", sa.String(length=64), nullable=False),
        sa.Column("issued_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.Column("used_by_contact_id", Id, nullable=True),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_one_time_code_contact_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_one_time_code_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["used_by_contact_id"], ["contact.id"], name=op.f("fk_one_time_code_used_by_contact_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_code")),
        sa.UniqueConstraint("code_index", name=op.f("uq_one_time_code_code_index")),
    )
    op.create_index(
        op.f("ix_one_time_code_person_id"), "one_time_code", ["person_id"], unique=False
    )
    op.create_table(
        "posting",
        sa.Column("event_id", Id, autoincrement=False, nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tenant", sa.String(length=32), nullable=False),
        sa.Column("cycle", sa.String(length=7), nullable=False),
        sa.Column("account", sa.String(length=4), nullable=False),
        sa.Column("provider", sa.String(length=16), nullable=True),
        sa.Column("commune", sa.String(length=8), nullable=True),
        sa.Column("payment_id", Id, nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_posting_event_id")),
        sa.PrimaryKeyConstraint("event_id", "line", name=op.f("pk_posting")),
    )
    op.create_index(
        "ix_posting_cycle_account", "posting", ["tenant", "cycle", "account"], unique=False
    )
    op.create_table(
        "staff_session",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("staff", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["staff"], ["staff.code"], name=op.f("fk_staff_session_staff")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_staff_session")),
    )
    op.create_table(
        "web_visitor",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("contact_id", Id, nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_web_visitor_contact_id")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_web_visitor")),
    )
    op.create_index(op.f("ix_web_visitor_contact_id"), "web_visitor", ["contact_id"], unique=False)
    op.create_table(
        "case_entry",
        sa.Column("id", Id, nullable=False),
        sa.Column("case_id", Id, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("staff", sa.String(length=64), nullable=True),
        sa.Column("inbound_id", Id, nullable=True),
        sa.Column("message_id", Id, nullable=True),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["care_case.id"], name=op.f("fk_case_entry_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_entry")),
    )
    op.create_index("ix_case_entry_case", "case_entry", ["case_id", "id"], unique=False)
    op.create_table(
        "consent",
        sa.Column("id", Id, nullable=False),
        sa.Column("beneficiary_id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("agreed_by", Id, nullable=False),
        sa.Column("text_version", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("given_at", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["agreed_by"], ["person.id"], name=op.f("fk_consent_agreed_by")),
        sa.ForeignKeyConstraint(
            ["beneficiary_id"], ["beneficiary.id"], name=op.f("fk_consent_beneficiary_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_consent_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
        sa.UniqueConstraint(
            "beneficiary_id",
            "person_id",
            "purpose",
            "given_at",
            name=op.f("uq_consent_beneficiary_id_person_id_purpose_given_at"),
        ),
    )
    op.create_index("ix_consent_beneficiary", "consent", ["beneficiary_id"], unique=False)
    op.create_table(
        "message_fact",
        sa.Column("message_id", Id, autoincrement=False, nullable=False),
        sa.Column("event_id", Id, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_message_fact_message_id")
        ),
        sa.PrimaryKeyConstraint("message_id", "event_id", name=op.f("pk_message_fact")),
    )
    op.create_table(
        "message_payment",
        sa.Column("message_id", Id, autoincrement=False, nullable=False),
        sa.Column("payment_id", Id, autoincrement=False, nullable=False),
        sa.Column("event_id", Id, nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_message_payment_message_id")
        ),
        sa.PrimaryKeyConstraint("message_id", "payment_id", name=op.f("pk_message_payment")),
    )
    op.create_index("ix_message_payment_payment", "message_payment", ["payment_id"], unique=False)
    op.create_table(
        "method_version",
        sa.Column("id", Id, nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("beneficiary_id", Id, nullable=False),
        sa.Column("method", sa.String(length=16), nullable=False),
        sa.Column("provider", sa.String(length=16), nullable=False),
        sa.Column("account", sa.LargeBinary(), nullable=True),
        sa.Column("account_index", sa.String(length=32), nullable=True),
        sa.Column("holder", sa.LargeBinary(), nullable=True),
        sa.Column("payee_person_id", Id, nullable=True),
        sa.Column("from_cycle", sa.String(length=7), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["beneficiary_id"], ["beneficiary.id"], name=op.f("fk_method_version_beneficiary_id")
        ),
        sa.ForeignKeyConstraint(
            ["payee_person_id"], ["person.id"], name=op.f("fk_method_version_payee_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_method_version")),
        sa.UniqueConstraint(
            "beneficiary_id",
            "from_cycle",
            "recorded_at",
            name=op.f("uq_method_version_beneficiary_id_from_cycle_recorded_at"),
        ),
        sa.UniqueConstraint("key", name=op.f("uq_method_version_key")),
    )
    op.create_index(
        op.f("ix_method_version_account_index"), "method_version", ["account_index"], unique=False
    )
    op.create_index(
        "ix_method_version_beneficiary", "method_version", ["beneficiary_id", "id"], unique=False
    )
    op.create_table(
        "standing",
        sa.Column("id", Id, nullable=False),
        sa.Column("beneficiary_id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("relation", sa.String(length=32), server_default="", nullable=False),
        sa.Column("basis", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.String(length=16), nullable=False),
        sa.Column("is_payee", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.String(length=10), nullable=False),
        sa.Column("valid_to", sa.String(length=10), nullable=True),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["beneficiary_id"], ["beneficiary.id"], name=op.f("fk_standing_beneficiary_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_standing_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standing")),
        sa.UniqueConstraint(
            "beneficiary_id",
            "person_id",
            "role",
            "valid_from",
            name=op.f("uq_standing_beneficiary_id_person_id_role_valid_from"),
        ),
    )
    op.create_index("ix_standing_beneficiary", "standing", ["beneficiary_id"], unique=False)
    op.create_index(op.f("ix_standing_person_id"), "standing", ["person_id"], unique=False)

"""How people ask to be paid from now on."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "enrolment",
        sa.Column("id", _ID, nullable=False),
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("tenant", sa.String(32), nullable=False),
        sa.Column("beneficiary_id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("method", sa.String(16), nullable=False),
        sa.Column("provider", sa.String(16), nullable=False),
        sa.Column("account", sa.LargeBinary(), nullable=True),
        sa.Column("account_index", sa.String(32), nullable=True),
        sa.Column("holder", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("is_change", sa.Boolean(), nullable=False),
        sa.Column("confirmed", sa.String(16), nullable=True),
        sa.Column("missing", sa.String(128), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("from_cycle", sa.String(7), nullable=True),
        sa.Column("drafted_by", sa.String(64), nullable=False),
        sa.Column("checked_by", sa.String(64), nullable=True),
        sa.Column("approved_by", sa.String(64), nullable=True),
        sa.Column("approved_on", sa.String(10), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("last_event_id", _ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment")),
        sa.UniqueConstraint("key", name=op.f("uq_enrolment_key")),
        sa.ForeignKeyConstraint(
            ["beneficiary_id"], ["beneficiary.id"], name=op.f("fk_enrolment_beneficiary_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_enrolment_person_id")),
    )
    op.create_index("ix_enrolment_beneficiary_id", "enrolment", ["beneficiary_id"])
    op.create_index("ix_enrolment_account_index", "enrolment", ["account_index"])
    op.create_index("ix_enrolment_state", "enrolment", ["tenant", "state"])
    op.create_index("ix_enrolment_drafted", "enrolment", ["drafted_by", "created_at"])

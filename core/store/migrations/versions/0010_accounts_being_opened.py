"""The accounts that are being opened for people."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "account_opening",
        sa.Column("id", _ID, nullable=False),
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("tenant", sa.String(32), nullable=False),
        sa.Column("beneficiary_id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("method", sa.String(16), nullable=False),
        sa.Column("provider", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("missing", sa.String(128), nullable=False),
        sa.Column("due_on", sa.String(10), nullable=True),
        sa.Column("reason", sa.String(32), nullable=True),
        sa.Column("account", sa.LargeBinary(), nullable=True),
        sa.Column("account_index", sa.String(32), nullable=True),
        sa.Column("holder", sa.LargeBinary(), nullable=True),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("last_event_id", _ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_opening")),
        sa.UniqueConstraint("key", name=op.f("uq_account_opening_key")),
        sa.UniqueConstraint("beneficiary_id", name=op.f("uq_account_opening_beneficiary_id")),
        sa.ForeignKeyConstraint(
            ["beneficiary_id"],
            ["beneficiary.id"],
            name=op.f("fk_account_opening_beneficiary_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_account_opening_person_id")
        ),
    )
    op.create_index("ix_account_opening_account_index", "account_opening", ["account_index"])
    op.create_index("ix_account_opening_state", "account_opening", ["tenant", "state"])

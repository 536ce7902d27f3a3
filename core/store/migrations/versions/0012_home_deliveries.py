"""Payments that are brought to somebody's home."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "home_delivery",
        sa.Column("id", _ID, nullable=False),
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("tenant", sa.String(32), nullable=False),
        sa.Column("beneficiary_id", _ID, nullable=False),
        sa.Column("cycle", sa.String(7), nullable=True),
        sa.Column("payment_id", _ID, nullable=True),
        sa.Column("provider", sa.String(16), nullable=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(16), nullable=False),
        sa.Column("criterion", sa.String(16), nullable=True),
        sa.Column("place", sa.LargeBinary(), nullable=True),
        sa.Column("door", sa.LargeBinary(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("signer", sa.LargeBinary(), nullable=True),
        sa.Column("declined", sa.String(16), nullable=True),
        sa.Column("is_standing", sa.Boolean(), nullable=False),
        sa.Column("review_on", sa.String(10), nullable=True),
        sa.Column("day", sa.String(10), nullable=True),
        sa.Column("half", sa.String(16), nullable=True),
        sa.Column("visitor", sa.String(32), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("missed_on", sa.String(10), nullable=True),
        sa.Column("proof", sa.String(16), nullable=True),
        sa.Column("handed_on", sa.String(10), nullable=True),
        sa.Column("requested_by", sa.String(64), nullable=False),
        sa.Column("decided_by", sa.String(64), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("last_event_id", _ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_home_delivery")),
        sa.UniqueConstraint("key", name=op.f("uq_home_delivery_key")),
        sa.UniqueConstraint("payment_id", name=op.f("uq_home_delivery_payment_id")),
        sa.ForeignKeyConstraint(
            ["beneficiary_id"], ["beneficiary.id"], name=op.f("fk_home_delivery_beneficiary_id")
        ),
    )
    op.create_index("ix_home_delivery_beneficiary_id", "home_delivery", ["beneficiary_id"])
    op.create_index("ix_home_delivery_state", "home_delivery", ["tenant", "state"])
    op.create_index("ix_home_delivery_cycle", "home_delivery", ["tenant", "cycle"])

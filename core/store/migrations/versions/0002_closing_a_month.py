"""Closing a month: what is still owed after it, and the money a provider keeps for a later one."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("payment_status", sa.Column("carried_event_id", Id, nullable=True))
    op.add_column(
        "provider_cycle",
        sa.Column("carried_amount", sa.BigInteger(), server_default="0", nullable=False),
    )

"""When a notice that did not reach its chat was looked at for another channel."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_WAITS = sa.text("channel = 'telegram' AND stepped_at IS NULL AND state IN ('queued', 'failed')")


def upgrade() -> None:
    op.add_column("message", sa.Column("stepped_at", sa.BigInteger))
    op.create_index(
        "ix_message_second_step",
        "message",
        ["id"],
        sqlite_where=_WAITS,
        postgresql_where=_WAITS,
    )

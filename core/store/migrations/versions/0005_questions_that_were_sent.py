"""Which notices asked whether the money is there, by when they were sent."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_ASKS = "menu_token IN ('receipt:full', 'receipt:state')"


def upgrade() -> None:
    op.create_index(
        "ix_message_asks",
        "message",
        ["sent_at"],
        sqlite_where=sa.text(_ASKS),
        postgresql_where=sa.text(_ASKS),
    )

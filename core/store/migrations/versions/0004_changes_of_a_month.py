"""The lists of changes: their lines are many, so the few moves of a month get an index apart."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_OF_NO_PAYMENT = "payment_id IS NULL AND cycle IS NOT NULL"
_COLUMNS = ["tenant", "cycle", "id"]


def upgrade() -> None:
    op.drop_index("ix_event_cycle", table_name="event")
    _index("ix_event_cycle", f"{_OF_NO_PAYMENT} AND beneficiary_id IS NULL")
    _index("ix_event_change", f"{_OF_NO_PAYMENT} AND beneficiary_id IS NOT NULL")


def _index(name: str, where: str) -> None:
    op.create_index(
        name, "event", _COLUMNS, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
    )

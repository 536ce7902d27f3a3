"""A decision cannot be replaced either: INSERT OR REPLACE deletes without the DELETE trigger."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER decision_refuses_replace BEFORE INSERT ON decision "
            "WHEN EXISTS (SELECT 1 FROM decision WHERE id = NEW.id OR subject = NEW.subject) "
            "BEGIN SELECT RAISE(ABORT, 'decision is append-only'); END"
        )

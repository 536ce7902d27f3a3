"""Postings are kept month by month on PostgreSQL; on SQLite they stay as they are.

The rows move within this one transaction: where it fails, everything is as it was before, and it
can be run again. `open_month` makes the part of a month as the owner of the tables, for a runtime
role that makes none (docs/operations/database-role.md). Source: docs/decisions/0143.
"""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_NAMES: Final = "event_id, line, tenant, cycle, account, provider, commune, payment_id, amount"
_PARTITIONED: Final = """
CREATE TABLE posting (
    event_id BIGINT NOT NULL,
    line INTEGER NOT NULL,
    tenant VARCHAR(32) NOT NULL,
    cycle VARCHAR(7) NOT NULL,
    account VARCHAR(4) NOT NULL,
    provider VARCHAR(16),
    commune VARCHAR(8),
    payment_id BIGINT,
    amount BIGINT NOT NULL
) PARTITION BY LIST (cycle)
"""
_GUARD: Final = (
    "CREATE TRIGGER posting_refuses_change BEFORE UPDATE OR DELETE OR TRUNCATE"
    " ON {} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
)
# Whatever was granted on the table that goes is granted on the one that takes its place.
_GRANTS: Final = """
DO $do$
DECLARE given record;
BEGIN
    FOR given IN
        SELECT a.grantee, a.privilege_type, a.is_grantable
        FROM pg_class c, aclexplode(c.relacl) a
        WHERE c.oid = 'posting_whole'::regclass AND a.grantee <> c.relowner
    LOOP
        EXECUTE format(
            'GRANT %s ON posting TO %s%s',
            given.privilege_type,
            CASE WHEN given.grantee = 0 THEN 'PUBLIC'
                ELSE quote_ident(pg_get_userbyid(given.grantee)) END,
            CASE WHEN given.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END
        );
    END LOOP;
END
$do$
"""
# The lock on `event` comes first, as with everybody who writes postings: nobody waits in a ring,
# and of two who ask at once the second finds the part of the first.
# Where a long reader is in the way, or a posting of the month came before, the month goes on in
# `posting_other`: slower to read over, and right all the same.
_OPEN_MONTH: Final = """
CREATE FUNCTION open_month(month text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {schema}, pg_temp SET lock_timeout = '1s'
AS $open$
DECLARE
    part text := 'posting_' || replace(month, '-', '_');
    place text := quote_ident(current_schema()) || '.' || part;
BEGIN
    IF month IS NULL OR month !~ '^[0-9]{{4}}-(0[1-9]|1[0-2])$' THEN
        RETURN false;
    END IF;
    IF to_regclass(place) IS NOT NULL THEN
        RETURN true;
    END IF;
    IF NOT has_table_privilege(session_user, 'posting', 'INSERT') THEN
        RAISE insufficient_privilege USING MESSAGE = 'whoever opens a month must be able to post';
    END IF;
    LOCK TABLE event IN SHARE ROW EXCLUSIVE MODE;
    IF to_regclass(place) IS NOT NULL THEN
        RETURN true;
    END IF;
    LOCK TABLE posting_other IN ACCESS EXCLUSIVE MODE;
    IF EXISTS (SELECT FROM posting_other WHERE cycle = month) THEN
        RETURN false;
    END IF;
    EXECUTE format('CREATE TABLE %I (LIKE posting INCLUDING INDEXES)', part);
    EXECUTE format('ALTER TABLE posting ATTACH PARTITION %I FOR VALUES IN (%L)', part, month);
    EXECUTE format('{guard}', part);
    RETURN true;
EXCEPTION WHEN lock_not_available THEN
    RETURN false;
END
$open$
"""


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    _renamed()
    op.execute(_PARTITIONED)
    op.execute("CREATE TABLE posting_other PARTITION OF posting DEFAULT")
    op.execute(_GRANTS)
    schema = op.get_bind().scalar(sa.text("SELECT quote_ident(current_schema())"))
    op.execute(_OPEN_MONTH.format(schema=schema, guard=_GUARD.format("%I")))
    _moved()
    _keyed()
    for table in ("posting", "posting_other"):
        op.execute(_GUARD.format(table))


def _keyed() -> None:
    """After the rows: keys are made at once for all of them, and for every part."""
    op.create_primary_key("pk_posting", "posting", ["event_id", "line", "cycle"])
    op.create_foreign_key("fk_posting_event_id", "posting", "event", ["event_id"], ["id"])
    op.create_index("ix_posting_cycle_account", "posting", ["tenant", "cycle", "account"])


def _renamed() -> None:
    for words in (
        "TABLE posting RENAME TO posting_whole",
        "INDEX pk_posting RENAME TO pk_posting_whole",
        "INDEX ix_posting_cycle_account RENAME TO ix_posting_whole",
        "TABLE posting_whole RENAME CONSTRAINT fk_posting_event_id TO fk_posting_whole",
    ):
        op.execute(f"ALTER {words}")


def _moved() -> None:
    there = op.get_bind()
    months = there.execute(sa.text("SELECT DISTINCT cycle FROM posting_whole ORDER BY cycle"))
    for month in months.scalars().all():
        there.execute(sa.text("SELECT open_month(:month)"), {"month": month})
    before = there.scalar(sa.text("SELECT count(*) FROM posting_whole"))
    moved = there.execute(
        sa.text(f"INSERT INTO posting ({_NAMES}) SELECT {_NAMES} FROM posting_whole")
    )
    if moved.rowcount != before:
        message = f"{before} postings stood, {moved.rowcount} were moved: nothing was changed"
        raise RuntimeError(message)
    op.execute("DROP TABLE posting_whole")

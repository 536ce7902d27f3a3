"""Bringing a database to the schema of this release, and saying where it differs.

What does not live here: the tables (`core/store/tables`), the steps (`core/store/migrations`).
"""

from pathlib import Path
from typing import Final

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from core.store import guards, months
from core.store.commit_points import CommitPoint
from core.store.engine import Store
from core.store.tables import everything

_FOLDER: Final = Path(__file__).parent / "migrations"
# What autogenerate cannot see through on one engine or the other.
_EXPRESSION_INDEXES: Final = frozenset({"ix_payment_status_beneficiary"})


def upgrade(store: Store) -> str:
    """The revision the database stands at once every migration has run; safe to run again."""
    with store.engine.connect() as connection:
        with connection.begin():
            command.upgrade(_config(connection), "head")
            store.watch(CommitPoint.MIGRATE, "before")
        store.watch(CommitPoint.MIGRATE, "after")
    return head()


def head() -> str:
    """The newest revision this release knows."""
    return ScriptDirectory.from_config(_config(None)).get_current_head() or ""


def revision(store: Store) -> str | None:
    """The revision the database stands at; None when it has no schema."""
    with store.reader.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def differences(store: Store) -> list[str]:
    """How the database differs from the tables of this release; empty when it does not.

    A trigger that should refuse changes and is not there is a difference too, and so is a table
    that is not kept month by month where it should be. The parts of one that is are none.
    """
    with store.reader.connect() as connection:
        parts = months.parts(connection)
        by_now = {part for names in parts.values() for part in names}

        def is_whole(name: str | None, kind: str, _: object) -> bool:
            return kind != "table" or name not in by_now

        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_name": is_whole}
        )
        found = [
            text
            for text in map(str, compare_metadata(context, everything.metadata))
            if not any(name in text for name in _EXPRESSION_INDEXES)
        ]
        wholes = months.by_month() if store.dialect == "postgresql" else ()
        found += [f"{name} is not kept by month" for name in wholes if name not in parts]
        return [*found, *(f"trigger {name} is missing" for name in guards.missing(connection))]


def _config(connection: sa.Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["connection"] = connection
    return config

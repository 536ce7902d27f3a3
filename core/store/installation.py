"""What is true of this installation as a whole: that it is a demo, when its clock started."""

import sqlalchemy as sa

from core.store.engine import Tx
from core.store.tables.talk import installation
from core.store.upsert import insert_or_update


def fact(tx: Tx, name: str) -> str | None:
    """The fact kept under `name`, or None."""
    found: str | None = tx.connection.scalar(
        sa.select(installation.c.value).where(installation.c.name == name)
    )
    return found


def keep_fact(tx: Tx, name: str, value: str) -> None:
    """Keep `value` under `name`, in place of what stood there."""
    insert_or_update(tx, installation, [{"name": name, "value": value}], key=["name"])


def is_demo(tx: Tx) -> bool:
    """Whether this database was made by `demo`: production refuses it."""
    return fact(tx, "demo") is not None
